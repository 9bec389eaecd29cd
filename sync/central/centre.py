"""Centre: the parts of the national centre, opened from its data folder and joined once."""

import sys
from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from time import monotonic
from typing import Self

import httpx

from sync.central.attachments import Attachments, FolderAttachments
from sync.central.depot import Depot
from sync.central.engine import Engine
from sync.central.gate import Gate
from sync.central.ingest import Ingest
from sync.central.log import CHECKPOINT, Log
from sync.central.pool import Pool
from sync.central.postgres import PostgresStorage, PostgresStore
from sync.central.postgres_attachments import PostgresAttachments
from sync.central.settings import CentralSettings
from sync.central.storage import FolderStorage, Storage
from sync.central.store import Store
from sync.central.witnesses import TIMEOUT_SECONDS, Witnesses
from sync.errors import UnusableKey, UnusableSettings
from sync.files import make_folder, write_whole
from sync.note import LogKey
from sync.policy import Policy

MIB = 1024 * 1024
UNFINISHED = (
    "a new key of the log was begun under the name {name}, and not finished: go on with"
    " `garita-central renew-log {name}`"
)


def system_now() -> datetime:
    """Return the time of the machine's clock."""
    return datetime.now(UTC)


@dataclass(frozen=True)
class Centre:
    """An open centre; `close` it.

    `ingest` and `depot` are for stations on the line, each within its quota; those of the `stick` have none: who
    imports one stands at the centre's machine.
    """

    folder: Path
    settings: CentralSettings
    store: Engine
    log: Log
    gate: Gate
    witnesses: Witnesses | None
    ingest: Ingest
    depot: Depot
    stick_ingest: Ingest
    stick_depot: Depot

    @classmethod
    def create(cls, folder: Path, origin: str, settings: CentralSettings) -> str:
        """Make the log's key, the empty log and the settings; return the key by which stations verify receipts (vkey).

        Raises UnusableSettings where there is a centre already, in the folder or in its database; nothing of it is
        touched.
        """
        if (folder / settings.FILE_NAME).exists():
            raise UnusableSettings(f"{folder} holds a centre already; nothing was changed")
        if (folder / settings.log_key).exists():
            raise UnusableSettings(_cut_short(folder, settings))
        key = LogKey.generate(origin)
        make_folder(folder, mode=0o700)
        with _opened(folder, settings, new=True) as (engine, storage):
            if storage.read(CHECKPOINT) is not None or engine.cards():
                raise UnusableSettings(f"the database of {folder} holds a centre already; nothing was changed")
            write_whole(folder / settings.log_key, key.to_bytes(), mode=0o600)
            Log.create(storage, key)
        settings.write(folder)
        return key.verifier.vkey

    @classmethod
    def renew_log(cls, folder: Path, origin: str) -> str:
        """Let the log begin again over the same entries, under a new key and name; return that key (vkey).

        The old key stays beside it, so that nobody takes its name for another's. The new one lies in `log.key.new-log`
        until the log has begun: who is interrupted asks for the same name again. Raises UnusableSettings where the name
        is the old one or not the one that was begun, or there is no centre; BlockingIOError while it runs.
        """
        settings = CentralSettings.read(folder)
        file = folder / settings.log_key
        old, begun = read_log_key(file), _begun(file)
        if begun and begun.verifier == old.verifier:
            _new(file).unlink()
            return old.verifier.vkey
        if old.verifier.name == origin:
            raise UnusableSettings(f"the log is called {origin} already; one that begins again has another name")
        if begun and begun.verifier.name != origin:
            raise UnusableSettings(UNFINISHED.format(name=begun.verifier.name))
        key = begun or LogKey.generate(origin)
        with _opened(folder, settings) as (_, storage):
            storage.claim()
            if storage.read(CHECKPOINT) is None:
                raise UnusableSettings(f"{folder} has no log that could begin again")
            write_whole(_new(file), key.to_bytes(), mode=0o600)
            Log.create(storage, key)
        write_whole(file.with_name(f"{file.name}.{old.verifier.key_id.hex()}"), old.to_bytes(), mode=0o600)
        write_whole(file, key.to_bytes(), mode=0o600)
        _new(file).unlink()
        return key.verifier.vkey

    @classmethod
    def open(cls, folder: Path, now: Callable[[], datetime] = system_now) -> Self:
        """Open the centre and finish what a crash left undone. Raises UnusableSettings, UnusableKey, LogDamaged."""
        settings = CentralSettings.read(folder)
        key = read_log_key(folder / settings.log_key)
        if begun := _begun(folder / settings.log_key):
            raise UnusableSettings(UNFINISHED.format(name=begun.verifier.name))
        witnesses = _witnesses(folder, settings)
        store, storage, attachments = open_engine(folder, settings)
        try:
            log = Log(storage, key, store, witnesses)
            log.catch_up()
        except BaseException:
            storage.close()
            store.close()
            raise
        gate, wide = Gate(settings.station_mib_per_hour * MIB, monotonic), Gate(sys.maxsize, monotonic)
        return cls(
            folder,
            settings,
            store,
            log,
            gate,
            witnesses,
            Ingest(store, log, now, gate),
            Depot(attachments, store, key, gate),
            Ingest(store, log, now, wide),
            Depot(attachments, store, key, wide),
        )

    @property
    def vkey(self) -> str:
        """The key by which stations verify receipts."""
        return self.log.verifier.vkey

    def close(self) -> None:
        """Close files and database."""
        if self.witnesses:
            self.witnesses.close()
        self.log.close()
        self.store.close()


