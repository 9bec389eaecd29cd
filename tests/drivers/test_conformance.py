"""Conformance passes an instrument that follows PROTOCOL.md, and of each one that breaks a rule it names the rule."""

import random
import time
from dataclasses import replace

import pytest

from drivers.analyzer_link.conformance import Outcome, Verdict, conformance
from drivers.analyzer_link.conformance_checks import CHECKS
from drivers.analyzer_link.faults import Step
from drivers.analyzer_link.frames import (
    REPLIES,
    VERSION,
    Abort,
    Acquire,
    Checked,
    Done,
    Error,
    Identify,
    Identity,
    Measured,
    Message,
    Resend,
    State,
    Status,
    parse,
)
from drivers.analyzer_link.physics import Physics
from drivers.analyzer_link.plays import Fault, Play
from drivers.analyzer_link.simulator import Simulator
from drivers.framing import Framer, encode
from drivers.pty import serve_pty
from drivers.transport import SerialTransport
from tests.drivers.wires import COCAINE, Damage, Wire, seeded

ENERGIES = (150, 300, 500)
RESTLESS = Physics(missing=0)
NAMES = [check.name for check in CHECKS]


def verdicts(simulator: Simulator) -> dict[str, Outcome]:
    wire = Wire(simulator, Damage(), seeded(1))
    outcomes = {outcome.name: outcome for outcome in conformance(wire, wire.monotonic_ns, 77, ENERGIES)}
    assert wire.now < 200
    return outcomes


def cocaine(kind: type[Simulator] = Simulator, fault: Fault | None = None) -> Simulator:
    return kind([Play("cocaine", COCAINE, fault)], seeded(1), 3.0, RESTLESS)


def test_a_good_instrument_passes_every_check() -> None:
    outcomes = verdicts(cocaine())
    assert list(outcomes) == NAMES
    assert {outcome.verdict for outcome in outcomes.values()} == {Verdict.PASS}


def test_a_slow_instrument_passes() -> None:
    simulator = Simulator([Play("cocaine", COCAINE)], seeded(1), 12.0, RESTLESS)
    assert {outcome.verdict for outcome in verdicts(simulator).values()} == {Verdict.PASS}


class Altered(Simulator):
    """An instrument whose messages go through `alter` on their way to the wire; None drops one."""

    def poll(self, now: float) -> bytes:
        framer = Framer(20_000)
        messages = [parse(payload, REPLIES, "sim") for payload in framer.feed(super().poll(now))]
        return b"".join(encode(kept.to_bytes()) for kept in map(self.alter, messages) if kept)

    def alter(self, message: Message) -> Message | None:
        return message


class WrongChecksum(Simulator):
    def poll(self, now: float) -> bytes:
        return bytes(byte ^ 4 if byte == ord("e") else byte for byte in super().poll(now))


class Silent(Simulator):
    def poll(self, now: float) -> bytes:
        super().poll(now)
        return b""


class NoVersionChoice(Simulator):
    def _serve(self, request: Message, now: float) -> None:
        if isinstance(request, Identify) and VERSION not in request.versions:
            request = replace(request, versions=(VERSION,))
        super()._serve(request, now)


class HighestVersion(Altered):
    def _serve(self, request: Message, now: float) -> None:
        self.offered = max(request.versions) if isinstance(request, Identify) else 0
        super()._serve(request, now)

    def alter(self, message: Message) -> Message:
        return replace(message, version=self.offered) if isinstance(message, Identity) else message


class SessionsForAll(Simulator):
    def _serve(self, request: Message, now: float) -> None:
        super()._serve(request, now)
        if isinstance(request, Identify):
            self._in_session = True


class WrongId(Altered):
    def alter(self, message: Message) -> Message:
        return replace(message, id=message.id + 1) if isinstance(message, State) else message


class AnswersOnce(Simulator):
    last: Message | None = None

    def _serve(self, request: Message, now: float) -> None:
        if request != self.last:
            super()._serve(request, now)
        if isinstance(request, Status):
            self.last = request


class TalksAboutNoise(Simulator):
    def receive(self, data: bytes, now: float) -> None:
        failures = self._framer.counts.checksum_failures
        super().receive(data, now)
        if self._framer.counts.checksum_failures > failures:
            self._steps.appendleft(Step(now, encode(Error(1, "checksum", "what?").to_bytes())))


class KeepsHalfAFrame(Simulator):
    """Counts bytes instead of looking for the delimiter: after half a frame it eats the start of the next."""

    eats = 0

    def receive(self, data: bytes, now: float) -> None:
        if not data.endswith(b"\0") and len(data) < 60:
            self.eats = 10
            return
        super().receive(data[self.eats :], now)
        self.eats = 0


class Lenient(Simulator):
    def receive(self, data: bytes, now: float) -> None:
        if b"extra" in data:
            data = encode(Status(1).to_bytes())
        super().receive(data, now)


class NeverChecked(Altered):
    def alter(self, message: Message) -> Message | None:
        return None if isinstance(message, Checked) else message


class AbortsOnlyWhenMeasuring(Simulator):
    def _serve(self, request: Message, now: float) -> None:
        if not self._in_session or not isinstance(request, Abort) or self._busy:
            super()._serve(request, now)


class SkipsANumber(Altered):
    def alter(self, message: Message) -> Message:
        return replace(message, number=message.number + 1) if isinstance(message, (Measured, Done)) else message


