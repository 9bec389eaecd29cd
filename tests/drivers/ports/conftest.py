"""Real pseudo-terminals: bare ones, and one that comes and goes behind a link."""

import os
import tty
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import pytest


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
