"""Named faults of the virtual RGA: each ends in an error that names it, and with the filament out or an alarm."""

import pytest

from drivers.errors import BadFrame, DriverError, InstrumentFault
from drivers.outlet import WireFault
from drivers.srs_rga.chamber import CHAMBERS, ChamberFault
from drivers.srs_rga.filament import FilamentLeftOn
from drivers.srs_rga.memory import Memory
from tests.drivers.srs_rga.lines import ORDER, last, never, rga_on, virtual


@pytest.mark.parametrize(
    ("fault", "error", "words"),
    [
        (ChamberFault.DRIFT, BadFrame, "the gas changes faster than it is measured"),
        (ChamberFault.OVERLOAD, InstrumentFault, "beyond the range; lower emission or multiplier voltage"),
        (ChamberFault.FILAMENT, InstrumentFault, "no filament found"),
        (WireFault.STALL, FilamentLeftOn, "nothing came in time"),
        (WireFault.HALF_FRAME, FilamentLeftOn, "do not vent the chamber"),
        (WireFault.BABBLE, FilamentLeftOn, "do not vent the chamber"),
        (WireFault.WRONG_BAUD, FilamentLeftOn, "do not vent the chamber"),
        (WireFault.BIT_FLIP, FilamentLeftOn, "do not vent the chamber"),
        (WireFault.UNPLUG, FilamentLeftOn, "do not vent the chamber"),
    ],
)
def test_a_fault_ends_in_its_error_and_the_filament_is_out(
    fault: WireFault | ChamberFault, error: type[DriverError], words: str
) -> None:
    simulator = virtual(fault)
    instrument, line, _ = rga_on(simulator)
    instrument.light(1.0, ORDER)
    with pytest.raises(error, match=words):
        last(instrument.measure(1, 50, profile=True, stopped=never))
    assert line.now < 60
    assert simulator.memory.values["FL"] == 0
    assert instrument.lit == (error is FilamentLeftOn)
    if fault is not ChamberFault.OVERLOAD and fault is not ChamberFault.FILAMENT:
        assert instrument.counts.faults


def test_a_slow_line_costs_time_only() -> None:
    instrument, _, _ = rga_on(virtual(WireFault.SLOW))
    with instrument.light(1.0, ORDER):
        assert last(instrument.measure(1, 50, profile=False, stopped=never)).total_pressure is not None
    assert instrument.counts.faults == 0


@pytest.mark.parametrize(
    ("chamber", "mass"),
    [("clean vacuum", 2), ("wet chamber", 18), ("air leak", 28), ("helium leak", 4), ("solvent", 43)],
)
def test_each_chamber_has_its_gas(chamber: str, mass: int) -> None:
    assert chamber in CHAMBERS
    instrument, _, _ = rga_on(virtual(chamber=chamber))
    with instrument.light(1.0, ORDER):
        reading = last(instrument.measure(1, 60, profile=False, stopped=never))
    assert reading.spectrum.mz[reading.spectrum.intensity.argmax()] == mass


def test_a_quieter_noise_floor_is_quieter_and_slower() -> None:
    noise, seconds = [], []
    for speed in (1, 7):
        simulator = virtual()
        simulator.memory.values |= {"NF": speed, "FL": 1.0, "MF": 50.0}
        simulator.receive(b"HS1\r", 0.0)
        seconds.append(simulator._scan[-1][0])
        noise.append(abs(int.from_bytes(simulator._scan[5][1], "little", signed=True)))
    assert noise[0] < noise[1]
    assert seconds[0] > 10 * seconds[1]


def test_scans_without_end_and_many_scans_stop_at_any_byte() -> None:
    for order in (b"SC\r", b"HS255\r"):
        simulator = virtual(memory=Memory(100), pace=0.1)
        simulator.receive(order, 0.0)
        assert len(simulator.poll(5.0)) > 1000
        simulator.receive(b"\r", 5.0)
        assert simulator.poll(100.0) == b""


def test_an_order_that_is_too_long_and_too_many_orders() -> None:
    simulator = virtual()
    simulator.receive(b"ABCDEFGHIJKLMN", 0.0)
    assert simulator.memory.errors["EC"] == 1 << 2
    simulator.receive(b"CA\r" + b"ID?\r" * 60, 0.0)
    assert simulator.memory.errors["EC"] & 1 << 3
