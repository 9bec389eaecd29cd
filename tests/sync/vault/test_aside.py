"""What the centre keeps outside of its log is opened under law, and each entry of it is told."""

from collections.abc import Callable

import httpx
import pytest

from sync.central.centre import Centre
from sync.chain import Head
from sync.contract.aside import AsideKey, AsidePage
from sync.contract.records import Record
from sync.contract.submission import Submission
from sync.envelope import Envelope
from sync.errors import CentralUnreachable
from sync.identity import Identity
from sync.journal import Sealer
from sync.vault import aside
from sync.vault.aside import open_aside
from sync.vault.cases import Cases
from sync.vault.source import Source
from tests.sync.vault.parts import unnoted

Submit = Callable[[list[Envelope]], None]


@pytest.fixture
def branch(
    centre: Centre, submit: Submit, sealed: list[Envelope], sealer: Sealer, records: list[Record]
) -> list[Envelope]:
    """Give what a clone made and sent after the true station had sent five: a screening, and what no record is."""
    submit(sealed)
    third = sealer.seal_after(Head(sealed[1].header.seq, sealed[1].digest), records[4].to_bytes())
    fourth = sealer.seal_after(Head(third.header.seq, third.digest), b"no record")
    answer = centre.ingest.submit(Submission(station=sealer.station, envelopes=[third.data, fourth.data]))
    assert answer.refusal
    assert answer.refusal.code == "equivocation"
    return [third, fourth]


@pytest.fixture
def filed(cases: Cases, sealed: list[Envelope], sealer: Sealer, records: list[Record]) -> Cases:
    """Give a case database that believes the station and has its first two entries."""
    with cases.transaction():
        cases.stations.lay(sealer.key.card(sealer.station))
        for index in range(2):
            cases.add(index, sealed[index], records[index], records[index].to_bytes(), "now")
    return cases


def test_each_is_opened_after_it_is_on_record(
    inside: httpx.Client, filed: Cases, national: Identity, branch: list[Envelope], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(aside, "AT_ONCE", 1)
    noted = list[list[str]]()
    found = open_aside(Source(inside), filed, national, noted.append)
    third = next(found)
    names = [[f"outside of the log: MX-TIJ-01/{each.header.seq}, SHA-256 {each.digest.hex()}"] for each in branch]
    assert noted == names[:1], "the second is not opened yet"
    assert third.record
    assert (third.record["conclusion"], third.kind, third.leaves, third.problem) == ("alarm", "contested", True, None)
    [fourth] = found
    assert noted == names
    assert (fourth.record, fourth.leaves, fourth.sha256) == (None, False, branch[1].digest)
    assert fourth.problem


@pytest.mark.usefixtures("branch")
def test_nothing_is_opened_that_is_not_on_record(inside: httpx.Client, filed: Cases, national: Identity) -> None:
    def refuse(_entries: list[str]) -> None:
        raise CentralUnreachable("no log")

    with pytest.raises(CentralUnreachable):
        next(open_aside(Source(inside), filed, national, refuse))


@pytest.mark.usefixtures("branch")
def test_the_card_of_the_centre_alone_is_not_believed(inside: httpx.Client, cases: Cases, national: Identity) -> None:
    found = list(open_aside(Source(inside), cases, national, unnoted))
    assert [each.record for each in found] == [None, None]
    assert all("garita-vault pin" in (each.problem or "") for each in found)


class Mislabelling(Source):
    """A centre that calls what it keeps aside by another number than it has."""

    def aside(self, after: AsideKey, limit: int) -> AsidePage:
        page = super().aside(after, limit)
        return page.model_copy(update={"entries": [each.model_copy(update={"seq": 2}) for each in page.entries]})


@pytest.mark.usefixtures("branch")
def test_what_is_called_another_entry_is_not_opened(inside: httpx.Client, filed: Cases, national: Identity) -> None:
    third = next(open_aside(Mislabelling(inside), filed, national, unnoted))
    assert third.record is None
    assert (third.problem or "").startswith("in the place of MX-TIJ-01/2, SHA-256 ")


def test_another_identity_opens_nothing_and_says_so(
    inside: httpx.Client, filed: Cases, stranger: Identity, branch: list[Envelope]
) -> None:
    found = list(open_aside(Source(inside), filed, stranger, unnoted))
    assert [(each.seq, each.record, bool(each.problem)) for each in found] == [
        (each.header.seq, None, True) for each in branch
    ]
