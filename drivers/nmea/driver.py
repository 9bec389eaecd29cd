"""The station's ear on a receiver: sentences in, the last believable position out."""

from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import date

from drivers.errors import BadFrame, DriverError, NoResponse
from drivers.framing import FrameCounts
from drivers.lines import LinePort
from drivers.nmea.fix import Fix, NoFix
from drivers.nmea.frames import SentenceFramer, parse
from drivers.nmea.sentences import read
from drivers.nmea.tracker import Tracker
from drivers.transport import Transport

SPEEDS = (4800, 9600, 115_200)
LISTEN_S = 2.2
"""A receiver speaks once a second: two turns and a bit."""
_ENOUGH = 2


class Receiver:
    """A receiver on a transport. It speaks unasked, so `listen` must be called often, or `wait` does."""

    def __init__(
        self, transport: Transport, monotonic_ns: Callable[[], int], floor: date, today: Callable[[], date]
    ) -> None:
        self.port = transport.port
        self._monotonic_ns = monotonic_ns
        self._line = LinePort(transport, monotonic_ns, SentenceFramer())
        self._tracker = Tracker(self.port, floor, today)

    @property
    def counts(self) -> FrameCounts:
        """Good sentences, damaged ones and bytes between them since the port was opened."""
        return self._line.counts

    def listen(self, seconds: float) -> None:
        """Take what comes within `seconds`. Raises LineNoise at a wrong line speed, PortLost."""
        until = self._line.now + seconds
        while (data := self._line.receive(until)) is not None:
            self._take(data)

    def fix(self) -> Fix:
        """Return the last fix. Raises NoFix: none yet, lost, or stale."""
        return self._tracker.fix(self._monotonic_ns())

    def wait(self, within: float, stopped: Callable[[], bool]) -> Fix:
        """Return the first fix without doubts; after `within` seconds the best there is. Raises NoFix."""
        until = self._line.now + within
        while self._line.now < until and not stopped():
            self.listen(min(0.2, until - self._line.now))
            with suppress(NoFix):
                if not self.fix().doubts:
                    break
        return self.fix()

    def close(self) -> None:
        self._line.close()

    def _take(self, data: bytes) -> None:
        try:
            sentence = parse(data, self.port)
            content = read(sentence, self.port)
        except BadFrame:
            self._line.bad()
            return
        self._line.good()
        self._tracker.take(sentence, content, self._monotonic_ns())


def hear(transport: Transport, monotonic_ns: Callable[[], int]) -> str:
    """Return the talker of two good sentences that come within 2.2 s. Raises NoResponse, BadFrame, PortLost."""
    line = LinePort(transport, monotonic_ns, SentenceFramer())
    mark = line.mark()
    while (data := line.receive(mark.at + LISTEN_S)) is not None:
        with suppress(BadFrame):
            talker = parse(data, line.port).talker
            line.good()
            if line.counts.frames == _ENOUGH:
                return talker
    raise line.silence(mark, "an NMEA sentence")


def find_speed(
    open_at: Callable[[int], Transport], monotonic_ns: Callable[[], int], speeds: Sequence[int] = SPEEDS
) -> int:
    """Return the first of `speeds` at which sentences come; each is opened, heard and closed.

    Raises NoResponse where nothing came at any speed, BadFrame where only garbage did, PortUnavailable, PortLost.
    """
    heard: list[DriverError] = []
    for speed in speeds:
        transport = open_at(speed)
        try:
            hear(transport, monotonic_ns)
        except (NoResponse, BadFrame) as error:
            heard.append(error)
        else:
            return speed
        finally:
            transport.close()
    raise next((error for error in heard if isinstance(error, BadFrame)), heard[0])
