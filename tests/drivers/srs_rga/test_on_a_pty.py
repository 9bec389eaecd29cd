"""The driver and the virtual RGA over a real pseudo-terminal, and real programs that real signals end."""

import os
import signal
import subprocess
import sys
import time
import tty
from collections.abc import Iterator
from pathlib import Path

import pytest

from drivers.errors import NoResponse, PortUnavailable, UnknownInstrument
from drivers.outlet import WireFault
from drivers.pty import SimulatedPort, serve_pty
from drivers.registry import open_gas_analyzer
from drivers.srs_rga.driver import DEFAULT_TIMING, LINE, SrsRga
from drivers.srs_rga.family import SRS_RGA
from drivers.srs_rga.filament import FilamentLeftOn
from drivers.srs_rga.link import Timing
from drivers.srs_rga.simulator import VirtualRga
from drivers.transcript import Transcript
from drivers.transport import SerialTransport
from tests.drivers.srs_rga.lines import ORDER, last, never, seeded, virtual
from tests.drivers.srs_rga.second_rga import SecondRga
from tests.waiting import HANG_S, wait_until

ROOT = Path(__file__).parents[3]
IMPATIENT = Timing(answer=1.0, quiet=0.05, point=1.0, scan_start=1.5, off=1.5)
PACE = 0.1


def opened(path: str, transcript: Transcript | None = None, timing: Timing = DEFAULT_TIMING) -> SrsRga:
    instrument = open_gas_analyzer(f"srs-rga:{path}", transcript or Transcript(), time.monotonic_ns, timing)
    assert isinstance(instrument, SrsRga)
    return instrument


@pytest.fixture
def simulator() -> VirtualRga:
    return virtual(pace=PACE)


@pytest.fixture
def port(simulator: VirtualRga, tmp_path: Path) -> Iterator[SimulatedPort]:
    with serve_pty(simulator, tmp_path / "rga", replug_after=0.2) as port:
        yield port


def test_a_reading_over_a_real_port(port: SimulatedPort, simulator: VirtualRga) -> None:
    transcript = Transcript()
    instrument = opened(port.path, transcript)
    with instrument.light(1.0, ORDER):
        reading = last(instrument.measure(1, 50, profile=True, stopped=never))
        assert reading.spectrum.mz[reading.spectrum.intensity.argmax()] == 28.0
    instrument.close()
    assert simulator.memory.values["FL"] == 0
    assert instrument.counts.faults == 0
    written = b"".join(event.data for event in transcript.events if event.direction == 0)
    assert written.count(b"SC1\r") == 3
    assert written.endswith(b"FL0\rFL?\rFL?\r")


def test_the_second_rga_over_a_real_port() -> None:
    with serve_pty(SecondRga(point_s=0.0005)) as port:
        instrument = opened(port.path)
        with instrument.light(1.0, ORDER):
            assert last(instrument.measure(1, 50, profile=True, stopped=never)).total_pressure is not None
        instrument.close()


@pytest.mark.parametrize("fault", [WireFault.STALL, WireFault.BABBLE])
def test_a_fault_of_the_line_ends_in_an_alarm_within_seconds(fault: WireFault) -> None:
    simulator = virtual(fault, pace=PACE)
    with serve_pty(simulator) as port:
        instrument = opened(port.path, timing=IMPATIENT)
        instrument.light(1.0, ORDER)
        begun = time.monotonic()
        with pytest.raises(FilamentLeftOn):
            last(instrument.measure(1, 30, profile=True, stopped=never))
        assert time.monotonic() - begun < HANG_S
        assert simulator.memory.values["FL"] == 0, "the order arrived, only its confirmation did not"
        with pytest.raises(FilamentLeftOn):
            instrument.close()


def test_a_pulled_cable_is_told_within_a_second_and_the_next_session_puts_the_filament_out(tmp_path: Path) -> None:
    simulator = virtual(WireFault.UNPLUG, pace=PACE)
    with serve_pty(simulator, tmp_path / "rga", replug_after=0.3) as port:
        instrument = opened(port.path)
        instrument.light(1.0, ORDER)
        begun = time.monotonic()
        with pytest.raises(FilamentLeftOn, match="the connection is gone"):
            last(instrument.measure(1, 30, profile=True, stopped=never))
        assert time.monotonic() - begun < HANG_S
        with pytest.raises(FilamentLeftOn):
            instrument.close()
        assert simulator.memory.values["FL"] == 1.0, "the instrument has its own supply"
        wait_until(lambda: Path(port.path).exists())
        again = opened(port.path)
        assert "found lit at 1.00 mA and was put out" in again.status().detail
        assert simulator.memory.values["FL"] == 0
        with again.light(1.0, ORDER):
            assert last(again.measure(1, 30, profile=False, stopped=never)).total_pressure is not None
        again.close()


