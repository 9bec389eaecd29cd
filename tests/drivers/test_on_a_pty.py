"""The driver and the simulator over a real pseudo-terminal, in real time."""

import os
import subprocess
import sys
import threading
import time
import tty
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from drivers.analyzer_link.listener import Timing
from drivers.analyzer_link.physics import PERFECT
from drivers.analyzer_link.plays import Fault, Play
from drivers.analyzer_link.simulator import Simulator
from drivers.errors import BadFrame, DriverError, InstrumentFault, NoResponse, PortLost, PortUnavailable
from drivers.instrument import Analyzer
from drivers.pty import serve_pty
from drivers.registry import open_analyzer
from drivers.transcript import Transcript
from drivers.transport import SerialTransport, within
from models.spectrum import Spectrum
from tests.drivers.wires import COCAINE, ENERGIES, never, seeded
from tests.waiting import HANG_S, wait_until

QUICK = Timing(answer=0.6, again=0.2, event=0.6, quiet=0.3)


def simulator(*faults: Fault | None, duration: float = 0.0) -> Simulator:
    plays = [Play("cocaine", COCAINE, fault) for fault in faults or (None,)]
    return Simulator(plays, seeded(3), duration, PERFECT)


def opened(path: str | Path) -> Analyzer:
    return open_analyzer(f"analyzer-link:{path}", Transcript(), time.monotonic_ns, QUICK)


def measure(path: str | Path) -> list[Spectrum]:
    analyzer = opened(path)
    try:
        return [item for item in analyzer.acquire(ENERGIES, never) if isinstance(item, Spectrum)]
    finally:
        analyzer.close()


@pytest.fixture
def bare_pty() -> Iterator[tuple[int, str]]:
    """Provide a pseudo-terminal that nobody serves: its master side and its path."""
    master, slave = os.openpty()
    tty.setraw(slave)
    yield master, os.ttyname(slave)
    os.close(master)
    os.close(slave)


def test_what_was_sent_arrives() -> None:
    with serve_pty(simulator()) as port:
        analyzer = opened(port.path)
        assert analyzer.identify().model == "Simulated analyzer"
        assert analyzer.status().ready
        assert analyzer.self_check().passed
        analyzer.close()
        for spectrum, sent in zip(measure(port.path), COCAINE, strict=True):
            assert np.array_equal(spectrum.mz, sent.mz)
            assert np.array_equal(spectrum.intensity, sent.intensity)


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        (Fault.DETECTOR, InstrumentFault),
        (Fault.UNPLUG, PortLost),
        (Fault.STALL, NoResponse),
        (Fault.HALF_FRAME, BadFrame),
        (Fault.BABBLE, BadFrame),
        (Fault.ENDLESS, BadFrame),
    ],
)
def test_a_fault_ends_in_its_error_and_the_next_reading_works(
    fault: Fault, error: type[DriverError], tmp_path: Path
) -> None:
    link = tmp_path / "analyzer"
    with serve_pty(simulator(fault, None), link, replug_after=0.1):
        start = time.monotonic()
        with pytest.raises(error, match=str(link)):
            measure(link)
        assert time.monotonic() - start < HANG_S
        wait_until(link.exists)
        assert len(measure(link)) == len(ENERGIES)
    assert not link.is_symlink()


def test_the_link_stays_when_the_terminals_number_changes(tmp_path: Path) -> None:
    with serve_pty(simulator(Fault.UNPLUG, None), tmp_path / "analyzer", replug_after=0.2) as port:
        with pytest.raises(PortLost):
            measure(port.path)
        wait_until(lambda: not Path(port.path).exists())
        others = [os.openpty() for _ in range(3)]  # somebody else takes the number
        wait_until(Path(port.path).exists)
        assert len(measure(port.path)) == len(ENERGIES)
        for pair in others:
            for side in pair:
                os.close(side)


@pytest.mark.parametrize("fault", [Fault.BIT_FLIP, Fault.SLOW])
def test_a_fault_that_costs_no_reading(fault: Fault) -> None:
    with serve_pty(simulator(fault)) as port:
        assert len(measure(port.path)) == len(ENERGIES)


def test_a_pulled_cable_is_told_within_a_second(bare_pty: tuple[int, str]) -> None:
    master, path = bare_pty
    transport = SerialTransport(path)
    gone_at: list[float] = []

    def pull() -> None:
        gone_at.append(time.monotonic())
        os.dup2(os.open(os.devnull, os.O_RDWR), master)  # the only master side is gone, the number stays valid

    timer = threading.Timer(0.1, pull)
    timer.start()
    with pytest.raises(PortLost, match="check cable and power"):
        transport.read(120)
    assert time.monotonic() - gone_at[0] < HANG_S
    with pytest.raises(PortLost):
        transport.write(b"hello")
    timer.join()
    transport.close()
    transport.close()


def test_a_closed_transport_is_lost(bare_pty: tuple[int, str]) -> None:
    transport = SerialTransport(bare_pty[1])
    transport.close()
    with pytest.raises(PortLost):
        transport.read(0.1)
    with pytest.raises(PortLost):
        transport.write(b"hello")


def test_a_second_program_cannot_open_the_port(bare_pty: tuple[int, str]) -> None:
    path = bare_pty[1]
    holder = SerialTransport(path)
    with pytest.raises(PortUnavailable, match="another program holds the port"):
        SerialTransport(path)
    script = f"from drivers.transport import SerialTransport; SerialTransport({path!r})"
    other = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)  # noqa: S603
    assert "another program holds the port" in other.stderr
    holder.close()
    SerialTransport(path).close()


def test_a_port_that_takes_no_bytes_does_not_hang(bare_pty: tuple[int, str]) -> None:
    transport = SerialTransport(bare_pty[1])
    start = time.monotonic()
    with pytest.raises(NoResponse, match="takes no more bytes"):
        transport.write(bytes(1_000_000))
    transport.close()
    assert time.monotonic() - start < HANG_S


def test_reading_returns_what_has_come_and_nothing_else(bare_pty: tuple[int, str]) -> None:
    master, path = bare_pty
    transport = SerialTransport(path)
    assert transport.read(0) == b""
    os.write(master, b"\x00\x03\x04\x11\x13\r\n\xff")
    assert transport.read(1.0) == b"\x00\x03\x04\x11\x13\r\n\xff"
    transport.close()


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("missing", "there is no such port"),
        ("file", "serial port"),
        ("folder", "serial port"),
        ("nul\x00", "serial port"),
    ],
)
def test_no_port_there(name: str, words: str, tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    (tmp_path / "folder").mkdir()
    with pytest.raises(PortUnavailable, match=words):
        SerialTransport(f"{tmp_path}/{name}")


def test_stop_aborts_within_a_second() -> None:
    with serve_pty(simulator(duration=120.0)) as port:
        analyzer = opened(port.path)
        started = time.monotonic()
        list(analyzer.acquire(ENERGIES, lambda: time.monotonic() - started > 0.3))
        assert time.monotonic() - started < HANG_S
        assert analyzer.status().ready
        analyzer.close()


def test_a_close_that_hangs_is_left_behind() -> None:
    released = threading.Event()
    start = time.monotonic()

    def hang() -> None:
        released.wait(120)

    within(0.1, hang)
    assert time.monotonic() - start < HANG_S
    released.set()


def test_a_file_in_the_place_of_the_link_is_not_overwritten(tmp_path: Path) -> None:
    precious = tmp_path / "precious"
    precious.write_text("keep me")
    with pytest.raises(FileExistsError):
        serve_pty(simulator(), precious)
    assert precious.read_text() == "keep me"
