"""The station's key files, as provisioning leaves them in the data directory."""

from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from edge.errors import UnusableKeyFile
from edge.settings import Settings
from sync.errors import SyncError
from sync.journal import Sealer
from sync.keys import Recipient, StationKey
from sync.note import LogVerifier

T = TypeVar("T")


def read_sealer(settings: Settings) -> Sealer:
    """Return what this station signs and seals with; raises UnusableKeyFile naming the file."""
    key = _read(settings.at(settings.station_key), StationKey.from_bytes)
    folder = settings.at(settings.recipients)
    files = sorted(folder.iterdir()) if folder.is_dir() else []
    recipients = tuple(_read(file, Recipient.from_bytes) for file in files)
    if len(recipients) < settings.minimum_recipients:
        raise UnusableKeyFile(
            f"{folder}: {len(recipients)} recipient keys; records are sealed to at least {settings.minimum_recipients}"
        )
    return Sealer(settings.station, key, recipients, settings.minimum_recipients)


def read_log_key(settings: Settings) -> LogVerifier:
    """Return the pinned key of the national log; raises UnusableKeyFile."""
    return _read(settings.at(settings.log_key), lambda data: LogVerifier.from_vkey(data.decode().strip()))


def _read(file: Path, parse: Callable[[bytes], T]) -> T:
    try:
        return parse(file.read_bytes())
    except (OSError, UnicodeDecodeError, SyncError) as error:
        raise UnusableKeyFile(f"{file}: {error}; provision this station again") from error
