"""Centre: the parts of the national centre, opened from its data folder and joined once."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Self

import httpx

from sync.central.depot import Depot
from sync.central.ingest import Ingest
from sync.central.log import Log
from sync.central.settings import CentralSettings
from sync.central.store import Store
from sync.central.witnesses import TIMEOUT_SECONDS, Witnesses
from sync.errors import UnusableSettings
from sync.files import make_folder, write_whole
from sync.note import LogKey
from sync.policy import Policy


def system_now() -> datetime:
    """Return the time of the machine's clock."""
    return datetime.now(UTC)


@dataclass(frozen=True)
class Centre:
    """An open centre; `close` it."""

    folder: Path
    settings: CentralSettings
    store: Store
    log: Log
    ingest: Ingest
    witnesses: Witnesses | None
    depot: Depot

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
        Log.create(folder / settings.log, key)
        settings.write(folder)
        return key.verifier.vkey

    @classmethod
    def open(cls, folder: Path, now: Callable[[], datetime] = system_now) -> Self:
        """Open the centre and finish what a crash left undone. Raises UnusableSettings, UnusableKey, LogDamaged."""
        settings = CentralSettings.read(folder)
        key = LogKey.from_bytes((folder / settings.log_key).read_bytes())
        witnesses = _witnesses(folder, settings)
        store = Store(folder / settings.database)
        try:
            log = Log(folder / settings.log, key, store, witnesses)
            log.catch_up()
        except BaseException:
            store.close()
            raise
        depot = Depot(folder / settings.attachments, store, key)
        return cls(folder, settings, store, log, Ingest(store, log, now), witnesses, depot)

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


def _witnesses(folder: Path, settings: CentralSettings) -> Witnesses | None:
    if settings.log_policy is None:
        return None
    policy = Policy.from_bytes((folder / settings.log_policy).read_bytes())
    return Witnesses(policy, httpx.Client(timeout=TIMEOUT_SECONDS, trust_env=False))
