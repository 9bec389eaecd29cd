"""The driver on a real pseudo-terminal, and a stranger's stream reader (pynmea2) on the same virtual receiver."""

import time
from pathlib import Path

import pynmea2
import pytest
import serial

from drivers.errors import PortLost, UnknownInstrument
from drivers.nmea.simulator import VirtualReceiver
from drivers.opening import open_receiver
from drivers.outlet import Outlet, WireFault
from drivers.pty import serve_pty
from drivers.transcript import Transcript
from drivers.transport import SerialTransport
from tests.drivers.nmea.sky import FLOOR, TODAY, receiver_on
from tests.drivers.wires import never, seeded
from tests.waiting import HANG_S


def test_the_speed_is_found_and_a_fix_comes() -> None:
    with serve_pty(VirtualReceiver(seeded(1))) as port:
        receiver = open_receiver(f"nmea:{port.path}", Transcript(), time.monotonic_ns, FLOOR, lambda: TODAY)
        assert receiver.wait(HANG_S, never).doubts == frozenset()
        receiver.close()


def test_the_stranger_hears_the_same_position() -> None:
    with serve_pty(VirtualReceiver(seeded(1))) as port, serial.Serial(port.path, 9600, timeout=HANG_S) as line:
        sentence = pynmea2.parse(line.readline().decode(), check=True)
        assert (sentence.latitude, sentence.longitude) == pytest.approx((27.4997, -99.5075), abs=1e-7)


class Live(SerialTransport):
    """A serial port with the clock that the tests' receivers ask for."""

    def monotonic_ns(self) -> int:
        return time.monotonic_ns()


def test_complaint_1_a_pulled_cable_is_told(tmp_path: Path) -> None:
    link = tmp_path / "gps"
    virtual = VirtualReceiver(seeded(1))
    with serve_pty(virtual, link, replug_after=5):
        receiver = receiver_on(Live(str(link)))
        receiver.listen(0.1)
        virtual._outlet = Outlet(WireFault.UNPLUG, seeded(1))
        start = time.monotonic()
        with pytest.raises(PortLost):
            receiver.listen(120)
        assert time.monotonic() - start < HANG_S  # it speaks once a second
        receiver.close()


def test_another_family_is_no_receiver() -> None:
    with pytest.raises(UnknownInstrument, match="no satellite receiver"):
        open_receiver("mt-sics:/dev/null", Transcript(), time.monotonic_ns, FLOOR, lambda: TODAY)
