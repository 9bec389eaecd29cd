"""One acquisition: ask the instrument for everything in turn, and come back with whatever it gave."""

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from drivers.errors import (
    BadFrame,
    DriverError,
    InstrumentFault,
    NoResponse,
    PortLost,
    PortUnavailable,
    UnknownInstrument,
)
from drivers.instrument import Analyzer, InstrumentIdentity, Progress
from drivers.overheard import stranger
from drivers.registry import ANALYZER_LINK
from drivers.transcript import Transcript
from edge.records import Measurement
from edge.views import Interruption
from models.spectrum import Spectrum

LOG = logging.getLogger(__name__)

_INTERRUPTIONS: dict[type[DriverError], Interruption] = {
    PortUnavailable: Interruption.PORT_UNAVAILABLE,
    PortLost: Interruption.PORT_LOST,
    NoResponse: Interruption.NO_RESPONSE,
    BadFrame: Interruption.BAD_FRAME,
    UnknownInstrument: Interruption.UNKNOWN_INSTRUMENT,
}
_BY_CODE: Mapping[str, Interruption] = {
    "overload": Interruption.OVERLOAD,
    "battery-low": Interruption.BATTERY_LOW,
    "too-hot": Interruption.TOO_HOT,
    "no-sample": Interruption.NO_SAMPLE,
}
"""Faults of an instrument that the officer mends, by the instrument's code (drivers/analyzer_link/PROTOCOL.md)."""


class _Interrupted(Exception):
    def __init__(self, why: Interruption, problem: str) -> None:
        super().__init__(problem)
        self.why = why


@dataclass
class Acquisition:
    """How to measure once. `open_analyzer` gets the transcript that keeps every byte; `stopped` is the operator's wish.

    `seconds` is a clock that only rises; after `limit_s` of it the instrument is told to abort.
    """

    open_analyzer: Callable[[Transcript], Analyzer]
    energies: Sequence[float]
    limit_s: float
    seconds: Callable[[], float]
    stopped: Callable[[], bool]
    report: Callable[[Progress], None]
    transcript: Transcript = field(default_factory=Transcript)
    port: str = ""
    instrument: InstrumentIdentity | None = None
    spectra: list[Spectrum] = field(default_factory=list[Spectrum])

    def run(self) -> Measurement:
        """Measure; never raises: what went wrong is part of what came of it."""
        try:
            self._measure()
        except _Interrupted as interrupted:
            return self._outcome(interrupted.why, str(interrupted))
        except DriverError as error:
            if self.stopped():
                return self._outcome(Interruption.STOPPED, f"stopped by the operator; then {error}")
            told = stranger(self.port, ANALYZER_LINK, self.transcript.came) or error
            return self._outcome(_interruption(told), str(told))
        except Exception as error:  # a fault of ours must still end in a sealed record
            LOG.exception("the reading ended on a fault of the station")
            return self._outcome(Interruption.INTERNAL, f"the station failed ({type(error).__name__}: {error})")
        return self._outcome(None, None)

    def _measure(self) -> None:
        started = self.seconds()
        analyzer = self.open_analyzer(self.transcript)
        self.port = analyzer.port
        try:
            self._ask(analyzer, started)
        finally:
            _close(analyzer)

    def _ask(self, analyzer: Analyzer, started: float) -> None:
        def over() -> bool:
            return self.stopped() or self.seconds() - started > self.limit_s

        self.instrument = analyzer.identify()
        status = analyzer.status()
        if not status.ready:
            raise _Interrupted(Interruption.NOT_READY, f"{analyzer.port}: not ready: {status.detail}")
        for item in analyzer.acquire(self.energies, over):
            if isinstance(item, Spectrum):
                self.spectra.append(item)
            else:
                self.report(item)
        if self.stopped():
            raise _Interrupted(Interruption.STOPPED, "stopped by the operator")
        if over():
            raise _Interrupted(Interruption.TIME_LIMIT, f"{analyzer.port}: no end within {self.limit_s:g} s")

    def _outcome(self, interruption: Interruption | None, problem: str | None) -> Measurement:
        transcript = self.transcript.to_bytes()
        return Measurement(self.port, self.instrument, tuple(self.spectra), transcript, interruption, problem)


def _interruption(error: DriverError) -> Interruption:
    if isinstance(error, InstrumentFault):
        return _BY_CODE.get(error.code, Interruption.INSTRUMENT_FAULT)
    known = (interruption for kind, interruption in _INTERRUPTIONS.items() if isinstance(error, kind))
    return next(known, Interruption.NO_RESPONSE)


def _close(analyzer: Analyzer) -> None:
    try:
        analyzer.close()
    except DriverError as error:
        LOG.warning("closing the analyzer: %s", error)
