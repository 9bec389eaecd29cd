"""A code reader in a test's hand, on a real pseudo-terminal: it sends what the test scans, when it is scanned."""

import os
import time
import tty
from collections.abc import Callable, Generator
from contextlib import contextmanager

from tests.waiting import wait_until

APART_S = 0.2
"""Two codes so far apart are two, unless the machine is too busy to tell."""


class HandReader:
    """Each `scan` sends a code with its `end`; `send` sends bytes as they are."""

    def __init__(self, end: bytes = b"\r") -> None:
        self._end = end
        self._reader, self._host = os.openpty()
        tty.setraw(self._host)
        self.path = os.ttyname(self._host)

    def scan(self, code: bytes) -> None:
        self.send(code + self._end)

    def send(self, data: bytes) -> None:
        os.write(self._reader, data)

    def until_heard(self, newest: Callable[[], bytes | None]) -> None:
        """Scan until the newest code that the station heard is the newest that was scanned.

        What comes before the port is open is lost, and two that are read together are none.
        """
        turn = 0

        def heard() -> bool:
            nonlocal turn
            turn += 1
            code = f"]C0READY-{turn}".encode()
            self.scan(code)
            time.sleep(APART_S)
            return newest() == code

        wait_until(heard)

    def close(self) -> None:
        os.close(self._reader)
        os.close(self._host)


@contextmanager
def hand_reader(end: bytes = b"\r") -> Generator[HandReader]:
    """Plug one in."""
    reader = HandReader(end)
    try:
        yield reader
    finally:
        reader.close()
