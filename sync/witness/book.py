"""What a witness remembers: of each log the newest checkpoint that it cosigned, and those that it had to refuse."""

import threading
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from sync.asking import AddCheckpoint
from sync.checkpoint import Checkpoint
from sync.tables_form import open_file

SCHEMA = """
CREATE TABLE IF NOT EXISTS seen (
    origin TEXT PRIMARY KEY, size INTEGER NOT NULL, root BLOB NOT NULL, note TEXT NOT NULL
) STRICT;
CREATE TABLE IF NOT EXISTS refused (
    origin TEXT NOT NULL, size INTEGER NOT NULL, root BLOB NOT NULL, note TEXT NOT NULL, time TEXT NOT NULL,
    PRIMARY KEY (origin, size, root)
) STRICT;
"""

EVIDENCE = """
ALTER TABLE refused ADD COLUMN before TEXT NOT NULL DEFAULT '';
ALTER TABLE refused ADD COLUMN claim TEXT NOT NULL DEFAULT '';
"""
STEPS = (SCHEMA, EVIDENCE)
LOST = (
    "A witness without its book would cosign any other history: give it back what it cosigned, with `garita-witness"
    " recall`; see docs/formats/witness.md"
)


@dataclass(frozen=True)
class Contradiction:
    """Two checkpoints that the log signed and that cannot both be true: evidence against it.

    `before` was cosigned here, `note` refused at `time`; `claim` is the size and the proof by which the log was to
    lead from one to the other, and in fact leads to `note` from another root.
    """

    time: str
    before: str
    claim: str
    note: str


class Book:
    """A database; `page` keeps everybody else out while a checkpoint is judged and written down."""

    def __init__(self, path: Path, *, new: bool = False) -> None:
        """Open the book; raises UnusableDatabase where there is none, unless it is to be `new`."""
        self._lock = threading.Lock()
        self._database = open_file(path, STEPS, LOST, new=new, threads=True)

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

    def keep_refused(self, checkpoint: Checkpoint, request: AddCheckpoint, time: str) -> None:
        """Keep a checkpoint that contradicts the newest cosigned one, with that one: the log signed both."""
        row = (checkpoint.origin, checkpoint.size, checkpoint.root, request.note, time, request.claim)
        query = (
            "INSERT OR IGNORE INTO refused (origin, size, root, note, time, claim, before)"
            " VALUES (?, ?, ?, ?, ?, ?, COALESCE((SELECT note FROM seen WHERE origin = ?), ''))"
        )
        self._database.execute(query, (*row, checkpoint.origin))

    def refused(self) -> list[Contradiction]:
        """Return what is kept as evidence."""
        with self._lock:
            rows = self._database.execute("SELECT time, before, claim, note FROM refused ORDER BY time").fetchall()
        return [Contradiction(*row) for row in rows]
