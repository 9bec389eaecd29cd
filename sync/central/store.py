"""The embedded engine: sealed envelopes in one SQLite file, in the order in which they were taken.

WAL mode with synchronous=FULL: what a transaction committed survives a power cut.
"""

import threading
from collections.abc import Generator, Iterable, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

from sync.central.engine import Gap, NewEntry, Revocation, Span, StationState
from sync.central.store_tables import STEPS
from sync.chain import Head
from sync.contract.aside import AsideEntry, AsideKey
from sync.contract.card import StationCard
from sync.contract.ids import EnvelopeDigest, Seq, StationId
from sync.contract.inside import LoggedEnvelope
from sync.contract.standing import Standing, Standings
from sync.errors import UnusableKey
from sync.tables_form import open_file

LOST = "Bring the newest copy of the centre's folder back: docs/centre.md, Backup and restore"
STATIONS = """
SELECT station, card,
    (SELECT COALESCE(MAX(seq), 0) FROM envelopes AS e WHERE e.station = s.station),
    (SELECT COUNT(*) FROM equivocations AS q WHERE q.station = s.station),
    (SELECT COUNT(*) FROM quarantine AS q WHERE q.station = s.station),
    g.expected, g.offered, g.since, r.since, r.reason
FROM stations AS s LEFT JOIN gaps AS g USING (station) LEFT JOIN revocations AS r USING (station) ORDER BY station
"""
ASIDE = """
SELECT kind, station, seq, received, envelope FROM (
    SELECT 'contested' AS kind, * FROM equivocations UNION ALL SELECT 'quarantined', * FROM quarantine
) WHERE (kind, station, seq, digest) > (?, ?, ?, ?) ORDER BY kind, station, seq, digest LIMIT ?
"""
ASIDE_SIZE = "SELECT (SELECT COUNT(*) FROM equivocations) + (SELECT COUNT(*) FROM quarantine)"
STANDINGS = """
SELECT log_index, card, statement
FROM statements JOIN stations USING (station) JOIN envelopes USING (station, seq) ORDER BY station
"""


class StoredJournal:
    """A station's journal inside the store's transaction."""

    def __init__(self, store: "Store", station: StationId) -> None:
        self._store, self._station = store, station

    @property
    def revocation(self) -> Revocation | None:
        """Whether the station is revoked."""
        return self._store.revocation(self._station)

    def head(self) -> Head | None:
        """Return where it ends here."""
        return self._store.head(self._station)

    def held(self, first: Seq, last: Seq) -> dict[Seq, EnvelopeDigest]:
        """Return the entries from `first` to `last` that are here."""
        return self._store.held(self._station, first, last)

    def append(self, entries: Sequence[NewEntry], now: datetime) -> None:
        """Store entries at the end of the log."""
        start, time = self._store.size(), now.isoformat()
        rows = [
            (start + place, self._station, each.seq, each.digest, time, each.envelope)
            for place, each in enumerate(entries)
        ]
        self._store.write_many("INSERT INTO envelopes VALUES (?, ?, ?, ?, ?, ?)", rows)

    def contested(self, seq: Seq) -> set[EnvelopeDigest]:
        """Return the entries of that seq that are kept because they contest the journal."""
        return self._store.contested(self._station, seq)

    def keep_contested(self, entries: Sequence[NewEntry], now: datetime) -> None:
        """Keep, as evidence, entries of another branch of the journal than the one that is here."""
        self._keep("equivocations", entries, now)

    def keep_quarantined(self, entries: Sequence[NewEntry], now: datetime) -> None:
        """Keep what a revoked station sent, outside the log."""
        self._keep("quarantine", entries, now)

    def keep_statement(self, seq: Seq, statement: bytes) -> None:
        """Keep what the station stated of its head, in the place of what it stated of an earlier one."""
        query = (
            "INSERT INTO statements VALUES (?, ?, ?) ON CONFLICT (station)"
            " DO UPDATE SET seq = excluded.seq, statement = excluded.statement WHERE excluded.seq > seq"
        )
        self._store.write_many(query, [(self._station, seq, statement)])

    def note_gap(self, gap: Gap | None) -> None:
        """Note what is missing, or that nothing is."""
        if gap is None:
            self._store.write_many("DELETE FROM gaps WHERE station = ?", [(self._station,)])
        else:
            row = (self._station, gap.expected, gap.offered, gap.since)
            self._store.write_many("INSERT OR IGNORE INTO gaps VALUES (?, ?, ?, ?)", [row])

    def _keep(self, table: str, entries: Sequence[NewEntry], now: datetime) -> None:
        rows = [(self._station, each.seq, each.digest, now.isoformat(), each.envelope) for each in entries]
        self._store.write_many(f"INSERT OR IGNORE INTO {table} VALUES (?, ?, ?, ?, ?)", rows)  # noqa: S608 - a table of this file


