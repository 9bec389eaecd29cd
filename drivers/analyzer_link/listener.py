"""Hears one acquisition to its end, and asks again for events that were lost on the wire."""

from collections.abc import Iterator
from dataclasses import dataclass

from drivers.analyzer_link.acquisition import Acquisition
from drivers.analyzer_link.frames import Event, Message, Resend
from drivers.analyzer_link.link import Link
from drivers.errors import BadFrame, NoResponse
from drivers.instrument import Progress
from models.spectrum import Spectrum


@dataclass(frozen=True)
class Timing:
    """How long is waited, in seconds; PROTOCOL.md says what an instrument must keep."""

    answer: float = 3.0
    """For the answer to a request."""
    self_check: float = 20.0
    """For the outcome of a self-check."""
    again: float = 1.0
    """Until an unanswered request is sent anew."""
    event: float = 3.0
    """From one event of an acquisition to the next."""
    quiet: float = 1.5
    """Without any byte in an acquisition, until the next event is asked for."""
    acquisition: float = 110.0
    """For a whole acquisition."""
    abort: float = 0.8
    """For the answer to abort."""


MAX_RESENDS = 20
_RESEND_GAP_S = 0.25
_TICK_S = 0.05


class Listener:
    """One acquisition being heard; `step` is called until it has ended."""

    def __init__(self, link: Link, acquisition: Acquisition, timing: Timing) -> None:
        self._link = link
        self._acquisition = acquisition
        self._timing = timing
        self._begun = self._asked_at = link.now
        self._mark = link.mark()
        self._failures_seen = self._mark.failures
        self._resends = 0
        self._gap = False
        link.send(acquisition.request)

    def step(self) -> Iterator[Progress | Spectrum]:
        """Wait a moment for one message and give what it brings. Raises a DriverError when a deadline has passed."""
        message = self._link.receive(self._link.now + _TICK_S)
        if message is not None and message.id == self._acquisition.request.id:
            yield from self._hear(self._link.healthy(message))
        if not self._acquisition.ended:
            self._check_deadlines()
            self._ask_for_what_was_lost()

    def _hear(self, message: Message) -> Iterator[Progress | Spectrum]:
        if not isinstance(message, Event):
            raise BadFrame(self._link.port, f"{message.TYPE} came as an answer to acquire")
        self._gap |= message.number > self._acquisition.expected
        if message.number == self._acquisition.expected:
            self._gap = False
            brought = self._acquisition.accept(message)
            self._mark = self._link.mark()
            if brought is not None:
                yield brought

    def _check_deadlines(self) -> None:
        now = self._link.now
        if now - self._mark.at > self._timing.event:
            raise self._link.silence(self._mark, f"event {self._acquisition.expected} of the acquisition")
        if now - self._begun > self._timing.acquisition:
            raise NoResponse(
                self._link.port,
                f"the acquisition has not ended within {self._timing.acquisition:g} s, "
                f"{self._acquisition.expected} events came; restart the analyzer",
            )

    def _ask_for_what_was_lost(self) -> None:
        failures = self._link.counts.checksum_failures
        since_asked = self._link.now - self._asked_at
        damaged = (self._gap or failures > self._failures_seen) and since_asked > _RESEND_GAP_S
        heard = max(self._asked_at, self._link.last_byte_at)
        if damaged or self._link.now - heard > self._timing.quiet:
            self._failures_seen = failures
            self._ask_again()

    def _ask_again(self) -> None:
        self._resends += 1
        if self._resends > MAX_RESENDS:
            raise BadFrame(
                self._link.port,
                f"{self._link.counts.checksum_failures} frames came damaged and {MAX_RESENDS} times events were asked "
                "for anew; check the cable and keep it away from engines and radios",
            )
        self._gap = False
        self._asked_at = self._link.now
        request, expected = self._acquisition.request, self._acquisition.expected
        self._link.send(Resend(request.id, expected) if expected else request)
