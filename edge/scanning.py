"""The post's code reader: what was scanned lately."""

import time
from collections import deque
from dataclasses import dataclass

from drivers.code_reader.codes import Code
from drivers.code_reader.driver import CodeReader
from drivers.errors import BadFrame, DriverError, NoResponse
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
    """A code, its number since the station was opened, when it came (monotonic seconds), and its session's bytes."""

    number: int
    code: Code
    at: float
    transcript: Transcript


class Scanning:
    """A reader that is heard all the time: an officer scans whenever it suits."""

    def __init__(self, address: str, ports: Lister = this_machine) -> None:
        self.port = InstrumentPort(address, open_code_reader, ports)
        self._scanned = deque[Scanned](maxlen=KEPT)
        self._damaged: DriverError | None = None
        self._count = 0
        self._attending = Attending(Held(self.port), self._listen)

    @property
    def latest(self) -> Scanned | None:
        """The last code that came whole."""
        return self._scanned[-1] if self._scanned else None

    @property
    def problem(self) -> DriverError | None:
        """Why nothing can be scanned now, or what was wrong with the last scan."""
        return self._attending.problem or self._damaged

    def find(self, number: int) -> Scanned | None:
        """Return the code of that number, while it is among the last few."""
        return next((each for each in self._scanned if each.number == number), None)

    def since(self, number: int) -> list[Scanned]:
        """Return the codes that came after the one of that number, oldest first, as far as they are kept."""
        return [each for each in list(self._scanned) if each.number > number]

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
            self._damaged = damaged
            return
        self._damaged = None
        self._count += 1
        self._scanned.append(Scanned(self._count, code, time.monotonic(), window.transcript))
