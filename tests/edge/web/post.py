"""A post that a test can stand at: its station, its analyzer and what that plays, and the national centre if wanted."""

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import overload

import httpx
from fastapi import FastAPI

from drivers.analyzer_link.plays import Fault, Play
from drivers.analyzer_link.simulator import Simulator
from drivers.families import FAMILIES
from drivers.pty import SimulatedPort, serve_pty
from edge.app import create_app
from edge.clock import SystemClock
from edge.keyfile import DemoKeyFile
from edge.keyring import Keyring
from edge.settings import Settings
from edge.simulate import SAMPLES
from edge.station import Station
from models.identification import Identifier
from models.reading import read_samples
from models.spectrum import Spectrum
from sync.central.app import create_app as create_centre
from sync.central.centre import Centre, system_now
from sync.central.settings import CentralSettings
from sync.central.speakers import anybody
from sync.contract.ids import StationId
from sync.identity import Identity
from sync.keys import StationKey
from tests.edge.bench import FAST_HASHER, STEADY, finished, lay_down_keys, noise, serve, write_settings
from tests.suspected import FENTANYL_IN_CREATINE

PIN = "471906"
STATION = StationId("MX-TIJ-01")
PEOPLE = (("M. Ríos Ibarra", "officer"), ("A. Castañeda", "supervisor"), ("J. Peña", "technician"))


class Programme(Sequence[Play]):
    """What the simulated analyzer plays next: the test says it before each reading."""

    def __init__(self) -> None:
        self.samples = {sample.name: tuple(sample.spectra) for sample in read_samples(SAMPLES)}
        self.now = Play("Caffeine", self.samples["Caffeine"])

    def sample(self, name: str) -> None:
        """Play a measured sample."""
        self.now = Play(name, self.samples[name])

    def mixture(self, *names: str) -> None:
        """Play measured samples together, in equal parts."""
        spectra = zip(*(sorted(self.samples[name], key=_energy) for name in names), strict=False)
        self.now = Play(" + ".join(names), tuple(map(_together, spectra)))

    def suspected(self) -> None:
        """Play something controlled that is suspected in more of something common."""
        self.now = Play("Fentanyl in creatine", FENTANYL_IN_CREATINE)

    def noise(self) -> None:
        """Play peaks that belong to nothing."""
        mz = [61.3, 77.7, 101.9, 149.4, 211.2, 263.8, 322.6]
        heights = [9.0, 3.0, 7.0, 10.0, 4.0, 6.0, 8.0]
        self.now = Play("noise", tuple(Spectrum(mz, heights, collision_energy=energy) for energy in (15, 30, 50)))

    def blank(self) -> None:
        """Play what an analyzer sees of nothing: a floor without peaks."""
        mz = [float(mass) for mass in range(50, 250, 2)]
        self.now = Play(
            "blank", tuple(Spectrum(mz, [1.0] * len(mz), collision_energy=energy) for energy in (15, 30, 50))
        )

    def fault(self, fault: Fault) -> None:
        """Play a fault of the instrument."""
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
    """A running station, its analyzer, what that plays, and the address of the screens."""

    station: Station
    simulator: Simulator
    programme: Programme
    url: str
    port: SimulatedPort
    app: FastAPI

    @contextmanager
    def lasting(self, seconds: float) -> Iterator[None]:
        """Let a reading last longer inside the block."""
        before, self.simulator._duration = self.simulator._duration, seconds
        try:
            yield
        finally:
            self.simulator._duration = before

    def measure(self) -> str:
        """Take a reading without the screens, and return its id once it has ended."""
        reading = self.station.screenings.start(self.station.operators.list()[0])
        finished(self.station, reading)
        return reading


@dataclass
class Site:
    """Where posts are built."""

    folder: Path
    identifier: Identifier
    programme: Programme
    ends: ExitStack = field(repr=False)

    def post(self, data: Path, duration: float = 0.4, *, centre: bool = False, **settings: object) -> Post:
        """Provision a station, plug in its analyzer, which plays caffeine, and serve its screens."""
        self.programme.sample("Caffeine")
        key = StationKey.generate()
        provision(data, key)
        http = self._centre(data, key) if centre else None
        simulator = Simulator(self.programme, noise(), duration, STEADY)
        port = self.ends.enter_context(serve_pty(simulator, data / "analyzer", replug_after=0.2))
        station = self._station(data, http, {"analyzer": f"analyzer-link:{port.path}", **settings})
        app = create_app(station)
        url = self.ends.enter_context(serve(app))
        return Post(station, simulator, self.programme, url, port, app)

    def companions(self, scanned: str = "medicine box") -> dict[str, object]:
        """Put a scale, a satellite receiver and a code reader on ports, and return the settings that name them."""
        return {
            "scale": self._plug("mt-sics", "brick"),
            "receiver": self._plug("nmea", "Nuevo Laredo"),
            "code_reader": self._plug("code-reader", scanned),
        }

    def _plug(self, family: str, sample: str) -> str:
        simulation = FAMILIES[family].simulation
        assert simulation is not None
        played = simulation.begin(sample, None, noise())
        return f"{family}:{self.ends.enter_context(serve_pty(played)).path}"

    def _station(self, data: Path, http: httpx.Client | None, settings: dict[str, object]) -> Station:
        write_settings(
            data,
            {"station": STATION, "post": "Garita Tecate", "daily_check": False, "sticks": data / "media", **settings},
        )
        read = Settings.load(data)
        keyring = Keyring.unlock(DemoKeyFile(read.at(read.database_key)))
        station = Station(
            read, identifier=self.identifier, keyring=keyring, clock=SystemClock(), hasher=FAST_HASHER, http=http
        )
        station.start()
        self.ends.callback(station.close)
        for name, role in PEOPLE:
            station.operators.enrol(name, role, PIN)
        return station

    def _centre(self, data: Path, key: StationKey) -> httpx.Client:
        vkey = Centre.create(data / "centre", "log.example/garita", CentralSettings())
        (data / "log.vkey").write_text(vkey)
        centre = Centre.open(data / "centre")
        self.ends.callback(centre.close)
        centre.store.admit(key.card(STATION), system_now())
        app = create_centre(centre.ingest, centre.log, centre.gate, centre.store.standings, anybody, lambda _: None)
        return self.ends.enter_context(httpx.Client(base_url=self.ends.enter_context(serve(app))))


def _energy(spectrum: Spectrum) -> float:
    return spectrum.collision_energy or 0.0


def _together(spectra: Sequence[Spectrum]) -> Spectrum:
    """Add spectra, each with the same ion current."""
    heights: dict[float, float] = {}
    for each in spectra:
        for mz, height in zip(each.mz.tolist(), each.intensity.tolist(), strict=True):
            heights[mz] = heights.get(mz, 0.0) + 1e4 * height / each.total_ion_current
    return Spectrum(sorted(heights), [heights[mz] for mz in sorted(heights)], collision_energy=_energy(spectra[0]))


def provision(data: Path, key: StationKey) -> None:
    """Write the keys of a station, as the technician's tool does."""
    data.mkdir(parents=True, exist_ok=True)
    lay_down_keys(data, key, *(Identity.generate(purpose) for purpose in ("national", "escrow")))
