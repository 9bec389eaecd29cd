"""The form of a database's tables is a number; steps lead from each form to the next, and there is no way back.

A step that was ever published is never edited: whoever changes tables adds a step. A new database takes all of them.
"""

import sqlite3
from collections.abc import Generator, Sequence

from sync.errors import UnusableDatabase


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


def _form(database: sqlite3.Connection) -> int:
    return int(database.execute("PRAGMA user_version").fetchone()[0])


def _statements(script: str) -> Generator[str]:
    statement = ""
    for part in script.split(";"):
        statement += part + ";"
        if sqlite3.complete_statement(statement):
            yield statement
            statement = ""
