"""The host's side of an SRS RGA: a GasAnalyzer over a transport."""

import weakref
from collections.abc import Callable, Iterator

import numpy as np

from drivers.errors import InstrumentFault
from drivers.instrument import GasReading, InstrumentIdentity, InstrumentStatus, Progress, SelfCheck
from drivers.srs_rga import frames
from drivers.srs_rga.diagnosis import FILAMENT, MULTIPLIER, SINGLE_WIRE, TESTED_ANEW
from drivers.srs_rga.filament import Alarm, FilamentLeftOn, FilamentRefused, Lit, leave, tell_on_stderr
from drivers.srs_rga.frames import AMPERE
from drivers.srs_rga.link import Counts, Link, Timing
from drivers.srs_rga.measuring import Measuring
from drivers.srs_rga.scans import Agreed, Kind, Scan
from drivers.srs_rga.session import OFF, Session
from drivers.srs_rga.settings import ELECTRON_ENERGY, EMISSION, MULTIPLIER_VOLTAGE, Setting
from drivers.transport import LineSettings, Transport
from models.spectrum import Spectrum, Technique

LINE = LineSettings(28_800, rtscts=True)
DEFAULT_TIMING = Timing()
MAKER = "Stanford Research Systems"


class SrsRga:
    """An RGA100, 200 or 300. Every method raises a DriverError within its deadline, never hangs.

    The first call opens a session: a filament or multiplier that somebody left on is turned off, `status` says so.
    What goes wrong while the filament is lit puts it out; FilamentLeftOn is raised where that is not confirmed, and
    `alarm` hears of it where no exception can reach a person: at the program's end, or when the object is forgotten.
    `bare` is the port itself where `transport` keeps a record that may be full.
    """

    def __init__(
        self,
        transport: Transport,
        monotonic_ns: Callable[[], int],
        timing: Timing = DEFAULT_TIMING,
        alarm: Alarm = tell_on_stderr,
        bare: Transport | None = None,
    ) -> None:
        self.port = transport.port
        self._link = Link(transport, monotonic_ns, timing, bare)
        self._session = Session(self._link)
        self._measuring = Measuring(self._link, self._session.head)
        self._leave = weakref.finalize(self, leave, self._session.filament, self._link, alarm)

    @property
    def counts(self) -> Counts:
        """Replies and faults of the line since the port was opened."""
        return self._link.counts

    @property
    def lit(self) -> bool:
        """Whether the filament may burn: from the order to light it until it is confirmed to be out."""
        return self._session.filament.lit

    def identify(self) -> InstrumentIdentity:
        return named(self._session.identity)

    def status(self) -> InstrumentStatus:
        """Ready when the filament burns and no part has failed; a first wire that burnt through is said, and no fault.

        Clears what reading clears: errors of the line and of the multiplier.
        """
        session = self._session
        with session.guarded():
            findings = session.head.findings()
        words = [finding.words for finding in findings]
        if session.found_lit:
            words.append(f"the filament was found lit at {session.found_lit:.2f} mA and was put out")
        lit = f"filament lit at {session.emission:.2f} mA by order of {session.ordered_by}"
        words.append(lit if self.lit else "filament off")
        ready = self.lit and not any(finding.hardware for finding in findings)
        return InstrumentStatus(ready, "; ".join(words), None)

    def self_check(self) -> SelfCheck:
        """Run the instrument's tests of supply, electrometer and quadrupole, and read what filament and multiplier say.

        A multiplier is an item only where one is fitted.
        """
        session = self._session
        with session.guarded():
            items = [(error.part, self._link.twice(error.query, frames.byte) == 0) for error in TESTED_ANEW]
            items.append((FILAMENT.part, self._link.twice(FILAMENT.query, frames.byte) in {0, SINGLE_WIRE}))
            if session.multiplier:
                failed = any(finding.error is MULTIPLIER for finding in session.head.findings())
                items.append((MULTIPLIER.part, not failed))
        return SelfCheck(all(passed for _, passed in items), tuple(items))

    def get(self, setting: Setting) -> float:
        """Return a setting, in its unit."""
        with self._session.guarded():
            return self._session.head.get(setting)

    def set(self, setting: Setting, value: float) -> None:
        """Set and read back. Emission and multiplier have methods of their own (ValueError here)."""
        if setting in {EMISSION, MULTIPLIER_VOLTAGE}:
            raise ValueError(f"{setting.meaning} is set by light, put_out and multiply")
        setting.parameter(value)
        with self._session.guarded():
            self._session.head.set(setting, value)
            if setting.stored:
                self._session.stored_anew()

    def multiply(self, voltage: float) -> None:
        """Turn the multiplier to `voltage`, 10 to 2490 V, or off with 0. There is no total pressure while it is on."""
        if 0 < voltage < 10:  # noqa: PLR2004 - the manual's limits: 0, or 10 to 2490 V
            raise ValueError(f"the multiplier runs at 10 to 2490 V; {voltage:g} V was asked for")
        MULTIPLIER_VOLTAGE.parameter(voltage)
        with self._session.guarded():
            if self._session.multiplier:
                self._session.turn_multiplier(voltage)
            elif voltage:
                raise InstrumentFault(self.port, "MO0", "no electron multiplier is fitted")

    def initialise(self, depth: int) -> None:
        """Check the hardware (IN0), also return to the factory's settings (IN1), or to standby (IN2).

        From IN1 on filament and multiplier are off. ValueError for another depth.
        """
        if depth not in {0, 1, 2}:
            raise ValueError(f"there are IN0, IN1 and IN2; IN{depth} was asked for")
        session = self._session
        with session.guarded():
            session.head.order("IN", str(depth), self._link.timing.carried_out)
            if depth:
                session.put_out()
                if session.multiplier:
                    session.turn_multiplier(OFF)

    def tuning_allowed(self) -> bool:
        """Return whether the calibration jumper lets the peak tuning (RI, RS, DI, DS) be changed (CE?)."""
        with self._session.guarded():
            return self._link.twice("CE", frames.byte) == 1

    def zero(self) -> None:
        """Zero the detector and correct the scan for temperature (CA); up to two minutes."""
        with self._session.guarded():
            self._session.head.order("CA", "", self._link.timing.calibration)

    def calibrate_electrometer(self) -> None:
        """Calibrate the electrometer's current against voltage (CL); up to two minutes."""
        with self._session.guarded():
            self._session.head.order("CL", "", self._link.timing.calibration)

    def lock_mass(self, mass: float) -> None:
        """Hold the mass filter at `mass` amu (ML), which the instrument does not confirm."""
        self._expect_mass(mass, least=0)
        with self._session.guarded():
            self._link.send("ML", f"{mass:.4f}")
            self._session.head.check()

    def rods_off(self) -> None:
        """Take RF and DC off the quadrupole (MR0), which the instrument does not confirm."""
        with self._session.guarded():
            self._link.send("MR", "0")
            self._session.head.check()

    def light(self, emission: float, ordered_by: str) -> Lit:
        """Light the filament at `emission`, 0.02 to 3.5 mA, by order of a person; it is put out with the context.

        Raises FilamentRefused without a person or in a program that a signal could end unheard, InstrumentFault where
        it does not burn, FilamentLeftOn where it can then not be put out.
        """
        EMISSION.parameter(emission)
        if not ordered_by.strip() or not emission:
            raise FilamentRefused(self.port, "the filament is lit only by order of a named person, at 0.02 to 3.5 mA")
        self._session.light(emission, ordered_by)
        return Lit(self.put_out)

    def put_out(self) -> None:
        """Put the filament out and hear it confirmed. Raises FilamentLeftOn."""
        self._session.put_out()

    def degas(self, minutes: int, ordered_by: str) -> None:
        """Bake the ionizer out with its filament for 1 to 20 minutes, by order of a person; the filament is off after.

        An RGA100 takes no order while it degasses: cut short, this may raise FilamentLeftOn until it has ended.
        """
        if not ordered_by.strip() or not 1 <= minutes <= 20:  # noqa: PLR2004 - the manual's own limit
            raise FilamentRefused(self.port, "the ionizer is degassed only by order of a named person, 1 to 20 minutes")
        session = self._session
        _ = session.identity
        session.filament.about_to_light()
        with session.guarded():
            status = self._link.once("DG", str(minutes), frames.byte, minutes * self._link.timing.degas_minute)
            session.put_out()
            if status:
                session.head.check()

    def measure(
        self, first: int, last: int, *, profile: bool, stopped: Callable[[], bool]
    ) -> Iterator[Progress | GasReading]:
        """Scan with the default noise floor: a profile in tenths of an amu, or one peak for each mass."""
        return self.scan(Scan(Kind.ANALOG if profile else Kind.HISTOGRAM, first, last), stopped)

    def scan(self, scan: Scan, stopped: Callable[[], bool]) -> Iterator[Progress | GasReading]:
        """Scan three times and give what the scans agree on. The filament must burn.

        Raises BadFrame where line or gas keep them apart, InstrumentFault; both put the filament out.
        """
        self._expect_mass(scan.last)
        self._session.expect_lit()
        with self._session.guarded():
            self._measuring.prepare(scan)
            for item in self._measuring.scan(scan, stopped):
                yield self._reading(scan, item) if isinstance(item, Agreed) else item
            if stopped():
                self._session.stop()

    def single(self, mass: int) -> tuple[float, float]:
        """Return the highest current within 0.3 amu of `mass`, and the spread of five measurements of it, in A."""
        self._expect_mass(mass)
        self._session.expect_lit()
        with self._session.guarded():
            agreed = self._measuring.single("MR", str(mass))
            self._session.expect_unchanged()
        return float(agreed.currents[0]) * AMPERE, float(agreed.spread[0]) * AMPERE

    def partial_pressure(self, current: float) -> float | None:
        """Return the pressure in Torr of the gas (nitrogen) that gives `current` in A; None without a calibration."""
        per_unit = self._session.calibration.torr_per_unit(self._session.voltage)
        return current / AMPERE * per_unit if per_unit else None

    def total_pressure(self) -> float | None:
        """Return the total pressure in Torr; None with the multiplier on or without a calibration."""
        self._session.expect_lit()
        with self._session.guarded():
            if self._session.voltage:
                return None
            agreed = self._measuring.single("TP", "?")
            self._session.expect_unchanged()
        return self._total(agreed)

    def close(self) -> None:
        """Turn the multiplier off, put the filament out, let go of the port. Raises FilamentLeftOn after all that."""
        if not self._leave.alive:
            return
        try:
            self._session.close()
        except FilamentLeftOn:
            self._let_go()
            raise
        self._let_go()

    def _let_go(self) -> None:
        self._leave.detach()
        self._link.close()

    def _expect_mass(self, mass: float, least: int = 1) -> None:
        identity = self._session.identity
        if not least <= mass <= identity.mass_max:
            raise ValueError(
                f"RGA{identity.model} measures {least} to {identity.mass_max} amu; {mass:g} amu was asked for"
            )

    def _reading(self, scan: Scan, agreed: Agreed) -> GasReading:
        energy = self._session.head.get(ELECTRON_ENERGY)
        self._session.expect_unchanged()
        currents = agreed.currents[:-1] * AMPERE
        per_unit = self._session.calibration.torr_per_unit(self._session.voltage)
        return GasReading(
            Spectrum(scan.masses, np.maximum(currents, 0), Technique.EI, collision_energy=energy),
            currents,
            agreed.spread[:-1] * AMPERE,
            agreed.currents[:-1] * per_unit if per_unit else None,
            self._total(agreed),
        )

    def _total(self, agreed: Agreed) -> float | None:
        """Return the total in Torr; None for a current of exactly nothing, which is sent where it was not measured."""
        per_unit = self._session.calibration.total_torr_per_unit
        current = float(agreed.currents[-1])
        return current * per_unit if current and per_unit and self._session.voltage == OFF else None


def named(identity: frames.Identity) -> InstrumentIdentity:
    """Return who it is, in the words of every instrument."""
    return InstrumentIdentity(MAKER, f"RGA{identity.model}", identity.serial_number, identity.firmware)
