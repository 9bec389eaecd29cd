"""The national case database: what the opened records say, one row for each thing, in SQLite."""

import json
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path
from typing import Any

from sync.contract.attachment import attachments_in
from sync.contract.card import StationCard
from sync.contract.ids import Seq, StationId
from sync.contract.letter import Delivery, LetterRecord
from sync.contract.records import Record, ScreeningRecord, ScreeningRecord1, parse_record
from sync.envelope import Envelope
from sync.errors import OpenError
from sync.tables_form import open_file
from sync.vault.alerts import Alerts
from sync.vault.attached import Attached
from sync.vault.case_tables import STEPS
from sync.vault.compared import Compared
from sync.vault.corrections import Corrections
from sync.vault.entry import Entry
from sync.vault.problems import Problems
from sync.vault.projection import hit_columns, reading_columns
from sync.vault.proven import ProvenTrees
from sync.vault.stations import Stations
from sync.vault.voids import Void, Voids
from sync.vault.waiting import Waiting
from sync.vault.watched import Watched

LOST = "Bring the newest copy back, or let `garita-vault begin-again` make a new one from the log: docs/vault.md"
FILED = """
WITH here AS (SELECT seq, log_index, digest FROM entries WHERE station = :station AND seq BETWEEN :first AND :last)
SELECT seq, log_index, digest, NULL FROM here
UNION ALL SELECT seq, min(log_index), NULL, envelope FROM problems
WHERE station = :station AND seq BETWEEN :first AND :last AND seq NOT IN (SELECT seq FROM here) GROUP BY seq
ORDER BY seq
"""
CASES = """
SELECT e.station, e.seq, e.log_index, s.screening, s.conclusion, e.recorded, e.opened,
    (SELECT h.name FROM hits AS h WHERE h.station = e.station AND h.seq = e.seq
        ORDER BY h.place, h.suspected DESC, h.rank LIMIT 1)
FROM screenings AS s JOIN entries AS e USING (station, seq) ORDER BY e.log_index
"""


@dataclass(frozen=True)
class Case:
    """One screening as a list shows it; `recorded` and `opened` are UTC in RFC 3339; `void`: it no longer counts."""

    station: StationId
    seq: Seq
    log_index: int
    screening: str
    conclusion: str
    recorded: str
    opened: str
    top_hit: str | None
    void: Void | None = None


@dataclass(frozen=True)
class Filed:
    """An entry that came here, opened or named as a problem, and its place in the log."""

    log_index: int
    entry: Entry


@dataclass(frozen=True)
class ByHand:
    """Cards that were brought from the stations, and the rows of the list of exports."""

    cards: list[StationCard]
    exports: list[tuple[Any, ...]]


