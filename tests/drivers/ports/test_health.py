"""Counters of a port, the watch over its cable, the thread that listens to it, and the bridge into an event loop."""

import asyncio
import threading
import time
from collections.abc import Iterator

import pytest

from drivers.analyzer_link.plays import Fault
from drivers.errors import BadFrame, NoResponse, PortLost
from drivers.framing import FrameCounts, Framer, encode
from drivers.ports.bridge import Bridge
from drivers.ports.discovery import Port, UsbIdentity
from drivers.ports.health import HealthTransport, PortMeter
from drivers.ports.watch import Watch
from drivers.registry import open_analyzer
from drivers.transcript import Transcript
from drivers.transport import SerialTransport
from tests.drivers.ports.conftest import Cable, listening
from tests.drivers.test_on_a_pty import QUICK, serve_pty, simulator
from tests.drivers.wires import ENERGIES, never
from tests.waiting import wait_until


class Scripted:
    """A transport whose every read and write is scripted: bytes, or an error. A read takes half a second."""

    port = "scripted"

    def __init__(self, *script: bytes | Exception) -> None:
        self._script: Iterator[bytes | Exception] = iter(script)
        self.now_ns = 0

    def monotonic_ns(self) -> int:
        return self.now_ns

    def read(self, _: float) -> bytes:
        self.now_ns += 500_000_000
        return self._next()

    def write(self, _: bytes) -> None:
        self._next()

    def close(self) -> None:
        pass

    def _next(self) -> bytes:
        turn = next(self._script, b"")
        if isinstance(turn, Exception):
            raise turn
        return turn


def test_bytes_stalls_and_unplugs_are_counted() -> None:
    wire = Scripted(b"", b"abc", b"", b"", b"", b"", b"", b"", NoResponse("p", "full"), PortLost("p", "gone"))
    meter = PortMeter("p")
    transport = HealthTransport(wire, meter, wire.monotonic_ns)
    transport.write(b"hello")
    assert transport.read(1) == b"abc"
    assert meter.health.seen_ns == wire.now_ns
    transport.write(b"again")
    for _ in range(5):
        transport.read(1)
    assert meter.health.stalls == 1
    with pytest.raises(NoResponse):
        transport.write(b"x")
    with pytest.raises(PortLost):
        transport.read(1)
    health = meter.health
    assert (health.bytes_read, health.bytes_written, health.stalls, health.unplugs) == (3, 10, 2, 1)
    assert not health.attached


def test_counts_of_sessions_add_up() -> None:
    meter = PortMeter("p")
    for _ in range(2):
        framer = Framer(100)
        meter.follow(framer.counts)
        framer.feed(encode(b"good") + b"\x05bad" + encode(b"good"))
    health = meter.health
    assert (health.frames, health.checksum_failures, health.resyncs, health.dropped_bytes) == (4, 2, 2, 8)


def test_a_reading_is_counted_with_its_fault() -> None:
    meter = PortMeter("p")
    with serve_pty(simulator(Fault.BIT_FLIP)) as port:
        analyzer = open_analyzer(f"analyzer-link:{port.path}", Transcript(), time.monotonic_ns, QUICK, meter=meter)
        list(analyzer.acquire(ENERGIES, never))
        analyzer.close()
    health = meter.health
    assert health.frames > 4
    assert health.checksum_failures >= 1
    assert health.resyncs >= 1
    assert health.bytes_read > 100
    assert health.bytes_written > 50


def test_the_watch_sees_the_cable_come_and_go(cable: Cable) -> None:
    meter = PortMeter("p")
    seen: list[str | None] = []
    with Watch(str(cable.link), lambda: (), meter, seen.append, every_s=0.05):
        assert meter.health.attached
        cable.pull()
        wait_until(lambda: not meter.health.attached)
        cable.plug()
        wait_until(lambda: meter.health.attached)
    assert meter.health.unplugs == 1
    assert [bool(path) for path in seen] == [True, False, True]


def test_a_device_that_comes_back_under_another_number_is_found_by_identity(cable: Cable) -> None:
    identity = UsbIdentity("0483", "5740", "GX1")
    plugged: list[Port] = [Port(str(cable.link.resolve()), identity)]
    meter = PortMeter("p")
    seen: list[str | None] = []
    watch = Watch(str(identity), lambda: plugged, meter, seen.append)
    assert watch.look()
    plugged.clear()
    assert not watch.look()
    other = Cable(cable.link.with_name("other"))
    other.plug()
    plugged.append(Port(str(other.link.resolve()), identity))
    assert watch.look()
    assert seen[0] != seen[2]
    assert meter.health.unplugs == 1
    other.pull()


def test_an_unplug_that_two_see_is_counted_once(cable: Cable) -> None:
    meter = PortMeter("p")
    watch = Watch(str(cable.link), lambda: (), meter)
    watch.look()
    transport = HealthTransport(SerialTransport(str(cable.link)), meter, time.monotonic_ns)
    cable.pull()
    with pytest.raises(PortLost):
        transport.read(1.0)
    watch.look()
    assert meter.health.unplugs == 1
    transport.close()


def test_listening_goes_on_after_the_cable_was_pulled(cable: Cable) -> None:
    meter = PortMeter("p")
    heard: list[bytes] = []
    with listening(cable, heard.append, meter) as ear:
        wait_until(lambda: meter.health.attached)
        cable.send(b"one\r\ntw")
        wait_until(lambda: heard == [b"one"])
        cable.pull()
        wait_until(lambda: ear.problem is not None)
        cable.plug()
        wait_until(lambda: ear.problem is None)
        cable.send(b"three\r\n")
        wait_until(lambda: heard == [b"one", b"three"])
    assert meter.health.unplugs == 1
    assert meter.health.frames == 2


def test_listening_counts_what_is_refused_and_the_way_back(cable: Cable) -> None:
    meter = PortMeter("p")

    def hear(line: bytes) -> None:
        if line != b"good":
            raise BadFrame("p", "what?")

    with listening(cable, hear, meter):
        wait_until(lambda: meter.health.attached)
        cable.send(b"good\nbad\nbad\ngood\n" + b"x" * 100 + b"\ngood\n")
        wait_until(lambda: meter.health.frames == 3)
    health = meter.health
    assert (health.checksum_failures, health.resyncs, health.dropped_bytes) == (2, 2, 100)


def test_the_bridge_keeps_the_order_and_loses_the_oldest() -> None:
    async def cross() -> tuple[list[int], int]:
        bridge: Bridge[int] = Bridge(most=50)
        thread = threading.Thread(target=lambda: ([bridge.put(number) for number in range(200)], bridge.close()))
        thread.start()
        taken = [number async for number in bridge]
        thread.join()
        bridge.put(1)
        return taken, bridge.missed

    taken, missed = asyncio.run(cross())
    assert taken == sorted(taken)
    assert len(taken) + missed == 200
    assert taken[-1] == 199


def test_counts_are_values_that_add() -> None:
    assert FrameCounts(1, 2, 3, 4) + FrameCounts(10, 20, 30, 40) == FrameCounts(11, 22, 33, 44)
