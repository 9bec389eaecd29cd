"""Commands and replies over a transport: deadlines, getting in step again, and every fault of the line counted.

The protocol has no checksum. What is damaged shows only in a reply that is no reply, in its length, in silence, and in
being asked again: so nothing that the instrument says counts until it has said the same twice in a row.
"""

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TypeVar

from drivers.errors import BadFrame, DriverError, NoResponse
from drivers.framing import FrameCounts
from drivers.srs_rga import frames
from drivers.srs_rga.frames import CURRENT_BYTES, Currents, Identity
from drivers.transport import Transport

TRIES = 6
_SILENT_TRIES = 3
_MAX_NOISE = 65_536
_TICK_S = 0.05
_NS = 1_000_000_000

Value = TypeVar("Value")


@dataclass(frozen=True)
class Timing:
    """How long is waited, in seconds. The manual gives upper limits only where one stands here as a source."""

    answer: float = 1.5
    """For a reply to a query."""
    quiet: float = 0.12
    """Without a byte, until the line counts as quiet."""
    drain: float = 2.0
    """For a line to become quiet."""
    carried_out: float = 30.0
    """For the STATUS byte after FL, HV and other commands that move hardware."""
    calibration: float = 120.0
    """For the STATUS byte after CA or CL."""
    degas_minute: float = 65.0
    """For each minute of degassing."""
    scan_start: float = 30.0
    """For the first current of a scan: the detector is zeroed first."""
    point: float = 10.0
    """From one piece of a scan to the next. The noise floor sets it; there is no public table."""
    off: float = 6.0
    """For the filament to be reported off, on the way out; the manual tells no time."""


@dataclass
class Counts(FrameCounts):
    """What came over the line so far.

    `frames` are replies and ion currents that could be read. There is no checksum: `checksum_failures` are replies that
    are no reply, and scans of another length. `dropped_bytes` are those that nobody had asked for.
    """

    silences: int = 0
    disagreements: int = 0
    """Replies that were another when asked again."""
    outvoted: int = 0
    """Ion currents that the other measurements spoke against."""

    @property
    def faults(self) -> int:
        return self.silences + self.checksum_failures + self.disagreements + self.outvoted + self.dropped_bytes


