"""The engine for a state: PostgreSQL, with several ingest processes on one or several hosts and one log writer.

An entry is durable in `envelopes` when its batch is committed, and waits in `pending` until the log writer, whoever
holds the lock then, gives it its place in `log`. The log's tiles and checkpoint lie in `log_files`, so that a process
keeps nothing of its own. Uniqueness of (station, seq) is the database's: exactly once, for ever.
"""

from collections.abc import Generator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace
from datetime import datetime
from errno import EWOULDBLOCK
from typing import Any, LiteralString

import psycopg

from sync.central.engine import Buried, Revocation, Span, StationState
from sync.central.pool import APPLICATION, Connection, Pool
from sync.central.postgres_journals import PostgresJournal, writing
from sync.central.postgres_tables import LOG_SPAN, lay_log_part, lay_tables
from sync.central.store import ASIDE_SIZE, admitted_already, aside_page, standings_of, station_state
from sync.chain import Head
from sync.contract.aside import AsideEntry, AsideKey
from sync.contract.card import StationCard
from sync.contract.ids import EnvelopeDigest, Seq, StationId
from sync.contract.inside import LoggedEnvelope
from sync.contract.standing import Standings
from sync.errors import UnusableKey, UnusableSettings

VACUUM_AFTER = 50_000
LOG_LOCK, ATTACHMENT_LOCKS = (0, 1), 2

STATIONS = """
SELECT s.station, card,
    (SELECT COALESCE(MAX(seq), 0) FROM envelopes AS e WHERE e.station = s.station),
    (SELECT COUNT(*) FROM equivocations AS q WHERE q.station = s.station),
    (SELECT COUNT(*) FROM quarantine AS q WHERE q.station = s.station),
    g.expected, g.offered, g.since, r.since, r.reason
FROM stations AS s LEFT JOIN gaps AS g USING (station) LEFT JOIN revocations AS r USING (station) ORDER BY station
"""
STANDINGS = """
SELECT log_index, card, statement
FROM statements JOIN stations USING (station) JOIN log USING (station, seq) ORDER BY station
"""
PAGE = """
SELECT log_index, station, seq, envelope FROM (
    SELECT log_index, station, seq, envelope, sum(octet_length(envelope)) OVER (ORDER BY log_index) AS total
    FROM log JOIN envelopes USING (station, seq) WHERE log_index >= %s AND log_index < %s
) AS page WHERE total <= %s OR total = octet_length(envelope) ORDER BY log_index
"""
ASIDE = """
SELECT kind, station, seq, to_char(received AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"+00:00"'), envelope FROM (
    SELECT *, sum(octet_length(envelope)) OVER (ORDER BY kind, station, seq, digest) AS total FROM (
        SELECT 'contested' AS kind, * FROM equivocations UNION ALL SELECT 'quarantined', * FROM quarantine
    ) AS aside WHERE (kind, station, seq, digest) > (%s, %s, %s, %s) ORDER BY kind, station, seq, digest LIMIT %s
) AS page WHERE total <= %s OR total = octet_length(envelope) ORDER BY kind, station, seq, digest
"""
PLACES = """
SELECT given.station, seq, log_index FROM unnest(%s::text[], %s::bigint[], %s::bigint[]) AS given (station, first, last)
CROSS JOIN LATERAL (
    SELECT seq, log_index FROM log WHERE log.station = given.station AND seq BETWEEN first AND last OFFSET 0
) AS logged
"""
ENROL = """
WITH moved AS (DELETE FROM pending RETURNING id, station, seq, digest)
INSERT INTO log SELECT %s - 1 + row_number() OVER (ORDER BY id), station, seq, digest FROM moved
"""
ENROL_AGAIN = """
WITH lost AS (SELECT DISTINCT e.station, e.seq, e.digest
FROM unnest(%s::text[], %s::bigint[], %s::bigint[]) AS given (station, first, last)
JOIN envelopes AS e ON e.station = given.station AND e.seq BETWEEN given.first AND given.last
WHERE NOT EXISTS (SELECT FROM log AS l WHERE l.station = e.station AND l.seq = e.seq)
AND NOT EXISTS (SELECT FROM pending AS p WHERE p.station = e.station AND p.seq = e.seq)),
noted AS (INSERT INTO buried SELECT station, seq, now() FROM lost ON CONFLICT DO NOTHING)
INSERT INTO pending (station, seq, digest) SELECT * FROM lost ORDER BY station, seq
"""
BURIED = """
SELECT station, count(*), min(seq), to_char(min(found) AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US+00:00"')
FROM buried GROUP BY station
"""
OTHERS = """
SELECT DISTINCT COALESCE(host(client_addr), 'this host') FROM pg_stat_activity
WHERE datname = current_database() AND application_name = %s AND pid <> pg_backend_pid()
"""


