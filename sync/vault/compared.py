"""Whether a case database says what another one does that was made from the log again, table by table."""

import sqlite3
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path

from sync.contract.ids import Seq, StationId

COMPARED = {
    "entries": "station, seq, log_index, digest, schema, recorded, operator",
    "screenings": "*",
    "readings": "*",
    "hits": "*",
    "attachments": "station, seq, place, part, digest",
    "alerts": "station, seq, kind",
    "proven_voids": "*",
}
"""What of each table follows from the records alone. When they were opened does not, nor an alert's wording."""
DIFFERENT = """
WITH filed AS (
    SELECT {columns} FROM main.{table} WHERE {which}
    AND (station, seq) NOT IN (SELECT station, seq FROM main.entries WHERE log_index >= :size)
), again AS (SELECT {columns} FROM again.{table} WHERE {which})
SELECT station, seq FROM (SELECT * FROM filed EXCEPT SELECT * FROM again)
UNION SELECT station, seq FROM (SELECT * FROM again EXCEPT SELECT * FROM filed)
"""
BYTES = """
SELECT DISTINCT station, seq FROM attachments
WHERE opened IS NOT NULL AND (data IS NULL OR sha256_of(data) IS NOT digest)
"""


class Compared:
    """Compares the database of the cases with others."""

    def __init__(self, database: sqlite3.Connection) -> None:
        self._database = database
        database.create_function("sha256_of", 1, _sha256, deterministic=True)

    def differences(self, again: Path, size: int) -> Iterator[tuple[StationId, Seq, str]]:
        """Yield each entry of the log's first `size` of which a table says something else than in `again`, and which.

        Alerts of stations whose card nobody brought are left aside: bringing it later ends none.
        """
        with self._attached(again):
            for table, columns in COMPARED.items():
                which = "kind != 'unpinned'" if table == "alerts" else "TRUE"
                query = DIFFERENT.format(table=table, columns=columns, which=which)
                for station, seq in self._database.execute(query, {"size": size}).fetchall():
                    yield station, seq, table
        for station, seq in self._database.execute(BYTES).fetchall():
            yield station, seq, "attachments"

    @contextmanager
    def _attached(self, again: Path) -> Generator[None]:
        self._database.execute("ATTACH DATABASE ? AS again", (str(again),))
        try:
            yield
        finally:
            self._database.execute("DETACH DATABASE again")


def _sha256(data: bytes) -> bytes:
    return sha256(data).digest()
