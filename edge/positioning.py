"""Where the post is: the last position of its satellite receiver, or why there is none."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from drivers.errors import DriverError, PortLost
from drivers.lines import LineNoise
from drivers.nmea.driver import Receiver
from drivers.nmea.fix import Doubt, Fix, NoFix
from drivers.nmea.tracker import STALE_AFTER_S
from drivers.opening import open_receiver
from drivers.ports.discovery import Lister, this_machine
from drivers.ports.health import PortMeter
from drivers.ports.session import Named
from drivers.transcript import Transcript
from drivers.window import Window
from edge.clock import BUILT
from edge.held import Attending, Held
from edge.instrument_port import InstrumentPort

LISTEN_S = 0.2


@dataclass(frozen=True)
class Located:
    """A fix, its age in seconds when it was asked for, and the newest bytes of the session."""

    fix: Fix
    age_s: float
    transcript: Transcript


class Positioning:
    """A receiver that is heard all the time. `today` is the station's own date."""

    def __init__(self, address: str, today: Callable[[], date], ports: Lister = this_machine) -> None:
        self._today = today
        self._place = address.partition(":")[2]
        self._heard: tuple[Fix | NoFix, Window] | None = None
        self.port = InstrumentPort(address, self._open, ports)
        self._attending = Attending(Held(self.port, (PortLost, LineNoise)), self._listen)

    def locate(self) -> Located:
        """Return the last position. Raises NoFix, or the DriverError that keeps the receiver from being heard."""
        problem, heard = self._attending.problem, self._heard
        if problem is not None:
            raise problem
        if heard is None:
            raise NoFix(self._place, "no-fix", "the receiver has just been opened; wait some seconds")
        fix, window = heard
        if isinstance(fix, NoFix):
            raise fix
        age = fix.age(time.monotonic_ns())
        if age > STALE_AFTER_S:
            raise NoFix(self._place, "stale", f"the last position is {age:.0f} s old; check the receiver")
        return Located(fix, age, window.transcript)

    def utc(self) -> datetime | None:
        """Return the time by satellite just now, or None where there is no fresh one without doubts.

        That it is not the station's date is no reason to hold it back: this is how the station's clock is judged.
        """
        try:
            located = self.locate()
        except (NoFix, DriverError):
            return None
        fix = located.fix
        if fix.at is None or fix.doubts - {Doubt.STATION_DATE}:
            return None
        return fix.at + timedelta(seconds=located.age_s)

    def start(self) -> None:
        self.port.start()
        self._attending.start()

    def close(self) -> None:
        self._attending.close()
        self.port.close()

    def _open(
        self, address: str, transcript: Named, monotonic_ns: Callable[[], int], *, meter: PortMeter, ports: Lister
    ) -> Receiver:
        self._heard = None
        return open_receiver(address, transcript, monotonic_ns, BUILT, self._today, meter=meter, ports=ports)

    def _listen(self, receiver: Receiver, window: Window) -> None:
        receiver.listen(LISTEN_S)
        try:
            self._heard = receiver.fix(), window
        except NoFix as none:
            self._heard = none, window