class NeverEnds(Altered):
    def alter(self, message: Message) -> Message | None:
        return None if isinstance(message, Done) else message


class LateProgress(Simulator):
    def _acquire(self, request: Acquire, now: float) -> None:
        super()._acquire(request, now)
        self._steps = type(self._steps)(replace(step, after=step.after + 0.8) for step in self._steps)


class LongPause(Simulator):
    def _acquire(self, request: Acquire, now: float) -> None:
        super()._acquire(request, now)
        late = [replace(step, after=step.after + 1.0 * (turn > 3)) for turn, step in enumerate(self._steps)]
        self._steps = type(self._steps)(late)


class OtherEnergies(Altered):
    def alter(self, message: Message) -> Message:
        return replace(message, energy=message.energy + 1) if isinstance(message, Measured) else message


class MeasuresAgain(Simulator):
    def _answer(self, request: Message, now: float) -> Message | None:
        if isinstance(request, Acquire) and request.id == self._acquisition and not self._busy:
            self._acquisition = None
        return super()._answer(request, now)


class MeasuresTheSameAgain(MeasuresAgain):
    """The repeated measurement gives the very same bytes; only its time tells."""

    def _acquire(self, request: Acquire, now: float) -> None:
        self._rng = random.Random(1)  # noqa: S311 - noise
        super()._acquire(request, now)


class NoResend(Simulator):
    def _answer(self, request: Message, now: float) -> Message | None:
        known = isinstance(request, Resend) and request.id == self._acquisition
        return None if known else super()._answer(request, now)


class ResendsAll(Simulator):
    def _resend(self, start: int, now: float) -> None:
        super()._resend(min(start, 0), now)


class ResendsAnything(Simulator):
    def _answer(self, request: Message, now: float) -> Message | None:
        if isinstance(request, Resend) and request.id != self._acquisition:
            return None
        return super()._answer(request, now)


class ResendStops(Simulator):
    def _resend(self, start: int, now: float) -> None:
        self._steps.clear()
        super()._resend(start, now)


class BeginsAnother(Simulator):
    def _begin(self, request: Message, now: float) -> Message | None:
        if isinstance(request, Acquire):
            self._acquire(request, now)
            return None
        return super()._begin(request, now)


class AbortsLater(Simulator):
    def _answer(self, request: Message, now: float) -> Message | None:
        steps = list(self._steps)
        answer = super()._answer(request, now)
        if isinstance(request, Abort):
            self._steps.extend(steps[:4])
        return answer


class IdentifyEndsNothing(Simulator):
    def _serve(self, request: Message, now: float) -> None:
        if isinstance(request, Identify) and self._busy:
            self._steps.appendleft(Step(now, encode(Identity(request.id, 1, "a", "b", "c", "d").to_bytes())))
        else:
            super()._serve(request, now)


BROKEN = [
    (WrongChecksum, "frame"),
    (Silent, "frame"),
    (HighestVersion, "version"),
    (NoVersionChoice, "version"),
    (SessionsForAll, "no-session"),
    (WrongId, "status"),
    (AnswersOnce, "repeat"),
    (TalksAboutNoise, "noise"),
    (KeepsHalfAFrame, "noise"),
    (Lenient, "strictness"),
    (NeverChecked, "self-check"),
    (AbortsOnlyWhenMeasuring, "abort-idle"),
    (SkipsANumber, "events"),
    (NeverEnds, "events"),
    (LateProgress, "event-times"),
    (LongPause, "event-times"),
    (OtherEnergies, "spectra"),
    (MeasuresAgain, "never-again"),
    (MeasuresTheSameAgain, "never-again"),
    (NoResend, "resend"),
    (ResendsAll, "resend"),
    (ResendsAnything, "resend-unknown"),
    (ResendStops, "resend-while-measuring"),
    (BeginsAnother, "busy"),
    (AbortsLater, "abort"),
    (IdentifyEndsNothing, "identify-ends"),
]


@pytest.mark.parametrize(("broken", "check"), BROKEN)
def test_each_broken_instrument_fails_exactly_its_check(broken: type[Simulator], check: str) -> None:
    outcomes = verdicts(cocaine(broken))
    failed = {name: outcome.words for name, outcome in outcomes.items() if outcome.verdict is Verdict.FAIL}
    assert set(failed) == {check}, failed
    assert "expected" in failed[check]


def test_every_check_has_a_broken_instrument_or_is_the_greeting() -> None:
    assert {check for _, check in BROKEN} | {"identity"} == set(NAMES)


@pytest.mark.parametrize("fault", [Fault.STALL, Fault.HALF_FRAME, Fault.DETECTOR])
def test_faults_while_measuring_fail_the_acquisition(fault: Fault) -> None:
    outcomes = verdicts(cocaine(fault=fault)).values()
    assert [outcome.name for outcome in outcomes if outcome.verdict is Verdict.FAIL] == ["events"]


def test_on_a_real_port() -> None:
    with serve_pty(Simulator([Play("cocaine", COCAINE)], seeded(1), 0.9, RESTLESS)) as port:
        transport = SerialTransport(port.path)
        outcomes = list(conformance(transport, time.monotonic_ns, 5, ENERGIES))
        transport.close()
    assert [outcome for outcome in outcomes if outcome.verdict is not Verdict.PASS] == []
