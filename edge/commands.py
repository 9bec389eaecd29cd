"""What the commands on a station's data directory do."""

import dataclasses
import signal
import sys
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

import uvicorn

from edge import witnessing
from edge.app import create_app
from edge.approvals import Approval
from edge.audit import audit
from edge.database import Database
from edge.export import Leaving
from edge.keyring import Keyring
from edge.keys import read_log_keys, read_recipients, read_roots, read_sealer, read_station_key
from edge.operators import enrolled
from edge.persons_commands import approve
from edge.protect import anchor_of, protector_of
from edge.settings import Settings
from edge.station import Station
from edge.sticks import Sticks, check_mounted, failed
from edge.unlock import ask_for_secret
from sync import outbox, stick, stick_attachments
from sync.errors import NothingOnStick
from sync.files import refuse_taken, write_new
from sync.recipients import RecipientList
from sync.stick_files import FOLDER

GRACE_S = 3


def serve_station(data: Path) -> None:
    """Run the station until SIGINT or SIGTERM; a reading under way is stopped and sealed."""
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, _exit)  # uvicorn hands the signal on when it has shut down
    station = Station.open(data)
    try:
        station.start()
        settings = station.settings
        print(f"{settings.station} at http://{settings.host}:{settings.port}", flush=True)  # noqa: T201 - a command
        uvicorn.run(
            create_app(station),
            host=settings.host,
            port=settings.port,
            log_level="warning",
            server_header=False,
            timeout_graceful_shutdown=GRACE_S,
        )
    finally:
        station.close()


def add_operator(data: Path, name: str, role: str, pin: str) -> str:
    """Enrol a person and return a line that says so."""
    station = Station.open(data)
    try:
        operator = station.operators.enrol(name, role, pin)
    finally:
        station.close()
    return f"{operator.name} ({operator.role}) is enrolled as {operator.id}"


def list_operators(data: Path) -> list[str]:
    """Return a line for each person who may sign in: the id, the name, the role."""
    settings = Settings.load(data)
    database = _database(settings, _unlock(settings))
    try:
        with database.read() as session:
            people = enrolled(session)
    finally:
        database.close()
    return [f"{each.id}  {each.name} ({each.role})" for each in people] or ["nobody is enrolled at this station"]


def export_evidence(data: Path, out: Path, leaving: Leaving, persons: Sequence[str]) -> str:
    """Let two persons, by their ids, write entries into a new court bundle; return a line that says so.

    Raises, before anybody is asked, UnusableFile where no such file can be written there, and BadCasework where the
    journal has no such entries.
    """
    refuse_taken(out)
    station = Station.open(data)
    try:
        leaving = station.leaving(leaving if leaving.last else replace(leaving, last=station.journal_end()))
        refuse_taken(out, station.export_size(leaving))
        bundles: list[bytes] = []

        def export(approval: Approval) -> None:
            bundles.append(station.export_evidence(leaving, approval))

        approve(station, "release", leaving.subject, export, persons)
    finally:
        station.close()
    [bundle] = bundles
    write_new(out, bundle, mode=0o600)
    also = f" and {', '.join(map(str, leaving.also))}, which they name" if leaving.also else ""
    return f"{out}: entries {leaving.first} to {leaving.last}{also}, sealed; SHA-256 {sha256(bundle).hexdigest()}"


def verify_journal(data: Path) -> str:
    """Return a line on the journal's head; raises BrokenChain, RolledBack."""
    settings = Settings.load(data)
    keyring = _unlock(settings)
    key = read_station_key(settings, keyring)
    database = _database(settings, keyring)
    try:
        with database.read() as session:
            logs = (*witnessing.in_force(session, settings).logs, *read_log_keys(settings))
            head = audit(session, settings.station, key, logs, anchor_of(settings))
    finally:
        database.close()
    said = "in order, each signed, none missing from outbox or anchor"
    return f"journal of {settings.station}: {head.seq} entries {said}; head {head.digest.hex()}"


def sync_status(data: Path) -> list[str]:
    """Return lines on what waits to be sent."""
    settings = Settings.load(data)
    database = _database(settings, _unlock(settings))
    try:
        with database.read() as session:
            state = outbox.summary(session)
    finally:
        database.close()
    return [f"{name}: {'-' if value is None else value}" for name, value in dataclasses.asdict(state).items()]


def export_batches(data: Path, folder: Path) -> tuple[str, list[str]]:
    """Write what waits onto a stick; return a line on it, and what could not be written.

    Raises StickGone where there is none, StickFull or NotCarried where it takes no more.
    """
    check_mounted(folder)
    settings = Settings.load(data)
    keyring = _unlock(settings)
    sealer, database = read_sealer(settings, _recipients(settings), keyring), _database(settings, keyring)
    try:
        done = stick.export(database.read, sealer, folder)
        attached = stick_attachments.export(database.read, sealer, folder)
    except OSError as error:
        raise failed(str(folder), error) from error
    finally:
        database.close()
    problems = [*done.problems, *attached.problems]
    if not (done.items or attached.items or problems):
        return f"nothing waits to be sent, and nothing was written to {folder}", problems
    way = "; take them to the centre"
    media = settings.at(settings.sticks)
    if not Sticks(media).holds(folder, data):
        way = f". NO STICK IS MOUNTED THERE (below {media}): copy them onto one, take it to the centre"
    said = (
        f"{done.items} entries in {done.files} files in {folder} ({done.before} were there already), and"
        f" {attached.items} attachments{way}, and bring its answers back: until then nothing is released"
    )
    return said, problems


def import_receipts(data: Path, folder: Path) -> tuple[str, list[str]]:
    """Release what the centre's answers on a stick prove; return a line on it, and what was wrong with which answer.

    Raises NothingOnStick, and NotCarried where the folder cannot be looked into.
    """
    settings = Settings.load(data)
    keyring = _unlock(settings)
    sealer, database = read_sealer(settings, _recipients(settings), keyring), _database(settings, keyring)
    try:
        with database.read() as session:
            policy, now = witnessing.in_force(session, settings), datetime.now(UTC)
        done = stick.import_answers(database.session, sealer, folder, policy, now)
        attached = stick_attachments.import_answers(database.session, sealer, folder, policy.logs, now)
        with database.read() as session:
            waiting = outbox.summary(session).waiting
    except OSError as error:
        raise failed(str(folder), error) from error
    finally:
        database.close()
    if not done.answers + attached.answers:
        where = f"{folder} or in its folder {FOLDER}"
        raise NothingOnStick(f"no answer to {sealer.station} in {where}; bring the stick back that the centre imported")
    released = f"{done.released} entries and {attached.released} attachments released by verified receipts"
    return f"{released}; {waiting} entries wait", [*done.problems, *attached.problems]


def _exit(_signal: int, _frame: object) -> None:
    sys.exit(0)


def _recipients(settings: Settings) -> RecipientList:
    return read_recipients(settings, read_roots(settings))


def _unlock(settings: Settings) -> Keyring:
    return Keyring.unlock(protector_of(settings, ask_for_secret))


def _database(settings: Settings, keyring: Keyring) -> Database:
    return Database.of(settings, keyring.key)
