"""What time it is, and how far that can be believed."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Protocol

from sync.contract.listing import DayBy
from sync.contract.record import ClockSource, ClockTrust, Timestamp

BUILT = date(2026, 11, 1)
"""No true date lies before this software was made; a release moves it forward."""

TOLERANCE = timedelta(seconds=2)
"""A wall clock may be slewed back by this much, as time synchronisation does, and is still believed."""

BEHIND = timedelta(minutes=1)
"""A wall clock so far behind the centre's time at the last receipt shows a time that is over; so far from what the
centre's clock shows by now, it follows nobody."""

SLEW = 1e-3
"""How much faster or slower than the counter a clock may be made to run without being set."""

SYNC_LASTS = timedelta(hours=3)
"""How long a synchronisation holds: systemd-timesyncd makes one at least every 2048 s (timesyncd.conf(5))."""

ENOUGH = 2
"""So many of network, satellites and centre must agree before a time that was shown earlier counts for nothing."""

SYNCHRONISED: frozenset[ClockSource] = frozenset({"gnss", "network"})

_WALL_FORM = "%Y-%m-%dT%H:%M:%S.%fZ"
_BOOT_ID = Path("/proc/sys/kernel/random/boot_id")
_SYNCHRONISED = Path("/run/systemd/timesync/synchronized")


@dataclass(frozen=True)
class Moment:
    """One look at the clocks: `monotonic_ns` counts from the boot called `boot`, and only upwards.

    `synchronised` is when the wall clock was last set by the network, None where it was not since the boot.
    """

    wall: datetime
    monotonic_ns: int
    boot: str
    synchronised: datetime | None


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
        """Look at the clocks now; systemd-timesyncd touches its file each time that it has synchronised."""
        try:
            touched = datetime.fromtimestamp(self._synchronised.stat().st_mtime, UTC)
        except OSError:
            touched = None
        return Moment(self._wall(), self._monotonic_ns(), self._boot, touched)


@dataclass(frozen=True)
class Heard:
    """What time it was elsewhere when the counter of boot `boot` stood there."""

    time: datetime
    monotonic_ns: int
    boot: str

    def now(self, moment: Moment) -> datetime | None:
        """Return what time it is there now, counted on; None after a reboot, when the counter began anew."""
        if moment.boot != self.boot:
            return None
        return self.time + timedelta(microseconds=(moment.monotonic_ns - self.monotonic_ns) / 1000)


@dataclass(frozen=True)
class PutRight:
    """Sources agree that it is `now`; `was` was shown before, when fewer than two said so, and rules no more."""

    was: datetime
    now: datetime
    sources: tuple[str, ...]


@dataclass(frozen=True)
class Day:
    """A day at the post, and what told that it has come."""

    date: date
    by: DayBy


