"""Lines to a virtual RGA in virtual time, good and bad ones."""

import random
from collections.abc import Iterable
from dataclasses import dataclass, field

from drivers.instrument import GasReading, Progress
from drivers.outlet import WireFault
from drivers.pty import Simulated
from drivers.srs_rga.chamber import CHAMBERS, Chamber, ChamberFault
from drivers.srs_rga.driver import SrsRga
from drivers.srs_rga.filament import FilamentLeftOn
from drivers.srs_rga.link import Timing
from drivers.srs_rga.memory import Memory
from drivers.srs_rga.simulator import VirtualRga
from tests.drivers.wires import Damage, Wire

ORDER = "operator 7"


class Line(Wire):
    """A wire whose reads give what is there even when they do not wait; it counts the damage that it does."""

    def __init__(self, simulator: Simulated, damage: Damage, rng: random.Random) -> None:
        super().__init__(simulator, damage, rng)
        self.harmed = 0
        self.good = False
        self.written = 0

    def read(self, timeout: float) -> bytes:
        return self._arrived() or super().read(timeout)

    def write(self, data: bytes) -> None:
        self.written += data.endswith(b"\r") and len(data) > 1
        super().write(data)

    def _damaged(self, piece: bytes) -> bytes:
        damaged = piece if self.good else super()._damaged(piece)
        self.harmed += damaged != piece
        return damaged


@dataclass
class Alarms:
    """Remembers every alarm of a filament."""

    raised: list[FilamentLeftOn] = field(default_factory=list)

    def __call__(self, error: FilamentLeftOn) -> None:
        self.raised.append(error)


def seeded(seed: int) -> random.Random:
    return random.Random(seed)  # noqa: S311 - damage on a line, no secret


def rga_on(
    simulator: Simulated, damage: Damage | None = None, seed: int = 1, timing: Timing | None = None
) -> tuple[SrsRga, Line, Alarms]:
    """Return the driver on a line in virtual time."""
    line = Line(simulator, damage or Damage(), seeded(seed))
    alarms = Alarms()
    return SrsRga(line, line.monotonic_ns, timing or Timing(), alarms), line, alarms


def virtual(
    fault: WireFault | ChamberFault | None = None,
    *,
    memory: Memory | None = None,
    noisy: bool = True,
    chamber: str = "air leak",
    seed: int = 2,
    pace: float = 1.0,
) -> VirtualRga:
    """Return a virtual RGA100 with a multiplier on a chamber that leaks air."""
    rng = seeded(seed)
    return VirtualRga(Chamber(CHAMBERS[chamber], rng, noisy), memory or Memory(), rng, fault, pace)


def last(items: Iterable[Progress | GasReading]) -> GasReading:
    """Return the reading that a measurement ends with."""
    *progress, reading = items
    assert all(isinstance(item, Progress) for item in progress)
    assert isinstance(reading, GasReading)
    return reading


def never() -> bool:
    return False
