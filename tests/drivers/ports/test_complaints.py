"""What people complain about with serial ports, each complaint as a test. The numbers are those of the field reports.

1 "device reports readiness to read but returned no data" (pyserial #341, #86, #359; the thread dies)
2 an unplugged adapter leaves the port unusable (pyserial #331, #513)
3 close() hangs for ever (pyserial #226)
4 write() hangs, as CTS is never raised (pyserial #71, #163, #653, #89)
5 no data: an endless loop, cured by a reboot alone (node-serialport #115)
6 ModemManager writes to a new port for ten seconds (libusb_stm32 #39, libcec #193)
7 the port has another number after a replug
8 reads bring parts of a message
"""

import threading
import time
from pathlib import Path

import pytest

from drivers.analyzer_link.plays import Fault
from drivers.errors import NoResponse, PortLost, PortUnavailable
from drivers.ports.discovery import Port, UsbIdentity, find
from drivers.ports.health import HealthTransport, PortMeter
from drivers.pty import serve_pty
from drivers.registry import open_analyzer
from drivers.transcript import Transcript
from drivers.transport import SerialTransport, within
from models.spectrum import Spectrum
from tests.drivers.ports.conftest import Cable, listening
from tests.drivers.test_on_a_pty import QUICK, measure, simulator
from tests.drivers.wires import ENERGIES, never
from tests.waiting import HANG_S, wait_until


def open_files() -> int:
    return sum(1 for _ in Path("/proc/self/fd").iterdir())


def test_complaint_1_ready_to_read_without_data_is_a_lost_port(cable: Cable) -> None:
    transport = SerialTransport(str(cable.link))
    cable.pull()
    start = time.monotonic()
    with pytest.raises(PortLost, match="check cable and power"):
        transport.read(120)
    assert time.monotonic() - start < HANG_S
    transport.close()


def test_complaint_1_two_programs_never_share_a_port(cable: Cable) -> None:
    first = SerialTransport(str(cable.link))
    with pytest.raises(PortUnavailable, match="another program holds the port"):
        SerialTransport(str(cable.link))
    first.close()
    SerialTransport(str(cable.link)).close()


def test_complaint_1_the_thread_lives_on_and_says_what_is_wrong(cable: Cable) -> None:
    heard: list[bytes] = []
    meter = PortMeter("p")
    with listening(cable, heard.append, meter) as ear:
        wait_until(lambda: meter.health.attached)
        cable.send(b"before\n")
        wait_until(lambda: heard == [b"before"])
        cable.pull()
        wait_until(lambda: isinstance(ear.problem, PortUnavailable))
        cable.plug()
        wait_until(lambda: ear.problem is None)
        cable.send(b"after\n")
        wait_until(lambda: heard == [b"before", b"after"])


def test_complaint_2_after_an_unplug_the_port_works_again_without_a_restart(cable: Cable) -> None:
    for _ in range(5):
        transport = SerialTransport(str(cable.link))
        cable.send(b"hello")
        assert transport.read(1.0) == b"hello"
        cable.pull()
        with pytest.raises(PortLost):
            transport.read(1.0)
        transport.close()
        cable.plug()


def test_complaint_2_no_file_descriptor_is_left_behind(cable: Cable) -> None:
    before = open_files()
    for _ in range(20):
        transport = SerialTransport(str(cable.link))
        cable.pull()
        transport.close()
        cable.plug()
    assert open_files() <= before + 1


def test_complaint_3_a_close_that_hangs_is_left_behind() -> None:
    released = threading.Event()
    start = time.monotonic()
    within(0.2, lambda: released.wait(120) and None)
    assert time.monotonic() - start < HANG_S
    released.set()


def test_complaint_3_closing_a_stuffed_port_ends(cable: Cable) -> None:
    transport = SerialTransport(str(cable.link))
    with pytest.raises(NoResponse):
        transport.write(bytes(1_000_000))
    start = time.monotonic()
    transport.close()
    assert time.monotonic() - start < HANG_S


def test_complaint_4_a_write_that_nobody_takes_ends_in_an_error_and_is_counted(cable: Cable) -> None:
    meter = PortMeter("p")
    transport = HealthTransport(SerialTransport(str(cable.link)), meter, time.monotonic_ns)
    start = time.monotonic()
    with pytest.raises(NoResponse, match="takes no more bytes"):
        transport.write(bytes(1_000_000))
    assert time.monotonic() - start < HANG_S
    assert meter.health.stalls == 1
    transport.close()


def test_complaint_5_silence_ends_in_an_error_and_the_next_try_works(cable: Cable) -> None:
    analyzer = open_analyzer(f"analyzer-link:{cable.link}", Transcript(), time.monotonic_ns, QUICK)
    start = time.monotonic()
    with pytest.raises(NoResponse, match="nothing came"):
        analyzer.identify()
    assert time.monotonic() - start < HANG_S
    analyzer.close()
    with serve_pty(simulator()) as port:
        assert len(measure(port.path)) == len(ENERGIES)


def test_complaint_6_words_of_modem_manager_on_the_line_do_no_harm() -> None:
    """The instrument hears AT commands before our own; it passes over them, and so does whatever it says to them."""
    with serve_pty(simulator()) as port:
        probing = SerialTransport(port.path)
        for command in (b"AT\r", b"AT+CGMI\r", b"ATE0V1\r", b"\x7e\x00\x78\xf0\x7e", b"AT+GCAP\r"):
            probing.write(command)
        probing.close()
        assert len(measure(port.path)) == len(ENERGIES)


def test_complaint_7_another_number_after_a_replug_is_the_same_instrument() -> None:
    identity = UsbIdentity("0483", "5740", "GX1")
    for _ in range(3):
        with serve_pty(simulator()) as port:
            ports = [Port(port.path, identity), Port("/dev/ttyS9")]
            assert find("usb:0483:5740:GX1", lambda here=ports: here) == port.path
            analyzer = open_analyzer(
                "analyzer-link:usb:0483:5740:GX1", Transcript(), time.monotonic_ns, QUICK, ports=lambda here=ports: here
            )
            items = list(analyzer.acquire(ENERGIES, never))
            analyzer.close()
            assert sum(isinstance(item, Spectrum) for item in items) == len(ENERGIES)


def test_complaint_7_another_device_on_the_old_number_is_not_taken_for_it() -> None:
    stranger = [Port("/dev/ttyACM0", UsbIdentity("0483", "5740", "OTHER"))]
    with pytest.raises(PortUnavailable, match="no such device is plugged in"):
        find("usb:0483:5740:GX1", lambda: stranger)


def test_complaint_8_parts_of_a_message_become_whole() -> None:
    with serve_pty(simulator(Fault.SLOW)) as port:
        assert len(measure(port.path)) == len(ENERGIES)
