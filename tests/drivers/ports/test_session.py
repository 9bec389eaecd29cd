"""Every family is opened in one way: found by identity, held alone, counted, written down, found again."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest

from drivers.errors import PortLost, PortUnavailable
from drivers.families import FAMILIES
from drivers.opening import open_code_reader, open_receiver, open_scale
from drivers.ports.discovery import Lister, Port, UsbIdentity
from drivers.ports.health import PortMeter
from drivers.ports.session import Counting
from drivers.pty import Simulated, SimulatedPort, serve_pty
from drivers.registry import open_analyzer, open_gas_analyzer
from drivers.transcript import Direction, Transcript
from tests.drivers.test_on_a_pty import simulator
from tests.drivers.wires import never, seeded
from tests.waiting import wait_until

IDENTITY = UsbIdentity("0483", "5740", "GX1")
TODAY = date(2026, 11, 22)


@dataclass(frozen=True)
class Way:
    """How a family is opened, and what brings at least one good frame."""

    family: str
    open: Callable[..., Counting]
    use: Callable[..., object]


def receiver(*what: object, **how: object) -> Counting:
    return open_receiver(*what, TODAY, lambda: TODAY, **how)  # type: ignore[arg-type]


WAYS = (
    Way("analyzer-link", open_analyzer, lambda analyzer: analyzer.identify()),
    Way("srs-rga", open_gas_analyzer, lambda rga: rga.identify()),
    Way("mt-sics", open_scale, lambda scale: scale.weigh()),
    Way("a-and-d", open_scale, lambda scale: scale.weigh()),
    Way("ohaus", open_scale, lambda scale: scale.weigh()),
    Way("nmea", receiver, lambda gps: gps.wait(20, never)),
    Way("code-reader", open_code_reader, lambda reader: reader.read(20, never)),
)
EVERY = pytest.mark.parametrize("way", WAYS, ids=lambda way: way.family)


def played(way: Way) -> Simulated:
    simulation = FAMILIES[way.family].simulation
    return simulation.begin(simulation.samples[0], None, seeded(1)) if simulation else simulator()


def plugged(port: SimulatedPort) -> Lister:
    return lambda: [Port("/dev/ttyS9"), Port(port.path, IDENTITY)]


@EVERY
def test_it_is_found_by_identity_counted_and_written_down(way: Way) -> None:
    with serve_pty(played(way)) as port:
        transcript, meter, address = Transcript(), PortMeter("p"), f"{way.family}:{IDENTITY}"
        instrument = way.open(address, transcript, time.monotonic_ns, meter=meter, ports=plugged(port))
        way.use(instrument)
        health = meter.health
        instrument.close()  # type: ignore[attr-defined]
    assert transcript.address == address
    assert health.attached
    assert health.frames
    read = sum(len(event.data) for event in transcript.events if event.direction is Direction.READ)
    assert 0 < read <= health.bytes_read


@EVERY
def test_nobody_else_may_open_it_meanwhile(way: Way) -> None:
    with serve_pty(played(way)) as port:
        address = f"{way.family}:{port.path}"
        instrument = way.open(address, Transcript(), time.monotonic_ns)
        with pytest.raises(PortUnavailable, match="another program holds the port"):
            way.open(address, Transcript(), time.monotonic_ns)
        instrument.close()  # type: ignore[attr-defined]


@EVERY
def test_a_device_that_is_not_there_is_named(way: Way) -> None:
    with pytest.raises(PortUnavailable, match="usb:0483:5740:GX1: no such device is plugged in"):
        way.open(f"{way.family}:{IDENTITY}", Transcript(), time.monotonic_ns, ports=list)


@EVERY
def test_a_pulled_cable_is_counted_and_the_same_address_works_again(way: Way, tmp_path: Path) -> None:
    meter, link, address = PortMeter("p"), tmp_path / "port", f"{way.family}:{IDENTITY}"

    def ports() -> list[Port]:
        return [Port(str(link), IDENTITY)] if link.exists() else []

    port = serve_pty(played(way), link)
    instrument = way.open(address, Transcript(), time.monotonic_ns, meter=meter, ports=ports)
    port.close()
    with pytest.raises(PortLost):
        way.use(instrument)
    instrument.close()  # type: ignore[attr-defined]
    assert (meter.health.attached, meter.health.unplugs) == (False, 1)
    with serve_pty(played(way), link):
        wait_until(link.exists)
        again = way.open(address, Transcript(), time.monotonic_ns, meter=meter, ports=ports)
        way.use(again)
        again.close()  # type: ignore[attr-defined]
    assert meter.health.attached
