"""The form of a database's tables is a number; steps lead from each form to the next, and there is no way back.

A step that was ever published is never edited: whoever changes tables adds a step. A new database takes all of them.
"""

import sqlite3
from collections.abc import Generator, Sequence
from pathlib import Path

from sync.errors import UnusableDatabase
from sync.files import only_ours


def missing_steps(form: int, steps: Sequence[str], what: str) -> list[tuple[int, str]]:
    """Return what a database of this form still needs, each step with the form that it leads to.

    Raises UnusableDatabase where a newer program has brought it further than this one knows.
    """
    if form > len(steps):
        raise UnusableDatabase(
            f"{what}: its tables have form {form}, and this program knows forms up to {len(steps)}; nothing was "
            "changed. A newer version of this program has been here: install that one again"
        )
    return list(enumerate(steps[form:], start=form + 1))


def bring_forward(database: sqlite3.Connection, steps: Sequence[str], what: str) -> None:
    """Bring a SQLite file to the newest form, wholly or not at all; `PRAGMA user_version` keeps its form.

    Tables may be made anew by a step, so foreign keys are enforced from afterwards on. Raises UnusableDatabase.
    """
    if not missing_steps(_form(database), steps, what):
        return
    database.execute("BEGIN IMMEDIATE")
    try:
        for form, step in missing_steps(_form(database), steps, what):
            for statement in _statements(step):
                database.execute(statement)
            database.execute(f"PRAGMA user_version = {form}")
    except BaseException:
        database.execute("ROLLBACK")
        raise
    database.execute("COMMIT")


def open_file(path: Path, steps: Sequence[str], lost: str, *, new: bool, threads: bool = False) -> sqlite3.Connection:
    """Open a SQLite file in its newest form, so that what a transaction committed survives a power cut.

    Only `new` makes one. Without it, raises UnusableDatabase where there is no file or nothing in it: an empty database
    must not pass for one in which nothing has happened; `lost` says what to do then. Raises it too for what is no
    database, and for a disk without room. `threads`: several use it.
    """
    if not new and not path.is_file():
        raise UnusableDatabase(f"{path} is not there, and none was made in its place. {lost}")
    try:
        return _open(only_ours(path), steps, lost, new=new, threads=threads)
    except sqlite3.DatabaseError as error:
        raise UnusableDatabase(f"{path} cannot be used as a database: {error}") from error


def _open(path: Path, steps: Sequence[str], lost: str, *, new: bool, threads: bool) -> sqlite3.Connection:
    database = sqlite3.connect(path, isolation_level=None, check_same_thread=not threads, timeout=30)
    try:
        if not new:
            _refuse_empty(database, f"{path} is empty, and nothing was made in it. {lost}")
        database.execute("PRAGMA journal_mode = WAL")
        database.execute("PRAGMA synchronous = FULL")
        bring_forward(database, steps, str(path))
    except BaseException:
        database.close()
        raise
    return database


def _refuse_empty(database: sqlite3.Connection, complaint: str) -> None:
    if database.execute("SELECT 1 FROM sqlite_master LIMIT 1").fetchone() is None:
        raise UnusableDatabase(complaint)


def _form(database: sqlite3.Connection) -> int:
    return int(database.execute("PRAGMA user_version").fetchone()[0])


def _statements(script: str) -> Generator[str]:
    statement = ""
    for part in script.split(";"):
        statement += part + ";"
        if sqlite3.complete_statement(statement):
            yield statement
            statement = ""
