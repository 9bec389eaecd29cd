"""The log's tree as far as the vault has proven it, in the case database: a run goes on where the last one ended."""

import sqlite3
from typing import ClassVar

from sync.replay import Replay


class ProvenTrees:
    """The table of proven trees. It stands outside of the transactions that file what was opened."""

    SCHEMA: ClassVar[str] = "CREATE TABLE proven (size INTEGER PRIMARY KEY, peaks BLOB NOT NULL) STRICT;"

    def __init__(self, database: sqlite3.Connection) -> None:
        self._database = database

    def newest(self, most: int) -> Replay:
        """Return the largest one of at most `most` leaves; the empty one where there is none."""
        query = "SELECT size, peaks FROM proven WHERE size <= ? ORDER BY size DESC LIMIT 1"
        row = self._database.execute(query, (most,)).fetchone()
        return Replay.from_bytes(*row) if row else Replay()

    def keep(self, before: Replay, tree: Replay) -> None:
        """Keep a tree and the one before it, whose page may not be filed yet, and no others."""
        self._database.execute("INSERT OR REPLACE INTO proven VALUES (?, ?)", (tree.size, tree.to_bytes()))
        self._database.execute("DELETE FROM proven WHERE size NOT IN (?, ?)", (before.size, tree.size))
