"""What a scan asks for, and what several measurements say together. No I/O.

Nothing on the wire protects an ion current: a bit that falls over in one makes another current that looks as good. So
everything is measured an odd number of times and the middle one counts: as long as the lesser part is damaged, it lies
between currents that the instrument really sent. Where the greater part is far apart, there is no reading.
"""

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from drivers.srs_rga.frames import Currents
from drivers.srs_rga.settings import FIRST_MASS, LAST_MASS, NOISE_FLOOR, STEPS, Setting

SCANS = 3
SINGLES = 5
_NOISE = 12.0
"""How often the typical distance between measurements, until they count as far apart."""
_SHARE = 0.25
"""Of the current itself: gas moves while it is measured."""
_FLOOR = 100.0
"""In 1e-16 A: what is nearer is not far apart."""

_FEW = 2
_FEW_SHARE = 0.02
"""Of all points: more single measurements than that are not outvoted but say that whole scans are out of step."""


class Kind(StrEnum):
    """How a scan runs: ANALOG in steps of a fraction of 1 amu (a profile), HISTOGRAM one peak for each mass."""

    ANALOG = "SC"
    HISTOGRAM = "HS"


@dataclass(frozen=True)
class Scan:
    """What to measure: `kind`, from `first` to `last` amu, `speed` 0 (quiet) to 7 (fast), `steps` per amu if analog.

    Raises ValueError for what no RGA can do; a smaller model refuses more.
    """

    kind: Kind
    first: int
    last: int
    speed: int = 4
    steps: int = 10

    def __post_init__(self) -> None:
        for setting, value in self.settings:
            setting.parameter(value)
        if self.first > self.last:
            raise ValueError(f"the first mass must not be above the last; {self.first} and {self.last} were asked for")

    @property
    def settings(self) -> tuple[tuple[Setting, int], ...]:
        """Every setting of the scan with its value, in an order in which none conflicts with the one before."""
        return (
            (FIRST_MASS, 1), (LAST_MASS, self.last), (FIRST_MASS, self.first), (NOISE_FLOOR, self.speed),
            (STEPS, self.steps),
        )  # fmt: skip

    @property
    def count_query(self) -> str:
        """The query that tells how many points the instrument is going to send."""
        return "AP" if self.kind is Kind.ANALOG else "HP"

    @property
    def points(self) -> int:
        """Ion currents of the scan, without the one of the total pressure that follows them."""
        return (self.last - self.first) * self._per_mass + 1

    @property
    def masses(self) -> NDArray[np.float64]:
        """m/z of each point."""
        return np.round(self.first + np.arange(self.points) / self._per_mass, 4)

    @property
    def _per_mass(self) -> int:
        return self.steps if self.kind is Kind.ANALOG else 1


@dataclass(frozen=True)
class Agreed:
    """The middle of each point's measurements, in 1e-16 A, and how far apart the nearest greater part of them lies.

    `outvoted` counts single measurements that are far from the middle.
    """

    currents: NDArray[np.float64]
    spread: NDArray[np.float64]
    outvoted: int


class Disagreement(Exception):
    """The measurements of `points` points are far apart."""

    def __init__(self, points: int, of: int) -> None:
        super().__init__(f"the measurements disagree at {points} of {of} points")
        self.points = points


def agree(measurements: list[Currents]) -> Agreed:
    """Return what an odd number of measurements of the same points say together. Raises Disagreement."""
    ordered = np.sort(np.stack(measurements).astype(np.float64), axis=0)
    count = len(measurements)
    most = count // 2 + 1
    middle = ordered[count // 2]
    spread = (ordered[most - 1 :] - ordered[: count - most + 1]).min(axis=0)
    tolerance = np.maximum(_FLOOR + _NOISE * np.median(spread), _SHARE * np.abs(middle))
    if (doubted := int((spread > tolerance).sum())) > 0:
        raise Disagreement(doubted, middle.size)
    outvoted = int((np.abs(ordered - middle) > tolerance).sum())
    if outvoted > max(_FEW, _FEW_SHARE * middle.size):
        raise Disagreement(outvoted, middle.size)
    return Agreed(middle, spread, outvoted)
