"""No log, no answer: what is opened is in the national log first, and where it cannot be, nothing is opened."""

import shutil
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import httpx
import pytest

from sync.central.centre import Centre
from sync.contract.ids import StationId
from sync.contract.inside import Page
from sync.contract.openings import OpeningRecord
from sync.court import CourtBundle, Evidence, Export, make_bundle
from sync.envelope import Envelope
from sync.errors import CentralRefused, CentralUnreachable, Malformed, RolledBack
from sync.identity import Identity
from sync.journal import Sealer
from sync.keys import Recipient, StationKey
from sync.vault.cases import Cases
from sync.vault.disclose import Believed, disclose
from sync.vault.drill import open_everything
from sync.vault.office import page_note
from sync.vault.openings import Openings
from sync.vault.settings import VaultSettings
from sync.vault.source import Source
from sync.vault.vault import PullReport, Vault
from tests.sync.vault.parts import Untouched, unnoted
from tests.sync.witness.parts import NOON

VAULT = StationId("VAULT")
EXPORT = Export(time="2026-11-22T12:00:00.000000Z", persons=["A. Ruiz", "B. Soto"], reason="Causa 12/2026")
SETTINGS = VaultSettings(identity=Path("i"), central_socket=Path("s"))
Submit = Callable[[list[Envelope]], None]


@pytest.fixture
def vault_sealer(recipients: list[Recipient]) -> Sealer:
    return Sealer(VAULT, StationKey.generate(), recipients)


@pytest.fixture
def noted(tmp_path: Path, vault_sealer: Sealer, inside: httpx.Client, centre: Centre) -> Iterator[Openings]:
    Openings.create(tmp_path / "openings.db")
    opened = Openings(tmp_path / "openings.db", vault_sealer, centre.log.verifier, inside, lambda: NOON)
    yield opened
    opened.close()


@pytest.fixture
def admitted(centre: Centre, vault_sealer: Sealer) -> None:
    centre.store.admit(vault_sealer.key.card(VAULT), NOON)


@pytest.mark.usefixtures("admitted")
def test_what_is_opened_is_in_the_log_before(
    noted: Openings, inside: httpx.Client, cases: Cases, national: Identity, sealed: list[Envelope], submit: Submit
) -> None:
    submit(sealed)
    signed = list[int]()
    note = page_note(noted, SETTINGS, ["A. Ruiz", "B. Soto"], "Causa 12/2026", signed.append)
    vault = Vault(Source(inside), cases, national, lambda: NOON, note)
    assert vault.pull() == PullReport(seen=6, problems=0)
    assert signed == [6], "the receipt of the opening proves that the log has it too"
    record = cases.record(VAULT, 1)
    assert isinstance(record, OpeningRecord)
    assert (record.act, record.persons, record.reason, record.entries) == (
        "project", ["A. Ruiz", "B. Soto"], "Causa 12/2026", ["log 0 to 4"],
    )  # fmt: skip
    assert vault.pull() == PullReport(seen=0, problems=0)


def test_no_log_no_answer(
    noted: Openings, inside: httpx.Client, cases: Cases, national: Identity, sealed: list[Envelope], submit: Submit
) -> None:
    """The centre does not admit the vault: its note is refused, and nothing is opened."""
    submit(sealed)
    vault = Vault(Source(inside), cases, national, lambda: NOON, page_note(noted, SETTINGS, ["A"], "x", [].append))
    with pytest.raises(CentralRefused, match="not admitted"):
        vault.pull()
    assert cases.progress() == -1
    assert cases.cases() == []


@pytest.mark.usefixtures("admitted")
def test_notes_that_did_not_get_through_go_with_the_next(noted: Openings, inside: httpx.Client, centre: Centre) -> None:
    transport = inside._transport
    inside._transport = httpx.MockTransport(lambda _: httpx.Response(503))
    for _ in range(3):
        with pytest.raises(CentralUnreachable, match="so nothing is opened"):
            noted.note("show", ["A"], "x", ["S/1"])
    inside._transport = transport
    noted.note("show", ["A"], "x", ["S/1"])
    assert [state.contiguous for state in centre.store.stations() if state.station == VAULT] == [4]


def test_the_escrow_opens_everything_alone(
    inside: httpx.Client, cases: Cases, national: Identity, escrow: Identity, sealed: list[Envelope], submit: Submit
) -> None:
    """The national key is destroyed: the drill says beforehand whether the escrow's is enough."""
    submit(sealed)
    Vault(Source(inside), cases, national, lambda: NOON, unnoted).pull()
    report = open_everything(Source(inside), cases, escrow, VAULT)
    assert (report.size, report.seen, report.opened, report.same, report.problems) == (5, 5, 5, 5, [])


@pytest.mark.usefixtures("admitted")
def test_the_drills_own_note_need_not_be_filed(
    noted: Openings,
    inside: httpx.Client,
    cases: Cases,
    national: Identity,
    escrow: Identity,
    sealed: list[Envelope],
    submit: Submit,
) -> None:
    submit(sealed)
    Vault(Source(inside), cases, national, lambda: NOON, unnoted).pull()
    noted.note("drill", ["A"], "x", ["everything"])
    report = open_everything(Source(inside), cases, escrow, VAULT)
    assert (report.size, report.opened, report.same, report.problems) == (6, 6, 5, [])


def test_what_is_not_filed_was_not_compared(
    inside: httpx.Client, cases: Cases, national: Identity, escrow: Identity, sealed: list[Envelope], submit: Submit
) -> None:
    submit(sealed[:3])
    empty = open_everything(Source(inside), cases, escrow, VAULT)
    assert (empty.opened, empty.same, len(empty.problems)) == (3, 0, 4)
    assert "nothing was compared" in empty.problems[-1]
    Vault(Source(inside), cases, national, lambda: NOON, unnoted).pull()
    submit(sealed[3:])
    [fourth, fifth] = open_everything(Source(inside), cases, escrow, VAULT).problems
    assert "MX-TIJ-01/4: not filed here" in fourth
    assert "MX-TIJ-01/5: not filed here" in fifth