def test_a_port_whose_cts_is_never_raised_does_not_hang() -> None:
    master, slave = os.openpty()
    tty.setraw(slave)
    transport = SerialTransport(os.ttyname(slave), LINE)
    begun = time.monotonic()
    with pytest.raises(NoResponse, match="takes no more bytes"):
        transport.write(bytes(200_000))
    transport.close()
    assert time.monotonic() - begun < HANG_S
    os.close(master)
    os.close(slave)


def test_a_second_program_cannot_open_the_port(port: SimulatedPort) -> None:
    instrument = opened(port.path)
    with pytest.raises(PortUnavailable, match="another program holds the port"):
        opened(port.path)
    instrument.close()


def test_the_probe_asks_and_changes_nothing(port: SimulatedPort, simulator: VirtualRga) -> None:
    simulator.memory.values["FL"] = 1.0
    transport = SerialTransport(port.path, SRS_RGA.line)
    assert SRS_RGA.greet(transport, time.monotonic_ns).model == "RGA100"
    transport.close()
    assert simulator.memory.values["FL"] == 1.0


def test_every_sample_and_fault_of_the_family_can_be_played() -> None:
    assert SRS_RGA.simulation is not None
    for sample in SRS_RGA.simulation.samples:
        SRS_RGA.simulation.begin(sample, None, seeded(1))
    for fault in SRS_RGA.simulation.faults:
        SRS_RGA.simulation.begin(SRS_RGA.simulation.samples[0], fault, seeded(1))


def test_no_such_family() -> None:
    with pytest.raises(UnknownInstrument, match="srs-rga:PORT"):
        open_gas_analyzer("hiden:/dev/null", Transcript(), time.monotonic_ns)


# Real programs.


def run_lit(path: str, way: str) -> subprocess.Popen[str]:
    program = [sys.executable, "-m", "tests.drivers.srs_rga.lit_program", path, way]
    process = subprocess.Popen(program, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=ROOT)  # noqa: S603
    assert process.stdout is not None
    assert process.stdout.readline() == "lit\n"
    return process


@pytest.mark.parametrize(
    ("number", "way"),
    [
        (signal.SIGTERM, "main"),
        (signal.SIGTERM, "thread"),
        (signal.SIGTERM, "idle"),
        (signal.SIGINT, "main"),
        (signal.SIGHUP, "thread"),
    ],
)
def test_a_program_that_a_signal_ends_puts_its_filament_out(
    port: SimulatedPort, simulator: VirtualRga, number: signal.Signals, way: str
) -> None:
    process = run_lit(port.path, way)
    assert simulator.memory.values["FL"] == 1.0
    process.send_signal(number)
    _, errors = process.communicate(timeout=20)
    assert simulator.memory.values["FL"] == 0
    assert "ALARM" not in errors
    assert process.returncode in {128 + number, -signal.SIGINT, 1}


def test_a_program_that_ends_puts_its_filament_out(port: SimulatedPort, simulator: VirtualRga) -> None:
    process = run_lit(port.path, "exit")
    process.communicate(timeout=20)
    assert process.returncode == 0
    assert simulator.memory.values["FL"] == 0


def test_a_program_that_ends_after_the_cable_was_pulled_says_so(simulator: VirtualRga) -> None:
    port = serve_pty(simulator)
    process = run_lit(port.path, "idle")
    port.close()
    process.send_signal(signal.SIGTERM)
    _, errors = process.communicate(timeout=20)
    assert "ALARM" in errors
    assert "do not vent the chamber before" in errors


def test_what_sigkill_leaves_lit_the_next_session_finds_and_puts_out(
    port: SimulatedPort, simulator: VirtualRga
) -> None:
    process = run_lit(port.path, "main")
    process.kill()
    process.communicate(timeout=20)
    assert simulator.memory.values["FL"] == 1.0
    instrument = opened(port.path)
    assert "the filament was found lit at 1.00 mA and was put out" in instrument.status().detail
    assert simulator.memory.values["FL"] == 0
    instrument.close()
