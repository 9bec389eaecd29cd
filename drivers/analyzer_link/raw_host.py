"""A host that keeps no rule by itself: it sends what it is told, and notes what comes and when."""

import itertools
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

from drivers.analyzer_link.frames import MAX_PAYLOAD, REPLIES, Event, Identify, Identity, Message, parse
from drivers.errors import BadFrame
from drivers.framing import FrameCounts, Framer, encode
from drivers.transport import Transport

_TICK_S = 0.02
_NS = 1_000_000_000
WIRE_RATE = 11_520
"""Bytes per second at 115,200 baud: a long frame takes its time, whatever the instrument does."""


class Nonconforming(Exception):
    """What was expected of the instrument, and what came."""

    def __init__(self, expected: str, came: str) -> None:
        super().__init__(f"expected {expected}; {came}")


@dataclass(frozen=True)
class Heard:
    """One message: `began` and `at` are seconds on the transport's clock, of its first and its last byte."""

    began: float
    at: float
    payload: bytes
    message: Message


class RawHost:
    """Messages to and from one instrument."""

    def __init__(self, transport: Transport, monotonic_ns: Callable[[], int], first_id: int) -> None:
        self._transport = transport
        self._monotonic_ns = monotonic_ns
        self._ids = itertools.count(first_id)
        self._framer = Framer(MAX_PAYLOAD)
        self._inbox: deque[Heard] = deque()

    @property
    def now(self) -> float:
        return self._monotonic_ns() / _NS

    @property
    def counts(self) -> FrameCounts:
        return self._framer.counts

    def new_id(self) -> int:
        return next(self._ids)

    def send(self, message: Message) -> None:
        self.send_bytes(encode(message.to_bytes()))

    def send_bytes(self, data: bytes) -> None:
        """Send `data` as it is; each frame begins with a delimiter, so one that is left open does no harm."""
        self._transport.write(data)

    def hear(self, within: float) -> Heard | None:
        """Return the next message that begins to come within so many seconds, None otherwise.

        Raises Nonconforming for a good frame that holds no message of an instrument.
        """
        until = self.now + within
        while not self._inbox:
            left = until - self.now
            if left <= 0 and not self._framer.unfinished:
                return None
            if left <= -MAX_PAYLOAD / WIRE_RATE - 1:
                return None
            self._take(self._transport.read(min(max(left, _TICK_S), _TICK_S)))
        return self._inbox.popleft()

    def answer_to(self, request: Message, within: float) -> Message:
        """Send `request` and return the first message that comes, unless it is an event of an acquisition."""
        self.send(request)
        return self.next_answer(request, within)

    def next_answer(self, request: Message, within: float) -> Message:
        """Return the next answer; raises Nonconforming where none comes in time, or one with another id."""
        sent = self.now
        while (heard := self.hear(sent + within - self.now)) is not None:
            if isinstance(heard.message, Event):
                continue
            if heard.message.id != request.id:
                raise Nonconforming(
                    f"an answer with the id {request.id}", f"{heard.message.TYPE} had {heard.message.id}"
                )
            return heard.message
        raise Nonconforming(f"an answer to {request.TYPE} within {within:g} s", "none came")

    def silence(self, seconds: float) -> None:
        """Wait so long and hear nothing. Raises Nonconforming where something comes."""
        heard = self.hear(seconds)
        if heard is not None:
            raise Nonconforming(f"nothing for {seconds:g} s", f"{heard.message.TYPE} of id {heard.message.id} came")

    def greet(self) -> None:
        """Open a new session and forget what was under way. Raises Nonconforming."""
        request = Identify(self.new_id())
        self.send(request)
        until = self.now + 3.0
        while (heard := self.hear(until - self.now)) is not None:
            if isinstance(heard.message, Identity) and heard.message.id == request.id:
                return
        raise Nonconforming("an identity, to begin with", "none came")

    def _take(self, data: bytes) -> None:
        came = len(data)
        for payload in self._framer.feed(data):
            at = self.now
            try:
                message = parse(payload, REPLIES, "instrument")
            except BadFrame as error:
                raise Nonconforming("a message of section 3", error.problem) from error
            began = at - max(len(payload) - came, 0) / WIRE_RATE
            self._inbox.append(Heard(began, at, payload, message))
