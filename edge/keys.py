"""The station's key files, as provisioning leaves them in the data directory."""

from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from edge.errors import UnusableKeyFile
from edge.keyring import Keyring
from edge.settings import Settings
from sync import note
from sync.errors import SyncError
from sync.journal import Sealer
from sync.keys import StationKey
from sync.note import LogVerifier
from sync.policy import Policy
from sync.recipients import RecipientList
from sync.roots import RootSet

T = TypeVar("T")


def read_station_key(settings: Settings, keyring: Keyring) -> StationKey:
    """Return the key that this station signs with; raises UnusableKeyFile naming the file."""
    return _read(settings.at(settings.station_key), StationKey.from_bytes, keyring.read)


def read_sealer(settings: Settings, recipients: RecipientList, keyring: Keyring) -> Sealer:
    """Return what this station signs and seals with; raises UnusableKeyFile naming the file."""
    for_records = recipients.for_records
    if len(for_records) < settings.minimum_recipients:
        raise UnusableKeyFile(
            f"{settings.at(settings.recipients)}: {len(for_records)} recipient keys; "
            f"records are sealed to at least {settings.minimum_recipients}"
        )
    return Sealer(settings.station, read_station_key(settings, keyring), for_records, settings.minimum_recipients)


def read_roots(settings: Settings) -> RootSet:
    """Return the pinned root keys; raises UnusableKeyFile."""
    return _read(settings.at(settings.roots), RootSet.from_bytes)


def read_recipients(settings: Settings, roots: RootSet) -> RecipientList:
    """Return the signed list of recipients; raises UnusableKeyFile. Whether it is the newest, the database knows."""
    return _read(settings.at(settings.recipients), lambda data: RecipientList.read(data, roots))


def read_log_keys(settings: Settings) -> tuple[LogVerifier, ...]:
    """Return every key of the national log that a receipt here may be of: those of the policy, those of the key file.

    The log gets a new key now and then, and what the old one signed stays proven by it. Raises UnusableKeyFile.
    """
    laid = _read(settings.at(settings.log_key), lambda data: note.read_log_keys(data.decode()))
    return tuple(dict.fromkeys((*read_log_policy(settings).logs, *laid)))


def read_log_policy(settings: Settings) -> Policy:
    """Return what makes a new receipt believed: the log's word, and the witnesses' where a policy is set."""
    if settings.log_policy is None:
        return Policy(_read(settings.at(settings.log_key), lambda data: note.read_log_keys(data.decode())))
    return _read(settings.at(settings.log_policy), Policy.from_bytes)


def read_policy_file(settings: Settings) -> bytes | None:
    """Return the policy's file, None where the settings name none; raises UnusableKeyFile."""
    return _read(settings.at(settings.log_policy), bytes) if settings.log_policy else None


def _read(file: Path, parse: Callable[[bytes], T], read: Callable[[Path], bytes] = Path.read_bytes) -> T:
    try:
        return parse(read(file))
    except (OSError, UnicodeDecodeError, SyncError) as error:
        raise UnusableKeyFile(f"{file}: {error}; provision this station again") from error
