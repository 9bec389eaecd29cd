"""A code reader in a test's hand, on a real pseudo-terminal: it sends what the test scans, when it is scanned."""

import os
import tty
from collections.abc import Iterator
from contextlib import contextmanager


class HandReader:
    """Each `scan` sends a code with its end; `send` sends bytes as they are."""

    def __init__(self) -> None:
        self._reader, self._host = os.openpty()
        tty.setraw(self._host)
        self.path = os.ttyname(self._host)

    def scan(self, code: bytes) -> None:
        self.send(code + b"\r")

    def send(self, data: bytes) -> None:
        os.write(self._reader, data)

    def close(self) -> None:
        os.close(self._reader)
        os.close(self._host)


@contextmanager
def hand_reader() -> Iterator[HandReader]:
    """Plug one in."""
    reader = HandReader()
    try:
        yield reader
    finally:
        reader.close()
