"""Real pseudo-terminals: bare ones, and one that comes and goes behind a link."""

import os
import time
import tty
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import pytest

from drivers.lines import LineFramer
from drivers.ports.health import HealthTransport, PortMeter
from drivers.ports.listening import Listening
from drivers.transport import SerialTransport


@dataclass
class Cable:
    """A port behind a stable link, whose cable a test pulls and plugs."""

    link: Path
    master: int = -1
    slave: int = -1

    def plug(self) -> None:
        self.master, self.slave = os.openpty()
        tty.setraw(self.slave)
        self.link.symlink_to(os.ttyname(self.slave))

    def pull(self) -> None:
        self.link.unlink()
        for side in (self.master, self.slave):
            os.close(side)
        self.master = -1

    def send(self, data: bytes) -> None:
        os.write(self.master, data)


@pytest.fixture
def cable(tmp_path: Path) -> Iterator[Cable]:
    """Provide a plugged cable."""
    cable = Cable(tmp_path / "usb-Maker_Device_0001-if00")
    cable.plug()
    yield cable
    if cable.master >= 0:
        with suppress(OSError):
            cable.pull()


def listening(cable: Cable, heard: Callable[[bytes], None], meter: PortMeter) -> Listening:
    def open_port() -> HealthTransport:
        return HealthTransport(SerialTransport(str(cable.link)), meter, time.monotonic_ns)

    return Listening(open_port, lambda: LineFramer(80), heard, meter, retry_s=0.05)
