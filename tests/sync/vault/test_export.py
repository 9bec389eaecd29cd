"""From the centre's log to a court bundle."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest

from sync.central.centre import Centre
from sync.chain import Head, empty
from sync.contract.ids import StationId
from sync.contract.inside import LoggedEnvelope
from sync.contract.records import Record
from sync.cosignature import WitnessKey
from sync.court import CourtBundle, Export
from sync.envelope import Envelope
from sync.errors import BadReceipt, CentralUnreachable, LogDamaged, Malformed, OpenError
from sync.identity import Identity
from sync.journal import Sealer
from sync.note import LogVerifier
from sync.opening import open_with_key
from sync.policy import Policy
from sync.receipts import verify
from sync.vault.cases import Cases
from sync.vault.export import export_entries
from sync.vault.source import Source
from sync.vault.vault import Vault
from tests.sync.vault.conftest import STATION
from tests.sync.vault.parts import Untouched, unnoted

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
EXPORT = Export(time="2026-11-22T12:00:00.000000Z", persons=["A. Ruiz", "B. Soto"], reason="Causa 12/2026")


@pytest.fixture
def export(
    sealed: list[Envelope],
    submit: Callable[[list[Envelope]], None],
    inside: httpx.Client,
    cases: Cases,
    national: Identity,
    log: LogVerifier,
) -> Callable[..., bytes]:
    """File the journal, and return what exports from it."""
    submit(sealed)
    source = Source(inside)
    Vault(source, cases, national, lambda: NOON, unnoted).pull()

    def run(*seqs: int, who: Export = EXPORT) -> bytes:
        station = sealed[0].header.station
        return export_entries(
            source, cases, national, [log], export=who, station=station, seqs=seqs, note=unnoted
        ).bundle

    return run


def test_what_is_asked_for_is_disclosed_and_what_lies_between_stays_sealed(
    export: Callable[..., bytes], sealed: list[Envelope], records: list[object]
) -> None:
    bundle = CourtBundle.from_bytes(export(2, 5))
    assert [each.envelope for each in bundle.entries] == [each.data for each in sealed[1:]]
    assert [each.key is not None for each in bundle.entries] == [True, False, False, True]
    assert all(each.receipt for each in bundle.entries)
    for place in (0, 3):
        entry = bundle.entries[place]
        assert open_with_key(Envelope.from_bytes(entry.envelope), entry.key or b"") == records[1 + place].to_bytes()  # type: ignore[attr-defined]


def test_the_newest_entry_comes_along_sealed_and_proves_how_far_the_journal_had_come(
    export: Callable[..., bytes], sealed: list[Envelope], log: LogVerifier
) -> None:
    bundle = CourtBundle.from_bytes(export(2))
    assert [each.envelope for each in bundle.entries] == [sealed[1].data, sealed[4].data]
    newest = bundle.entries[1]
    assert newest.key is None
    assert newest.receipt
    assert verify(newest.receipt, sealed[4].digest, log).size == 5


def test_the_same_export_gives_the_same_bytes(export: Callable[..., bytes]) -> None:
    assert export(3) == export(3)


def test_an_export_is_noted(export: Callable[..., bytes], cases_file: Path) -> None:
    export(3, 5)
    database = Cases(cases_file)
    row = database._database.execute("SELECT persons, reason, entries FROM exports").fetchone()
    database.close()
    assert row == ('["A. Ruiz", "B. Soto"]', "Causa 12/2026", '["MX-TIJ-01/3", "MX-TIJ-01/5"]')


def test_an_entry_that_is_not_here_is_named(export: Callable[..., bytes]) -> None:
    with pytest.raises(OpenError, match="no opened record MX-TIJ-01/9 here: let `garita-vault run` file"):
        export(3, 9)


@pytest.mark.parametrize("persons", [["A. Ruiz"], []], ids=["one", "nobody"])
def test_two_persons_export(persons: list[str]) -> None:
    with pytest.raises(Malformed, match="persons"):
        Export.from_value({"time": EXPORT.time, "persons": persons, "reason": "x"})


def test_one_person_twice_is_one(export: Callable[..., bytes]) -> None:
    with pytest.raises(Malformed, match="a person stands twice"):
        export(3, who=EXPORT.model_copy(update={"persons": ["A. Ruiz", "A. Ruiz"]}))


def test_what_the_station_did_not_sign_is_left_out_and_named(
    records: list[Record],
    sealer: Sealer,
    submit: Callable[[list[Envelope]], None],
    inside: httpx.Client,
    cases: Cases,
    national: Identity,
    log: LogVerifier,
) -> None:
    """The centre takes a spoilt entry in the middle (0016); the case around it goes to court all the same."""
    head, sealed = empty(sealer.station, sealer.key.public), list[Envelope]()
    for record in records:
        envelope = sealer.seal_after(head, record.to_bytes())
        if len(sealed) == 3:
            envelope = Envelope.from_bytes(envelope.data[:-1] + bytes([envelope.data[-1] ^ 1]))
        sealed.append(envelope)
        head = Head(envelope.header.seq, envelope.digest)
    submit(sealed)
    source = Source(inside)
    Vault(source, cases, national, lambda: NOON, unnoted).pull()
    assert [(each.seq, each.code) for each in cases.problems.list()] == [(4, "bad_signature")]
    about = {"export": EXPORT, "station": sealer.station, "note": unnoted}
    made = export_entries(source, cases, national, [log], **about, seqs=[3, 5])
    assert made.left_out == [4]
    entries = [Envelope.from_bytes(each.envelope).header.seq for each in CourtBundle.from_bytes(made.bundle).entries]
    assert entries == [3, 5]
    with pytest.raises(OpenError, match=r"no opened record MX-TIJ-01/4 here: it was not opened \(bad_signature: "):
        export_entries(source, cases, national, [log], **about, seqs=[4])


def test_nothing_leaves_that_the_states_witnesses_did_not_see(
    export: Callable[..., bytes], inside: httpx.Client, cases: Cases, national: Identity, log: LogVerifier
) -> None:
    assert export(3)
    witness = WitnessKey.generate("ombudsman.example").verifier
    policy = Policy.from_bytes(f"log {log.vkey}\nwitness o {witness.vkey}\nquorum o\n".encode())
    with pytest.raises(BadReceipt, match="cosigned by nobody"):
        export_entries(
            Source(inside),
            cases,
            national,
            [log],
            export=EXPORT,
            station=StationId("MX-TIJ-01"),
            seqs=[3],
            policy=policy,
            note=unnoted,
        )


class Swapping(Source):
    """A centre that gives one entry, with its receipt, at the place of another."""

    def __init__(self, http: httpx.Client, asked: int, given: int) -> None:
        super().__init__(http)
        self._places = {asked: given}

    def envelope(self, index: int) -> LoggedEnvelope:
        return super().envelope(self._places.get(index, index)).model_copy(update={"index": index})

    def receipt(self, index: int) -> str:
        return super().receipt(self._places.get(index, index))


@pytest.mark.usefixtures("export")
@pytest.mark.parametrize(("asked", "given"), [(2, 3), (3, 2), (4, 0)], ids=["asked", "between", "the newest"])
def test_another_entry_in_the_place_of_one_is_not_opened(
    asked: int, given: int, inside: httpx.Client, cases: Cases, log: LogVerifier
) -> None:
    noted, source = list[list[str]](), Swapping(inside, asked, given)
    about = {"export": EXPORT, "station": STATION, "note": noted.append}
    said = f"in the place of MX-TIJ-01/{asked + 1}, SHA-256 .* came MX-TIJ-01/{given + 1}, SHA-256 .* it was not opened"
    with pytest.raises(LogDamaged, match=said):
        export_entries(source, cases, Untouched(), [log], **about, seqs=[3, 4] if asked < 4 else [3])
    assert noted == []
    assert cases.by_hand().exports == []


@pytest.mark.usefixtures("export")
def test_another_entrys_receipt_stops_it_before_it_is_on_record(
    inside: httpx.Client, cases: Cases, log: LogVerifier
) -> None:
    class Proving(Source):
        def receipt(self, index: int) -> str:
            return super().receipt(index - 1)

    noted = list[list[str]]()
    with pytest.raises(BadReceipt):
        export_entries(
            Proving(inside), cases, Untouched(), [log], export=EXPORT, station=STATION, seqs=[3], note=noted.append
        )
    assert noted == []


@pytest.mark.usefixtures("export")
def test_nothing_is_opened_that_is_not_on_record(inside: httpx.Client, cases: Cases, log: LogVerifier) -> None:
    def refuse(_: list[str]) -> None:
        raise CentralUnreachable("no log")

    with pytest.raises(CentralUnreachable):
        export_entries(Source(inside), cases, Untouched(), [log], export=EXPORT, station=STATION, seqs=[3], note=refuse)


def test_the_centre_gives_no_receipt_beyond_its_log(inside: httpx.Client, centre: Centre) -> None:
    assert inside.get(f"/v1/receipts/{centre.log.size}").status_code == 404
