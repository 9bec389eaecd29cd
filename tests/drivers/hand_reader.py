"""A code reader in a test's hand, on a real pseudo-terminal: it sends what the test scans, when it is scanned."""

import os
import time
import tty
from collections.abc import Callable, Generator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.waiting import wait_until

APART_S = 0.2
"""Two codes so far apart are two, unless the machine is too busy to tell."""


class HandReader:
    """Each `scan` sends a code with its `end`; `send` sends bytes as they are.

    `link` goes with it, so that a station that lives on does not take whoever gets the pseudo-terminal's number next.
    """

    def __init__(self, link: Path, end: bytes = b"\r") -> None:
        self._end = end
        self._link = link
        self._reader, self._host = os.openpty()
        tty.setraw(self._host)
        link.symlink_to(os.ttyname(self._host))
        self.path = str(link)

    def scan(self, code: bytes) -> None:
        self.send(code + self._end)

    def send(self, data: bytes) -> None:
        os.write(self._reader, data)

    def until_heard(self, newest: Callable[[], bytes | None]) -> None:
        """Scan until the newest code that the station heard is the newest that was scanned.

        What comes before the port is open is lost, and two that are read together are none: each is given more time.
        """
        turn = 0

        def heard() -> bool:
            nonlocal turn
            turn += 1
            code = f"]C0READY-{turn}".encode()
            self.scan(code)
            end = time.monotonic() + turn * APART_S
            while newest() != code and time.monotonic() < end:
                time.sleep(0.01)
            return newest() == code

        wait_until(heard)

    def close(self) -> None:
        self._link.unlink()
        os.close(self._reader)
        os.close(self._host)


@contextmanager
def hand_reader(end: bytes = b"\r") -> Generator[HandReader]:
    """Plug one in."""
    with TemporaryDirectory() as folder:
        reader = HandReader(Path(folder) / "reader", end)
        try:
            yield reader
        finally:
            reader.close()
