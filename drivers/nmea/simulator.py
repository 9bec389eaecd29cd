"""A virtual receiver in bytes: GGA, GSA, RMC and ZDA once a second. No I/O."""

import random
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from drivers.nmea.frames import to_bytes
from drivers.outlet import Outlet, WireFault

EVERY_S = 1.0
_LATEST = 3


class SkyFault(StrEnum):
    """What goes wrong in the receiver or above it."""

    NO_FIX = "no-fix"
    DRIFT = "drift"
    JUMP = "jump"
    FROZEN = "frozen"
    ROLLOVER = "rollover"
    ESTIMATED = "estimated"


@dataclass(frozen=True)
class Antenna:
    """Where the virtual antenna stands, and its clock's time when the simulator's is 0. Nuevo Laredo, bridge II."""

    latitude: float = 27.4997
    longitude: float = -99.5075
    start: datetime = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
    talker: str = "GN"


DEFAULT_ANTENNA = Antenna()


class VirtualReceiver:
    """A receiver that speaks from the first `poll` on. Time is passed in, in seconds on any rising clock."""

    def __init__(
        self, rng: random.Random, antenna: Antenna = DEFAULT_ANTENNA, fault: WireFault | SkyFault | None = None
    ) -> None:
        self.unplugged = False
        self._antenna = antenna
        self._fault = fault
        self._outlet = Outlet(fault if isinstance(fault, WireFault) else None, rng)
        self._begun: float | None = None
        self._told = 0

    def receive(self, data: bytes, now: float) -> None:
        """Take bytes of the host; a receiver of this kind ignores them."""

    def poll(self, now: float) -> bytes:
        """Return the bytes that have gone out by `now`; sets `unplugged` when the cable is pulled there."""
        self._begun = now if self._begun is None else self._begun
        late = int((now - self._begun) / EVERY_S) - self._told
        self._told += max(0, late - _LATEST)
        while self._begun + self._told * EVERY_S <= now:
            for sentence in self._sentences(self._told):
                self._outlet.send(self._begun + self._told * EVERY_S, sentence)
            self._told += 1
        out = self._outlet.poll(now)
        self.unplugged = self._outlet.unplugged
        return out

    def due(self) -> float | None:
        """Return when `poll` will next have bytes."""
        if self._begun is None:
            return 0.0
        times = [self._begun + self._told * EVERY_S, self._outlet.due()]
        return min(at for at in times if at is not None)

    def replug(self) -> None:
        """Plug the cable in again."""
        self._outlet.replug()
        self.unplugged = False

    def _sentences(self, turn: int) -> list[bytes]:
        at = self._time(turn)
        utc, talker = f"{at:%H%M%S}.00", self._antenna.talker
        if self._fault is SkyFault.NO_FIX:
            return [
                to_bytes(talker, "GGA", utc, "", "", "", "", "0", "00", "99.99", "", "M", "", "M", "", ""),
                to_bytes(talker, "GSA", "A", "1", *[""] * 12, "99.99", "99.99", "99.99"),
                to_bytes(talker, "RMC", utc, "V", "", "", "", "", "", "", f"{at:%d%m%y}", "", "", "N"),
            ]
        place = self._place(turn)
        estimated = self._fault is SkyFault.ESTIMATED
        quality, mode = ("6", "E") if estimated else ("1", "A")
        return [
            to_bytes(talker, "GGA", utc, *place, quality, "09", "0.94", "139.2", "M", "-22.1", "M", "", ""),
            to_bytes(talker, "GSA", "A", "3", "04", "05", *[""] * 10, "1.72", "0.94", "1.44"),
            to_bytes(talker, "RMC", utc, "A", *place, "0.02", "", f"{at:%d%m%y}", "", "", mode),
            to_bytes(talker, "ZDA", utc, f"{at:%d}", f"{at:%m}", f"{at:%Y}", "00", "00"),
        ]

    def _time(self, turn: int) -> datetime:
        seconds = _LATEST if self._fault is SkyFault.FROZEN and turn > _LATEST else turn
        back = timedelta(weeks=1024 if self._fault is SkyFault.ROLLOVER else 0)
        return self._antenna.start + timedelta(seconds=seconds) - back

    def _place(self, turn: int) -> tuple[str, str, str, str]:
        north = 0.0
        if self._fault is SkyFault.DRIFT:
            north = turn * 0.00005
        elif self._fault is SkyFault.JUMP and turn > _LATEST:
            north = 0.5
        latitude, longitude = self._antenna.latitude + north, self._antenna.longitude
        return (
            *_degrees(latitude, 2, "NS"),
            *_degrees(longitude, 3, "EW"),
        )


def _degrees(value: float, width: int, sides: str) -> tuple[str, str]:
    minutes = round(abs(value) * 60, 5)
    degrees = int(minutes // 60)
    return f"{degrees:0{width}}{minutes - degrees * 60:08.5f}", sides[value < 0]
