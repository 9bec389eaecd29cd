"""A station's data directory on a bench: with a clock to turn, and its face on a free port."""

import random
import socket
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Protocol, Self

import httpx
import uvicorn
from argon2 import PasswordHasher
from fastapi import FastAPI
from sqlmodel import col, select

from drivers.analyzer_link.physics import Physics
from edge.clock import Moment
from edge.database import Database
from edge.keyfile import DemoKeyFile
from edge.keyring import Keyring
from edge.knowledge import Known
from edge.left_out import LeftOut
from edge.settings import Settings
from edge.station import Station
from edge.tables import Operator
from edge.views import OperatorView, ReadingView
from models.identification import Identifier
from sync import losses, outbox
from sync.contract.duress import MARK
from sync.contract.ids import ReadingId, Seq, StationId
from sync.contract.records import Record, parse_record
from sync.contract.submission import Answer, Refusal
from sync.envelope import Envelope
from sync.identity import Identity
from sync.journal import JournalEntry, verify_stored
from sync.keys import StationKey
from sync.note import LogKey
from sync.opening import open_envelope
from sync.receipts import VerifiedReceipt
from sync.recipients import RecipientList
from sync.roots import RootKey, RootSet

PIN = "314159"
NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
STEADY = Physics(missing=0)
"""An analyzer of which no energy fails: one caffeine in 150 is inconclusive where one may."""
FAST_HASHER = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)


def noise() -> random.Random:
    """Provide what a simulated instrument's noise is drawn from: the same in a test, whatever ran before it."""
    return random.Random(7)  # noqa: S311 - no secret


@dataclass
class HandClock:
    """A clock whose hands a test turns; the counter moves with `sleep` alone. Untouched it follows a network."""

    wall: datetime = datetime(2026, 11, 22, 18, 42, 7, tzinfo=UTC)
    monotonic_ns: int = 10**9
    boot: str = "boot-1"
    synchronised: bool = True

    def __post_init__(self) -> None:
        self.synced = self.wall

    def read(self) -> Moment:
        return Moment(self.wall, self.monotonic_ns, self.boot, self.synced if self.synchronised else None)

    def sleep(self, seconds: float) -> None:
        untouched = self.synced == self.wall
        self.wall += timedelta(seconds=seconds)
        self.monotonic_ns += int(seconds * 10**9)
        if untouched:
            self.synced = self.wall

    def reboot(self) -> None:
        self.boot, self.monotonic_ns = f"{self.boot}'", 10**9


def lay_down_keys(data: Path, key: StationKey, *identities: Identity) -> None:
    """Write a station's key files, as provisioning does."""
    root = RootKey.generate()
    recipients = RecipientList(1, NOON, NOON, tuple(each.recipient for each in identities))
    (data / "station.key").write_bytes(key.to_bytes())
    (data / "root.keys").write_bytes(RootSet(1, (root.public,)).to_bytes())
    (data / "recipients.list").write_bytes(recipients.sign([root]))
    (data / "log.vkey").write_text(LogKey.generate("log.example/garita").verifier.vkey, "ascii")


@dataclass
class Bench:
    """One station's data directory and keys, and the stations opened on it."""

    data: Path
    identifier: Identifier
    national: Identity
    station_key: StationKey
    clock: HandClock = field(default_factory=HandClock)
    left_out: tuple[LeftOut, ...] = ()
    settings: dict[str, object] = field(default_factory=dict[str, object])
    open_stations: list[Station] = field(default_factory=list[Station])

    def open(self, http: httpx.Client | None = None, **settings: object) -> Station:
        """Open and start the station, with other `settings` where given."""
        self.settings.update(settings)
        self._write_settings()
        station = self.assemble(http)
        station.start()
        self.open_stations.append(station)
        return station

    def assemble(self, http: httpx.Client | None = None) -> Station:
        """Join the station without starting it."""
        loaded = Settings.load(self.data)
        return Station(
            loaded,
            identifier=self.identifier,
            keyring=Keyring.unlock(DemoKeyFile(loaded.at(loaded.database_key))),
            clock=self.clock,
            hasher=FAST_HASHER,
            http=http,
            left_out=self.left_out,
        )

    def know(self, known: Known) -> Self:
        """Let the stations identify with what was opened of the data directory."""
        self.identifier, self.left_out = known.identifier, known.left_out
        return self

    def close(self) -> None:
        """Close every station that is still open."""
        while self.open_stations:
            self.open_stations.pop().close()

    def database(self) -> Database:
        """Open the station's database beside it."""
        return Database(self.data / "station.db", (self.data / "database.key").read_bytes())

    def records(self) -> list[Record]:
        """Return every record of the journal, after verifying the chain, without the mark of duress."""
        marked = [(type(each), each.model_dump(by_alias=True)) for each in self.marked_records()]
        return [
            kind.from_value({name: value for name, value in fields.items() if name != MARK}) for kind, fields in marked
        ]

    def marked_records(self) -> list[Record]:
        """Return every record of the journal as the state opens it, after verifying the chain."""
        database = self.database()
        with database.read() as session:
            verify_stored(session, StationId("MX-TIJ-01"), self.station_key.public)
            rows = session.exec(select(JournalEntry).order_by(col(JournalEntry.seq))).all()
        database.close()
        return [parse_record(open_envelope(Envelope.from_bytes(row.envelope), self.national)) for row in rows]

    def _write_settings(self) -> None:
        write_settings(self.data, self.settings)


def write_settings(data: Path, settings: Mapping[str, object]) -> None:
    """Write station.toml, as provisioning does."""
    lines = [f"{name} = {_toml(value)}" for name, value in settings.items()]
    (data / "station.toml").write_text("\n".join(lines), "utf-8")


class PutOnPty(Protocol):
    """Starts an analyzer on a pty and returns its address; a play is a sample's name or a fault's."""

    def __call__(self, *plays: str, duration: float = ...) -> str: ...


@contextmanager
def serve(app: FastAPI) -> Iterator[str]:
    """Serve `app` on a free loopback port and yield its origin."""
    listener = socket.create_server(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(app, log_config=None, lifespan="off", timeout_graceful_shutdown=3))
    thread = threading.Thread(target=server.run, args=([listener],), daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    server.should_exit = True
    thread.join()


def finished(station: Station, reading: ReadingId, timeout: float = 60) -> ReadingView:
    """Wait for a reading's last event and return its view."""
    after = 0
    while events := station.screenings.events(reading, after, timeout):
        after = events[-1].id
    return station.screenings.view(reading)


def went_back(station: Station) -> None:
    """Let the centre have confirmed the first two entries, and miss them now."""
    now = station._times.moment().wall
    gap = Refusal(seq=3, code="gap", detail="seq 1 is expected next")
    answer = Answer(station=station.settings.station, contiguous=0, receipts=[], refusal=gap)
    with station._database.write() as session:
        for seq in (Seq(1), Seq(2)):
            outbox.release(session, seq, f"the receipt of {seq}", VerifiedReceipt(seq - 1, 2, bytes(32)), now)
        assert losses.notice(session, answer, now)


def _toml(value: object) -> str:
    return str(value).lower() if isinstance(value, bool | int | float) else f'"{value}"'


def rename(station: Station, person: OperatorView, name: str) -> None:
    """Give a person a name that is taken, as they have it who were enrolled before that was refused."""
    with station._database.write() as session:
        row = session.get_one(Operator, person.id)
        row.name = name
        session.add(row)
