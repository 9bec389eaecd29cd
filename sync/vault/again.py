"""A case database that is read again from the log's first entry: what no log has goes over from the old one."""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from itertools import count
from pathlib import Path

from sync.errors import Malformed, UnusableDatabase
from sync.files import sync_folder
from sync.vault.cases import ByHand, Cases


def begin_again(file: Path) -> Path | None:
    """Put a new database in the place of `file`, with its cards laid by hand and its list of exports.

    Return where the old one is kept, None where there was none. Raises UnusableDatabase while another program has it
    open, where it is damaged, and where a new one cannot be written, and changes nothing then.
    """
    _refuse_left(file)
    new = file.with_name(f"{file.name}.new")
    for left in (new, *_beside(new)):
        left.unlink(missing_ok=True)
    try:
        _make(new, file)
    except sqlite3.DatabaseError as error:
        raise UnusableDatabase(f"{new} cannot be written: {error}; {file} is as it was") from error
    kept = None
    if file.is_file():
        kept = next(path for number in count(1) if not (path := file.with_name(f"{file.name}.{number}")).exists())
        os.link(file, kept)
    new.replace(file)
    sync_folder(file.parent)
    return kept


def _refuse_left(file: Path) -> None:
    """Raise UnusableDatabase for what is left of a database that is gone: SQLite would read it into the new one."""
    left = next((each for each in _beside(file) if each.exists()), None)
    if left and not file.is_file():
        raise UnusableDatabase(f"{left} is left of a database that is not there: move it away too, then begin again")


def _make(new: Path, file: Path) -> None:
    with closing(Cases(new, new=True)) as made:
        if file.is_file():
            if file.stat().st_size:
                made.take_over(_by_hand(file))
            _settle(file)
    _settle(new)


def _by_hand(file: Path) -> ByHand:
    """Return what the old database has and no log; raises UnusableDatabase where it is damaged or cannot be read."""
    try:
        with closing(Cases(file)) as old:
            return old.by_hand()
    except (UnusableDatabase, sqlite3.DatabaseError, Malformed) as error:
        fault = error.__cause__ if isinstance(error, UnusableDatabase) else error
        if type(fault) is sqlite3.DatabaseError or isinstance(fault, Malformed):
            raise UnusableDatabase(
                f"{file} is damaged ({fault}): its cards and list of exports cannot go over; nothing was changed. "
                "Bring its newest copy back; where there is none, move it away with its -wal and -shm, and begin again"
            ) from error
        if fault:
            raise UnusableDatabase(f"{file} cannot be read: {fault}; nothing was changed") from error
        raise


def _settle(file: Path) -> None:
    """Leave nothing beside a database, its one file is all of it then.

    Raises UnusableDatabase where another program has it open, and where it cannot be written or read.
    """
    try:
        with closing(sqlite3.connect(file, isolation_level=None, timeout=0)) as database:
            database.execute("PRAGMA journal_mode = DELETE")
    except sqlite3.DatabaseError as error:
        if error.sqlite_errorcode == sqlite3.SQLITE_BUSY:
            why = f"is in use ({error}): stop `garita-vault run` first"
        else:
            why = f"cannot be brought into one file: {error}; look at its disk: room, rights, health"
        raise UnusableDatabase(f"{file} {why}; nothing was changed") from error


def _beside(file: Path) -> Iterator[Path]:
    return (file.with_name(f"{file.name}{end}") for end in ("-wal", "-shm"))
