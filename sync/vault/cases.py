"""The national case database: what the opened records say, one row for each thing, in SQLite.

Every row of casework points to its entry (station, seq), and each entry keeps the record's own bytes: the tables are
only a projection of them. `problems` names every envelope that could not be believed or opened, with its bytes.
"""

import json
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from sync.chain import Head
from sync.contract.attachment import attachments_in
from sync.contract.card import StationCard
from sync.contract.ids import Seq, StationId
from sync.contract.inside import LoggedEnvelope
from sync.contract.letter import Delivery, LetterRecord
from sync.contract.records import (
    HitPart,
    ReadingPart,
    ReadingPart1,
    Record,
    ScreeningRecord,
    ScreeningRecord1,
    parse_record,
)
from sync.contract.stereoisomers import stereoisomers_of
from sync.contract.suspects import suspects_of
from sync.envelope import Envelope
from sync.tables_form import open_file
from sync.vault.alerts import Alerts
from sync.vault.attached import Attached, Named
from sync.vault.proven import ProvenTrees
from sync.vault.voids import Void, Voids
from sync.vault.waiting import Waiting

SCHEMA = """
CREATE TABLE IF NOT EXISTS progress (one INTEGER PRIMARY KEY CHECK (one = 1), log_index INTEGER NOT NULL) STRICT;
INSERT OR IGNORE INTO progress VALUES (1, -1);
CREATE TABLE IF NOT EXISTS stations (
    station TEXT PRIMARY KEY, card BLOB NOT NULL, seq INTEGER NOT NULL DEFAULT 0, digest BLOB
) STRICT;
CREATE TABLE IF NOT EXISTS entries (
    station   TEXT NOT NULL,
    seq       INTEGER NOT NULL,
    log_index INTEGER NOT NULL UNIQUE,
    digest    BLOB NOT NULL,
    schema    TEXT NOT NULL,
    recorded  TEXT NOT NULL,
    operator  TEXT,
    opened    TEXT NOT NULL,
    record    BLOB NOT NULL,
    PRIMARY KEY (station, seq)
) STRICT;
CREATE TABLE IF NOT EXISTS screenings (
    station      TEXT NOT NULL,
    seq          INTEGER NOT NULL,
    screening    TEXT NOT NULL,
    subject_kind TEXT NOT NULL,
    conclusion   TEXT NOT NULL,
    PRIMARY KEY (station, seq),
    FOREIGN KEY (station, seq) REFERENCES entries
) STRICT;
CREATE TABLE IF NOT EXISTS readings (
    station           TEXT NOT NULL,
    seq               INTEGER NOT NULL,
    place             INTEGER NOT NULL,
    reading           TEXT NOT NULL,
    started           TEXT NOT NULL,
    ended             TEXT NOT NULL,
    outcome           TEXT NOT NULL,
    problem           TEXT,
    instrument        TEXT,
    conclusion        TEXT,
    transcript_digest BLOB NOT NULL,
    PRIMARY KEY (station, seq, place),
    FOREIGN KEY (station, seq) REFERENCES screenings
) STRICT;
CREATE TABLE IF NOT EXISTS hits (
    station     TEXT NOT NULL,
    seq         INTEGER NOT NULL,
    place       INTEGER NOT NULL,
    rank        INTEGER NOT NULL,
    name        TEXT NOT NULL,
    inchikey    TEXT NOT NULL,
    probability REAL,
    score       REAL NOT NULL,
    isomers     TEXT NOT NULL,
    PRIMARY KEY (station, seq, place, rank),
    FOREIGN KEY (station, seq, place) REFERENCES readings
) STRICT;
CREATE TABLE IF NOT EXISTS problems (
    log_index INTEGER NOT NULL,
    station   TEXT NOT NULL,
    seq       INTEGER NOT NULL,
    code      TEXT NOT NULL,
    detail    TEXT NOT NULL,
    found     TEXT NOT NULL,
    envelope  BLOB NOT NULL,
    PRIMARY KEY (log_index, code)
) STRICT;
CREATE TABLE IF NOT EXISTS exports (
    made    TEXT NOT NULL,
    persons TEXT NOT NULL,
    reason  TEXT NOT NULL,
    entries TEXT NOT NULL,
    digest  BLOB NOT NULL
) STRICT;
"""
NO_TRANSCRIPT = """
CREATE TABLE readings_2 (
    station           TEXT NOT NULL,
    seq               INTEGER NOT NULL,
    place             INTEGER NOT NULL,
    reading           TEXT NOT NULL,
    started           TEXT NOT NULL,
    ended             TEXT NOT NULL,
    outcome           TEXT NOT NULL,
    problem           TEXT,
    instrument        TEXT,
    conclusion        TEXT,
    transcript_digest BLOB,
    PRIMARY KEY (station, seq, place),
    FOREIGN KEY (station, seq) REFERENCES screenings
) STRICT;
INSERT INTO readings_2 SELECT * FROM readings;
DROP TABLE readings;
ALTER TABLE readings_2 RENAME TO readings;
"""
"""A reading without a transcript of its own (`garita.screening/2`)."""
FORMS = "ALTER TABLE hits ADD COLUMN stereoisomers TEXT NOT NULL DEFAULT '[]';"
"""Names of the stereoisomers that a reading did not tell from what it named (`garita.stereoisomers/1`)."""
LAID = "ALTER TABLE stations ADD COLUMN laid INTEGER NOT NULL DEFAULT 0;"
"""Whether the card was brought from the station by hand, or is the one that the centre showed first."""
SUSPECTS = "ALTER TABLE hits ADD COLUMN suspected INTEGER NOT NULL DEFAULT 0;"
"""Whether the conclusion rests on it though it was not named (`garita.suspects/1`); such stand first in a list."""
STEPS = (
    SCHEMA + Attached.SCHEMA + Alerts.SCHEMA,
    NO_TRANSCRIPT,
    Waiting.SCHEMA,
    FORMS,
    ProvenTrees.SCHEMA,
    Voids.SCHEMA + LAID,
    SUSPECTS,
)
LOST = "Bring the newest copy back, or let `garita-vault begin-again` make a new one from the log: docs/vault.md"
PLACES = """
SELECT seq, min(log_index) FROM (
    SELECT seq, log_index FROM entries WHERE station = :station AND seq BETWEEN :first AND :last
    UNION SELECT seq, log_index FROM problems WHERE station = :station AND seq BETWEEN :first AND :last
) GROUP BY seq ORDER BY seq
"""
CASES = """
SELECT e.station, e.seq, e.log_index, s.screening, s.conclusion, e.recorded, e.opened,
    (SELECT h.name FROM hits AS h WHERE h.station = e.station AND h.seq = e.seq
        ORDER BY h.place, h.suspected DESC, h.rank LIMIT 1)
FROM screenings AS s JOIN entries AS e USING (station, seq) ORDER BY e.log_index
"""
TO_WATCH = """
SELECT record FROM entries WHERE station = :station AND (
    schema IN ('garita.account/1', 'garita.approval/1')
    OR seq IN (SELECT seq FROM screenings WHERE station = :station AND conclusion IN ('alarm', 'caution'))
    OR seq > (SELECT max(seq) FROM entries WHERE station = :station) - :lately
) ORDER BY seq
"""
LATELY = 200
STRANGER = """
SELECT 1 FROM stations AS s WHERE station = ? AND NOT laid
AND NOT EXISTS (SELECT 1 FROM alerts AS a WHERE a.station = s.station AND a.kind = 'unpinned')
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
class Problem:
    """An envelope that is not as it must be, with a stable code."""

    log_index: int
    station: str
    seq: int
    code: str
    detail: str


@dataclass(frozen=True)
class ByHand:
    """Cards that were brought from the stations, and the rows of the list of exports."""

    cards: list[StationCard]
    exports: list[tuple[Any, ...]]


class Cases:
    """The database; `transaction` makes a page of the log wholly projected or not at all."""

    def __init__(self, path: Path, *, new: bool = False) -> None:
        """Open the database; raises UnusableDatabase where there is none, unless it is to be `new`."""
        self._database = open_file(path, STEPS, LOST, new=new)
        self._database.execute("PRAGMA foreign_keys = ON")
        self.attached = Attached(self._database)
        self.alerts = Alerts(self._database)
        self.waiting = Waiting(self._database)
        self.trees = ProvenTrees(self._database)
        self.voids = Voids(self._database, self.digest)

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

    def pin(self, card: StationCard) -> StationCard:
        """Return the card under which the station was first seen here."""
        row = (card.station, card.to_bytes())
        self._database.execute("INSERT OR IGNORE INTO stations (station, card) VALUES (?, ?)", row)
        query = "SELECT card FROM stations WHERE station = ?"
        return StationCard.from_bytes(self._database.execute(query, (card.station,)).fetchone()[0])

    def lay(self, card: StationCard) -> bool:
        """Believe a station by a card that was brought by hand; return False where another one is believed already."""
        if self.pin(card) != card:
            return False
        self._database.execute("UPDATE stations SET laid = 1 WHERE station = ?", (card.station,))
        return True

    def card(self, station: StationId) -> StationCard | None:
        """Return the card by which a station is believed here."""
        row = self._database.execute("SELECT card FROM stations WHERE station = ?", (station,)).fetchone()
        return StationCard.from_bytes(row[0]) if row else None

    def is_stranger(self, station: StationId) -> bool:
        """Tell whether nobody brought the station's card, and no alert says so yet."""
        return self._database.execute(STRANGER, (station,)).fetchone() is not None

    def head(self, station: StationId) -> Head | None:
        """Return the last entry of a station's journal that was believed here."""
        query = "SELECT seq, digest FROM stations WHERE station = ? AND seq > 0"
        row = self._database.execute(query, (station,)).fetchone()
        return Head(*row) if row else None

    def move_head(self, station: StationId, head: Head) -> None:
        """Note the last entry of a station's journal."""
        values = (head.seq, head.digest, station)
        self._database.execute("UPDATE stations SET seq = ?, digest = ? WHERE station = ?", values)

    def add_problem(self, logged: LoggedEnvelope, code: str, detail: str, found: str) -> None:
        """Keep an envelope that is not as it must be."""
        row = (logged.index, logged.station, logged.seq, code, detail, found, logged.envelope)
        self._insert("problems", row)

    def add_attachment_problem(self, named: Named, body: bytes, detail: str, found: str) -> None:
        """Keep sealed bytes that are not the attachment that a record names."""
        index = self.places(named.station, named.seq, named.seq)[named.seq]
        self._insert("problems", (index, named.station, named.seq, f"attachment_{named.place}", detail, found, body))

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
                self._add_reading((*key, place), reading)

    def to_watch(self, station: str) -> list[Record]:
        """Return what a watch that begins now must have seen: accounts, approvals, alarms, and what came last."""
        rows = self._database.execute(TO_WATCH, {"station": station, "lately": LATELY})
        return [parse_record(record) for (record,) in rows]

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

    def problems(self) -> list[Problem]:
        """Return everything that was not as it must be, in log order."""
        query = "SELECT log_index, station, seq, code, detail FROM problems ORDER BY log_index, code"
        return [Problem(*row) for row in self._database.execute(query)]

    def digest(self, station: str, seq: int) -> bytes | None:
        """Return the SHA-256 of the envelope of an opened record."""
        row = self._database.execute(
            "SELECT digest FROM entries WHERE station = ? AND seq = ?", (station, seq)
        ).fetchone()
        return row[0] if row else None

    def spoilt(self, station: str, seq: int) -> list[bytes]:
        """Return the envelopes at a place of a journal that could not be believed."""
        query = "SELECT envelope FROM problems WHERE station = ? AND seq = ?"
        return [envelope for (envelope,) in self._database.execute(query, (station, seq))]

    def record(self, station: str, seq: int) -> Record | None:
        """Return one opened record."""
        data = self.record_bytes(station, seq)
        return parse_record(data) if data else None

    def record_bytes(self, station: str, seq: int) -> bytes | None:
        """Return one opened record as it was sealed."""
        query = "SELECT record FROM entries WHERE station = ? AND seq = ?"
        row = self._database.execute(query, (station, seq)).fetchone()
        return row[0] if row else None

    def places(self, station: str, first: int, last: int) -> dict[int, int]:
        """Return the log index of each entry of a station from seq `first` to `last` that ever came here."""
        return dict(self._database.execute(PLACES, {"station": station, "first": first, "last": last}))

    def note_export(self, made: str, persons: list[str], reason: str, entries: list[str], digest: bytes) -> None:
        """Keep who disclosed what, and the SHA-256 of the bundle; it is noted before the bundle is handed out."""
        row = (made, json.dumps(persons, ensure_ascii=False), reason, json.dumps(entries), digest)
        self._insert("exports", row)

    def by_hand(self) -> ByHand:
        """Return what is here and in no log."""
        cards = self._database.execute("SELECT card FROM stations WHERE laid ORDER BY station").fetchall()
        exports = self._database.execute("SELECT * FROM exports ORDER BY rowid").fetchall()
        return ByHand([StationCard.from_bytes(card) for (card,) in cards], exports)

    def take_over(self, told: ByHand) -> None:
        """Take what another database had and no log has."""
        for card in told.cards:
            self.lay(card)
        for row in told.exports:
            self._insert("exports", row)

    def _add_reading(self, key: tuple[str, int, int], reading: ReadingPart | ReadingPart1) -> None:
        instrument, identification = reading.instrument, reading.identification
        row = (
            *key,
            reading.reading,
            reading.started.wall,
            reading.ended.wall,
            reading.outcome,
            reading.problem,
            f"{instrument.maker} {instrument.model} {instrument.serial_number}" if instrument else None,
            identification.conclusion if identification else None,
            _transcript_digest(reading),
        )
        self._insert("readings", row)
        stereoisomers, suspects = stereoisomers_of(identification), suspects_of(identification)
        hits = (*(identification.hits if identification else ()), *suspects)
        for rank, hit in enumerate(hits, start=1):
            forms = stereoisomers.names(hit.inchikey) if stereoisomers else []
            said = json.dumps(forms, ensure_ascii=False)
            self._insert("hits", (*key, rank, *_hit_columns(hit), said, int(rank > len(hits) - len(suspects))))

    def _insert(self, table: str, row: tuple[Any, ...]) -> bool:
        marks = ", ".join("?" * len(row))
        query = f"INSERT OR IGNORE INTO {table} VALUES ({marks})"  # noqa: S608 - a table's name, from this file
        return self._database.execute(query, row).rowcount == 1


def _transcript_digest(reading: ReadingPart | ReadingPart1) -> bytes | None:
    if isinstance(reading, ReadingPart1):
        return reading.transcript_digest
    transcript = reading.attachment("transcript")
    return transcript.digest if transcript else None


def _hit_columns(hit: HitPart) -> tuple[str, str, float | None, float, str]:
    return hit.name, hit.inchikey, hit.probability, hit.score, json.dumps(hit.isomers, ensure_ascii=False)
