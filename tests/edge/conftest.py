"""A whole station in a temporary directory, with keys of its own, a clock to turn, and analyzers on real ptys."""

import random
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Protocol

import httpx
import pytest
from argon2 import PasswordHasher
import uvicorn
from fastapi import FastAPI

from drivers.analyzer_link.plays import Fault, Play
from drivers.analyzer_link.pty import serve_pty
from drivers.analyzer_link.simulator import Simulator
from edge.app import create_app
from edge.clock import Moment
from edge.keyfile import DemoKeyFile
from edge.settings import Settings
from edge.station import Station
from edge.views import OperatorView, ReadingView
from models.catalogue import DATA
from models.identification import Identifier
from models.reading import read_samples
from sync.contract.ids import ReadingId
from sync.identity import Identity
from sync.keys import StationKey
from sync.note import LogKey

PIN = "314159"
FAST_HASHER = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)


@dataclass
class HandClock:
    """A clock whose hands a test turns; the counter moves with `sleep` alone."""

    wall: datetime = datetime(2026, 11, 22, 18, 42, 7, tzinfo=UTC)
    monotonic_ns: int = 10**9
    boot: str = "boot-1"
    synchronised: bool = True

    def read(self) -> Moment:
        return Moment(self.wall, self.monotonic_ns, self.boot, self.synchronised)

    def sleep(self, seconds: float) -> None:
        self.wall += timedelta(seconds=seconds)
        self.monotonic_ns += int(seconds * 10**9)

    def reboot(self) -> None:
        self.boot, self.monotonic_ns = f"{self.boot}'", 10**9


@dataclass
class Bench:
    """One station's data directory and keys, and the stations opened on it."""

    data: Path
    identifier: Identifier
    national: Identity
    station_key: StationKey
    clock: HandClock = field(default_factory=HandClock)
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
            protector=DemoKeyFile(loaded.at(loaded.database_key)),
            clock=self.clock,
            hasher=FAST_HASHER,
            http=http,
        )

    def close(self) -> None:
        """Close every station that is still open."""
        while self.open_stations:
            self.open_stations.pop().close()

    def _write_settings(self) -> None:
        lines = [f"{name} = {_toml(value)}" for name, value in self.settings.items()]
        (self.data / "station.toml").write_text("\n".join(lines), "utf-8")


class PutOnPty(Protocol):
    """Starts an analyzer on a pty and returns its address."""

    def __call__(self, *plays: str, duration: float = ...) -> str: ...


@pytest.fixture(scope="session")
def identifier() -> Identifier:
    return Identifier.open()


@pytest.fixture(scope="session")
def escrow() -> Identity:
    return Identity.generate("escrow")


@pytest.fixture(scope="session")
def national() -> Identity:
    return Identity.generate("national")


@pytest.fixture
def bench(tmp_path: Path, identifier: Identifier, national: Identity, escrow: Identity) -> Iterator[Bench]:
    """A provisioned data directory, nothing opened yet."""
    data = tmp_path / "station"
    (data / "recipients").mkdir(parents=True)
    key = StationKey.generate()
    (data / "station.key").write_bytes(key.to_bytes())
    (data / "recipients" / "national.key").write_bytes(national.recipient.to_bytes())
    (data / "recipients" / "escrow.key").write_bytes(escrow.recipient.to_bytes())
    (data / "log.vkey").write_text(LogKey.generate("log.example/garita").verifier.vkey, "ascii")
    bench = Bench(data, identifier, national, key, settings={"station": "MX-TIJ-01", "post": "Garita Km 57"})
    yield bench
    bench.close()


@pytest.fixture
def put_on_pty() -> Iterator[PutOnPty]:
    """Simulated analyzers, each on a pty of its own; a play is a sample's name or a fault's."""
    with ExitStack() as ports:

        def put(*plays: str, duration: float = 0.4) -> str:
            simulator = Simulator([_play(name) for name in plays], random.Random(7), duration)  # noqa: S311 - noise
            return f"analyzer-link:{ports.enter_context(serve_pty(simulator, replug_after=0.2)).path}"

        yield put


@pytest.fixture
def a_station(bench: Bench, put_on_pty: PutOnPty) -> Station:
    """A station at work, with an analyzer that plays cocaine, then caffeine."""
    return bench.open(analyzer=put_on_pty("Cocaine", "Caffeine"))


@pytest.fixture
def officer(a_station: Station) -> OperatorView:
    return a_station.operators.enrol("Ana Ruiz", "officer", PIN)


@pytest.fixture
def browser(a_station: Station) -> Iterator[httpx.Client]:
    """A client as the station's own pages are, through a real server; nobody is signed in."""
    headers = {"Sec-Fetch-Site": "same-origin"}
    with serve(create_app(a_station)) as origin, httpx.Client(base_url=origin, headers=headers, timeout=30) as client:
        yield client


@pytest.fixture
def signed_in(browser: httpx.Client, officer: OperatorView) -> httpx.Client:
    """The same client after the officer signed in."""
    assert browser.post("/api/sign-in", json={"operator": officer.id, "pin": PIN}).status_code == 200
    return browser


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


@pytest.fixture
def finished() -> Callable[[Station, ReadingId], ReadingView]:
    """Wait for a reading's last event and return its view."""

    def wait(station: Station, reading: ReadingId) -> ReadingView:
        after = 0
        while events := station.screenings.events(reading, after, timeout=20):
            after = events[-1].id
            if events[-1].kind == "finished":
                break
        return station.screenings.view(reading)

    return wait


def _play(name: str) -> Play:
    samples = {sample.name: sample.spectra for sample in read_samples(DATA / "samples.msp")}
    if name in samples:
        return Play(name, samples[name])
    return Play(name, samples["Cocaine"], Fault(name))


def _toml(value: object) -> str:
    return str(value).lower() if isinstance(value, bool | int | float) else f'"{value}"'
