"""A whole post on loopback: the real station, the real drivers, the simulated analyzer on a pty, and Chromium."""

import random
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import overload

import pytest
import uvicorn
from argon2 import PasswordHasher
from playwright.sync_api import Browser, Playwright, sync_playwright

from drivers.analyzer_link.plays import Fault, Play
from drivers.analyzer_link.pty import SimulatedPort, serve_pty
from drivers.analyzer_link.simulator import Simulator
from edge.app import create_app
from edge.clock import SystemClock
from edge.keyfile import DemoKeyFile
from edge.settings import Settings
from edge.station import Station
from models.identification import Identifier
from models.reading import read_samples
from models.spectrum import Spectrum
from sync.identity import Identity
from sync.keys import StationKey
from sync.note import LogKey

PIN = "471906"
STATION = "MX-TIJ-01"
SAMPLES = Path(__file__).parents[3] / "models" / "data" / "samples.msp"
CHROMIUM = "/usr/bin/chromium"
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]


class Programme(Sequence[Play]):
    """What the simulated analyzer plays next: the test says it before each reading."""

    def __init__(self) -> None:
        self.samples = {sample.name: tuple(sample.spectra) for sample in read_samples(SAMPLES)}
        self.now = Play("Caffeine", self.samples["Caffeine"])

    def sample(self, name: str) -> None:
        """Play a measured sample."""
        self.now = Play(name, self.samples[name])

    def noise(self) -> None:
        """Play peaks that belong to nothing."""
        mz = [61.3, 77.7, 101.9, 149.4, 211.2, 263.8, 322.6]
        spectra = [
            Spectrum(mz, [9.0, 3.0, 7.0, 10.0, 4.0, 6.0, 8.0], collision_energy=energy) for energy in (15, 30, 50)
        ]
        self.now = Play("noise", tuple(spectra))

    def fault(self, fault: Fault) -> None:
        """Play a sample with a fault of the instrument."""
        self.now = Play(fault.value, self.samples["Caffeine"], fault)

    @overload
    def __getitem__(self, index: int) -> Play: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[Play]: ...
    def __getitem__(self, index: int | slice) -> Play | Sequence[Play]:
        return self.now if isinstance(index, int) else [self.now]

    def __len__(self) -> int:
        return 1


@dataclass
class Post:
    """A running station with its analyzer and its address."""

    data: Path
    station: Station
    programme: Programme
    simulator: Simulator
    server: uvicorn.Server

    @property
    def url(self) -> str:
        port = self.server.servers[0].sockets[0].getsockname()[1]
        return f"http://127.0.0.1:{port}"


@dataclass
class Site:
    """Makes posts below one folder, and takes them down."""

    folder: Path
    identifier: Identifier

    def __post_init__(self) -> None:
        self._ends: list[Callable[[], None]] = []

    def post(self, name: str = "post", duration: float = 0.5, **settings: object) -> Post:
        """Provision a station, plug in its analyzer, and serve its screens."""
        data = self.folder / name
        if not data.exists():
            provision(data)
        programme = Programme()
        simulator = Simulator(programme, random.Random(7), duration)  # noqa: S311 - a simulator's noise
        port = serve_pty(simulator, data / "analyzer")
        station = open_station(data, self.identifier, settings)
        station.start()
        if not station.operators.list():
            for person, role in (
                ("M. Ríos Ibarra", "officer"),
                ("A. Castañeda", "supervisor"),
                ("J. Peña", "technician"),
            ):
                station.operators.enrol(person, role, PIN)
        server = serve(station)
        self._ends.append(lambda: take_down(server, station, port))
        return Post(data, station, programme, simulator, server)

    def close(self) -> None:
        """Take every post down, the last one first."""
        while self._ends:
            self._ends.pop()()


def provision(data: Path) -> None:
    """Write the keys of a station, as the technician's tool does."""
    (data / "recipients").mkdir(parents=True)
    (data / "station.key").write_bytes(StationKey.generate().to_bytes())
    for purpose in ("national", "escrow"):
        (data / "recipients" / purpose).write_bytes(Identity.generate(purpose).recipient.to_bytes())
    (data / "log.vkey").write_text(LogKey.generate("log.example/garita").verifier.vkey)


def open_station(data: Path, identifier: Identifier, settings: dict[str, object]) -> Station:
    """Open the station, with a PIN hash that does not slow the tests."""
    values = {
        "data": data,
        "station": STATION,
        "post": "Garita Tecate",
        "analyzer": f"analyzer-link:{data / 'analyzer'}",
    }
    read = Settings.model_validate({**values, **settings})
    return Station(
        read,
        identifier=identifier,
        protector=DemoKeyFile(read.at(read.database_key)),
        clock=SystemClock(),
        hasher=PasswordHasher(time_cost=1, memory_cost=8, parallelism=1),
    )


def serve(station: Station) -> uvicorn.Server:
    """Serve the screens on a free port of loopback."""
    config = uvicorn.Config(create_app(station), host="127.0.0.1", port=0, log_level="warning", ws="none")
    server = uvicorn.Server(config)
    threading.Thread(target=server.run, name="screens", daemon=True).start()
    while not server.started:
        time.sleep(0.01)
    return server


def take_down(server: uvicorn.Server, station: Station, port: SimulatedPort) -> None:
    """End what `post` began."""
    server.should_exit = True
    while server.servers and any(each.is_serving() for each in server.servers):
        time.sleep(0.01)
    station.close()
    port.close()


@pytest.fixture(scope="session")
def identifier() -> Identifier:
    return Identifier.open()


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory, identifier: Identifier) -> Iterator[Site]:
    made = Site(tmp_path_factory.mktemp("site"), identifier)
    yield made
    made.close()


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    with sync_playwright() as running:
        yield running


@pytest.fixture(scope="session")
def browser(playwright: Playwright) -> Iterator[Browser]:
    opened = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
    yield opened
    opened.close()