class PostgresStore:
    """The engine behind a libpq address.

    Raises UnusableSettings where no database takes writes there now, and UnusableDatabase where it holds no centre,
    unless it is to be `new`.
    """

    def __init__(self, pool: Pool, *, new: bool = False) -> None:
        self._pool = pool
        self._moved = 0
        try:
            with pool.transaction() as connection:
                lay_tables(connection, new=new)
        except psycopg.OperationalError as error:
            raise UnusableSettings(f"the database cannot be reached, see postgres in central.toml: {error}") from error

    def close(self) -> None:
        """Close the connections."""
        self._pool.close()

    def writing(self, stations: Sequence[StationId]) -> AbstractContextManager[list[PostgresJournal]]:
        """Write the journals of these stations, all wholly or nothing at all."""
        return writing(self._pool, stations)

    def admit(self, card: StationCard, now: datetime) -> None:
        """Take a station in; raises UnusableKey if it is already here with another key."""
        row = (card.station, card.to_bytes(), now.isoformat())
        self._run("INSERT INTO stations VALUES (%s, %s, %s) ON CONFLICT DO NOTHING", *row)
        if self.card(card.station) != card:
            raise admitted_already(card.station)

    def revoke(self, station: StationId, revocation: Revocation) -> None:
        """Quarantine from now on what the station sends; raises UnusableKey for one that is not admitted."""
        if self.card(station) is None:
            raise UnusableKey(f"station {station} is not admitted here, so there is nothing to revoke")
        query = "INSERT INTO revocations VALUES (%s, %s, %s) ON CONFLICT DO NOTHING"
        self._run(query, station, revocation.since, revocation.reason)

    def reinstate(self, station: StationId) -> None:
        """Take the station's entries into the log again; what was quarantined stays where it is."""
        self._run("DELETE FROM revocations WHERE station = %s", station)

    def revocation(self, station: StationId) -> Revocation | None:
        """Return whether the station is revoked."""
        rows = self._read("SELECT since, reason FROM revocations WHERE station = %s", station)
        return Revocation(*rows[0]) if rows else None

    def card(self, station: StationId) -> StationCard | None:
        """Return the card of an admitted station."""
        rows = self._read("SELECT card FROM stations WHERE station = %s", station)
        return StationCard.from_bytes(rows[0][0]) if rows else None

    def cards(self) -> list[StationCard]:
        """Return every admitted station's card."""
        rows = self._read('SELECT card FROM stations ORDER BY station COLLATE "C"')
        return [StationCard.from_bytes(card) for (card,) in rows]

    def stations(self) -> list[StationState]:
        """Return how each admitted station stands."""
        buried = {station: Buried(*row) for station, *row in self._read(BURIED)}
        states = (station_state(row) for row in self._read(STATIONS))
        return [replace(state, buried=buried.get(state.station)) for state in states]

    def standings(self) -> Standings:
        """Return the newest statement of each station."""
        return standings_of(self._read(STANDINGS))

    def head(self, station: StationId) -> Head | None:
        """Return where a station's journal ends here."""
        with self._pool.connection() as connection:
            return _head(connection, station)

    def places(self, spans: Sequence[Span]) -> dict[tuple[StationId, Seq], int]:
        """Return the log index of each entry in `spans` that the log has."""
        columns = [[each.station for each in spans], [each.first for each in spans], [each.last for each in spans]]
        return {(station, seq): index for station, seq, index in self._read(PLACES, *columns)}

    def aside(self, after: AsideKey, limit: int, most_bytes: int) -> list[AsideEntry]:
        """Return what is kept outside of the log behind `after`: as many as fit into both limits, one at least."""
        return aside_page(self._read(ASIDE, *after, limit, most_bytes), most_bytes)

    def aside_size(self) -> int:
        """Return how many entries are kept outside of the log."""
        return self._read(ASIDE_SIZE)[0][0]

    def enrol_again(self, spans: Sequence[Span]) -> None:
        """Let stored entries in `spans` wait for a place in the log that they lost in the database, and note them.

        With the log writer's lock, so that none waits twice.
        """
        columns = [[each.station for each in spans], [each.first for each in spans], [each.last for each in spans]]
        with self._pool.transaction() as connection:
            connection.execute("SELECT pg_advisory_xact_lock(%s, %s)", LOG_LOCK)
            connection.execute(ENROL_AGAIN, columns)

    def enrol(self) -> None:
        """Give every stored entry its place in the log; called by the one log writer, inside its transaction."""
        with self._pool.connection() as connection:
            size = self.size()
            waiting = connection.execute("SELECT count(*) FROM pending").fetchone()
            for part in range(size // LOG_SPAN, (size + (waiting[0] if waiting else 0)) // LOG_SPAN + 2):
                lay_log_part(connection, part)
            self._moved += connection.execute(ENROL, (size,)).rowcount

    def tidy(self) -> None:
        """Let the database reuse the room of what no longer waits; called outside of any transaction."""
        if self._moved >= VACUUM_AFTER:
            self._moved = 0
            self._run("VACUUM pending")

    def size(self) -> int:
        """Return how many entries have a place in the log."""
        return self._read("SELECT COALESCE(MAX(log_index) + 1, 0) FROM log")[0][0]

    def digests(self, start: int, limit: int) -> list[EnvelopeDigest]:
        """Return digests in log order from `start`, which become the log's entries."""
        query = "SELECT digest FROM log WHERE log_index >= %s AND log_index < %s ORDER BY log_index"
        return [digest for (digest,) in self._read(query, start, start + limit)]

    def envelopes(self, start: int, stop: int, most_bytes: int) -> list[LoggedEnvelope]:
        """Return envelopes in log order: as many as fit into `most_bytes`, one at least."""
        rows = self._read(PAGE, start, stop, most_bytes)
        return [
            LoggedEnvelope(index=index, station=station, seq=seq, envelope=envelope)
            for index, station, seq, envelope in rows
        ]

    def _read(self, query: LiteralString, *values: object) -> list[tuple[Any, ...]]:
        with self._pool.connection() as connection:
            return connection.execute(query, values).fetchall()

    def _run(self, query: LiteralString, *values: object) -> None:
        with self._pool.connection() as connection:
            connection.execute(query, values)


class PostgresStorage:
    """The log's files in the database; its one writer is who holds the lock, on whichever host."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    def read(self, name: str) -> bytes | None:
        """Return a file, or None where there is none."""
        with self._pool.connection() as connection:
            row = connection.execute("SELECT data FROM log_files WHERE name = %s", (name,)).fetchone()
        return row[0] if row else None

    def write(self, name: str, data: bytes) -> None:
        """Write or replace a file, in the transaction of `writing`."""
        query = "INSERT INTO log_files VALUES (%s, %s) ON CONFLICT (name) DO UPDATE SET data = excluded.data"
        with self._pool.connection() as connection:
            connection.execute(query, (name, data))

    def drop(self, name: str) -> None:
        """Remove all files below a name."""
        with self._pool.connection() as connection:
            connection.execute("DELETE FROM log_files WHERE name > %s AND name < %s", (f"{name}/", f"{name}0"))

    @contextmanager
    def writing(self) -> Generator[None]:
        """Wait until no other process writes the log, and write it in one transaction."""
        with self.settled(), self._pool.connection() as connection:
            connection.execute("SELECT pg_advisory_xact_lock(%s, %s)", LOG_LOCK)
            yield

    @contextmanager
    def settled(self) -> Generator[None]:
        """Read, and end with a mark in the write-ahead log, which waits for the synchronous standby.

        A primary that was cut off may show what its standby never got; it cannot end this.
        """
        with self._pool.transaction() as connection:
            yield
            connection.execute("SELECT pg_logical_emit_message(true, 'garita', '')")

    def claim(self) -> None:
        """Raise BlockingIOError while a centre works on this database, from whichever host."""
        with self._pool.connection() as connection:
            others = [place for (place,) in connection.execute(OTHERS, (APPLICATION,)).fetchall()]
        if others:
            said = f"garita-central is connected to the database from {', '.join(others)}; stop it"
            raise BlockingIOError(EWOULDBLOCK, said)

    def close(self) -> None:
        """Do nothing: the lock ends with its transaction."""


def _head(connection: Connection, station: StationId) -> Head | None:
    query = "SELECT seq, digest FROM envelopes WHERE station = %s ORDER BY seq DESC LIMIT 1"
    row = connection.execute(query, (station,)).fetchone()
    return Head(*row) if row else None
