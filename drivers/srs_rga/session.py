"""One session with an RGA: what was found and set, and the way out of everything that goes wrong."""

from collections.abc import Generator
from contextlib import contextmanager, suppress

from drivers.errors import BadFrame, DriverError, InstrumentFault
from drivers.srs_rga import frames
from drivers.srs_rga.filament import Filament, FilamentLeftOn
from drivers.srs_rga.frames import Identity
from drivers.srs_rga.head import Head
from drivers.srs_rga.link import Link
from drivers.srs_rga.pressure import Calibration
from drivers.srs_rga.settings import EMISSION, MULTIPLIER_VOLTAGE

OFF = 0.0


class Session:
    """Opened on the first use: a filament or a multiplier that somebody left on is turned off."""

    def __init__(self, link: Link) -> None:
        self.port = link.port
        self.link = link
        self.head = Head(link)
        self.filament = Filament(link)
        self.found_lit = OFF
        self.voltage = OFF
        self.emission = OFF
        self.ordered_by = ""
        self.multiplier = False
        self._opened: tuple[Identity, Calibration] | None = None

    @property
    def identity(self) -> Identity:
        """Who is on the wire; opens the session."""
        return (self._opened or self._open())[0]

    @property
    def calibration(self) -> Calibration:
        """What was stored in the instrument when the session was opened, or was stored in it since."""
        return (self._opened or self._open())[1]

    @contextmanager
    def guarded(self) -> Generator[Identity]:
        """Open the session if need be; whatever then goes wrong inside puts the filament out, if it may burn.

        Raises FilamentLeftOn, with what went wrong as its cause, where that is not confirmed.
        """
        identity = self.identity
        try:
            yield identity
        except GeneratorExit:
            self.stop()
            raise
        except BaseException as error:
            self._give_up(error)
            raise

    def stop(self) -> None:
        """End a scan in the middle, and take RF and DC off the rods."""
        try:
            self.link.resync()
            self.link.send("MR", "0")
        except DriverError as error:
            self._give_up(error)
            raise

    def light(self, emission: float, ordered_by: str) -> None:
        _ = self.identity
        self.filament.about_to_light()
        with self.guarded():
            self.head.set(EMISSION, emission)
        self.emission, self.ordered_by = emission, ordered_by

    def put_out(self) -> None:
        self.filament.put_out()
        self.emission, self.ordered_by = OFF, ""

    def turn_multiplier(self, voltage: float) -> None:
        """Turn the multiplier to `voltage`; off, total pressures are allowed again, which turning it on had ended."""
        self.voltage = voltage
        self.head.set(MULTIPLIER_VOLTAGE, voltage)
        if not voltage:
            self.link.send("TP", "1")
            self.link.settle()

    def stored_anew(self) -> None:
        """Read the stored calibration again, after a person has changed it."""
        self._opened = self.identity, self.head.calibration(multiplier=self.multiplier)

    def expect_lit(self) -> None:
        """Raise InstrumentFault unless the filament was lit: without it nothing is measured but noise."""
        if not self.filament.lit:
            raise InstrumentFault(self.port, "FL0", "the filament is off; it is lit by order of a person")

    def expect_unchanged(self) -> None:
        """Raise a DriverError where filament, multiplier or stored calibration are not what they were."""
        emission = self.head.get(EMISSION)
        self.head.check()
        if not EMISSION.holds(emission, self.emission):
            raise InstrumentFault(self.port, f"FL{emission:.2f}", "the filament's emission has changed by itself")
        if self.multiplier and not MULTIPLIER_VOLTAGE.holds(self.head.get(MULTIPLIER_VOLTAGE), self.voltage):
            raise InstrumentFault(self.port, "HV", "the multiplier's voltage has changed by itself")
        if self.head.calibration(multiplier=self.multiplier) != self.calibration:
            raise BadFrame(
                self.port,
                "the calibration stored in the instrument has changed during the session, as damage on the line can "
                "do; compare it with the calibration certificate and store it again",
            )

    def close(self) -> None:
        """Turn the multiplier off and put the filament out. Raises FilamentLeftOn."""
        if self.voltage:
            with suppress(DriverError):
                self.turn_multiplier(OFF)
        if self.filament.lit:
            self.put_out()

    def _open(self) -> tuple[Identity, Calibration]:
        self.link.resync()
        identity = self.link.twice("ID", frames.identity)
        self.found_lit = self.head.get(EMISSION)
        if self.found_lit:
            self.put_out()
        self.multiplier = self.link.twice("MO", frames.byte) == 1
        self.head.findings()
        if self.multiplier:
            self.turn_multiplier(OFF)
        self._opened = identity, self.head.calibration(multiplier=self.multiplier)
        return self._opened

    def _give_up(self, error: BaseException) -> None:
        if not self.filament.lit:
            return
        try:
            self.put_out()
        except FilamentLeftOn as left:
            raise left from error
