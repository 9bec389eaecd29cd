"""A position with its time, what speaks against it, and the reasons why there is none."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from math import cos, hypot, radians

from drivers.errors import DriverError
from drivers.nmea.sentences import Place, Quality

_NS = 1_000_000_000
_ROLLOVER = timedelta(weeks=1024)
_A_DAY = timedelta(days=1)
_METRES_PER_DEGREE = 111_320


class Doubt(StrEnum):
    """Why a fix must not be trusted."""

    ESTIMATED = "estimated"
    MANUAL = "manual"
    SIMULATOR = "simulator"
    ONE_SENTENCE = "one-sentence"
    WEAK = "weak"
    NO_DATE = "no-date"
    DATES_DIFFER = "dates-differ"
    BEFORE_BUILD = "before-build"
    WEEK_ROLLOVER = "week-rollover"
    STATION_DATE = "station-date"
    JUMP = "jump"


class NoFix(DriverError):
    """There is no position to give; `code` is no-fix, stale, silent or untold."""

    def __init__(self, port: str, code: str, problem: str) -> None:
        super().__init__(port, f"{problem} ({code})")
        self.code = code


@dataclass(frozen=True)
class Fix:
    """Where and when, as the receiver told. Degrees north and east; `altitude` in m, `speed` in m/s.

    `quality` is None where only RMC came. `source` is the talker of GGA, else of RMC (GP, GN, ...), `raw` the
    sentences, `received_ns` the monotonic clock when they came. A fix with any of `doubts` must not be taken for a
    measured position and time.
    """

    latitude: float
    longitude: float
    at: datetime | None
    quality: Quality | None
    source: str
    raw: tuple[bytes, ...]
    received_ns: int
    doubts: frozenset[Doubt]
    altitude: float | None = None
    speed: float | None = None
    satellites: int | None = None
    hdop: float | None = None
    dimensions: int | None = None

    def age(self, now_ns: int) -> float:
        """Return the seconds since it came, by the monotonic clock."""
        return (now_ns - self.received_ns) / _NS


def rollovers(told: date, today: date) -> int:
    """Return how many times 1024 weeks `told` lies before `today`, to the day; 0 where it does not."""
    count = round((today - told) / _ROLLOVER)
    return count if count > 0 and abs(today - told - count * _ROLLOVER) <= _A_DAY else 0


def distance(one: Place, other: Place) -> float:
    """Return the metres between two places, good to a percent over a few kilometres."""
    east = (other.longitude - one.longitude + 180) % 360 - 180
    return _METRES_PER_DEGREE * hypot(other.latitude - one.latitude, east * cos(radians(one.latitude)))
