"""A centre made by the first version opens with this one, with all that it holds, and goes on; never the other way."""

import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from secrets import token_hex

import psycopg
import pytest

from sync.central.centre import Centre
from sync.central.postgres_tables import STEPS
from sync.central.settings import CentralSettings
from sync.central.store_tables import STEPS as FILE_STEPS
from sync.contract.ids import StationId
from sync.contract.submission import Answer, Submission
from sync.envelope import Envelope
from sync.errors import UnusableDatabase
from sync.receipts import verify
from tests.postgres import Postgres
from tests.sync.conftest import NOON

HERE = Path(__file__).parent
COLUMNS = """
SELECT table_name, column_name, data_type, is_nullable, collation_name FROM information_schema.columns
WHERE table_schema = current_schema() AND table_name NOT LIKE 'log_0%' ORDER BY 1, 2
"""
KEYS = """
SELECT conrelid::regclass::text, pg_get_constraintdef(oid) FROM pg_constraint
WHERE connamespace = current_schema()::regnamespace AND conrelid::regclass::text NOT LIKE 'log_0%' ORDER BY 1, 2
"""
TRIGGERS = """
SELECT tgrelid::regclass::text, tgname FROM pg_trigger JOIN pg_class AS c ON c.oid = tgrelid
WHERE NOT tgisinternal AND c.relnamespace = current_schema()::regnamespace AND c.relname NOT LIKE 'log_0%' ORDER BY 1, 2
"""
KEPT = ("stations", "envelopes", "log", "log_files")


def submit(centre: Centre, entries: list[Envelope]) -> Answer:
    return centre.ingest.submit(Submission(station=StationId("MX-TIJ-01"), envelopes=[each.data for each in entries]))


def copy_rows(source: str, target: str) -> None:
    """Lay the tables of form 1 and fill them with another database's rows."""
    with psycopg.connect(source) as old, psycopg.connect(target) as new:
        new.execute((HERE / "centre_1_postgres.sql").read_bytes())
        for table in KEPT:
            rows = old.execute(f"TABLE {table}".encode()).fetchall()
            places = ", ".join(["%s"] * len(rows[0]))
            new.cursor().executemany(f"INSERT INTO {table} VALUES ({places})".encode(), rows)  # noqa: S608 - from KEPT


@pytest.fixture
def first_postgres(
    open_centre: Callable[[str], Centre], postgres: Postgres, entries: list[Envelope], tmp_path: Path
) -> Path:
    """Give the folder of a centre whose PostgreSQL has form 1 and holds nine entries."""
    model = open_centre("postgres")
    submit(model, entries[:9])
    address = postgres.create(f"f{token_hex(8)}")
    copy_rows(model.settings.postgres, address)
    folder = tmp_path / "first"
    folder.mkdir()
    shutil.copy(model.folder / "log.key", folder)
    CentralSettings(port=0, postgres=address).write(folder)
    return folder


@pytest.fixture
def first_file(centre_folder: Path, centre: Centre, entries: list[Envelope]) -> Iterator[Path]:
    """Give the folder of a centre whose SQLite file has form 1 and holds nine entries."""
    submit(centre, entries[:9])
    centre.close()
    database = sqlite3.connect(centre_folder / "central.db")
    rows = {table: database.execute(f"SELECT * FROM {table}").fetchall() for table in KEPT[:2]}  # noqa: S608 - two names
    database.close()
    for file in centre_folder.glob("central.db*"):
        file.unlink()
    with closing(sqlite3.connect(centre_folder / "central.db")) as made, made:
        made.executescript((HERE / "centre_1_sqlite.sql").read_text())
        for table, values in rows.items():
            made.executemany(f"INSERT INTO {table} VALUES ({', '.join('?' * len(values[0]))})", values)  # noqa: S608 - as above
    return centre_folder


def check_goes_on(folder: Path, entries: list[Envelope]) -> None:
    """Open the centre twice: it holds the nine, knows them again, and takes what comes next."""
    for _ in range(2):
        centre = Centre.open(folder, lambda: NOON)
        try:
            assert [state.contiguous for state in centre.store.stations()][-1] >= 9
            answer = submit(centre, entries[:12])
            assert answer.refusal is None
            for receipt, envelope in zip(answer.receipts, entries[:12], strict=True):
                verify(receipt.proof, envelope.digest, centre.log.verifier)
            stored = centre.store.envelopes(0, 99, 2**30)
            assert [each.envelope for each in stored] == [each.data for each in entries[:12]]
        finally:
            centre.close()


def test_postgresql(first_postgres: Path, entries: list[Envelope]) -> None:
    check_goes_on(first_postgres, entries)
    settings = CentralSettings.read(first_postgres)
    with psycopg.connect(settings.postgres) as database:
        assert database.execute("SELECT max(number) FROM form").fetchone() == (len(STEPS),)
        assert database.execute("SELECT count(*) FROM attachments").fetchone() == (0,)


def test_sqlite(first_file: Path, entries: list[Envelope]) -> None:
    check_goes_on(first_file, entries)
    with closing(sqlite3.connect(first_file / "central.db")) as database:
        assert database.execute("PRAGMA user_version").fetchone() == (len(FILE_STEPS),)


def test_forms_are_the_same_however_they_were_reached(first_postgres: Path, postgres: Postgres) -> None:
    """A new database and one that was brought forward have the same columns, keys, triggers and collations."""
    Centre.open(first_postgres, lambda: NOON).close()
    fresh = postgres.create(f"f{token_hex(8)}")
    folder = first_postgres.parent / "fresh"
    Centre.create(folder, "log.test/garita", CentralSettings(port=0, postgres=fresh))
    assert shape(fresh) == shape(CentralSettings.read(first_postgres).postgres)


def shape(address: str) -> list[tuple]:
    with psycopg.connect(address) as database:
        return [row for query in (COLUMNS, KEYS, TRIGGERS) for row in database.execute(query).fetchall()]


def test_a_newer_postgresql_is_refused(first_postgres: Path) -> None:
    Centre.open(first_postgres, lambda: NOON).close()
    with psycopg.connect(CentralSettings.read(first_postgres).postgres) as database:
        database.execute("INSERT INTO form VALUES (99)")
    with pytest.raises(UnusableDatabase, match=r"form 99, and this program knows forms up to \d+; nothing was changed"):
        Centre.open(first_postgres, lambda: NOON)


def test_a_newer_file_is_refused(first_file: Path) -> None:
    with closing(sqlite3.connect(first_file / "central.db")) as database:
        database.execute("PRAGMA user_version = 99")
    with pytest.raises(UnusableDatabase, match=r"central.db: its tables have form 99.*install that one again"):
        Centre.open(first_file, lambda: NOON)