class Holding(Source):
    """A centre that gives the entries of `given` alone, and says that its log has `size`."""

    def __init__(self, http: httpx.Client, given: set[int], size: int) -> None:
        super().__init__(http)
        self.given, self.size = given, size

    def page(self, after: int) -> Page:
        envelopes = [each for each in super().page(after).envelopes if each.index in self.given]
        return Page(size=self.size, envelopes=envelopes)


@pytest.mark.parametrize(
    ("given", "size", "problem"),
    [
        ({0, 1, 4}, 5, "has 5 entries, and the centre gave entry 4 where 2 comes next"),
        ({0, 1, 2}, 5, "has 5 entries, and the centre gave nothing more where 3 comes next"),
        (set[int](), 5, "has 5 entries, and the centre gave nothing more where 0 comes next"),
        ({0, 1, 2}, 3, "the log has 3 entries, and 5 were filed: it was cut"),
    ],
)
def test_a_centre_that_holds_entries_back_fails_the_drill(
    given: set[int],
    size: int,
    problem: str,
    inside: httpx.Client,
    cases: Cases,
    national: Identity,
    escrow: Identity,
    sealed: list[Envelope],
    submit: Submit,
) -> None:
    submit(sealed)
    Vault(Source(inside), cases, national, lambda: NOON, unnoted).pull()
    report = open_everything(Holding(inside, given, size), cases, escrow, VAULT)
    assert problem in report.problems[0]


def test_a_key_that_is_no_recipient_fails_the_drill(
    inside: httpx.Client, cases: Cases, stranger: Identity, sealed: list[Envelope], submit: Submit
) -> None:
    submit(sealed)
    report = open_everything(Source(inside), cases, stranger, VAULT)
    assert (report.opened, len(report.problems)) == (0, 6)


@pytest.mark.usefixtures("admitted")
@pytest.mark.parametrize("kept", [0, 1])
def test_an_older_copy_of_the_journal_is_told_as_such(
    kept: int, tmp_path: Path, vault_sealer: Sealer, noted: Openings, inside: httpx.Client, centre: Centre
) -> None:
    """The journal was lost, or restored as it was after `kept` of three openings."""
    older = tmp_path / "older.db"
    Openings.create(older)
    for number in range(3):
        if number == kept and kept:
            shutil.copy(tmp_path / "openings.db", older)
        noted.note("show", ["A"], f"reason {number}", ["S/1"])
    restored = Openings(older, vault_sealer, centre.log.verifier, inside, lambda: NOON)
    for _ in range(2):
        with pytest.raises(RolledBack, match=r"has 3 openings of VAULT.*docs/vault.md"):
            restored.note("show", ["A"], "after the restore", ["S/1"])
    restored.close()


@pytest.mark.parametrize("words", [("", ["S/1"]), ("x" * 401, ["S/1"]), ("x", [""])])
def test_a_text_that_the_record_cannot_have(noted: Openings, words: tuple[str, list[str]]) -> None:
    with pytest.raises(Malformed, match=r"the reason .* shows nothing|OpeningRecord: (reason|entries)"):
        noted.note("show", ["A"], *words)


@pytest.fixture
def bundle(centre: Centre, sealed: list[Envelope], sealer: Sealer, submit: Submit) -> bytes:
    """Make what a station exports: its entries, sealed, with their receipts."""
    submit(sealed)
    receipts = centre.log.receipts(range(len(sealed)))
    evidence = [Evidence(envelope, receipt) for envelope, receipt in zip(sealed, receipts, strict=True)]
    return make_bundle(EXPORT, [centre.log.verifier], [sealer.key.card(sealer.station)], evidence)


@pytest.fixture
def believed(centre: Centre, sealer: Sealer) -> Believed:
    """Believe the log, and the station by its own card."""
    cards = {sealer.station: sealer.key.card(sealer.station)}
    return Believed([centre.log.verifier], cards.get, lambda *_: None)


@pytest.mark.usefixtures("admitted")
def test_a_stations_bundle_is_disclosed_once_it_is_in_the_log(
    noted: Openings, believed: Believed, inside: httpx.Client, cases: Cases, national: Identity, bundle: bytes
) -> None:
    note, wanted = partial(noted.note, "disclose", EXPORT.persons, EXPORT.reason), {"MX-TIJ-01/3", "MX-TIJ-01/4"}
    made = CourtBundle.from_bytes(
        disclose(CourtBundle.from_bytes(bundle), national, believed, EXPORT, wanted.__contains__, note).bundle
    )
    assert [entry.key is not None for entry in made.entries] == [False, False, True, True, False]
    Vault(Source(inside), cases, national, lambda: NOON, unnoted).pull()
    record = cases.record(VAULT, 1)
    assert isinstance(record, OpeningRecord)
    assert (record.act, record.entries) == ("disclose", ["MX-TIJ-01/3", "MX-TIJ-01/4"])


def test_no_log_no_disclosure(noted: Openings, believed: Believed, bundle: bytes) -> None:
    """The centre does not admit the vault: the note is refused before the key is touched."""
    note = partial(noted.note, "disclose", EXPORT.persons, EXPORT.reason)
    with pytest.raises(CentralRefused, match="not admitted"):
        disclose(CourtBundle.from_bytes(bundle), Untouched(), believed, EXPORT, {"MX-TIJ-01/3"}.__contains__, note)
