"""Centre: the parts of the national centre, opened from its data folder and joined once."""

import sys
from collections.abc import Callable
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
from sync.central.log import Log
from sync.central.pool import Pool
from sync.central.postgres import PostgresStorage, PostgresStore
from sync.central.postgres_attachments import PostgresAttachments
from sync.central.settings import CentralSettings
from sync.central.storage import FolderStorage, Storage
from sync.central.store import Store
from sync.central.witnesses import TIMEOUT_SECONDS, Witnesses
from sync.errors import UnusableSettings
from sync.files import make_folder, write_whole
from sync.note import LogKey
from sync.policy import Policy

MIB = 1024 * 1024


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

        Raises UnusableSettings where there is a centre already; nothing of it is touched.
        """
        if (folder / settings.log_key).exists() or (folder / settings.FILE_NAME).exists():
            raise UnusableSettings(f"{folder} holds a centre already; nothing was changed")
        key = LogKey.generate(origin)
        make_folder(folder, mode=0o700)
        write_whole(folder / settings.log_key, key.to_bytes(), mode=0o600)
        engine, storage, _ = open_engine(folder, settings)
        Log.create(storage, key)
        storage.close()
        engine.close()
        settings.write(folder)
        return key.verifier.vkey

    @classmethod
    def renew_log(cls, folder: Path, origin: str) -> str:
        """Let the log begin again over the same entries, under a new key and name; return that key (vkey).

        The old key stays beside it, so that nobody takes its name for another's. Raises UnusableSettings where the
        name is the old one, or there is no centre; BlockingIOError while it runs.
        """
        settings = CentralSettings.read(folder)
        file = folder / settings.log_key
        old, key = LogKey.from_bytes(file.read_bytes()), LogKey.generate(origin)
        if old.verifier.name == origin:
            raise UnusableSettings(f"the log is called {origin} already; one that begins again has another name")
        engine, storage, _ = open_engine(folder, settings)
        write_whole(file.with_name(f"{file.name}.{old.verifier.key_id.hex()}"), old.to_bytes(), mode=0o600)
        write_whole(file, key.to_bytes(), mode=0o600)
        Log.create(storage, key)
        storage.close()
        engine.close()
        return key.verifier.vkey

    @classmethod
    def open(cls, folder: Path, now: Callable[[], datetime] = system_now) -> Self:
        """Open the centre and finish what a crash left undone. Raises UnusableSettings, UnusableKey, LogDamaged."""
        settings = CentralSettings.read(folder)
        key = LogKey.from_bytes((folder / settings.log_key).read_bytes())
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


def open_store(folder: Path, settings: CentralSettings) -> Engine:
    """Return the database."""
    return PostgresStore(Pool(settings.postgres)) if settings.postgres else Store(folder / settings.database)


def open_engine(folder: Path, settings: CentralSettings) -> tuple[Engine, Storage, Attachments]:
    """Return the database, and where the log's files and the attachments lie.

    Raises BlockingIOError where another process has them.
    """
    if settings.postgres:
        pool = Pool(settings.postgres)
        return PostgresStore(pool), PostgresStorage(pool), PostgresAttachments(pool)
    make_folder(folder / settings.log)
    storage = FolderStorage(folder / settings.log)
    try:
        return Store(folder / settings.database), storage, FolderAttachments(folder / settings.attachments)
    except BaseException:
        storage.close()
        raise


def _witnesses(folder: Path, settings: CentralSettings) -> Witnesses | None:
    if settings.log_policy is None:
        return None
    policy = Policy.from_bytes((folder / settings.log_policy).read_bytes())
    return Witnesses(policy, httpx.Client(timeout=TIMEOUT_SECONDS, trust_env=False))
