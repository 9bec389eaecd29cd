"""The other end of the wire, and wires between: perfect, bad, or held by something that is no analyzer."""

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from drivers.analyzer_link.driver import AnalyzerLink
from drivers.analyzer_link.listener import Timing
from drivers.analyzer_link.physics import PERFECT, Physics
from drivers.analyzer_link.plays import Fault, Play
from drivers.analyzer_link.simulator import Simulator
from drivers.transport import Transport
from models.spectrum import Spectrum

NS = 1_000_000_000
ENERGIES = (15.0, 30.0, 50.0)
FIRST_ID = 1000


def spectrum(energy: float, peaks: dict[float, float]) -> Spectrum:
    return Spectrum(np.array(list(peaks)), np.array(list(peaks.values())), collision_energy=energy)


# Numbers that the wire carries unchanged: m/z in 0.0001, intensity exact in float32, the base peak at 20000 counts.
COCAINE = (
    spectrum(15, {82.065: 128.0, 182.1176: 4096.0, 304.1543: 20000.0}),
    spectrum(30, {82.065: 2048.0, 150.0913: 1024.0, 182.1176: 20000.0, 304.1543: 8192.0}),
    spectrum(50, {82.065: 20000.0, 91.0542: 512.0, 105.0335: 2048.0, 182.1176: 16384.0}),
)


@dataclass(frozen=True)
class Damage:
    """Chances, for each piece of at most `chop` bytes, of being flipped, lost or doubled, and its longest delay."""

    chop: int = 65_536
    flip: float = 0
    drop: float = 0
    double: float = 0
    delay: float = 0


class Wire:
    """A transport to a simulator, in virtual time: no read really waits. Damage goes both ways."""

    port = "wire"

    def __init__(self, simulator: Simulator, damage: Damage, rng: random.Random) -> None:
        self.simulator = simulator
        self._damage = damage
        self._rng = rng
        self._now_ns = 0
        self._arriving: list[tuple[float, bytes]] = []

    def monotonic_ns(self) -> int:
        return self._now_ns

    @property
    def now(self) -> float:
        return self._now_ns / NS

    def write(self, data: bytes) -> None:
        for piece in self._pieces(data):
            self.simulator.receive(piece, self.now)

    def read(self, timeout: float) -> bytes:
        until = self.now + timeout
        while self.now < until:
            arrived = self._arrived()
            if arrived:
                return arrived
            self._wait(until)
        return b""

    def close(self) -> None:
        pass

    def _arrived(self) -> bytes:
        for piece in self._pieces(self.simulator.poll(self.now)):
            last = self._arriving[-1][0] if self._arriving else 0.0
            self._arriving.append((max(last, self.now + self._rng.uniform(0, self._damage.delay)), piece))
        ready = [piece for at, piece in self._arriving if at <= self.now]
        del self._arriving[: len(ready)]
        return b"".join(ready)

    def _wait(self, until: float) -> None:
        times = [at for at in (self.simulator.due(), self._arriving[0][0] if self._arriving else None) if at]
        at = min([*times, until])
        self._now_ns = max(self._now_ns + 1000, round(at * NS) + 1)

    def _pieces(self, data: bytes) -> Iterator[bytes]:
        start = 0
        while start < len(data):
            size = self._rng.randint(1, self._damage.chop)
            yield self._damaged(data[start : start + size])
            start += size

    def _damaged(self, piece: bytes) -> bytes:
        if self._rng.random() < self._damage.drop:
            return b""
        if self._rng.random() < self._damage.double:
            piece += piece
        if self._rng.random() < self._damage.flip:
            at = self._rng.randrange(len(piece))
            piece = piece[:at] + bytes([piece[at] ^ 1 << self._rng.randrange(8)]) + piece[at + 1 :]
        return piece


class Clocked(Transport, Protocol):
    """A transport in virtual time."""

    def monotonic_ns(self) -> int: ...


class Babble:
    """A transport to something that is no analyzer: `give` makes the bytes of each read, which takes 10 ms."""

    port = "babble"

    def __init__(self, give: Callable[[], bytes]) -> None:
        self.written = b""
        self._give = give
        self._now_ns = 0

    def monotonic_ns(self) -> int:
        return self._now_ns

    @property
    def now(self) -> float:
        return self._now_ns / NS

    def write(self, data: bytes) -> None:
        self.written += data

    def read(self, timeout: float) -> bytes:
        self._now_ns += round(min(timeout, 0.01) * NS) + 1
        return self._give()

    def close(self) -> None:
        pass


def never() -> bool:
    return False


def seeded(seed: int) -> random.Random:
    """Return chance that is the same each time."""
    return random.Random(seed)  # noqa: S311 - damage on a wire, no secret


def wire_to(
    fault: Fault | None = None, damage: Damage | None = None, seed: int = 1, physics: Physics = PERFECT
) -> Wire:
    """Return a wire to a simulator that plays cocaine for about 3 s, with a fault or none."""
    simulator = Simulator([Play("cocaine", COCAINE, fault)], seeded(seed), physics=physics)
    return Wire(simulator, damage or Damage(), seeded(seed))


def analyzer_on(transport: Clocked, timing: Timing | None = None) -> AnalyzerLink:
    """Return the driver on a transport that has a clock of its own."""
    return AnalyzerLink(transport, transport.monotonic_ns, FIRST_ID, timing or Timing())