def open_store(folder: Path, settings: CentralSettings, *, new: bool = False) -> Engine:
    """Return the database; raises UnusableSettings where entries lie in another than the settings name."""
    if settings.postgres:
        _refuse_two(folder / settings.database)
        return PostgresStore(Pool(settings.postgres), new=new)
    return Store(folder / settings.database, new=new)


def open_engine(folder: Path, settings: CentralSettings, *, new: bool = False) -> tuple[Engine, Storage, Attachments]:
    """Return the database, and where the log's files and the attachments lie; only what is `new` is made.

    Raises UnusableSettings, UnusableDatabase, or BlockingIOError where another process has them.
    """
    if settings.postgres:
        _refuse_two(folder / settings.database)
        pool = Pool(settings.postgres)
        return PostgresStore(pool, new=new), PostgresStorage(pool), PostgresAttachments(pool)
    make_folder(folder / settings.log)
    storage = FolderStorage(folder / settings.log)
    try:
        store = Store(folder / settings.database, new=new)
    except BaseException:
        storage.close()
        raise
    return store, storage, FolderAttachments(folder / settings.attachments)


def read_log_key(file: Path) -> LogKey:
    """Return the key that signs the log; raises UnusableKey, also where there is none."""
    try:
        return LogKey.from_bytes(file.read_bytes())
    except FileNotFoundError as error:
        raise UnusableKey(f"{file} is not there: bring the log's key back from the backup of the folder") from error


@contextmanager
def _opened(folder: Path, settings: CentralSettings, *, new: bool = False) -> Generator[tuple[Engine, Storage]]:
    engine, storage, _ = open_engine(folder, settings, new=new)
    try:
        yield engine, storage
    finally:
        storage.close()
        engine.close()


def _refuse_two(file: Path) -> None:
    """Raise UnusableSettings where the embedded database holds a centre: entries do not move between engines."""
    if not file.is_file() or not file.stat().st_size:
        return
    store = Store(file)
    try:
        if store.cards():
            raise UnusableSettings(
                f"{file} holds this centre's stations and entries, and central.toml names a PostgreSQL instead. Take"
                " `postgres` out of central.toml again; a centre on PostgreSQL is made with `init --postgres`, in a"
                " folder of its own"
            )
    finally:
        store.close()


def _cut_short(folder: Path, settings: CentralSettings) -> str:
    """Return the way on where there is a log's key without settings."""
    places = [folder / settings.log_key, folder / settings.log, *folder.glob(f"{settings.database}*")]
    made = " ".join(sorted(each.name for each in places if each.exists()))
    database = ", and the database that --postgres names" if settings.postgres else ""
    return (
        f"{folder} has a log's key and no {settings.FILE_NAME}: it was lost, or an `init` was cut short here. Where"
        f" this centre ever took anything in, bring {settings.FILE_NAME} back from the backup of the folder; where it"
        f" never took anything in, remove there {made}{database}, and do `init` again. Nothing was changed"
    )


def _new(file: Path) -> Path:
    return file.with_name(f"{file.name}.new-log")


def _begun(file: Path) -> LogKey | None:
    """Return the key of a log that was to begin, where that was interrupted."""
    return read_log_key(_new(file)) if _new(file).exists() else None


def _witnesses(folder: Path, settings: CentralSettings) -> Witnesses | None:
    if settings.log_policy is None:
        return None
    policy = Policy.from_bytes((folder / settings.log_policy).read_bytes())
    return Witnesses(policy, httpx.Client(timeout=TIMEOUT_SECONDS, trust_env=False))
