"""Messages over a transport: frames, ids, and words for what came when nothing that fits did."""

import itertools
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from drivers.analyzer_link.frames import MAX_PAYLOAD, REPLIES, Error, Message, parse
from drivers.errors import BadFrame, DriverError, InstrumentFault, NoResponse
from drivers.framing import FrameCounts, Framer, encode
from drivers.transport import Transport

MAX_NOISE = 4 * MAX_PAYLOAD
"""Bytes without a good frame after which the line is given up."""
_TICK_S = 0.05
_SHOWN = 12
_NS = 1_000_000_000

Answer = TypeVar("Answer", bound=Message)


@dataclass(frozen=True)
class Mark:
    """A moment in a session, to tell what came since."""

    at: float
    received: int
    frames: int
    failures: int


class Link:
    """One session with an instrument. `monotonic_ns` is the transport's clock; ids rise from `first_id`."""

    def __init__(self, transport: Transport, monotonic_ns: Callable[[], int], first_id: int) -> None:
        self.port = transport.port
        self.last_byte_at = 0.0
        self._transport = transport
        self._monotonic_ns = monotonic_ns
        self._ids = itertools.count(first_id)
        self._framer = Framer(MAX_PAYLOAD)
        self._inbox: deque[Message] = deque()
        self._received = 0
        self._noise = 0
        self._tail = b""

    @property
    def counts(self) -> FrameCounts:
        """What came over the wire since it was opened."""
        return self._framer.counts

    @property
    def now(self) -> float:
        """Seconds on the transport's clock."""
        return self._monotonic_ns() / _NS

    def new_id(self) -> int:
        return next(self._ids)

    def mark(self) -> Mark:
        return Mark(self.now, self._received, self.counts.frames, self.counts.checksum_failures)

    def send(self, message: Message) -> None:
        self._transport.write(encode(message.to_bytes()))

    def receive(self, until: float) -> Message | None:
        """Return the next message, None when the clock reaches `until` without one. Raises BadFrame, PortLost."""
        while not self._inbox:
            left = until - self.now
            if left <= 0:
                return None
            self._take(self._transport.read(min(left, _TICK_S)))
        return self._inbox.popleft()

    def ask(self, request: Message, kind: type[Answer], within: float, again: float) -> Answer:
        """Send `request`, every `again` seconds anew, and return its answer; raises a DriverError if none comes."""
        mark = self.mark()
        while (left := mark.at + within - self.now) > 0:
            self.send(request)
            answer = self._answer_to(request, self.now + min(again, left))
            if isinstance(answer, kind):
                return answer
            if answer is not None:
                raise BadFrame(self.port, f"{request.TYPE} was answered with {answer.TYPE}; expected {kind.TYPE}")
        raise self.silence(mark, f"an answer to {request.TYPE}")

    def close(self) -> None:
        self._transport.close()

    def silence(self, mark: Mark, expected: str) -> DriverError:
        """Return the error that says what came since `mark` instead of what was `expected`."""
        waited = f"{self.now - mark.at:.1f} s"
        received = self._received - mark.received
        if not received and not self._framer.unfinished:
            return NoResponse(
                self.port, f"nothing came for {waited}, {expected} was expected; check power and cable of the analyzer"
            )
        frames = self.counts.frames - mark.frames
        failures = self.counts.checksum_failures - mark.failures
        return BadFrame(
            self.port,
            f"{expected} was expected; in {waited} {received} bytes came: {frames} good frames that do not belong, "
            f"{failures} damaged ones, {self._framer.unfinished} bytes of an unfinished one, the last bytes "
            f"{self._tail.hex(' ')}; restart the analyzer and check its line speed",
        )

    def _answer_to(self, request: Message, until: float) -> Message | None:
        while (message := self.receive(until)) is not None:
            if message.id == request.id:
                return self.healthy(message)
        return None

    def healthy(self, message: Message) -> Message:
        """Return `message`, unless it is an error of the instrument: raises InstrumentFault."""
        if isinstance(message, Error):
            raise InstrumentFault(self.port, message.code, message.detail)
        return message

    def _take(self, data: bytes) -> None:
        if not data:
            return
        self.last_byte_at = self.now
        self._received += len(data)
        self._tail = (self._tail + data)[-_SHOWN:]
        payloads = self._framer.feed(data)
        self._inbox.extend(parse(payload, REPLIES, self.port) for payload in payloads)
        self._noise = 0 if payloads else self._noise + len(data)
        if self._noise > MAX_NOISE:
            raise BadFrame(
                self.port,
                f"{self._noise} bytes came without one good frame, the last {self._tail.hex(' ')}; "
                "restart the analyzer and check its line speed",
            )
