"""Steps from form to form: all that are missing, each once, wholly or not at all."""

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from sync.errors import UnusableDatabase
from sync.tables_form import bring_forward, missing_steps, open_file

ONE = "CREATE TABLE one (a TEXT); CREATE TRIGGER stays BEFORE DELETE ON one BEGIN SELECT RAISE(ABORT, 'a; b'); END;"
TWO = "CREATE TABLE two (b TEXT); INSERT INTO two SELECT a FROM one;"


@pytest.fixture
def database() -> Iterator[sqlite3.Connection]:
    opened = sqlite3.connect(":memory:", isolation_level=None)
    yield opened
    opened.close()


def form(database: sqlite3.Connection) -> int:
    return database.execute("PRAGMA user_version").fetchone()[0]


def test_what_is_missing() -> None:
    assert missing_steps(0, ["a", "b"], "it") == [(1, "a"), (2, "b")]
    assert missing_steps(1, ["a", "b"], "it") == [(2, "b")]
    assert missing_steps(2, ["a", "b"], "it") == []
    with pytest.raises(UnusableDatabase, match="it: its tables have form 3, and this program knows forms up to 2"):
        missing_steps(3, ["a", "b"], "it")


def test_each_step_once(database: sqlite3.Connection) -> None:
    bring_forward(database, [ONE], "it")
    database.execute("INSERT INTO one VALUES ('kept')")
    for _ in range(2):
        bring_forward(database, [ONE, TWO], "it")
    assert form(database) == 2
    assert database.execute("SELECT b FROM two").fetchall() == [("kept",)]


def test_a_step_that_fails_leaves_everything_as_it_was(database: sqlite3.Connection) -> None:
    bring_forward(database, [ONE], "it")
    with pytest.raises(sqlite3.OperationalError):
        bring_forward(database, [ONE, TWO, "CREATE TABLE one (a TEXT);"], "it")
    assert form(database) == 1
    assert database.execute("SELECT count(*) FROM sqlite_master WHERE name = 'two'").fetchone() == (0,)


def test_what_cannot_be_opened_is_named(tmp_path: Path) -> None:
    with pytest.raises(UnusableDatabase, match=f"{tmp_path} cannot be used as a database"):
        open_file(tmp_path, [ONE], "Bring it back.", new=True)
