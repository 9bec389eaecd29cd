"""One thread that listens to one port: for instruments that speak unasked, such as GPS receivers and code readers."""

import threading
from collections.abc import Callable
from types import TracebackType
from typing import Self

from drivers.errors import BadFrame, DriverError
from drivers.framing import FrameCounts
from drivers.lines import Framing
from drivers.ports.health import PortMeter
from drivers.transport import Transport

TICK_S = 0.2
RETRY_S = 0.5
CLOSE_WITHIN_S = 3.0


class Listening:
    """Gives every frame of a port to `heard`, on a thread of its own, and opens the port again after it was lost.

    `heard` raises BadFrame for a frame that follows no protocol: it is counted, and so is the return to good ones.
    `problem` is what keeps it from listening now, None while the port is open.
    """

    def __init__(
        self,
        open_port: Callable[[], Transport],
        framing: Callable[[], Framing],
        heard: Callable[[bytes], None],
        meter: PortMeter,
        retry_s: float = RETRY_S,
    ) -> None:
        self.problem: DriverError | None = None
        self._open_port = open_port
        self._framing = framing
        self._heard = heard
        self._meter = meter
        self._retry_s = retry_s
        self._closing = threading.Event()
        self._thread = threading.Thread(target=self._run, name="listening", daemon=True)

    def start(self) -> Self:
        self._thread.start()
        return self

    def close(self) -> None:
        """End the thread; the port is let go of."""
        self._closing.set()
        if self._thread.is_alive():
            self._thread.join(CLOSE_WITHIN_S)

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def _run(self) -> None:
        while not self._closing.is_set():
            try:
                self._listen(self._open_port())
            except DriverError as error:
                self.problem = error
                self._closing.wait(self._retry_s)

    def _listen(self, transport: Transport) -> None:
        self.problem = None
        framing, tally = self._framing(), Tally()
        self._meter.follow(tally.counts)
        try:
            while not self._closing.is_set():
                data = transport.read(TICK_S)
                frames = framing.feed(data) if data else []
                tally.lost(framing.counts)
                for frame in frames:
                    tally.take(frame, self._heard)
        finally:
            transport.close()


class Tally:
    """Counts frames by what their reader says of them."""

    def __init__(self) -> None:
        self.counts = FrameCounts()
        self._damaged = 0
        self._lost = False

    def take(self, frame: bytes, heard: Callable[[bytes], None]) -> None:
        """Give `frame` to `heard` and count it as good or, where that raises BadFrame, as damaged."""
        try:
            heard(frame)
        except BadFrame:
            self.counts.checksum_failures += 1
            self._lost = True
        else:
            self.counts.frames += 1
            self.counts.resyncs += self._lost
            self._lost = False

    def lost(self, framing: FrameCounts) -> None:
        """Take over what became no frame at all."""
        self._lost |= framing.dropped_bytes > self.counts.dropped_bytes
        self._lost |= framing.checksum_failures > self._damaged
        self.counts.checksum_failures += framing.checksum_failures - self._damaged
        self.counts.dropped_bytes = framing.dropped_bytes
        self._damaged = framing.checksum_failures
