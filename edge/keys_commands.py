"""What the commands on keys do: bring recipients, change the witnesses, move the station's key, anchor the journal.

Each takes two persons, by their ids, as soon as anybody is enrolled; before that the station is being provisioned.
"""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

from edge.approvals import Approval
from edge.keys import read_roots
from edge.persons_commands import approve
from edge.protect import move_key
from edge.protectors.tpm import Tpm
from edge.protectors.tpm_anchor import TpmAnchor
from edge.settings import FILE_NAME, ProtectorName, Settings, set_line
from edge.station import Station
from edge.unlock import ask_for_secret
from sync.files import write_whole
from sync.policy import Policy
from sync.recipients import RecipientList


def update_recipients(data: Path, file: Path, persons: Sequence[str]) -> str:
    """Bring a newer recipient list and return a line that says so; raises RefusedList, and the old one stays."""
    settings = Settings.load(data)
    offered = file.read_bytes()
    recipients = RecipientList.read(offered, read_roots(settings))
    recipients.check_time(datetime.now(UTC))
    station = Station.open(data)
    try:
        station.upkeep.check_recipients(recipients)
        subject = f"recipient list {recipients.version} ({recipients.digest.hex()}) is used from the next start on"
        _change(station, subject, lambda: write_whole(settings.at(settings.recipients), offered), persons)
    finally:
        station.close()
    return f"recipient list {recipients.version} is in place; it is used, on record, from the next start on"


def protect_key(data: Path, to: ProtectorName, persons: Sequence[str]) -> str:
    """Let another protector keep the station's key, and return a line that says so."""
    station = Station.open(data)
    settings = station.settings
    said = f"the key of {settings.station} was kept by {settings.protector} and is kept by {to} now"

    def move() -> None:
        move_key(settings, to, ask_for_secret)
        station.upkeep.note(said)

    try:
        _change(station, f"the key of {settings.station} moves from {settings.protector} to {to}", move, persons)
    finally:
        station.close()
    return said


def change_policy(data: Path, file: Path, persons: Sequence[str]) -> str:
    """Let another policy of log and witnesses be in force, and return a line that says so; raises Malformed."""
    offered = file.read_bytes()
    said = f"log policy SHA-256 {sha256(offered).hexdigest()}, quorum {Policy.from_bytes(offered).quorum}"
    station = Station.open(data)
    place = station.settings.log_policy or Path("log.policy")

    def change() -> None:
        write_whole(station.settings.at(place), offered)
        set_line(data / FILE_NAME, "log_policy", f'"{place}"')
        station.upkeep.keep_policy(offered)
        station.upkeep.note(f"{said} is in place")

    try:
        _change(station, f"{said} is used from the next start on", change, persons)
    finally:
        station.close()
    return f"{said} is in place; it is used from the next start on"


def anchor_journal(data: Path, index: int, persons: Sequence[str]) -> str:
    """Make the TPM's counter `index` the journal's anchor, and return a line that says so."""
    station = Station.open(data)
    counter = TpmAnchor(Tpm(station.settings.tpm), index)

    def anchor() -> None:
        station.anchor(counter)
        station.upkeep.note(f"the journal of {station.settings.station} is anchored by {counter.name}")
        set_line(data / FILE_NAME, "tpm_counter", str(index))

    try:
        _change(station, f"the TPM's counter {index:#x} becomes the journal's anchor", anchor, persons)
    finally:
        station.close()
    return f"the journal of {station.settings.station} is anchored by {counter.name}"


def _change(station: Station, subject: str, change: Callable[[], object], persons: Sequence[str]) -> None:
    """Change keys once it is on record, by two persons' approval; nobody is asked where nobody is enrolled."""

    def perform(approval: Approval) -> None:
        station.upkeep.note_keys(subject, approval)
        change()

    if station.operators.list():
        approve(station, "keys", subject, perform, persons)
    else:
        station.upkeep.note(subject)
        change()
