"""A post of real programs: the station's own command, and a virtual analyzer that plays what the robot draws."""

import os
import random
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from deploy.demo import Demo
from drivers.analyzer_link.simulator import Simulator
from drivers.pty import serve_pty
from tests.ports import kept_port
from tests.robustness.robot.plays import Programme, Repertoire

ACQUISITION_S = 0.6
REPLUG_S = 0.3


@dataclass(frozen=True)
class Site:
    """Where the robot works."""

    address: str
    pin: str
    station_pid: int

    def memory(self) -> int:
        """Return the station's resident memory in bytes."""
        return resident(self.station_pid)


@contextmanager
def site(root: Path, repertoire: Repertoire, rng: random.Random) -> Iterator[Site]:
    """Provision a demonstration's station, plug its instruments in, and serve its screens."""
    with kept_port() as central, kept_port() as port, Demo(root, ports=(central, port)) as demo:
        simulator = Simulator(Programme(repertoire), rng, ACQUISITION_S)
        with serve_pty(simulator, root / "analyzer", replug_after=REPLUG_S):
            demo.start_companions()
            station = demo.start_station()
            yield Site(demo.address, demo.pin, station.pid)


def resident(*pids: int) -> int:
    """Return the resident memory of processes in bytes: what each has for itself, and its share of the rest."""
    return sum(_proportional(pid) for pid in pids)


def children(program: str) -> list[int]:
    """Return the processes of `program` that descend from this one."""
    parents = {int(each.name): _parent(each) for each in Path("/proc").iterdir() if each.name.isdigit()}
    return [pid for pid in parents if _descends(pid, parents) and program in _command(pid)]


def _descends(pid: int, parents: dict[int, int]) -> bool:
    while pid > 1:
        pid = parents.get(pid, 0)
        if pid == os.getpid():
            return True
    return False


def _parent(process: Path) -> int:
    try:
        return int((process / "stat").read_text().rpartition(")")[2].split()[1])
    except (FileNotFoundError, ProcessLookupError):
        return 0


def _command(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/cmdline").read_text().split("\0")[0]
    except (FileNotFoundError, ProcessLookupError):
        return ""


def _proportional(pid: int) -> int:
    try:
        text = Path(f"/proc/{pid}/smaps_rollup").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return 0
    return next(int(line.split()[1]) * 1024 for line in text.splitlines() if line.startswith("Pss:"))
