"""What the commands on a station's data directory do."""

import dataclasses
import signal
import sys
from pathlib import Path

import uvicorn

from edge.app import create_app
from edge.database import Database
from edge.keyfile import DemoKeyFile
from edge.keys import read_sealer
from edge.settings import Settings
from edge.station import Station
from sync import outbox
from sync.journal import verify_stored

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


def verify_journal(data: Path) -> str:
    """Return a line on the journal's head; raises BrokenChain."""
    settings = Settings.load(data)
    database = _database(settings)
    try:
        with database.read() as session:
            head = verify_stored(session, settings.station, read_sealer(settings).key.public)
    finally:
        database.close()
    return f"journal of {settings.station}: {head.seq} entries in order, each signed; head {head.digest.hex()}"


def sync_status(data: Path) -> str:
    """Return lines on what waits to be sent."""
    database = _database(Settings.load(data))
    try:
        with database.read() as session:
            state = outbox.summary(session)
    finally:
        database.close()
    return "\n".join(f"{name}: {'-' if value is None else value}" for name, value in dataclasses.asdict(state).items())


def _exit(_signal: int, _frame: object) -> None:
    sys.exit(0)


def _database(settings: Settings) -> Database:
    return Database(settings.at(settings.database), DemoKeyFile(settings.at(settings.database_key)).key())
