"""A recorded session played again as if live, on the clock of that day."""

from collections import deque

from drivers.errors import BadFrame, PortLost
from drivers.rotation import LongTranscript
from drivers.transcript import Direction, Transcript

_NS = 1_000_000_000
_LEAST_NS = 1000


class ReplayTransport:
    """Plays what the instrument sent, each piece at its time and after what was written before it.

    Time is the transcript's: `monotonic_ns` is the clock that a driver must use here, and no read really waits.
    Raises BadFrame when the driver writes other bytes than were written then.
    """

    def __init__(self, transcript: Transcript | LongTranscript, port: str) -> None:
        self.port = port
        self._coming = deque(transcript.events)
        self._now_ns = 0

    def monotonic_ns(self) -> int:
        return self._now_ns

    def write(self, data: bytes) -> None:
        expected = next((event for event in self._coming if event.direction is Direction.WRITTEN), None)
        if expected is None or expected.data != data:
            then = expected.data.hex(" ") if expected else "nothing"
            raise BadFrame(self.port, f"the replayed driver writes {data.hex(' ')}; then it wrote {then}")
        self._coming.remove(expected)
        self._now_ns = max(self._now_ns, expected.offset_ns)

    def read(self, timeout: float) -> bytes:
        until = self._now_ns + max(round(timeout * _NS), _LEAST_NS)
        coming = self._coming[0] if self._coming else None
        if coming is None or coming.direction is Direction.WRITTEN or coming.offset_ns > until:
            self._now_ns = until
            return b""
        self._coming.popleft()
        self._now_ns = max(self._now_ns, coming.offset_ns)
        if coming.direction is Direction.LOST:
            raise PortLost(self.port, coming.data.decode("utf-8", "replace"))
        return coming.data

    def close(self) -> None:
        """Nothing is held."""
