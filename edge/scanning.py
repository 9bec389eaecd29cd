"""The post's code reader: what was scanned for the screen that is shown."""

import threading
import time
from collections import deque
from dataclasses import dataclass
from functools import partial

from drivers.code_reader.codes import Code
from drivers.code_reader.driver import CodeReader
from drivers.code_reader.frames import SUFFIXES
from drivers.errors import BadFrame, DriverError, NoResponse, WrongInstrument
from drivers.opening import open_code_reader
from drivers.ports.discovery import Lister, this_machine
from drivers.transcript import Transcript
from drivers.window import Window
from edge.held import Attending, Held
from edge.instrument_port import InstrumentPort

LISTEN_S = 0.3
KEPT = 8


@dataclass(frozen=True)
class Scanned:
    """A code, its number since the station was opened, when it came (monotonic seconds), and its own bytes."""

    number: int
    code: Code
    at: float
    transcript: Transcript


class Scanning:
    """A reader that is heard all the time; what is scanned belongs to the screen that is shown then, and to no other.

    A screen is named by its `place`. What was scanned there and not taken is forgotten when another one is shown.
    """

    def __init__(self, address: str, suffix: str = "any", ports: Lister = this_machine) -> None:
        self.port = InstrumentPort(address, partial(open_code_reader, suffixes=SUFFIXES[suffix]), ports)
        self._scanned = deque[Scanned](maxlen=KEPT)
        self._damaged: DriverError | None = None
        self._place: str | None = None
        self._since = 0.0
        self._lock = threading.Lock()
        self._count = 0
        self._attending = Attending(Held(self.port), self._listen)

    @property
    def problem(self) -> DriverError | None:
        """Why nothing can be scanned now, or what was wrong with the last scan."""
        return self._attending.problem or self._damaged

    def attend(self, place: str) -> None:
        """Let what is scanned from now on be for `place`, which is shown now."""
        with self._lock:
            if place != self._place:
                self._place, self._since = place, time.monotonic()
                self._scanned.clear()
                self._damaged = None

    def scanned(self, place: str) -> list[Scanned]:
        """Return what was scanned for `place` and not taken, oldest first; nothing where another one is shown.

        Where none was shown since the station was opened, it is the one that asks first.
        """
        with self._lock:
            self._place = place if self._place is None else self._place
            return list(self._scanned) if place == self._place else []

    def take(self, place: str) -> list[Scanned]:
        """Return what was scanned for `place`, once: it is forgotten here."""
        with self._lock:
            taken = list(self._scanned) if place == self._place else []
            if taken:
                self._scanned.clear()
            return taken

    def start(self) -> None:
        self.port.start()
        self._attending.start()

    def close(self) -> None:
        self._attending.close()
        self.port.close()

    def _listen(self, reader: CodeReader, window: Window) -> None:
        try:
            code = reader.read(LISTEN_S, lambda: False)
        except NoResponse:
            return
        except BadFrame as damaged:
            window.cut(reader.unfinished)
            self._forget(damaged)
            return
        self._hear(code, reader.began, window.cut(reader.unfinished))

    def _forget(self, damaged: BadFrame) -> None:
        """Keep what was wrong; part of a line of another instrument may have been taken for a code."""
        with self._lock:
            self._damaged = damaged
            if isinstance(damaged, WrongInstrument):
                self._scanned.clear()

    def _hear(self, code: Code, began: float, transcript: Transcript) -> None:
        """Keep a code for the screen that was shown when its first byte came."""
        with self._lock:
            self._damaged = None
            self._count += 1
            if began >= self._since:
                self._scanned.append(Scanned(self._count, code, time.monotonic(), transcript))
