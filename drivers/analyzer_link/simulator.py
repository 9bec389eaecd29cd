"""The instrument's side of Analyzer Link, in bytes: fed with what the host writes, it gives what goes back. No I/O."""

import random
from collections import deque
from collections.abc import Sequence
from dataclasses import replace

from drivers.analyzer_link.faults import Script, Step, script
from drivers.analyzer_link.frames import (
    MAX_PAYLOAD,
    REQUESTS,
    VERSION,
    Abort,
    Aborted,
    Acquire,
    Checked,
    Error,
    Identify,
    Identity,
    Message,
    Resend,
    State,
    Status,
    parse,
)
from drivers.analyzer_link.physics import Physics
from drivers.analyzer_link.plays import Fault, Play, perform
from drivers.errors import BadFrame
from drivers.framing import Framer, encode
from drivers.instrument import InstrumentIdentity

SIMULATED = InstrumentIdentity("Garita", "Simulated analyzer", "SIM-0001", "1.0")
DEFAULT_PHYSICS = Physics()
FULL_PERCENT = 87
LOW_PERCENT = 2
_NAME = "simulated analyzer"
_CHECKS = (("vacuum", True), ("source", True), ("detector", True), ("calibration", True))


class Simulator:
    """An analyzer that plays `plays` in turn, one for each acquisition, and starts over after the last.

    Time is passed in, in seconds on any rising clock. `duration` is the length of an acquisition.
    """

    def __init__(
        self,
        plays: Sequence[Play],
        rng: random.Random,
        duration: float = 3.0,
        physics: Physics = DEFAULT_PHYSICS,
        identity: InstrumentIdentity = SIMULATED,
    ) -> None:
        if not plays:
            raise ValueError("a simulated analyzer needs at least one play")
        self.unplugged = False
        self.acquisitions = 0
        self._plays = plays
        self._rng = rng
        self._duration = duration
        self._physics = physics
        self._identity = identity
        self._framer = Framer(MAX_PAYLOAD)
        self._reset()

    def receive(self, data: bytes, now: float) -> None:
        """Take bytes of the host; frames that are damaged or no request are ignored."""
        for payload in self._framer.feed(data):
            try:
                request = parse(payload, REQUESTS, _NAME)
            except BadFrame:
                continue
            self._serve(request, now)

    def poll(self, now: float) -> bytes:
        """Return the bytes that have gone out by `now`; sets `unplugged` when the cable is pulled there."""
        out = bytearray()
        while self._steps and self._steps[0].after <= now and not self.unplugged:
            step = self._steps.popleft()
            out += step.data
            self._sent = self._sent if step.number is None else max(self._sent, step.number + 1)
            self.unplugged = step.unplug
        return bytes(out)

    def due(self) -> float | None:
        """Return when `poll` will next have bytes, None when it waits for the host."""
        return self._steps[0].after if self._steps and not self.unplugged else None

    def replug(self) -> None:
        """Plug the cable in again: the instrument has started anew."""
        self.unplugged = False
        self._framer = Framer(MAX_PAYLOAD)
        self._reset()

    def _reset(self) -> None:
        self._in_session = False
        self._end_acquisition()

    def _end_acquisition(self) -> None:
        self._acquisition: int | None = None
        self._script = Script([], [])
        self._steps: deque[Step] = deque()
        self._sent = 0

    def _serve(self, request: Message, now: float) -> None:
        if isinstance(request, Identify):
            self._reset()
            self._in_session = VERSION in request.versions
        answer = self._answer(request, now) if self._in_session else _refusal(request)
        if answer:
            self._steps.appendleft(Step(now, encode(answer.to_bytes())))

    def _answer(self, request: Message, now: float) -> Message | None:
        match request:
            case Identify():
                who = self._identity
                return Identity(request.id, VERSION, who.maker, who.model, who.serial_number, who.firmware)
            case Status():
                return self._state(request.id)
            case Abort():
                self._end_acquisition()
                return Aborted(request.id)
            case Acquire() | Resend() if request.id == self._acquisition:
                return self._resend(request.start if isinstance(request, Resend) else 0, now)
            case Resend():
                return Error(request.id, "no-such-acquisition", "its events are not kept")
            case _:
                return self._begin(request, now)

    @property
    def _busy(self) -> bool:
        return any(step.number is not None for step in self._steps)

    def _begin(self, request: Message, now: float) -> Message | None:
        if self._busy:
            return Error(request.id, "busy", "an acquisition is running")
        if isinstance(request, Acquire):
            return self._acquire(request, now)
        drifted = self._next.fault is Fault.DRIFT
        items = tuple((name, passed and not (drifted and name == "calibration")) for name, passed in _CHECKS)
        return Checked(request.id, items)

    @property
    def _next(self) -> Play:
        return self._plays[self.acquisitions % len(self._plays)]

    def _state(self, request: int) -> State:
        battery = LOW_PERCENT if self._next.fault is Fault.LOW_BATTERY else FULL_PERCENT
        return State(request, not self._busy, "measuring" if self._busy else "ready", battery)

    def _acquire(self, request: Acquire, now: float) -> None:
        play = self._next
        self.acquisitions += 1
        self._end_acquisition()
        events = perform(play, request, self._physics, self._duration, self._rng)
        self._script = script(events, play.fault, self._rng)
        self._acquisition = request.id
        self._steps.extend(replace(step, after=now + step.after) for step in self._script.steps)

    def _resend(self, start: int, now: float) -> None:
        again = self._script.frames[start : self._sent]
        self._steps.extendleft(Step(now, frame) for frame in reversed(again))


def _refusal(request: Message) -> Error:
    if isinstance(request, Identify):
        return Error(request.id, "version", f"only version {VERSION} is spoken")
    return Error(request.id, "no-session", "identify comes first")
