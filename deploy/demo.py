"""The whole product on one machine: centre, vault, a station and a virtual analyzer, each its own program."""

import secrets
import socket
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Self

import httpx

from deploy.processes import Program, run
from deploy.provision import HOST, State, StationPlan, provision_state, provision_station
from edge.guessed import is_guessed
from edge.settings import Settings
from sync.central.settings import CentralSettings
from sync.contract.ids import StationId
from sync.files import write_whole

STATION = StationId("MX-DEMO-01")
POST = "Garita de demostración"
ORIGIN = "log.garita.example/demo"
OFFICER, SUPERVISOR = "Oficial Demo", "Supervisión Demo"
PEOPLE = {OFFICER: "officer", SUPERVISOR: "supervisor"}
"""Who works at the demonstration's station, all with one PIN: enough for what takes two persons."""
PLAYS = ("cocaine", "fentanyl", "methamphetamine", "caffeine", "detector-fault")
COMPANIONS = {
    "scale": ("mt-sics", "brick"),
    "receiver": ("nmea", "Nuevo Laredo"),
    "code_reader": ("code-reader", "container"),
}
"""Family and sample of each virtual instrument beside the analyzer, by the name of its setting."""
PREFERRED_PORTS = (8470, 8460)


class Demo:
    """One folder with everything; programs are started by name and all of them end with it.

    The folder is provisioned on first use and found again later. `plays` are what the virtual analyzer measures in
    turn; `duration` is how long one acquisition takes, in seconds. `ports` are wished for, the centre's and the
    station's; 0 is any.
    """

    def __init__(
        self, root: Path, plays: Sequence[str] = PLAYS, duration: float = 3.0, ports: tuple[int, int] = PREFERRED_PORTS
    ) -> None:
        self.state = State(root.resolve())
        self._plays = plays
        self._duration = duration
        self._ports = ports
        self._programs: dict[str, Program] = {}

    def __enter__(self) -> Self:
        if not self._pin_file.exists():
            self._set_aside()
            self._provision()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        for program in reversed(list(self._programs.values())):
            program.end()

    @property
    def data(self) -> Path:
        """The station's data folder."""
        return self.state.station(STATION)

    @property
    def pin(self) -> str:
        """The PIN of everybody at the demonstration's station."""
        return self._pin_file.read_text().strip()

    @property
    def address(self) -> str:
        """Where the station's screens are."""
        settings = Settings.load(self.data)
        return f"http://{settings.host}:{settings.port}"

    def start_all(self) -> None:
        """Start every program."""
        self.start_central()
        self.start_vault()
        self.start_analyzer()
        self.start_station()

    def start_central(self) -> Program:
        """Start the national centre and wait until it answers on its inside socket."""
        inside = self.state.centre / CentralSettings.read(self.state.centre).inside_socket
        program = self._start("central", ["garita-central", "serve", "--data", str(self.state.centre)])
        program.wait_until(lambda: _accepts(inside))
        return program

    def start_vault(self) -> Program:
        """Start the vault; it waits for the centre by itself."""
        return self._start("vault", ["garita-vault", "run", "--data", str(self.state.vault)])

    def start_analyzer(self) -> Program:
        """Start the virtual analyzer on its pseudo-terminal."""
        link = self.state.root / "analyzer"
        link.unlink(missing_ok=True)
        arguments = ["--link", str(link), "--play", ",".join(self._plays), "--duration", str(self._duration)]
        program = self._start("analyzer", ["garita", "simulate", "analyzer-link", *arguments])
        program.wait_until(link.exists)
        return program

    def start_companions(self) -> None:
        """Start a virtual scale, satellite receiver and code reader; the station finds each when it is there."""
        for name, (family, sample) in COMPANIONS.items():
            link = self.state.root / name
            link.unlink(missing_ok=True)
            self._start(name, ["garita", "simulate", family, "--pty", str(link), "--sample", sample])

    def start_station(self, environment: Mapping[str, str] | None = None) -> Program:
        """Start the station, perhaps in a changed environment, and wait until its screens answer."""
        program = self._start("station", ["garita", "serve", "--data", str(self.data)], environment)
        program.wait_until(self._station_answers)
        return program

    def check(self) -> None:
        """Raise ProcessFailed when a program has ended by itself."""
        for program in self._programs.values():
            program.check()

    def _start(self, name: str, arguments: Sequence[str], environment: Mapping[str, str] | None = None) -> Program:
        program = Program(name, arguments, self.state.root / "logs" / f"{name}.log", environment or {})
        self._programs[name] = program
        return program

    def _station_answers(self) -> bool:
        try:
            return httpx.get(f"{self.address}/api/health", trust_env=False).is_success
        except httpx.TransportError:
            return False

    @property
    def _pin_file(self) -> Path:
        """The last thing that is provisioned: where it is, all is."""
        return self.state.root / "demo-pin"

    def _set_aside(self) -> None:
        """Move what a provisioning left that was cut off; nothing was ever sealed with its keys."""
        if self.state.keys.exists():
            root = self.state.root
            root.rename(root.with_name(f"{root.name}-unfinished-{datetime.now(UTC):%Y%m%dT%H%M%S}"))

    def _provision(self) -> None:
        now = datetime.now(UTC)
        central_port, station_port = (free_port(preferred) for preferred in self._ports)
        provision_state(self.state, ORIGIN, central_port, now)
        analyzer = f"analyzer-link:{self.state.root / 'analyzer'}"
        companions = {name: f"{family}:{self.state.root / name}" for name, (family, _) in COMPANIONS.items()}
        plan = StationPlan(STATION, POST, analyzer, station_port, demo=True, companions=companions)
        provision_station(self.state, plan, now)
        while is_guessed(pin := "".join(secrets.SystemRandom().sample("0123456789", 6))):
            pass
        for name, role in PEOPLE.items():
            add = ["garita", "operators", "add", "--data", str(self.data)]
            run([*add, "--name", name, "--role", role], f"{pin}\n")
        write_whole(self._pin_file, f"{pin}\n".encode(), mode=0o600)


def free_port(preferred: int) -> int:
    """Return the preferred port of the loopback address, or a free one where another program holds it."""
    for port in (preferred, 0):
        try:
            with socket.create_server((HOST, port)) as server:
                return int(server.getsockname()[1])
        except OSError:
            continue
    raise AssertionError("the system gives any free port")


def _accepts(path: Path) -> bool:
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as probe:
        return probe.connect_ex(str(path)) == 0