class Link:
    """One line to one instrument. Every method raises a DriverError within its deadline.

    `bare` is the port itself where `transport` keeps a record that may be full.
    """

    def __init__(
        self, transport: Transport, monotonic_ns: Callable[[], int], timing: Timing, bare: Transport | None = None
    ) -> None:
        self.port = transport.port
        self.timing = timing
        self.counts = Counts()
        self._transport = self._recorded = transport
        self._bare = bare or transport
        self._monotonic_ns = monotonic_ns
        self._buffer = bytearray()
        self._reading = threading.RLock()
        self._taken_by: int | None = None

    @property
    def now(self) -> float:
        """Seconds on the transport's clock."""
        return self._monotonic_ns() / _NS

    def take_over(self) -> None:
        """Have the line for the calling thread alone, once the read of another has ended.

        For the way out of a program whose other thread still measures: that one gets SystemExit at its next word.
        """
        self._taken_by = threading.get_ident()
        with self._reading:
            self._buffer.clear()

    def close(self) -> None:
        self._transport.close()

    def shout(self, data: bytes) -> None:
        """Send `data` without a look at what else is going on: any byte stops a scan, the CR ends a half command."""
        self._write(frames.END_OF_COMMAND + data)

    def shout_though_full(self, data: bytes) -> None:
        """Shout; where the record of the session is full, go on without it until `record_again`."""
        try:
            self.shout(data)
        except BadFrame:
            self._transport = self._bare
            self.shout(data)

    def record_again(self) -> None:
        """Let nothing pass unrecorded any more."""
        self._transport = self._recorded

    def send(self, name: str, parameter: str = "") -> None:
        """Send a command; what nobody had asked for until now is counted and dropped."""
        self._drop_stray()
        self._write(frames.command(name, parameter))

    def hear_line_end(self, within: float) -> None:
        """Wait for the end of a line, whatever it says. Raises NoResponse, PortLost."""
        deadline, tail = self.now + within, b""
        while frames.END_OF_LINE not in tail:
            self._receive(deadline, "the end of a line")
            tail = tail[-1:] + bytes(self._buffer)
            self._buffer.clear()

    def once(self, name: str, parameter: str, read: Callable[[bytes], Value], within: float) -> Value:
        """Send a command and read its one line of reply. Raises BadFrame, NoResponse, PortLost."""
        self.send(name, parameter)
        value = self._parsed(name + parameter, read, self._line(name + parameter, self.now + within))
        if self._buffer:
            raise self._damaged(name + parameter, ValueError(f"{len(self._buffer)} bytes too many came"))
        return value

    def twice(self, name: str, read: Callable[[bytes], Value]) -> Value:
        """Query until two replies in a row are equal, and return it. Raises the last error where none are."""
        last: Value | None = None
        error: DriverError = BadFrame(self.port, f"{name}? was never answered twice in the same way; check the cable")
        for _ in range(TRIES):
            try:
                value = self.once(name, "?", read, self.timing.answer)
            except (BadFrame, NoResponse) as problem:
                error, last = problem, None
                self.resync()
                continue
            if value == last:
                return value
            self.counts.disagreements += last is not None
            last = value
        raise error

    def settle(self) -> bytes:
        """Return what comes until the line is quiet, at most a bounded number of bytes for a bounded time."""
        end, heard = self.now + self.timing.drain, bytearray(self._buffer)
        self._buffer.clear()
        while piece := self._read(self.timing.quiet):
            heard += piece
            if self.now > end or len(heard) > _MAX_NOISE:
                self.counts.dropped_bytes += len(heard)
                raise BadFrame(
                    self.port,
                    f"{len(heard)} bytes came and do not end, the last {bytes(heard[-12:]).hex(' ')}; "
                    "check that this is an RGA at 28,800 baud and switch it off and on",
                )
        return bytes(heard)

    def resync(self) -> Identity:
        """Get in step again: end whatever goes on, wait for quiet, and hear an answer that only ID? can have."""
        self.counts.resyncs += 1
        error: DriverError = NoResponse(self.port, "nothing was tried")
        silent = 0
        for _ in range(TRIES):
            self.shout(b"")
            self.counts.dropped_bytes += len(self.settle())
            try:
                return self.once("ID", "?", frames.identity, self.timing.answer)
            except NoResponse as problem:
                error, silent = problem, silent + 1
                if silent == _SILENT_TRIES:
                    break
            except BadFrame as problem:
                error, silent = problem, 0
        raise error

    def stream(self, name: str, parameter: str, points: int) -> Iterator[Currents]:
        """Send a command and give its `points` ion currents as they come. Raises BadFrame where more or fewer come."""
        self.send(name, parameter)
        left = points * CURRENT_BYTES
        deadline = self.now + self.timing.scan_start
        while left:
            left -= self._receive(deadline, f"{left} bytes more of {name}{parameter}")
            whole = len(self._buffer) // CURRENT_BYTES * CURRENT_BYTES if left > 0 else len(self._buffer)
            if left < 0:
                break
            yield self._take_currents(whole)
            deadline = self.now + self.timing.point
        self._expect_quiet(f"{name}{parameter}")

    def _take_currents(self, size: int) -> Currents:
        data = bytes(self._buffer[:size])
        del self._buffer[:size]
        self.counts.frames += len(data) // CURRENT_BYTES
        return frames.currents(data)

    def _expect_quiet(self, what: str) -> None:
        heard = len(self._buffer) or len(self._read(self.timing.quiet))
        self._buffer.clear()
        if heard:
            self.counts.checksum_failures += 1
            self.counts.dropped_bytes += heard
            raise BadFrame(self.port, f"more bytes came than {what} has; check the cable")

    def _line(self, what: str, deadline: float) -> bytes:
        while True:
            try:
                line = frames.take_line(self._buffer)
            except ValueError as error:
                raise self._damaged(what, error) from error
            if line is not None:
                return line
            self._receive(deadline, f"the reply to {what}")

    def _parsed(self, what: str, read: Callable[[bytes], Value], line: bytes) -> Value:
        try:
            value = read(line)
        except ValueError as error:
            raise self._damaged(what, error) from error
        self.counts.frames += 1
        return value

    def _receive(self, deadline: float, expected: str) -> int:
        while (left := deadline - self.now) > 0:
            if piece := self._read(min(left, _TICK_S)):
                self._buffer += piece
                return len(piece)
        self.counts.silences += 1
        unfinished = f", {len(self._buffer)} bytes of it came" if self._buffer else ""
        raise NoResponse(
            self.port, f"nothing came in time, {expected} was expected{unfinished}; check power, cable and line speed"
        )

    def _damaged(self, what: str, error: ValueError) -> BadFrame:
        self.counts.checksum_failures += 1
        return BadFrame(self.port, f"no reply to {what}: {error}; check the cable and the line speed")

    def _write(self, data: bytes) -> None:
        self._expect_mine()
        self._transport.write(data)

    def _read(self, timeout: float) -> bytes:
        with self._reading:
            self._expect_mine()
            return self._transport.read(timeout)

    def _expect_mine(self) -> None:
        if self._taken_by not in {None, threading.get_ident()}:
            raise SystemExit

    def _drop_stray(self) -> None:
        dropped = len(self._buffer)
        self._buffer.clear()
        while dropped <= _MAX_NOISE and (piece := self._read(0)):
            dropped += len(piece)
        self.counts.dropped_bytes += dropped
