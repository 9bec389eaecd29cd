"""Sealed attachments in PostgreSQL: every ingest process of every host takes and gives them, and they fail over too."""

from collections.abc import Sequence
from hashlib import sha256

from sync.central.attachments import Added, new_bytes, whole
from sync.central.pool import Connection, Pool
from sync.central.postgres import ATTACHMENT_LOCKS
from sync.contract.ids import StationId
from sync.contract.inside import SealedName
from sync.contract.pieces import Piece

PIECES = "SELECT data FROM attachment_pieces WHERE station = %s AND sealed = %s ORDER BY start"
HELD = "SELECT COALESCE(max(start + octet_length(data)), 0) FROM attachment_pieces WHERE station = %s AND sealed = %s"
HERE = """
SELECT station, sealed FROM attachments
JOIN unnest(%s::text[], %s::bytea[]) AS asked (station, sealed) USING (station, sealed)
"""


class PostgresAttachments:
    """Two tables: the pieces, and which attachments are whole."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    def add(self, piece: Piece) -> Added:
        """Keep what of a piece continues what is held; raises CentralRefused."""
        which = (piece.station, piece.sealed)
        with self._pool.transaction() as connection:
            lock = "SELECT pg_advisory_xact_lock(%s, hashtext(%s || encode(%s, 'hex')))"
            connection.execute(lock, (ATTACHMENT_LOCKS, *which))
            [held] = connection.execute(HELD, which).fetchone() or (0,)
            if _whole(connection, *which):
                return whole(piece, held)
            if new := new_bytes(piece, held):
                connection.execute("INSERT INTO attachment_pieces VALUES (%s, %s, %s, %s)", (*which, held, new))
            held += len(new)
            if held >= piece.size and not _finish(connection, piece):
                held = 0
        return whole(piece, held, len(new)) if held >= piece.size else Added(held, len(new))

    def here(self, names: Sequence[SealedName]) -> list[SealedName]:
        """Return those that are here whole."""
        columns = ([each.station for each in names], [each.sealed for each in names])
        with self._pool.connection() as connection:
            found = set(connection.execute(HERE, columns).fetchall())
        return [each for each in names if (each.station, each.sealed) in found]

    def read(self, station: StationId, sealed: bytes) -> bytes | None:
        """Return what is here whole."""
        with self._pool.connection() as connection:
            if not _whole(connection, station, sealed):
                return None
            return b"".join(data for (data,) in connection.execute(PIECES, (station, sealed)))


def _whole(connection: Connection, station: str, sealed: bytes) -> bool:
    query = "SELECT 1 FROM attachments WHERE station = %s AND sealed = %s"
    return connection.execute(query, (station, sealed)).fetchone() is not None


def _finish(connection: Connection, piece: Piece) -> bool:
    """Note that the pieces are the whole; where they are not, drop them."""
    which, digest = (piece.station, piece.sealed), sha256()
    for (data,) in connection.execute(PIECES, which):
        digest.update(data)
    if digest.digest() != piece.sealed:
        connection.execute("DELETE FROM attachment_pieces WHERE station = %s AND sealed = %s", which)
        return False
    [size] = connection.execute(HELD, which).fetchone() or (0,)
    connection.execute("INSERT INTO attachments VALUES (%s, %s, %s)", (*which, size))
    return True
