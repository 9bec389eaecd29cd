"""Lines of text over a transport: collected, bounded, counted, and words for what came when nothing that fits did."""

import re
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from drivers.errors import BadFrame, DriverError, NoResponse
from drivers.framing import FrameCounts
from drivers.transport import Transport

MAX_NOISE = 8192
"""Bytes without one good line after which the port is given up."""
_ENDS = re.compile(rb"[\r\n]")
_TICK_S = 0.05
_SHOWN = 24
_NS = 1_000_000_000


class Framing(Protocol):
    """Bytes in, frames out, no I/O."""

    counts: FrameCounts

    @property
    def unfinished(self) -> int:
        """Bytes that wait for an end."""
        ...

    def feed(self, data: bytes) -> list[bytes]:
        """Return the frames that `data` completes, in order."""
        ...


class LineFramer:
    """Collects bytes into lines that CR, LF or both end; a line of more than `longest` bytes is dropped and counted."""

    def __init__(self, longest: int) -> None:
        self.counts = FrameCounts()
        self._longest = longest
        self._buffer = bytearray()
        self._overlong = False

    @property
    def unfinished(self) -> int:
        return len(self._buffer)

    def feed(self, data: bytes) -> list[bytes]:
        *finished, rest = _ENDS.split(data)
        lines: list[bytes] = []
        for piece in finished:
            self._collect(piece)
            lines += [bytes(self._buffer)] if self._buffer else []
            self._buffer.clear()
            self._overlong = False
        self._collect(rest)
        return lines

    def _collect(self, piece: bytes) -> None:
        if not self._overlong and len(self._buffer) + len(piece) <= self._longest:
            self._buffer += piece
            return
        self._overlong = True
        self.counts.dropped_bytes += len(self._buffer) + len(piece)
        self._buffer.clear()


class LineNoise(BadFrame):
    """Bytes come without end and none of them makes a good line: asking again cannot help."""


@dataclass(frozen=True)
class Mark:
    """A moment on a port, to tell what came since."""

    at: float
    received: int
    failures: int


class LinePort:
    """Frames from a transport, on its clock. The reader of the frames says with `good` or `bad` what each was."""

    def __init__(self, transport: Transport, monotonic_ns: Callable[[], int], framing: Framing) -> None:
        self.port = transport.port
        self.counts = framing.counts
        self._transport = transport
        self._monotonic_ns = monotonic_ns
        self._framing = framing
        self._inbox: deque[bytes] = deque()
        self._received = 0
        self._noise = 0
        self._damaged = False
        self._tail = b""

    @property
    def now(self) -> float:
        """Seconds on the transport's clock."""
        return self._monotonic_ns() / _NS

    def mark(self) -> Mark:
        return Mark(self.now, self._received, self.counts.checksum_failures)

    def write(self, data: bytes) -> None:
        self._transport.write(data)

    def drain(self) -> list[bytes]:
        """Return the frames that have come up to now, so that the next is new. Raises LineNoise where it never ends."""
        while data := self._transport.read(0):
            self._take(data)
        came = list(self._inbox)
        self._inbox.clear()
        return came

    def receive(self, until: float) -> bytes | None:
        """Return the next frame, None when the clock reaches `until` without one. Raises LineNoise, PortLost."""
        while not self._inbox:
            left = until - self.now
            if left <= 0:
                return None
            self._take(self._transport.read(min(left, _TICK_S)))
        return self._inbox.popleft()

    def good(self) -> None:
        """Count the last frame as good: the line speed is right."""
        self.counts.frames += 1
        self.counts.resyncs += self._damaged
        self._damaged = False
        self._noise = 0

    def bad(self) -> None:
        """Count the last frame as one that follows no protocol."""
        self.counts.checksum_failures += 1
        self._damaged = True

    def close(self) -> None:
        self._transport.close()

    def silence(self, mark: Mark, expected: str) -> DriverError:
        """Return the error that says what came since `mark` instead of what was `expected`."""
        waited = f"{self.now - mark.at:.1f} s"
        received = self._received - mark.received
        if not received:
            return NoResponse(
                self.port, f"nothing came for {waited}, {expected} was expected; check that it is on, and its cable"
            )
        failures = self.counts.checksum_failures - mark.failures
        return BadFrame(
            self.port,
            f"{expected} was expected; in {waited} {received} bytes came, {failures} damaged lines, "
            f"{self._framing.unfinished} bytes of an unfinished one, the last bytes {self._tail!r}; "
            "check its line speed, its cable, and what it is set to send",
        )

    def _take(self, data: bytes) -> None:
        self._received += len(data)
        self._noise += len(data)
        self._tail = (self._tail + data)[-_SHOWN:]
        self._inbox.extend(self._framing.feed(data))
        if self._noise > MAX_NOISE:
            self._noise = 0
            raise LineNoise(
                self.port,
                f"more than {MAX_NOISE} bytes came without one good line, the last {self._tail!r}; "
                "check its line speed and its cable",
            )
