"""What a simulated instrument puts on its wire: messages in time, under a fault of the wire or none."""

import random
from collections import deque
from enum import StrEnum

BABBLE_EVERY_S = 0.02
BABBLE_BYTES = 256
SLOW_EVERY_S = 0.03
_BITS = 10
_IDLE = 1


class WireFault(StrEnum):
    """What goes wrong between a healthy instrument and the station. All last until the cable is plugged in anew."""

    UNPLUG = "unplug"
    STALL = "stall"
    HALF_FRAME = "half-frame"
    BIT_FLIP = "bit-flip"
    BABBLE = "babble"
    WRONG_BAUD = "wrong-baud"
    SLOW = "slow"


class Outlet:
    """The sending side of a simulated port. Time is passed in, in seconds on any rising clock."""

    def __init__(self, fault: WireFault | None, rng: random.Random) -> None:
        self.unplugged = False
        self._fault = fault
        self._rng = rng
        self._waiting: deque[tuple[float, bytes]] = deque()
        self._pulls_after = False

    def send(self, at: float, message: bytes) -> None:
        """Let `message` go out at `at`, after everything that was sent before it."""
        if self._fault is not WireFault.STALL and not self._pulls_after:
            self._waiting.extend(self._pieces(max(at, self._waiting[-1][0] if self._waiting else at), message))

    def poll(self, now: float) -> bytes:
        """Return the bytes that have gone out by `now`; sets `unplugged` when the cable is pulled there."""
        out = bytearray()
        while self._waiting and self._waiting[0][0] <= now:
            at, data = self._waiting.popleft()
            out += data
            if self._fault is WireFault.BABBLE and not self._waiting:
                self._waiting.append((max(at + BABBLE_EVERY_S, now), self._rng.randbytes(BABBLE_BYTES)))
                break
        self.unplugged = self._pulls_after and not self._waiting
        return bytes(out)

    def due(self) -> float | None:
        """Return when `poll` will next have bytes."""
        return self._waiting[0][0] if self._waiting else None

    def replug(self) -> None:
        """Plug the cable in again: what was under way is gone, and so is the fault."""
        self.unplugged = self._pulls_after = False
        self._fault = None
        self._waiting.clear()

    def _pieces(self, at: float, message: bytes) -> list[tuple[float, bytes]]:
        match self._fault:
            case WireFault.SLOW:
                return [(at + turn * SLOW_EVERY_S, message[turn : turn + 1]) for turn in range(len(message))]
            case WireFault.BABBLE:
                return [(at, self._rng.randbytes(BABBLE_BYTES))]
            case WireFault.WRONG_BAUD:
                return [(at, heard_at(message, 9600, 4800))]
            case WireFault.BIT_FLIP:
                return [(at, self._flipped(message))]
            case WireFault.HALF_FRAME | WireFault.UNPLUG:
                self._pulls_after = self._fault is WireFault.UNPLUG
                return [(at, message[: len(message) // 2])]
            case _:
                return [(at, message)]

    def _flipped(self, message: bytes) -> bytes:
        bit = self._rng.randrange(len(message) * 8)
        return flip(message, bit)


def flip(data: bytes, bit: int) -> bytes:
    """Return `data` with one bit changed."""
    return data[: bit // 8] + bytes([data[bit // 8] ^ 1 << bit % 8]) + data[bit // 8 + 1 :]


def heard_at(data: bytes, sent: int, heard: int) -> bytes:
    """Return what a receiver at `heard` baud makes of `data` sent at `sent` baud, 8N1, byte after byte."""
    levels = [level for byte in data for level in (0, *(byte >> bit & 1 for bit in range(8)), 1)]
    out = bytearray()
    at = 0.0
    step = sent / heard
    while int(at) < len(levels):
        if _level(levels, at) == _IDLE:
            at = int(at) + 1.0
            continue
        bits = [_level(levels, at + step * (turn + 0.5)) for turn in range(1, _BITS - 1)]
        out.append(sum(bit << turn for turn, bit in enumerate(bits)))
        at += step * (_BITS - 0.5)
    return bytes(out)


def _level(levels: list[int], at: float) -> int:
    return levels[int(at)] if int(at) < len(levels) else _IDLE
