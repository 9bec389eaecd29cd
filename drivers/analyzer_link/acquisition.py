"""The order of events in one acquisition: which must come next, and what it brings. No I/O."""

from drivers.analyzer_link.frames import Acquire, Advance, Done, Event, Failed, Measured
from drivers.analyzer_link.spectra import VOLT_STEPS, from_wire
from drivers.errors import BadFrame, InstrumentFault
from drivers.instrument import Progress
from models.spectrum import Spectrum


class Acquisition:
    """One request to measure, and how far its events have come."""

    def __init__(self, request: Acquire, port: str) -> None:
        self.request = request
        self.expected = 0
        self.ended = False
        self._port = port
        self._open = list(request.energies)
        self._skipped: list[int] = []

    def accept(self, event: Event) -> Progress | Spectrum | None:
        """Take the event numbered `expected` and return what it brings; None when it is the end.

        Raises BadFrame for an event that cannot come here, InstrumentFault when the instrument has failed.
        """
        self.expected += 1
        match event:
            case Advance():
                return Progress(event.percent, event.stage)
            case Measured():
                self._take(event)
                return from_wire(event, self._port)
            case Done():
                self._finish(event)
                return None
            case Failed():
                self.ended = True
                raise InstrumentFault(self._port, event.code, event.detail)
            case _:
                raise BadFrame(self._port, f"event {event.number} is a {event.TYPE}, which no acquisition has")

    def _take(self, event: Measured) -> None:
        if event.energy not in self._open:
            raise BadFrame(
                self._port,
                f"a spectrum at {_volts(event.energy)} came out of turn; expected {_all_volts(self._open) or 'none'}",
            )
        turn = self._open.index(event.energy)
        self._skipped += self._open[:turn]
        del self._open[: turn + 1]

    def _finish(self, event: Done) -> None:
        missing = self._skipped + self._open
        if list(event.missing) != missing:
            raise BadFrame(
                self._port,
                f"the analyzer says that it could not measure {_all_volts(event.missing) or 'nothing'}, "
                f"but no spectrum came at {_all_volts(missing) or 'nothing'}",
            )
        self.ended = True


def _volts(energy: int) -> str:
    return f"{energy / VOLT_STEPS:g} V"


def _all_volts(energies: list[int] | tuple[int, ...]) -> str:
    return ", ".join(map(_volts, energies))
