"""Sealed envelopes at rest, in the order in which they were taken.

SQLite in WAL mode with synchronous=FULL: what a transaction committed survives a power cut. Another engine can stand
here by offering the same few methods; nothing else in the centre knows SQL.
"""

import sqlite3
import threading
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from sync.chain import Head
from sync.contract.card import StationCard
from sync.contract.ids import EnvelopeDigest, Seq, StationId
from sync.contract.inside import LoggedEnvelope
from sync.contract.standing import Standing, Standings
from sync.envelope import Envelope
from sync.errors import UnusableKey

SCHEMA = """
CREATE TABLE IF NOT EXISTS stations (
    station  TEXT PRIMARY KEY,
    card     BLOB NOT NULL,
    admitted TEXT NOT NULL
) STRICT;
CREATE TABLE IF NOT EXISTS envelopes (
    log_index INTEGER PRIMARY KEY,
    station   TEXT NOT NULL REFERENCES stations (station),
    seq       INTEGER NOT NULL,
    digest    BLOB NOT NULL,
    received  TEXT NOT NULL,
    envelope  BLOB NOT NULL,
    UNIQUE (station, seq)
) STRICT;
CREATE TABLE IF NOT EXISTS equivocations (
    station  TEXT NOT NULL REFERENCES stations (station),
    seq      INTEGER NOT NULL,
    digest   BLOB NOT NULL,
    received TEXT NOT NULL,
    envelope BLOB NOT NULL,
    PRIMARY KEY (station, seq, digest)
) STRICT;
CREATE TABLE IF NOT EXISTS statements (
    station   TEXT PRIMARY KEY REFERENCES stations (station),
    seq       INTEGER NOT NULL,
    statement BLOB NOT NULL
) STRICT;
CREATE TRIGGER IF NOT EXISTS envelopes_stay BEFORE DELETE ON envelopes
    BEGIN SELECT RAISE(ABORT, 'a stored envelope is never deleted'); END;
CREATE TRIGGER IF NOT EXISTS envelopes_are_final BEFORE UPDATE ON envelopes
    BEGIN SELECT RAISE(ABORT, 'a stored envelope is never changed'); END;
"""


@dataclass(frozen=True)
class Stored:
    """Where an entry of a station's journal stands in the national log."""

    seq: Seq
    digest: EnvelopeDigest
    index: int


@dataclass(frozen=True)
class StationState:
    """A station as the centre sees it: how far its journal is here, and how often it said two things at once."""

    station: StationId
    key: bytes
    contiguous: int
    equivocations: int


