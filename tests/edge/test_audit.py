"""What root can do to the database, and who finds it: the next start, or the audit (`garita journal verify`)."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlmodel import Session, col, select, text

from edge.audit import audit
from edge.casework import Casework
from edge.station import Station
from edge.views import OperatorView
from sync.anchoring import begin_anchor
from sync.chain import Head, check_next
from sync.contract.ids import StationId
from sync.envelope import Envelope
from sync.errors import BrokenChain, RolledBack
from sync.file_anchor import FileAnchor
from sync.journal import JournalEntry, Sealer
from tests.edge.bench import Bench, finished
from tests.waiting import HANG_S

STATION = StationId("MX-TIJ-01")
CUT = "DELETE FROM journal WHERE seq = (SELECT max(seq) FROM journal)"


class Crime:
    """A station's folder in the hands of somebody who has root and the database's key."""

    def __init__(self, bench: Bench, anchor: FileAnchor) -> None:
        self.bench, self.anchor = bench, anchor

    def sql(self, *statements: str) -> None:
        """Do as root does: the triggers go first."""
        self.change(lambda session: [session.execute(text(each)) for each in statements])

    def change(self, act: Callable[[Session], object]) -> None:
        database = self.bench.database()
        with database.write() as session:
            names = session.execute(text("SELECT name FROM sqlite_master WHERE type = 'trigger'")).scalars()
            for name in list(names):
                session.execute(text(f"DROP TRIGGER {name}"))
            act(session)
        database.close()

    def audit(self) -> Head:
        station = self.bench.assemble()
        with station._database.read() as session:
            try:
                return audit(session, STATION, self.bench.station_key, station._logs, self.anchor)
            finally:
                station.close()

    def start(self) -> None:
        open_anchored(self.bench, self.anchor).close()


def open_anchored(bench: Bench, anchor: FileAnchor) -> Station:
    bench._write_settings()
    station = bench.assemble()
    station._anchor = station._housekeeping._anchor = anchor
    station.start()
    return station


@pytest.fixture
def crime(bench: Bench, a_station: Station, officer: OperatorView, tmp_path: Path) -> Iterator[Crime]:
    """Two readings and an exhibit, anchored; the station is off."""
    anchor = FileAnchor(tmp_path / "counter")
    begin_anchor(a_station._database.write, a_station._recorder.sealer, bench.clock.read().wall, anchor)
    a_station._housekeeping._anchor = anchor
    screening = finished(a_station, a_station.screenings.start(officer)).screening
    exhibit = Casework(a_station._database, a_station._recorder).add_exhibit(officer, screening, "a bag")
    finished(a_station, a_station.screenings.start(officer))
    a_station._housekeeping.anchor_now()
    bench.close()
    assert exhibit
    yield Crime(bench, anchor)
    bench.close()


def test_without_a_crime_nothing_is_found(crime: Crime) -> None:
    assert crime.audit().seq >= 8
    crime.start()


@pytest.mark.parametrize(
    ("statement", "said"),
    [
        ("DELETE FROM journal WHERE seq = 4", "entries 4 to 4 are missing"),
        ("DELETE FROM journal WHERE seq = 1", "entries 1 to 1 are missing"),
        (
            "UPDATE journal SET envelope = (SELECT envelope FROM journal WHERE seq = 3) WHERE seq = 4",
            "columns say something else",
        ),
        ("UPDATE journal SET digest = zeroblob(32) WHERE seq = 4", "columns say something else"),
        ("UPDATE journal SET envelope = substr(envelope, 1, length(envelope) - 1) WHERE seq = 4", "was changed"),
        ("DELETE FROM outbox WHERE seq = 4", "entry 4: it is in no outbox"),
        ("UPDATE outbox SET released = '2026-11-22 12:00:00.000000' WHERE seq = 4", "its receipt does not prove it"),
        ("DELETE FROM attachment", "an attachment of it is gone"),
        ("DELETE FROM attachment; DELETE FROM attachment_way", "an attachment of it is gone"),
    ],
    ids=[
        "row",
        "first-row",
        "swapped",
        "digest",
        "cut",
        "never-sent",
        "as-if-sent",
        "raw-bytes",
        "all-of-them",
    ],
)
def test_the_audit_finds_what_was_done_in_the_middle(crime: Crime, statement: str, said: str) -> None:
    crime.sql(*statement.split("; "))
    with pytest.raises(BrokenChain, match=said):
        crime.audit()


def test_the_start_finds_a_cut_end(crime: Crime) -> None:
    crime.sql(CUT)
    for look in (crime.start, crime.audit):
        with pytest.raises(RolledBack, match="missing or changed"):
            look()


def test_a_cut_end_with_an_older_head_is_found_by_the_anchor(crime: Crime) -> None:
    crime.sql(CUT, "DELETE FROM journal_head")
    with pytest.raises(RolledBack, match="older journal"):
        crime.start()


def test_without_its_anchor_an_anchored_station_does_not_start(crime: Crime) -> None:
    """Root takes `tpm_counter` out of station.toml, to bring back an older database later."""
    station = crime.bench.assemble()
    with pytest.raises(RolledBack, match="no counter is set up"):
        station.start()
    station.close()


def stop_as_a_cut_does(station: Station) -> None:
    """End the station's threads and let go of its database, without the head that `close` signs."""
    station._closing.set()
    station._recorder.committed.set()
    for thread in station._threads:
        thread.join(HANG_S)
    station._database.close()


def test_a_reading_that_began_cannot_be_taken_away(bench: Bench, crime: Crime, officer: OperatorView) -> None:
    """The start moves the counter before the instrument fires: last minute's database is an older one."""
    station = open_anchored(bench, crime.anchor)
    bench.clock.sleep(10)
    with station._database.write():  # nobody else writes meanwhile: the two files are of one moment
        shutil.copy(bench.data / "station.db", bench.data / "copy")
        shutil.copy(bench.data / "station.db-wal", bench.data / "copy-wal")
    finished(station, station.screenings.start(officer))
    stop_as_a_cut_does(station)
    for file in bench.data.glob("station.db*"):
        file.unlink()
    (bench.data / "copy").rename(bench.data / "station.db")
    (bench.data / "copy-wal").rename(bench.data / "station.db-wal")
    with pytest.raises(RolledBack, match="older journal"):
        crime.start()


def test_a_fork_that_root_signs_with_the_stations_own_key_breaks_the_signed_head(crime: Crime) -> None:
    """Whoever has root on a running station has its key: the journal is whole then, its head and the centre are not."""
    bench = crime.bench
    sealer = Sealer(STATION, bench.station_key, bench.assemble()._recorder.sealer.recipients)

    def fork(session: Session) -> None:
        rows = session.exec(select(JournalEntry).order_by(col(JournalEntry.seq))).all()
        before = Head(rows[3].seq, rows[3].digest)  # type: ignore[arg-type]
        for row in rows[4:]:
            envelope = sealer.seal_after(before, b"something else")
            before = check_next(before, Envelope.from_bytes(envelope.data))
            row.prev, row.digest, row.envelope = envelope.header.prev, envelope.digest, envelope.data
            session.add(row)

    crime.change(fork)
    for look in (crime.start, crime.audit):
        with pytest.raises(RolledBack, match="missing or changed"):
            look()
