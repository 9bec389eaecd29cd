"""Journals of several stations, written in one transaction of PostgreSQL: read at once, judged, stored at once."""

from collections.abc import Generator, Iterable, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any, LiteralString

from sync.central.engine import Gap, NewEntry, Revocation
from sync.central.pool import Connection, Pool
from sync.chain import Head
from sync.contract.ids import EnvelopeDigest, Seq, StationId

JOURNAL_LOCKS = 1

LOCK = """
SELECT pg_advisory_xact_lock(%s, lock) FROM (
    SELECT DISTINCT hashtext(station) AS lock FROM unnest(%s::text[]) AS station ORDER BY lock
) AS locks
"""
JOURNALS = """
SELECT station, seq, digest, r.since, r.reason, expected IS NOT NULL FROM unnest(%s::text[]) AS given (station)
LEFT JOIN LATERAL (
    SELECT seq, digest FROM envelopes AS e WHERE e.station = given.station ORDER BY seq DESC LIMIT 1
) AS head ON true
LEFT JOIN revocations AS r USING (station) LEFT JOIN gaps AS g USING (station)
"""
STATEMENTS = """
INSERT INTO statements SELECT * FROM unnest(%s::text[], %s::bigint[], %s::bytea[])
ON CONFLICT (station) DO UPDATE SET seq = excluded.seq, statement = excluded.statement
WHERE excluded.seq > statements.seq
"""
ENVELOPES = "COPY envelopes (station, seq, digest, received, envelope) FROM STDIN (FORMAT BINARY)"
PENDING = "COPY pending (station, seq, digest) FROM STDIN (FORMAT BINARY)"


class PostgresJournal:
    """A station's journal inside a transaction that holds its lock; what is appended is stored at its end."""

    def __init__(self, connection: Connection, row: tuple[Any, ...]) -> None:
        station, seq, digest, since, reason, gap = row
        self._connection, self.station, self._gap = connection, StationId(station), bool(gap)
        self._head = Head(seq, digest) if seq else None
        self.revocation = Revocation(since, reason) if since else None
        self.new = list[tuple[NewEntry, datetime]]()
        self.statement: tuple[Seq, bytes] | None = None

    def head(self) -> Head | None:
        """Return where it ends here, with what was appended."""
        return self._head

    def held(self, first: Seq, last: Seq) -> dict[Seq, EnvelopeDigest]:
        """Return the entries from `first` to `last` that are here, with what was appended."""
        query = "SELECT seq, digest FROM envelopes WHERE station = %s AND seq BETWEEN %s AND %s"
        held = dict[Seq, EnvelopeDigest](self._connection.execute(query, (self.station, first, last)).fetchall())
        return held | {entry.seq: entry.digest for entry, _ in self.new if first <= entry.seq <= last}

    def append(self, entries: Sequence[NewEntry], now: datetime) -> None:
        """Store entries, and let them wait for their places in the log."""
        self.new += [(entry, now) for entry in entries]
        self._head = Head(entries[-1].seq, entries[-1].digest)

    def contested(self, seq: Seq) -> set[EnvelopeDigest]:
        """Return the entries of that seq that are kept because they contest the journal."""
        query = "SELECT digest FROM equivocations WHERE station = %s AND seq = %s"
        return {digest for (digest,) in self._connection.execute(query, (self.station, seq))}

    def keep_contested(self, entries: Sequence[NewEntry], now: datetime) -> None:
        """Keep, as evidence, entries of another branch of the journal than the one that is here."""
        self._keep("equivocations", entries, now)

    def keep_quarantined(self, entries: Sequence[NewEntry], now: datetime) -> None:
        """Keep what a revoked station sent, outside the log."""
        self._keep("quarantine", entries, now)

    def keep_statement(self, seq: Seq, statement: bytes) -> None:
        """Keep what the station stated of its head, in the place of what it stated of an earlier one."""
        if self.statement is None or seq > self.statement[0]:
            self.statement = seq, statement

    def note_gap(self, gap: Gap | None) -> None:
        """Note what is missing, or that nothing is."""
        if gap:
            row = (self.station, gap.expected, gap.offered, gap.since)
            self._connection.execute("INSERT INTO gaps VALUES (%s, %s, %s, %s) ON CONFLICT DO NOTHING", row)
        elif self._gap:
            self._connection.execute("DELETE FROM gaps WHERE station = %s", (self.station,))
        self._gap = gap is not None

    def _keep(self, table: LiteralString, entries: Sequence[NewEntry], now: datetime) -> None:
        rows = [(self.station, each.seq, each.digest, now, each.envelope) for each in entries]
        with self._connection.cursor() as cursor:
            cursor.executemany(f"INSERT INTO {table} VALUES (%s, %s, %s, %s, %s) ON CONFLICT DO NOTHING", rows)  # noqa: S608 - a table of this file


@contextmanager
def writing(pool: Pool, stations: Sequence[StationId]) -> Generator[list[PostgresJournal]]:
    """Write the journals of these stations, all wholly or nothing at all; other stations are written at the same time.

    Locks are taken in one order everywhere, so that no two writers wait for each other.
    """
    with pool.transaction() as connection:
        connection.execute(LOCK, (JOURNAL_LOCKS, list(stations)))
        rows = connection.execute(JOURNALS, (list(set(stations)),)).fetchall()
        journals = {row[0]: PostgresJournal(connection, row) for row in rows}
        yield [journals[station] for station in stations]
        _store(connection, journals.values())


def _store(connection: Connection, journals: Iterable[PostgresJournal]) -> None:
    new = [(each.station, entry, now) for each in journals for entry, now in each.new]
    if new:
        with connection.cursor() as cursor:
            with cursor.copy(ENVELOPES) as copy:
                copy.set_types(["text", "int8", "bytea", "timestamptz", "bytea"])
                for station, entry, now in new:
                    copy.write_row((station, entry.seq, entry.digest, now, entry.envelope))
            with cursor.copy(PENDING) as copy:
                copy.set_types(["text", "int8", "bytea"])
                for station, entry, _ in new:
                    copy.write_row((station, entry.seq, entry.digest))
    stated = [(each.station, *each.statement) for each in journals if each.statement]
    if stated:
        connection.execute(STATEMENTS, tuple(map(list, zip(*stated, strict=True))))
