"""How a fault changes what the simulated analyzer puts on the wire."""

import random
from collections.abc import Callable
from dataclasses import dataclass, replace

from drivers.analyzer_link.frames import Failed
from drivers.analyzer_link.plays import Fault, Timed, first_spectrum
from drivers.framing import encode
from drivers.outlet import heard_at

NOISE_STEPS = 500
NOISE_EVERY_S = 0.02
NOISE_BYTES = 1024
SLOW_BYTES = 24
SLOW_EVERY_S = 0.02
SPEED = 115_200
WRONG_SPEED = 57_600


@dataclass(frozen=True)
class Step:
    """Bytes that go out `after` seconds; `number` is the event that they complete, and `unplug` pulls the cable."""

    after: float
    data: bytes
    number: int | None = None
    unplug: bool = False


@dataclass(frozen=True)
class Script:
    """One acquisition in bytes. `frames` are the undamaged events for resend, none where the fault makes it deaf."""

    steps: list[Step]
    frames: list[bytes]


def script(events: list[Timed], fault: Fault | None, rng: random.Random) -> Script:
    """Return what goes over the wire for `events` under `fault`."""
    if fault in _FAILURES:
        events = _with_failure(events, *_FAILURES[fault])
    steps = [Step(timed.after, encode(timed.event.to_bytes()), timed.event.number) for timed in events]
    frames = [step.data for step in steps]
    if fault is None or fault not in _WIRE:
        return Script(steps, frames)
    turn = first_spectrum(events)
    changed = _WIRE[fault](steps, turn, rng)
    return Script(changed, frames if fault in {Fault.BIT_FLIP, Fault.SLOW} else [])


def _with_failure(events: list[Timed], code: str, detail: str) -> list[Timed]:
    turn = first_spectrum(events)
    event = events[turn].event
    failed = Failed(event.id, event.number, code, detail)
    return [*events[:turn], Timed(events[turn].after, failed)]


def _unplug(steps: list[Step], turn: int, _: random.Random) -> list[Step]:
    return [*steps[:turn], replace(_half(steps[turn]), unplug=True)]


def _stall(steps: list[Step], turn: int, _: random.Random) -> list[Step]:
    return steps[:turn]


def _half_frame(steps: list[Step], turn: int, _: random.Random) -> list[Step]:
    return [*steps[:turn], _half(steps[turn])]


def _bit_flip(steps: list[Step], turn: int, rng: random.Random) -> list[Step]:
    data = bytearray(steps[turn].data)
    data[rng.randrange(1, len(data) - 1)] ^= 1 << rng.randrange(8)
    return [*steps[:turn], replace(steps[turn], data=bytes(data)), *steps[turn + 1 :]]


def _babble(steps: list[Step], turn: int, rng: random.Random) -> list[Step]:
    start = steps[turn].after
    noise = [Step(start + count * NOISE_EVERY_S, rng.randbytes(NOISE_BYTES)) for count in range(NOISE_STEPS)]
    return [*steps[:turn], *noise]


def _endless(steps: list[Step], turn: int, _: random.Random) -> list[Step]:
    start = steps[turn].after
    noise = [Step(start + count * NOISE_EVERY_S, b"U" * NOISE_BYTES) for count in range(NOISE_STEPS)]
    return [*steps[:turn], *noise]


def _slow(steps: list[Step], _: int, __: random.Random) -> list[Step]:
    slowed: list[Step] = []
    free = 0.0
    for step in steps:
        free = max(free, step.after)
        for start in range(0, len(step.data), SLOW_BYTES):
            slowed.append(Step(free, step.data[start : start + SLOW_BYTES]))
            free += SLOW_EVERY_S
        slowed[-1] = replace(slowed[-1], number=step.number)
    return slowed


def _wrong_baud(steps: list[Step], turn: int, _: random.Random) -> list[Step]:
    garbled = [replace(step, data=heard_at(step.data, SPEED, WRONG_SPEED), number=None) for step in steps[turn:]]
    return [*steps[:turn], *garbled]


def _half(step: Step) -> Step:
    return replace(step, data=step.data[: len(step.data) // 2], number=None)


_FAILURES: dict[Fault | None, tuple[str, str]] = {
    Fault.DETECTOR: ("detector-fault", "the detector's high voltage has failed"),
    Fault.OVERLOAD: ("overload", "the detector is saturated; take less of the sample and clean the inlet"),
    Fault.LOW_BATTERY: ("battery-low", "the battery is at 2 percent; charge it"),
}
_WIRE: dict[Fault, Callable[[list[Step], int, random.Random], list[Step]]] = {
    Fault.UNPLUG: _unplug,
    Fault.STALL: _stall,
    Fault.HALF_FRAME: _half_frame,
    Fault.BIT_FLIP: _bit_flip,
    Fault.BABBLE: _babble,
    Fault.ENDLESS: _endless,
    Fault.SLOW: _slow,
    Fault.WRONG_BAUD: _wrong_baud,
}
