"""What a witness remembers: of each log the newest checkpoint that it cosigned, and those that it had to refuse."""

import sqlite3
import threading
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

from sync.checkpoint import Checkpoint

SCHEMA = """
CREATE TABLE IF NOT EXISTS seen (
    origin TEXT PRIMARY KEY, size INTEGER NOT NULL, root BLOB NOT NULL, note TEXT NOT NULL
) STRICT;
CREATE TABLE IF NOT EXISTS refused (
    origin TEXT NOT NULL, size INTEGER NOT NULL, root BLOB NOT NULL, note TEXT NOT NULL, time TEXT NOT NULL,
    PRIMARY KEY (origin, size, root)
) STRICT;
"""


class Book:
    """A database; `page` keeps everybody else out while a checkpoint is judged and written down."""

    def __init__(self, path: Path) -> None:
        self._lock = threading.Lock()
        self._database = sqlite3.connect(path, isolation_level=None, check_same_thread=False, timeout=30)
        self._database.execute("PRAGMA journal_mode = WAL")
        self._database.execute("PRAGMA synchronous = FULL")
        self._database.executescript(SCHEMA)

    def close(self) -> None:
        """Close the database."""
        self._database.close()

    @contextmanager
    def page(self) -> Generator[None]:
        """Judge and write in one transaction; what was refused inside stays written."""
        with self._lock:
            self._database.execute("BEGIN IMMEDIATE")
            try:
                yield
            finally:
                self._database.execute("COMMIT")

    def newest(self, origin: str) -> tuple[int, bytes] | None:
        """Return size and root of the newest cosigned checkpoint."""
        query = "SELECT size, root FROM seen WHERE origin = ?"
        return self._database.execute(query, (origin,)).fetchone()

    def note(self, origin: str) -> str | None:
        """Return the newest cosigned checkpoint with the cosignature under it."""
        with self._lock:
            row = self._database.execute("SELECT note FROM seen WHERE origin = ?", (origin,)).fetchone()
        return row[0] if row else None

    def write(self, checkpoint: Checkpoint, note: str) -> None:
        """Put a checkpoint in the place of the one before."""
        row = (checkpoint.origin, checkpoint.size, checkpoint.root, note)
        self._database.execute("INSERT OR REPLACE INTO seen VALUES (?, ?, ?, ?)", row)

    def keep_refused(self, checkpoint: Checkpoint, note: str, time: str) -> None:
        """Keep a checkpoint with another root than the one cosigned for its size: the log signed both."""
        row = (checkpoint.origin, checkpoint.size, checkpoint.root, note, time)
        self._database.execute("INSERT OR IGNORE INTO refused VALUES (?, ?, ?, ?, ?)", row)

    def refused(self) -> list[tuple[str, str]]:
        """Return time and note of each checkpoint that is kept as evidence."""
        with self._lock:
            return self._database.execute("SELECT time, note FROM refused ORDER BY time").fetchall()
