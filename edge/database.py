"""The station's database: one SQLCipher file, written by one transaction at a time."""

from collections.abc import Generator
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from typing import Any, Self

from sqlalchemy import Connection, Engine, event
from sqlalchemy.exc import DatabaseError, OperationalError
from sqlalchemy.pool import QueuePool
from sqlmodel import Session, SQLModel, create_engine

from edge.errors import DatabaseHeld, NotSaved, UnusableDatabase
from edge.settings import Settings
from edge.tables import Reading, SampledExhibit, Screening, ToldSettings, UsedSeal
from sync.attachment_store import AttachmentEntry, AttachmentWay
from sync.files import only_ours
from sync.journal import JournalEntry
from sync.losses import LostReceipt

dbapi2: Any = import_module("sqlcipher3.dbapi2")  # it has no types

SCHEMA = 1
"""The form of the tables; who changes it adds here what brings an older file to it."""

KEY_BYTES = 32
_WAIT_S = 30
_HELD = "is locked"
_IN_USE = "another program writes to it: wait, or end that one"
_PRAGMAS = ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "temp_store=MEMORY", "secure_delete=ON")
_WRITE = {"begin": "BEGIN IMMEDIATE"}

_ONLY_REDUCED = "new.record IS NOT NULL AND length(new.record) < length(old.record) AND " + " AND ".join(
    f"new.{column} IS old.{column}"
    for column in ("number", "id", "screening", "operator", "state", "problem", "started", "seq")
)

_RECEIPT = "SELECT 1 FROM attachment_way WHERE sealed = old.sealed AND receipt IS NOT NULL"

# Facts that must not change are guarded by the database too.
_GUARDS: tuple[tuple[type[SQLModel], str, str], ...] = (
    (JournalEntry, "UPDATE", ""),
    (JournalEntry, "DELETE", ""),
    (AttachmentEntry, "UPDATE", ""),
    (AttachmentEntry, "DELETE", f"WHEN NOT EXISTS ({_RECEIPT})"),
    (AttachmentWay, "DELETE", ""),
    (LostReceipt, "UPDATE", ""),
    (LostReceipt, "DELETE", ""),
    (Reading, "UPDATE", f"WHEN old.seq IS NOT NULL AND NOT ({_ONLY_REDUCED})"),
    (Reading, "DELETE", ""),
    (SampledExhibit, "UPDATE", ""),
    (SampledExhibit, "DELETE", ""),
    (Screening, "DELETE", ""),
    (UsedSeal, "DELETE", ""),
    (ToldSettings, "UPDATE", ""),
    (ToldSettings, "DELETE", ""),
)


def _hindered(error: DatabaseError, disk: str) -> str:
    """Say what is asked for: another key, as no database shows either, another program's end, or what of its disk."""
    said = str(error.orig)
    if "not a database" in said:
        return f"with this key ({said})"
    return f"now; {_IN_USE if _HELD in said else disk} ({said})"