class Store:
    """The centre's database; each method stands alone, or inside one `transaction`."""

    def __init__(self, path: Path) -> None:
        self._lock = threading.RLock()
        self._database = sqlite3.connect(path, isolation_level=None, check_same_thread=False, timeout=30)
        self._database.execute("PRAGMA journal_mode = WAL")
        self._database.execute("PRAGMA synchronous = FULL")
        self._database.execute("PRAGMA foreign_keys = ON")
        self._database.executescript(SCHEMA)

    def close(self) -> None:
        """Close the database."""
        with self._lock:
            self._database.close()

    @contextmanager
    def transaction(self) -> Generator[None]:
        """Do what is in the block wholly or not at all, with no other writer in between."""
        with self._lock:
            self._database.execute("BEGIN IMMEDIATE")
            try:
                yield
            except BaseException:
                self._database.execute("ROLLBACK")
                raise
            self._database.execute("COMMIT")

    def admit(self, card: StationCard, now: datetime) -> None:
        """Take a station in; raises UnusableKey if it is already here with another key."""
        with self.transaction():
            known = self.card(card.station)
            if known is None:
                row = (card.station, card.to_bytes(), now.isoformat())
                self._database.execute("INSERT INTO stations VALUES (?, ?, ?)", row)
            elif known != card:
                raise UnusableKey(
                    f"station {card.station} is admitted with another key; its journal stays under that key"
                )

    def card(self, station: StationId) -> StationCard | None:
        """Return the card of an admitted station."""
        rows = self._read("SELECT card FROM stations WHERE station = ?", station)
        return StationCard.from_bytes(rows[0][0]) if rows else None

    def cards(self) -> list[StationCard]:
        """Return every admitted station's card."""
        return [StationCard.from_bytes(card) for (card,) in self._read("SELECT card FROM stations ORDER BY station")]

    def stations(self) -> list[StationState]:
        """Return how each admitted station stands."""
        rows = self._read(
            "SELECT station, card,"
            " (SELECT COALESCE(MAX(seq), 0) FROM envelopes AS e WHERE e.station = s.station),"
            " (SELECT COUNT(*) FROM equivocations AS q WHERE q.station = s.station)"
            " FROM stations AS s ORDER BY station"
        )
        return [StationState(row[0], StationCard.from_bytes(row[1]).public_key, row[2], row[3]) for row in rows]

    def head(self, station: StationId) -> Head | None:
        """Return where a station's journal ends here."""
        rows = self._read("SELECT seq, digest FROM envelopes WHERE station = ? ORDER BY seq DESC LIMIT 1", station)
        return Head(*rows[0]) if rows else None

    def find(self, station: StationId, seq: Seq) -> Stored | None:
        """Return one entry of a station's journal."""
        query = "SELECT seq, digest, log_index FROM envelopes WHERE station = ? AND seq = ?"
        rows = self._read(query, station, seq)
        return Stored(*rows[0]) if rows else None

    def append(self, envelope: Envelope, now: datetime) -> Stored:
        """Store an envelope at the end of the log; the caller has judged it in the same transaction."""
        header = envelope.header
        stored = Stored(header.seq, envelope.digest, self.size())
        row = (stored.index, header.station, stored.seq, stored.digest, now.isoformat(), envelope.data)
        self._database.execute("INSERT INTO envelopes VALUES (?, ?, ?, ?, ?, ?)", row)
        return stored

    def keep_equivocation(self, envelope: Envelope, now: datetime) -> None:
        """Keep, as evidence, an envelope that says something else than the stored one of the same seq."""
        header = envelope.header
        row = (header.station, header.seq, envelope.digest, now.isoformat(), envelope.data)
        with self._lock:
            self._database.execute("INSERT OR IGNORE INTO equivocations VALUES (?, ?, ?, ?, ?)", row)

    def keep_statement(self, station: StationId, seq: Seq, statement: bytes) -> None:
        """Keep what a station stated of its head, in the place of what it stated before of an earlier one."""
        with self._lock:
            self._database.execute(
                "INSERT INTO statements VALUES (?, ?, ?) ON CONFLICT (station)"
                " DO UPDATE SET seq = excluded.seq, statement = excluded.statement WHERE excluded.seq > seq",
                (station, seq, statement),
            )

    def standings(self) -> Standings:
        """Return the newest statement of each station."""
        rows = self._read(
            "SELECT log_index, card, statement FROM statements JOIN stations USING (station)"
            " JOIN envelopes USING (station, seq) ORDER BY station"
        )
        return Standings(
            standings=[
                Standing(index=index, card=StationCard.from_bytes(card), statement=statement)
                for index, card, statement in rows
            ]
        )

    def equivocations(self, station: StationId) -> list[bytes]:
        """Return the envelopes kept as evidence against a station."""
        rows = self._read("SELECT envelope FROM equivocations WHERE station = ? ORDER BY seq, received", station)
        return [envelope for (envelope,) in rows]

    def size(self) -> int:
        """Return how many envelopes are stored."""
        return self._read("SELECT COALESCE(MAX(log_index) + 1, 0) FROM envelopes")[0][0]

    def digests(self, start: int, limit: int) -> list[EnvelopeDigest]:
        """Return digests in log order from `start`, which become the log's entries."""
        rows = self._read("SELECT digest FROM envelopes WHERE log_index >= ? ORDER BY log_index LIMIT ?", start, limit)
        return [digest for (digest,) in rows]

    def envelopes(self, start: int, stop: int, most_bytes: int) -> list[LoggedEnvelope]:
        """Return envelopes in log order: as many as fit into `most_bytes`, one at least."""
        query = (
            "SELECT log_index, station, seq, envelope FROM envelopes"
            " WHERE log_index >= ? AND log_index < ? ORDER BY log_index"
        )
        page: list[LoggedEnvelope] = []
        with self._lock:
            for index, station, seq, envelope in self._database.execute(query, (start, stop)):
                most_bytes -= len(envelope)
                if page and most_bytes < 0:
                    break
                page.append(LoggedEnvelope(index=index, station=station, seq=seq, envelope=envelope))
        return page

    def _read(self, query: str, *values: object) -> list[tuple[Any, ...]]:
        with self._lock:
            return self._database.execute(query, values).fetchall()