class Timekeeper:
    """Stamps moments, and notices a wall clock that shows less than was seen before, or that jumps.

    `highest` is the latest wall time this station ever recorded: it outlives a restart, so turning the clock
    back while the station is off shows too. `central` is the centre's time at the last receipt. `gnss` tells what the
    post's satellite receiver says, where there is one.

    A time that only a wrong clock ever showed does not mark all that follows for ever: once two of network, satellites
    and centre agree on an earlier one, and none contradicts, that one rules. Never one before `agreed`, the highest at
    which they agreed already: so whoever only sets the clock back changes nothing.
    """

    def __init__(
        self,
        clock: Clock,
        highest: datetime | None = None,
        central: Heard | None = None,
        gnss: Callable[[], datetime | None] = lambda: None,
        agreed: datetime | None = None,
    ) -> None:
        self.agreed = agreed
        self._put_right: PutRight | None = None
        self._clock = clock
        self._highest = highest
        self._central = central
        self._gnss = gnss
        self._last: Moment | None = None
        self._jumped = False
        self._void: datetime | None = None
        self._jump: timedelta | None = None

    def moment(self) -> Moment:
        """Look at the clocks, remember the highest wall time, and whether the clock was set since the last look."""
        moment = self._clock.read()
        self._highest = max(moment.wall, self._highest or moment.wall)
        jump = _jump(self._last, moment)
        if jump:
            self._jump = (self._jump or timedelta()) + jump
            self._jumped = True
            self._void = self._last.synchronised if self._last else None
        self._last = moment
        self._agree(moment)
        return moment

    def take_put_right(self) -> PutRight | None:
        """Return that sources put the clock right since this was asked last, or None."""
        put_right, self._put_right = self._put_right, None
        return put_right

    def take_jump(self) -> timedelta | None:
        """Return by how much the wall clock was set since this was asked last, or None; forwards is positive."""
        jump, self._jump = self._jump, None
        return jump

    def hear(self, time: datetime) -> Heard:
        """Take the centre's time, as it is just now."""
        moment = self.moment()
        self._central = Heard(time, moment.monotonic_ns, moment.boot)
        return self._central

    def now(self) -> Timestamp:
        """Return the moment as a record states it."""
        moment = self.moment()
        return Timestamp(
            wall=format_wall(moment.wall),
            monotonic_ns=moment.monotonic_ns,
            boot=moment.boot,
            trust=self._trust(moment),
            source=self._source(moment),
            receipt=format_wall(self._central.time) if self._central else None,
            drift_ms=self._drift_ms(moment),
        )

    def day(self) -> Day:
        """Return the latest day known to have come: its law judges, so a clock turned back brings no older one.

        The highest time counts until sources put the clock right, the centre's while no two sources contradict.
        """
        moment = self.moment()
        times: dict[DayBy, datetime] = {"clock": moment.wall, "record": self._highest or moment.wall}
        if self._central and len(self._sources(moment)) < ENOUGH:
            times["centre"] = self._central.now(moment) or self._central.time
        days: dict[DayBy, date] = {by: time.astimezone().date() for by, time in times.items()}
        days["software"] = BUILT
        by = max(days, key=days.__getitem__)
        return Day(days[by], by)

    def _trust(self, moment: Moment) -> ClockTrust:
        behind = self._central and moment.wall < self._central.time - BEHIND
        if (behind and len(self._sources(moment)) < ENOUGH) or is_back(moment.wall, self._highest or moment.wall):
            return "turned_back"
        return "synchronised" if self._source(moment) in SYNCHRONISED else "unsynchronised"

    def _source(self, moment: Moment) -> ClockSource:
        satellites, there = self._gnss(), self._central.now(moment) if self._central else None
        known = "operator" if self._jumped else "rtc"
        if there and abs(moment.wall - there) > BEHIND and len(self._sources(moment)) < ENOUGH:
            return known
        if satellites:
            return "gnss" if abs(satellites - moment.wall) <= TOLERANCE else known
        return "network" if self._is_synchronised(moment) else known

    def _agree(self, moment: Moment) -> None:
        """Let the moment rule over what no two sources ever said, if they say it and none contradicts."""
        sources, there = self._sources(moment), self._central.now(moment) if self._central else None
        satellites = self._gnss()
        contradicted = (there and "centre" not in sources) or (satellites and "gnss" not in sources)
        if len(sources) < ENOUGH or contradicted or (self.agreed and is_back(moment.wall, self.agreed)):
            return
        self.agreed = max(moment.wall, self.agreed or moment.wall)
        if self._highest and is_back(moment.wall, self._highest):
            self._put_right = PutRight(self._highest, moment.wall, sources)
            self._highest = moment.wall

    def _sources(self, moment: Moment) -> tuple[str, ...]:
        """Return who says now that the wall clock is right."""
        satellites, there = self._gnss(), self._central.now(moment) if self._central else None
        said = {
            "network": self._is_synchronised(moment),
            "gnss": satellites is not None and abs(satellites - moment.wall) <= TOLERANCE,
            "centre": there is not None and abs(moment.wall - there) <= BEHIND,
        }
        return tuple(name for name, agrees in said.items() if agrees)

    def _is_synchronised(self, moment: Moment) -> bool:
        """Whether the network set the clock a short while ago, and nobody else did since."""
        last = moment.synchronised
        return last is not None and last != self._void and timedelta() <= moment.wall - last + TOLERANCE <= SYNC_LASTS

    def _drift_ms(self, moment: Moment) -> int | None:
        there = self._central.now(moment) if self._central else None
        return round((moment.wall - there) / timedelta(milliseconds=1)) if there else None


def _jump(last: Moment | None, moment: Moment) -> timedelta | None:
    """Return how much further the wall clock went than the counter, if synchronisation does not explain it."""
    if last is None or last.boot != moment.boot:
        return None
    counted = timedelta(microseconds=(moment.monotonic_ns - last.monotonic_ns) / 1000)
    jump = moment.wall - last.wall - counted
    return jump if abs(jump) > TOLERANCE + counted * SLEW else None


def is_back(wall: datetime, seen: datetime) -> bool:
    """Tell whether `wall` is earlier than `seen` by more than time synchronisation explains."""
    return wall < seen - TOLERANCE


def format_wall(wall: datetime) -> str:
    """Return the one text form of a wall time: UTC, RFC 3339, microseconds."""
    return wall.astimezone(UTC).strftime(_WALL_FORM)


def parse_wall(text: str) -> datetime:
    """Read the text form back."""
    return datetime.strptime(text, _WALL_FORM).replace(tzinfo=UTC)