class Database:
    """Sessions over one encrypted file.

    `key` is the raw 32-byte key. A `write` session takes the write lock when it begins (BEGIN IMMEDIATE), so two
    writers never read the same state of the journal; it commits at the end, or leaves nothing behind.
    Raises UnusableDatabase where the key does not open the file, or a program of another form of tables wrote it.
    """

    def __init__(self, file: Path, key: bytes) -> None:
        if len(key) != KEY_BYTES:
            raise UnusableDatabase(f"{file}: the key has {len(key)} bytes; {KEY_BYTES} were expected")
        self._file = file
        self._engine = _engine(file, key)
        self._writer = self._engine.execution_options(**_WRITE)
        try:
            with self._writer.begin() as connection:
                _check_form(connection, file)
                _create(connection)
        except DatabaseError as error:
            self.close()
            hindered = _hindered(error, "look at its disk: room, rights, health")
            raise UnusableDatabase(f"{file}: cannot be opened {hindered}") from error
        except UnusableDatabase:
            self.close()
            raise

    @classmethod
    def of(cls, settings: Settings, key: bytes) -> Self:
        """Open a station's database, made at its first start alone; raises UnusableDatabase where it was lost."""
        file = settings.at(settings.database)
        if settings.has_worked and not settings.has_database:
            raise UnusableDatabase(
                f"{file} is not there or empty, and this station has worked before; none was made in its place, since"
                " a second journal under its key would contest the first. Look whether its disk is mounted, or bring"
                f" the file back with what lay beside it ({file.name}-wal). Where it is lost, make the station anew"
                ' under another name: docs/centre.md, "A replaced station"'
            )
        return cls(file, key)

    def session(self) -> Session:
        """Return a session that writes; the caller commits it."""
        return Session(self._writer, expire_on_commit=False)

    @contextmanager
    def write(self) -> Generator[Session]:
        """Do everything in the block, or nothing; raises NotSaved, or DatabaseHeld; UnusableDatabase."""
        try:
            with self._whole(), self.session() as session, session.begin():
                yield session
        except OperationalError as error:
            hindered = _hindered(error, "make room, or change the disk")
            failure = DatabaseHeld if _HELD in str(error.orig) else NotSaved
            raise failure(f"the database cannot be written {hindered}") from error

    @contextmanager
    def read(self) -> Generator[Session]:
        """Look at one state of the database; never waits for a writer. Raises UnusableDatabase."""
        with self._whole(), Session(self._engine) as session:
            yield session

    def close(self) -> None:
        """Close every connection."""
        self._engine.dispose()

    @contextmanager
    def _whole(self) -> Generator[None]:
        """Raise UnusableDatabase where a page is met that is not as it was written."""
        try:
            yield
        except DatabaseError as error:
            if type(error.orig) is not dbapi2.DatabaseError:
                raise
            raise UnusableDatabase(
                f"{self._file}: damaged ({error.orig}); nothing was changed. Keep the disk for an expert: what was sent"
                " is at the centre, what was not is only here. Provision the station anew on another disk"
            ) from error


def _engine(file: Path, key: bytes) -> Engine:
    only_ours(file)
    pragma_key = f"PRAGMA key = \"x'{key.hex()}'\""

    def connect() -> Any:  # noqa: ANN401 - it has no types
        connection = dbapi2.connect(str(file), timeout=_WAIT_S, isolation_level=None, check_same_thread=False)
        connection.execute(pragma_key)
        for pragma in _PRAGMAS:
            connection.execute(f"PRAGMA {pragma}")
        return connection

    engine = create_engine("sqlite://", creator=connect, module=dbapi2, poolclass=QueuePool)
    event.listen(engine, "begin", _begin)
    return engine


def _begin(connection: Connection) -> None:
    connection.exec_driver_sql(connection.get_execution_options().get("begin", "BEGIN"))


def _check_form(connection: Connection, file: Path) -> None:
    form = connection.exec_driver_sql("PRAGMA user_version").scalar_one()
    begun = connection.exec_driver_sql("SELECT count(*) FROM sqlite_master").scalar_one()
    if begun and form != SCHEMA:
        raise UnusableDatabase(
            f"{file}: its tables have form {form}, and this program needs {SCHEMA}; nothing was changed. "
            "Open it with the program that wrote it, send what waits, and begin a new file"
        )
    connection.exec_driver_sql(f"PRAGMA user_version = {SCHEMA}")


def _create(connection: Connection) -> None:
    SQLModel.metadata.create_all(connection)
    for kind, verb, when in _GUARDS:
        table = str(kind.__table__.name)  # pyright: ignore[reportAttributeAccessIssue, reportUnknownArgumentType, reportUnknownMemberType] - SQLModel adds it
        connection.exec_driver_sql(f"DROP TRIGGER IF EXISTS {table}_keeps_{verb.lower()}")
        connection.exec_driver_sql(
            f"CREATE TRIGGER {table}_keeps_{verb.lower()} BEFORE {verb} ON {table} {when} "
            f"BEGIN SELECT RAISE(ABORT, '{table}: what is written stays as it is'); END"
        )
