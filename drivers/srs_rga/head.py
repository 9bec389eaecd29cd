"""The instrument's settings and errors: nothing counts as set until it has been read back, twice in a row."""

from collections.abc import Callable
from contextlib import suppress

from drivers.errors import BadFrame, DriverError, InstrumentFault, NoResponse
from drivers.srs_rga import frames
from drivers.srs_rga.diagnosis import CLEARED_BY_READING, FILAMENT, MULTIPLIER, ErrorByte, Finding, reported
from drivers.srs_rga.link import TRIES, Link
from drivers.srs_rga.pressure import Calibration
from drivers.srs_rga.settings import GAIN, GAIN_VOLTAGE, PARTIAL_SENSITIVITY, TOTAL_SENSITIVITY, Echo, Setting

_PARTS = {"FL": FILAMENT, "HV": MULTIPLIER}
"""The part that a setting moves, and whose error afterwards is the setting's."""
_QUERY_TURNED_ORDER = 7.0
"""`?` with one bit fallen over is `7`: a damaged query SP? is the order SP7, which is carried out without a word."""


class Head:
    """One instrument's memory over a link."""

    def __init__(self, link: Link) -> None:
        self.port = link.port
        self._link = link
        self._doubted: set[str] = set()

    def get(self, setting: Setting) -> float:
        """Return what is set. Raises BadFrame for a stored value that a damaged query may have overwritten."""
        silences = self._link.counts.silences
        value = self._link.twice(setting.name, frames.number)
        if setting.stored and value == _QUERY_TURNED_ORDER and self._link.counts.silences > silences:
            self._doubted.add(setting.name)
        if setting.name in self._doubted:
            raise BadFrame(
                self.port,
                f"the stored {setting.meaning} ({setting.name}) reads {value:g} after a query that was not answered, "
                "which damage on the line may have turned into an order; compare it with the calibration certificate "
                "and store it again",
            )
        return value

    def set(self, setting: Setting, value: float) -> None:
        """Set, read back, and again if needed. Raises ValueError outside the limits, InstrumentFault, BadFrame."""
        parameter = setting.parameter(value)
        self._doubted.discard(setting.name)
        self._insist(lambda: self._set_once(setting, parameter, value))

    def order(self, name: str, parameter: str, within: float) -> None:
        """Give an order that is answered with STATUS once it has been carried out. Raises InstrumentFault, BadFrame."""

        def attempt() -> None:
            if self._link.once(name, parameter, frames.byte, within):
                self.check()

        self._insist(attempt)

    def findings(self) -> tuple[Finding, ...]:
        """Return what STATUS points at, with each error byte; this clears what reading clears."""
        status = self._link.twice("ER", frames.byte)
        return tuple(Finding(error, self._read(error)) for error in reported(status))

    def check(self, part: ErrorByte | None = None) -> None:
        """Raise InstrumentFault where a part (or this one) has failed, BadFrame where a command came damaged."""
        findings = self.findings()
        for finding in findings:
            if finding.hardware and part in {None, finding.error}:
                raise InstrumentFault(self.port, finding.code, finding.words)
        refused = [finding for finding in findings if finding.error.query == "EC"]
        if refused:
            raise BadFrame(self.port, f"the instrument refused a command, {refused[0].words}")

    def calibration(self, *, multiplier: bool) -> Calibration:
        """Return the stored calibration."""
        return Calibration(
            self.get(PARTIAL_SENSITIVITY),
            self.get(TOTAL_SENSITIVITY),
            self.get(GAIN) if multiplier else None,
            self.get(GAIN_VOLTAGE) if multiplier else None,
        )

    def _insist(self, attempt: Callable[[], None]) -> None:
        faults = 0
        error: DriverError | None = None
        for _ in range(TRIES):
            try:
                attempt()
            except (BadFrame, NoResponse) as problem:
                error = problem
                self._link.resync()
            except InstrumentFault as fault:  # the manual: try a second time before hardware is called faulty
                faults, error = faults + 1, fault
                if faults > 1:
                    raise
            else:
                return
        raise error or BadFrame(self.port, "nothing was tried")

    def _set_once(self, setting: Setting, parameter: str, value: float) -> None:
        if setting.echo is Echo.STATUS:
            status = self._link.once(setting.name, parameter, frames.byte, self._link.timing.carried_out)
            if status and value and setting.name in _PARTS:
                self.check(_PARTS[setting.name])
        else:
            self._link.send(setting.name, parameter)
        if setting.echo is Echo.UNSURE:
            self._link.settle()
        shown = self.get(setting)
        if not setting.holds(shown, value):
            self.check()
            raise BadFrame(
                self.port, f"{setting.meaning} ({setting.name}) was set to {parameter} but reads {shown:g}; try again"
            )

    def _read(self, error: ErrorByte) -> int | None:
        if error not in CLEARED_BY_READING:
            return self._link.twice(error.query, frames.byte)
        with suppress(BadFrame, NoResponse):
            return self._link.once(error.query, "?", frames.byte, self._link.timing.answer)
        self._link.resync()
        return None
