"""From a page to a PDF, in a process of its own: its memory goes with it, and a crash there costs the print alone."""

import subprocess
import sys
from collections.abc import Sequence
from threading import Lock
from typing import ClassVar, Literal

from edge.errors import NotPressed
from sync.contract.form import Form

LONGEST_S = 120
_COMMAND = (sys.executable, "-m", "edge.paper.pressing")
_TOLD = 300


class Enclosure(Form, frozen=True):
    """A file inside the PDF; `relation` as PDF/A-3 has it: what the page was made of, or what stands beside it."""

    name: str
    about: str
    relation: Literal["Data", "Supplement"]
    data: bytes


class Order(Form, frozen=True):
    """What is to be printed. The page names a picture as `picture:NAME`, and nothing else from outside itself."""

    MAX_BYTES: ClassVar[int] = 1024 * 1024 * 1024

    page: str
    pictures: dict[str, bytes]
    enclosures: list[Enclosure]


class Press:
    """Prints one order at a time, each in a new process; `command` reads an order and writes a PDF."""

    def __init__(self, command: Sequence[str] = _COMMAND, longest_s: float = LONGEST_S) -> None:
        self._command = command
        self._longest_s = longest_s
        self._lock = Lock()

    def print(self, order: Order) -> bytes:
        """Return a PDF/A-3b; raises NotPressed."""
        with self._lock:
            try:
                done = subprocess.run(  # noqa: S603 - our own program
                    self._command, input=order.to_bytes(), capture_output=True, check=False, timeout=self._longest_s
                )
            except (OSError, subprocess.TimeoutExpired) as error:
                raise NotPressed(f"the page could not be made ({error}); try again") from error
        if done.returncode or not done.stdout.startswith(b"%PDF-"):
            told = done.stderr.decode("utf-8", "replace").strip()[-_TOLD:]
            raise NotPressed(f"the page could not be made (exit status {done.returncode}: {told}); try again")
        return done.stdout