class Cases:
    """The database; `transaction` makes a page of the log wholly projected or not at all."""

    def __init__(self, path: Path, *, new: bool = False) -> None:
        """Open the database; raises UnusableDatabase where there is none, unless it is to be `new`."""
        self.file = path
        self._database = open_file(path, STEPS, LOST, new=new)
        self._database.execute("PRAGMA foreign_keys = ON")
        self.attached = Attached(self._database)
        self.alerts = Alerts(self._database)
        self.waiting = Waiting(self._database)
        self.trees = ProvenTrees(self._database)
        self.stations = Stations(self._database)
        self.problems = Problems(self._database)
        self.voids = Voids(self._database, self.digest)
        self.compared = Compared(self._database)
        self.watched = Watched(self._database)
        self.corrections = Corrections(self._database, self.digest, self.voids)

    def close(self) -> None:
        """Close the database."""
        self._database.close()

    @contextmanager
    def transaction(self) -> Generator[None]:
        """Do what is in the block wholly or not at all."""
        self._database.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            self._database.execute("ROLLBACK")
            raise
        self._database.execute("COMMIT")

    def progress(self) -> int:
        """Return the log index up to which everything is projected; -1 at the start."""
        return self._database.execute("SELECT log_index FROM progress").fetchone()[0]

    def advance(self, log_index: int) -> None:
        """Note that everything up to `log_index` is projected."""
        self._database.execute("UPDATE progress SET log_index = ?", (log_index,))

    def add(self, log_index: int, envelope: Envelope, record: Record, data: bytes, opened: str) -> None:
        """Project an opened record; a second time changes nothing."""
        header = envelope.header
        recorded, operator = record.recorded.wall, record.operator
        key = (header.station, header.seq)
        row = (*key, log_index, envelope.digest, record.schema_name, recorded, operator, opened, data)
        if not self._insert("entries", row):
            return
        for place, part in enumerate(attachments_in(record)):
            self.attached.add(header.station, header.seq, place, part)
        if isinstance(record, ScreeningRecord | ScreeningRecord1):
            self._insert("screenings", (*key, record.screening, record.subject_kind, record.conclusion))
            for place, reading in enumerate(record.readings):
                self._insert("readings", (*key, place, *reading_columns(reading)))
                for columns in hit_columns(reading):
                    self._insert("hits", (*key, place, *columns))

    def letters(self) -> Iterator[Delivery]:
        """Yield every letter to the outside body, sealed, in log order."""
        query = "SELECT record, seq FROM entries WHERE schema = ? ORDER BY log_index"
        for record, seq in self._database.execute(query, (LetterRecord.SCHEMA,)):
            each = LetterRecord.from_bytes(record)
            yield Delivery(station=each.station, seq=seq, recorded=each.recorded.wall, letters=each.letters)

    def cases(self) -> list[Case]:
        """Return every screening, in log order."""
        voids = self.voids.by_entry()
        found = (Case(*row) for row in self._database.execute(CASES))
        return [replace(case, void=voids.get((case.station, case.seq))) for case in found]

    def digest(self, station: str, seq: int) -> bytes | None:
        """Return the SHA-256 of the envelope of an opened record."""
        row = self._database.execute(
            "SELECT digest FROM entries WHERE station = ? AND seq = ?", (station, seq)
        ).fetchone()
        return row[0] if row else None

    def record(self, station: str, seq: int) -> Record | None:
        """Return one opened record."""
        data = self.record_bytes(station, seq)
        return parse_record(data) if data else None

    def opened(self, station: str, seq: int) -> Record:
        """Return one opened record; raises OpenError that says why there is none."""
        record = self.record(station, seq)
        if record is None:
            why = self.problems.why(station, seq)
            said = f"it was not opened ({why})" if why else "let `garita-vault run` file what the centre has"
            raise OpenError(f"no opened record {station}/{seq} here: {said}")
        return record

    def record_bytes(self, station: str, seq: int) -> bytes | None:
        """Return one opened record as it was sealed."""
        query = "SELECT record FROM entries WHERE station = ? AND seq = ?"
        row = self._database.execute(query, (station, seq)).fetchone()
        return row[0] if row else None

    def filed(self, station: StationId, first: int, last: int) -> list[Filed]:
        """Return each entry of a station from seq `first` to `last` that ever came here, by seq."""
        rows = self._database.execute(FILED, {"station": station, "first": first, "last": last})
        return [
            Filed(index, Entry(station, seq, digest or sha256(envelope).digest()))
            for seq, index, digest, envelope in rows
        ]

    def digest_filed(self, station: StationId, seq: int) -> bytes | None:
        """Return the SHA-256 of the envelope that came here under that number, opened or named as a problem."""
        return next((each.entry.digest for each in self.filed(station, seq, seq)), None)

    def note_export(self, made: str, persons: list[str], reason: str, entries: list[str], digest: bytes) -> None:
        """Keep who disclosed what, and the SHA-256 of the bundle; it is noted before the bundle is handed out."""
        row = (made, json.dumps(persons, ensure_ascii=False), reason, json.dumps(entries), digest)
        self._insert("exports", row)

    def by_hand(self) -> ByHand:
        """Return what is here and in no log."""
        exports = self._database.execute("SELECT * FROM exports ORDER BY rowid").fetchall()
        return ByHand(self.stations.laid(), exports)

    def take_over(self, told: ByHand) -> None:
        """Take what another database had and no log has."""
        for card in told.cards:
            self.stations.lay(card)
        for row in told.exports:
            self._insert("exports", row)

    def _insert(self, table: str, row: tuple[Any, ...]) -> bool:
        marks = ", ".join("?" * len(row))
        query = f"INSERT OR IGNORE INTO {table} VALUES ({marks})"  # noqa: S608 - a table's name, from this file
        return self._database.execute(query, row).rowcount == 1
