"""A case database made by the first version opens with this one, and keeps every row."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from sync.errors import UnusableDatabase
from sync.vault.case_tables import STEPS
from sync.vault.cases import Cases

HERE = Path(__file__).parent
ROWS = {
    "stations": ("MX-TIJ-01", b"card", 1, b"digest"),
    "entries": ("MX-TIJ-01", 1, 0, b"digest", "garita.screening/1", "2026-11-22", "P-1", "2026-11-23", b"record"),
    "screenings": ("MX-TIJ-01", 1, "s-1", "parcel", "alarm"),
    "readings": ("MX-TIJ-01", 1, 0, "r-1", "12:00", "12:01", "measured", None, "{}", "alarm", b"transcript"),
    "hits": ("MX-TIJ-01", 1, 0, 1, "cocaine", "ZPUCINDJVBIVPJ", 0.9, 0.8, "[]"),
}
"""Every row hangs on the one before it."""
ADDED = {"hits": ("[]", 0), "stations": (0,)}
"""What the columns that came later say of a row from before."""


@pytest.fixture
def first(tmp_path: Path) -> Path:
    """Give a database of form 1."""
    with closing(sqlite3.connect(tmp_path / "cases.db")) as made, made:
        made.executescript((HERE / "cases_1.sql").read_text())
        for table, row in ROWS.items():
            made.execute(f"INSERT INTO {table} VALUES ({', '.join('?' * len(row))})", row)  # noqa: S608 - names from above
    return tmp_path / "cases.db"


def test_keeps_every_row_and_what_hangs_on_what(first: Path, tmp_path: Path) -> None:
    for file in (first, first, tmp_path / "new.db"):
        Cases(file, new=file.name == "new.db").close()
    with closing(sqlite3.connect(first)) as database, closing(sqlite3.connect(tmp_path / "new.db")) as new:
        for table, row in ROWS.items():
            now = (*row, *ADDED.get(table, ()))
            assert database.execute(f"SELECT * FROM {table}").fetchall() == [now]  # noqa: S608 - names from above
        assert database.execute("PRAGMA foreign_key_check").fetchall() == []
        assert database.execute("PRAGMA user_version").fetchone() == (len(STEPS),)
        assert tables(database) == tables(new)
        database.execute("PRAGMA foreign_keys = ON")
        database.execute(
            "INSERT INTO readings SELECT station, seq, 1, reading, started, ended, outcome, problem,"
            " instrument, conclusion, NULL FROM readings"
        )
        with pytest.raises(sqlite3.IntegrityError, match="FOREIGN KEY"):
            database.execute("DELETE FROM readings")


def tables(database: sqlite3.Connection) -> dict[str, list[tuple]]:
    names = [name for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
    return {name: database.execute(f"PRAGMA table_info({name})").fetchall() for name in names}


def test_a_newer_one_is_refused(first: Path) -> None:
    with closing(sqlite3.connect(first)) as database:
        database.execute("PRAGMA user_version = 99")
    with pytest.raises(UnusableDatabase, match=r"cases.db: its tables have form 99"):
        Cases(first)
