"""Stations under audit: who fell silent, whose journal went back, and whom the centre invents."""

from datetime import timedelta

import pytest

from sync.batch import Batch, write_batch
from sync.central.centre import Centre
from sync.chain import empty
from sync.contract.ids import StationId
from sync.contract.standing import Standing, Standings
from sync.envelope import Envelope
from sync.journal import Sealer
from sync.keys import StationKey
from sync.witness.published import Folder
from sync.witness.stations import Memory, Roll, audit_stations
from tests.sync.batches import batch_of
from tests.sync.witness.parts import NOON

DAY = timedelta(days=1)


class Auditor:
    """Audits the centre again and again, and remembers."""

    def __init__(self, centre: Centre) -> None:
        self.centre, self.now = centre, NOON
        self.memory: Memory | None = None

    def __call__(self, standings: list[Standing] | None = None) -> list[tuple[str, str]]:
        shown = self.centre.store.standings().standings if standings is None else standings
        log = Folder(self.centre.folder / "log")
        roll: Roll = audit_stations(log, self.centre.log.size, shown, self.memory, self.now, 2 * DAY)
        self.memory = Memory.from_bytes(roll.memory.to_bytes())
        return [(each.code, each.detail) for each in roll.findings]


@pytest.fixture
def audit(centre: Centre, entries: list[Envelope], other_entries: list[Envelope]) -> Auditor:
    for each in (entries[:6], other_entries[:3]):
        assert centre.ingest.take(Batch.from_bytes(batch_of(each))).refusal is None
    return Auditor(centre)


def test_who_sends_is_not_silent_and_who_does_not_is(audit: Auditor, entries: list[Envelope]) -> None:
    assert audit() == []
    audit.now += DAY
    audit.centre.ingest.take(Batch.from_bytes(batch_of(entries[6:8])))
    assert audit() == []
    audit.now += 1.5 * DAY
    [(code, detail)] = audit()
    assert code == "silent"
    assert "MX-MEX-02 has sent nothing new for 60 hours (entry 3)" in detail


def test_a_station_that_is_hidden(audit: Auditor) -> None:
    audit()
    shown = audit.centre.store.standings().standings
    assert audit(shown[1:]) == [("station", "MX-MEX-02 was here at the last audit; the centre shows nothing of it")]


def test_a_journal_that_was_cut(audit: Auditor, entries: list[Envelope]) -> None:
    audit()
    [other, standing] = audit.centre.store.standings().standings
    old = Batch.from_bytes(batch_of(entries[:2])).statement.data
    [(code, detail)] = audit([other, standing.model_copy(update={"statement": old, "index": 1})])
    assert code == "station"
    assert "its journal was cut" in detail


def test_a_station_cannot_be_made_to_look_alive(audit: Auditor, sealer: Sealer, other_sealer: Sealer) -> None:
    """The centre has neither the station's signature under a new head, nor that head in the log."""
    [other, standing] = audit.centre.store.standings().standings
    inventions = {
        "is not at 3 of the log": standing.model_copy(update={"index": 3}),
        "is not at 99 of the log": standing.model_copy(update={"index": 99}),
        "is not signed by its key": standing.model_copy(update={"card": other_sealer.key.card(sealer.station)}),
        "the statement shown is of": other.model_copy(update={"card": other.card.model_copy(update={"station": "X"})}),
    }
    for problem, invention in inventions.items():
        [(code, detail), *_] = audit([invention])
        assert (code, problem in detail) == ("station", True), detail


def test_a_station_that_is_new_is_named(audit: Auditor, sealer: Sealer) -> None:
    """The centre can invent one, and a case with it: somebody must have met the station."""
    assert audit() == []
    invented = Sealer(StationId("MX-TIJ-77"), StationKey.generate(), sealer.recipients)
    card = invented.key.card(invented.station)
    audit.centre.store.admit(card, NOON)
    first = invented.seal_after(empty(invented.station, invented.key.public), b"a case")
    batch = write_batch(invented.key, invented.station, 1, first.header.prev, [first.data])
    audit.centre.ingest.take(Batch.from_bytes(batch))
    [(code, detail)] = audit()
    assert (code, card.fingerprint in detail, "MX-TIJ-77" in detail) == ("new", True, True)
    assert audit() == []


def test_another_key_later(audit: Auditor, sealer: Sealer, other_sealer: Sealer) -> None:
    audit()
    [other, standing] = audit.centre.store.standings().standings
    [(_, detail)] = audit([other, standing.model_copy(update={"card": other_sealer.key.card(sealer.station)})])
    assert "another key than at the first audit" in detail


def test_standings_there_and_back(audit: Auditor) -> None:
    standings = audit.centre.store.standings()
    assert Standings.from_bytes(standings.to_bytes()) == standings
