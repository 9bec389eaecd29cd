"""What time it is, and how far that can be believed."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Protocol

from sync.contract.record import ClockTrust, Timestamp

TOLERANCE = timedelta(seconds=2)
"""A wall clock may be slewed back by this much, as time synchronisation does, and is still believed."""

_WALL_FORM = "%Y-%m-%dT%H:%M:%S.%fZ"
_BOOT_ID = Path("/proc/sys/kernel/random/boot_id")
_SYNCHRONISED = Path("/run/systemd/timesync/synchronized")


@dataclass(frozen=True)
class Moment:
    """One look at the clocks: `monotonic_ns` counts from the boot called `boot`, and only upwards."""

    wall: datetime
    monotonic_ns: int
    boot: str
    synchronised: bool


class Clock(Protocol):
    """The machine's clocks."""

    def read(self) -> Moment: ...


class SystemClock:
    """The clocks of this machine; the counter runs on while it sleeps (CLOCK_BOOTTIME)."""

    def __init__(
        self,
        wall: Callable[[], datetime] = lambda: datetime.now(UTC),
        monotonic_ns: Callable[[], int] = lambda: time.clock_gettime_ns(time.CLOCK_BOOTTIME),
        synchronised: Path = _SYNCHRONISED,
    ) -> None:
        self._wall = wall
        self._monotonic_ns = monotonic_ns
        self._synchronised = synchronised
        self._boot = _BOOT_ID.read_text("ascii").strip()

    def read(self) -> Moment:
        """Look at the clocks now; synchronised is what systemd-timesyncd says in its run directory."""
        return Moment(self._wall(), self._monotonic_ns(), self._boot, self._synchronised.exists())


class Timekeeper:
    """Stamps moments, and notices a wall clock that shows less than was seen before.

    `highest` is the latest wall time this station ever recorded: it outlives a restart, so turning the clock
    back while the station is off shows too.
    """

    def __init__(self, clock: Clock, highest: datetime | None = None) -> None:
        self._clock = clock
        self._highest = highest

    def moment(self) -> Moment:
        """Look at the clocks and remember the highest wall time."""
        moment = self._clock.read()
        self._highest = max(moment.wall, self._highest or moment.wall)
        return moment

    def now(self) -> Timestamp:
        """Return the moment as a record states it."""
        moment = self.moment()
        return Timestamp(
            wall=format_wall(moment.wall),
            monotonic_ns=moment.monotonic_ns,
            boot=moment.boot,
            trust=self._trust(moment),
        )

    def _trust(self, moment: Moment) -> ClockTrust:
        if is_back(moment.wall, self._highest or moment.wall):
            return "turned_back"
        return "synchronised" if moment.synchronised else "unsynchronised"


def is_back(wall: datetime, seen: datetime) -> bool:
    """Tell whether `wall` is earlier than `seen` by more than time synchronisation explains."""
    return wall < seen - TOLERANCE


def format_wall(wall: datetime) -> str:
    """Return the one text form of a wall time: UTC, RFC 3339, microseconds."""
    return wall.astimezone(UTC).strftime(_WALL_FORM)


def parse_wall(text: str) -> datetime:
    """Read the text form back."""
    return datetime.strptime(text, _WALL_FORM).replace(tzinfo=UTC)