class Store:
    """The engine in one file; several processes of one machine may read it, and write it in turns.

    Raises UnusableDatabase for a file that is no such database, and where there is none, unless it is to be `new`.
    """

    def __init__(self, path: Path, *, new: bool = False) -> None:
        self._lock = threading.RLock()
        self._database = open_file(path, STEPS, LOST, new=new, threads=True)
        self._database.execute("PRAGMA foreign_keys = ON")

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

    @contextmanager
    def writing(self, stations: Sequence[StationId]) -> Generator[list[StoredJournal]]:
        """Write the journals of these stations, all wholly or nothing at all."""
        with self.transaction():
            yield [StoredJournal(self, station) for station in stations]

    def write_many(self, query: str, rows: Sequence[tuple[Any, ...]]) -> None:
        """Run one statement for each row."""
        with self._lock:
            self._database.executemany(query, rows)

    def admit(self, card: StationCard, now: datetime) -> None:
        """Take a station in; raises UnusableKey if it is already here with another key."""
        with self.transaction():
            known = self.card(card.station)
            if known is None:
                row = (card.station, card.to_bytes(), now.isoformat())
                self.write_many("INSERT INTO stations VALUES (?, ?, ?)", [row])
            elif known != card:
                raise admitted_already(card.station)

    def revoke(self, station: StationId, revocation: Revocation) -> None:
        """Quarantine from now on what the station sends; raises UnusableKey for one that is not admitted."""
        with self.transaction():
            if self.card(station) is None:
                raise UnusableKey(f"station {station} is not admitted here, so there is nothing to revoke")
            row = (station, revocation.since, revocation.reason)
            self.write_many("INSERT OR IGNORE INTO revocations VALUES (?, ?, ?)", [row])

    def reinstate(self, station: StationId) -> None:
        """Take the station's entries into the log again; what was quarantined stays where it is."""
        self.write_many("DELETE FROM revocations WHERE station = ?", [(station,)])

    def revocation(self, station: StationId) -> Revocation | None:
        """Return whether the station is revoked."""
        rows = self._read("SELECT since, reason FROM revocations WHERE station = ?", station)
        return Revocation(*rows[0]) if rows else None

    def card(self, station: StationId) -> StationCard | None:
        """Return the card of an admitted station."""
        rows = self._read("SELECT card FROM stations WHERE station = ?", station)
        return StationCard.from_bytes(rows[0][0]) if rows else None

    def cards(self) -> list[StationCard]:
        """Return every admitted station's card."""
        return [StationCard.from_bytes(card) for (card,) in self._read("SELECT card FROM stations ORDER BY station")]

    def stations(self) -> list[StationState]:
        """Return how each admitted station stands."""
        return [station_state(row) for row in self._read(STATIONS)]

    def standings(self) -> Standings:
        """Return the newest statement of each station."""
        return standings_of(self._read(STANDINGS))

    def head(self, station: StationId) -> Head | None:
        """Return where a station's journal ends here."""
        rows = self._read("SELECT seq, digest FROM envelopes WHERE station = ? ORDER BY seq DESC LIMIT 1", station)
        return Head(*rows[0]) if rows else None

    def held(self, station: StationId, first: Seq, last: Seq) -> dict[Seq, EnvelopeDigest]:
        """Return entries of a station's journal."""
        query = "SELECT seq, digest FROM envelopes WHERE station = ? AND seq BETWEEN ? AND ?"
        return dict(self._read(query, station, first, last))

    def places(self, spans: Sequence[Span]) -> dict[tuple[StationId, Seq], int]:
        """Return the log index of each entry in `spans`."""
        query = "SELECT station, seq, log_index FROM envelopes WHERE station = ? AND seq BETWEEN ? AND ?"
        rows = [row for each in spans for row in self._read(query, each.station, each.first, each.last)]
        return {(station, seq): index for station, seq, index in rows}

    def contested(self, station: StationId, seq: Seq) -> set[EnvelopeDigest]:
        """Return the entries of that seq that are kept because they contest the station's journal."""
        rows = self._read("SELECT digest FROM equivocations WHERE station = ? AND seq = ?", station, seq)
        return {digest for (digest,) in rows}

    def aside(self, after: AsideKey, limit: int, most_bytes: int) -> list[AsideEntry]:
        """Return what is kept outside of the log behind `after`: as many as fit into both limits, one at least."""
        with self._lock:
            return aside_page(self._database.execute(ASIDE, (*after, limit)), most_bytes)

    def aside_size(self) -> int:
        """Return how many entries are kept outside of the log."""
        return self._read(ASIDE_SIZE)[0][0]

    def enrol_again(self, spans: Sequence[Span]) -> None:
        """Do nothing, for the same reason as `enrol`."""

    def enrol(self) -> None:
        """Do nothing: an entry gets its place in the log when it is stored."""

    def tidy(self) -> None:
        """Do nothing: the file takes care of itself."""

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


def admitted_already(station: StationId) -> UnusableKey:
    """Return why no second card is taken, and what to do with the appliance that has it."""
    return UnusableKey(
        f"station {station} is admitted with another key, and its journal stays under that key for ever; a replaced"
        f" appliance gets a name of its own, as {station}-B: provision it under that, admit its card, and revoke"
        f" {station} once all that it held is here"
    )


def station_state(row: tuple[Any, ...]) -> StationState:
    """Return the state in a row: station, card, three counts, a gap's three columns, a revocation's two."""
    station, card, contiguous, equivocations, quarantined, *more = row
    gap, revocation = more[:3], more[3:]
    return StationState(
        station,
        StationCard.from_bytes(card).fingerprint,
        contiguous,
        equivocations,
        quarantined,
        Gap(*gap) if gap[0] is not None else None,
        Revocation(*revocation) if revocation[0] is not None else None,
    )


def aside_page(rows: Iterable[tuple[Any, ...]], most_bytes: int) -> list[AsideEntry]:
    """Return what rows of kind, station, seq, received and envelope tell, up to `most_bytes`; one at least."""
    page: list[AsideEntry] = []
    for kind, station, seq, received, envelope in rows:
        most_bytes -= len(envelope)
        if page and most_bytes < 0:
            break
        page.append(AsideEntry(kind=kind, station=station, seq=seq, received=received, envelope=envelope))
    return page


def standings_of(rows: Sequence[tuple[Any, ...]]) -> Standings:
    """Return the standings in rows of log index, card and statement."""
    return Standings(
        standings=[
            Standing(index=index, card=StationCard.from_bytes(card), statement=statement)
            for index, card, statement in rows
        ]
    )
