"""One encrypted file: unreadable without its key, and no row of evidence ever changes."""

import resource
import threading
from pathlib import Path

import pytest
from sqlalchemy.exc import DatabaseError
from sqlmodel import select, text

import edge.database
from edge.database import Database
from edge.errors import DatabaseHeld, NotSaved, UnusableDatabase, UnusableKeyFile
from edge.keyfile import DemoKeyFile
from edge.tables import Operator
from sync.journal import JournalEntry

KEY = bytes(range(32))
MARKER = "MARKER-7d1f"


def add_operator(database: Database, name: str) -> None:
    with database.write() as session:
        session.add(Operator(id=name, name=name, role="officer", pin_hash="none", duress_hash="none"))


def names(database: Database) -> list[str]:
    with database.read() as session:
        return list(session.exec(select(Operator.name)))


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "station.db"


@pytest.fixture
def database(file: Path) -> Database:
    return Database(file, KEY)


def test_what_is_written_is_there_after_closing_and_opening(database: Database, file: Path) -> None:
    add_operator(database, MARKER)
    database.close()
    assert names(Database(file, KEY)) == [MARKER]


def test_no_byte_on_the_disk_shows_what_is_stored(database: Database, file: Path) -> None:
    add_operator(database, MARKER)
    files = list(file.parent.iterdir())
    assert {each.name for each in files} >= {"station.db", "station.db-wal"}
    for each in files:
        content = each.read_bytes()
        assert MARKER.encode() not in content
        assert b"SQLite format 3" not in content
        assert b"CREATE TABLE" not in content
        assert each.stat().st_mode & 0o077 == 0


def test_a_page_that_is_not_as_it_was_written_is_damage(database: Database, file: Path) -> None:
    """Whichever it is: nothing of it is taken for what it was, and what to do is said."""
    for number in range(60):
        add_operator(database, f"{MARKER}-{number}-{'x' * 200}")
    database.close()
    whole, said = file.read_bytes(), set[str]()
    for at in range(2048, len(whole), 4096):
        file.write_bytes(whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1 :])
        try:
            damaged = Database(file, KEY)
            assert len(names(damaged)) == 60
            damaged.close()
        except UnusableDatabase as error:
            said.add(str(error).partition(": ")[2])
    assert any(each.startswith("cannot be opened with this key") for each in said)
    assert any(each.startswith("damaged (database disk image is malformed)") for each in said)


def test_a_disk_without_room_is_not_told_as_another_key(database: Database, file: Path) -> None:
    database.close()
    before, limits = file.read_bytes(), resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1024, limits[1]))
    try:
        with pytest.raises(UnusableDatabase, match="cannot be opened now; look at its disk: room"):
            Database(file, KEY)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert file.read_bytes() == before
    Database(file, KEY).close()


def test_another_program_that_writes_is_no_fault_of_the_disk(
    database: Database, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(edge.database, "_WAIT_S", 0.1)
    second = Database(file, KEY)
    with database.write() as session:
        session.connection()
        with pytest.raises(UnusableDatabase, match=r"cannot be opened now; another program writes to it") as unopened:
            Database(file, KEY)
        with pytest.raises(DatabaseHeld, match=r"cannot be written now; another program writes to it") as unsaved:
            add_operator(second, "Ana")
    assert not any("disk" in str(each.value) for each in (unopened, unsaved))
    add_operator(second, "Ana")


@pytest.mark.parametrize("key", [bytes(32), b"short"], ids=["another-key", "a-short-key"])
def test_another_key_opens_nothing(database: Database, file: Path, key: bytes) -> None:
    database.close()
    with pytest.raises(UnusableDatabase, match=r"station\.db"):
        Database(file, key)


def test_a_flipped_bit_is_noticed(database: Database, file: Path) -> None:
    add_operator(database, MARKER)
    database.close()
    content = bytearray(file.read_bytes())
    content[100] ^= 1
    file.write_bytes(content)
    with pytest.raises(UnusableDatabase):
        Database(file, KEY)


def test_an_exception_leaves_nothing_behind(database: Database) -> None:
    def write_and_fail() -> None:
        with database.write() as session:
            session.add(Operator(id="1", name="one", role="officer", pin_hash="none", duress_hash="none"))
            session.flush()
            raise RuntimeError

    with pytest.raises(RuntimeError):
        write_and_fail()
    assert names(database) == []


def test_writers_wait_for_one_another(database: Database) -> None:
    def add_next() -> None:
        for _ in range(10):
            with database.write() as session:
                count = len(session.exec(select(Operator)).all())
                session.add(
                    Operator(id=f"{count:03}", name=f"{count:03}", role="officer", pin_hash="none", duress_hash="none")
                )

    threads = [threading.Thread(target=add_next) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(names(database)) == [f"{count:03}" for count in range(40)]


def test_a_full_disk_is_said_and_leaves_nothing_behind(database: Database) -> None:
    with database.write() as session:
        pages = session.connection().exec_driver_sql("PRAGMA page_count").scalar_one()
        session.connection().exec_driver_sql(f"PRAGMA max_page_count = {pages}")
    with pytest.raises(NotSaved, match="full"):
        add_operator(database, "x" * 100_000)
    assert names(database) == []


@pytest.mark.parametrize("statement", ["UPDATE journal SET prev = x'00'", "DELETE FROM journal"])
def test_the_journal_is_append_only(database: Database, statement: str) -> None:
    with database.write() as session:
        session.add(JournalEntry(seq=1, prev=b"p", digest=b"d", envelope=b"e"))
    with pytest.raises(DatabaseError, match="stays as it is"), database.write() as session:
        session.execute(text(statement))


def test_a_key_file_is_made_once_for_its_owner_alone(tmp_path: Path) -> None:
    file = tmp_path / "database.key"
    key = DemoKeyFile(file).key()
    assert len(key) == 32
    assert DemoKeyFile(file).key() == key
    assert file.stat().st_mode & 0o777 == 0o600


def test_a_key_file_that_others_can_read_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "database.key"
    DemoKeyFile(file).key()
    file.chmod(0o644)
    with pytest.raises(UnusableKeyFile, match="0600"):
        DemoKeyFile(file).key()


def test_a_key_file_of_another_length_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "database.key"
    file.write_bytes(b"short")
    file.chmod(0o600)
    with pytest.raises(UnusableKeyFile, match="5 bytes; expected 32"):
        DemoKeyFile(file).key()


def test_a_file_of_another_form_is_refused_and_left_as_it_is(database: Database, file: Path) -> None:
    add_operator(database, "Ana")
    with database._writer.begin() as connection:
        connection.exec_driver_sql("PRAGMA user_version = 7")
    database.close()
    with pytest.raises(UnusableDatabase, match="its tables have form 7, and this program needs 1; nothing was changed"):
        Database(file, KEY)
    with pytest.raises(UnusableDatabase, match="form 7"):
        Database(file, KEY)
