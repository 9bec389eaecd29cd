"""What the simulated analyzer plays: a sample's spectra, perhaps with a fault, as events in time."""

import random
from dataclasses import dataclass
from enum import StrEnum

from drivers.analyzer_link.frames import Acquire, Advance, Done, Event, Measured
from drivers.analyzer_link.physics import Physics, measured
from drivers.analyzer_link.spectra import VOLT_STEPS, to_wire
from models.spectrum import Spectrum

ENERGY_WINDOW = 15.0
"""Volts between the energy that is asked for and the nearest one of the sample's spectra, at most."""
PROGRESS_EVERY_S = 0.5
DRIFT_MZ = 1.7
"""How far off every m/z is where the calibration has drifted."""


class Fault(StrEnum):
    """What goes wrong in a play.

    DRIFT: the calibration is off, which the self-check tells and a spectrum does not. LOW_BATTERY: it still
    starts, and ends before the first spectrum.
    """

    DETECTOR = "detector-fault"
    UNPLUG = "unplug"
    STALL = "stall"
    HALF_FRAME = "half-frame"
    BIT_FLIP = "bit-flip"
    BABBLE = "babble"
    ENDLESS = "endless"
    SLOW = "slow"
    WRONG_BAUD = "wrong-baud"
    DRIFT = "drift"
    OVERLOAD = "overload"
    LOW_BATTERY = "low-battery"


@dataclass(frozen=True)
class Play:
    """One sample for the simulated analyzer: its spectra at several collision energies, and a fault or none."""

    sample: str
    spectra: tuple[Spectrum, ...] = ()
    fault: Fault | None = None


@dataclass(frozen=True)
class Timed:
    """An event, `after` seconds from the start of the acquisition."""

    after: float
    event: Event


def perform(play: Play, request: Acquire, physics: Physics, duration: float, rng: random.Random) -> list[Timed]:
    """Return the events of one acquisition of about `duration` seconds, in order, numbered from 0."""
    shift = rng.uniform(-physics.shift, physics.shift) + (DRIFT_MZ if play.fault is Fault.DRIFT else 0)
    found = {energy: nearest(play.spectra, energy / VOLT_STEPS) for energy in request.energies}
    working = [energy for energy in found if found[energy] and rng.random() >= physics.missing]
    working = working or [energy for energy in found if found[energy]][:1]
    performance = _Performance(request.id)
    for turn, energy in enumerate(request.energies):
        performance.measure(energy, turn, len(request.energies), duration)
        if energy in working and (spectrum := found[energy]):
            event = to_wire(measured(spectrum, physics, shift, rng), request.id, len(performance.events), energy)
            performance.add(duration * (turn + 1) / len(request.energies), event)
    missing = tuple(energy for energy in request.energies if energy not in working)
    performance.add(duration, Done(request.id, len(performance.events), missing))
    return performance.events


def nearest(spectra: tuple[Spectrum, ...], volts: float) -> Spectrum | None:
    """Return the spectrum nearest to `volts`, None beyond the window; one without an energy fits any."""

    def distance(spectrum: Spectrum) -> float:
        return ENERGY_WINDOW if spectrum.collision_energy is None else abs(spectrum.collision_energy - volts)

    best = min(spectra, key=distance, default=None)
    return best if best is not None and distance(best) <= ENERGY_WINDOW else None


class _Performance:
    def __init__(self, acquisition: int) -> None:
        self.events: list[Timed] = []
        self._acquisition = acquisition

    def add(self, after: float, event: Event) -> None:
        self.events.append(Timed(after, event))

    def measure(self, energy: int, turn: int, turns: int, duration: float) -> None:
        """Add the progress of one energy: at its start and every half second."""
        span = duration / turns
        for step in range(max(1, int(span / PROGRESS_EVERY_S))):
            after = span * turn + step * PROGRESS_EVERY_S
            percent = round(100 * (turn + step * PROGRESS_EVERY_S / max(span, PROGRESS_EVERY_S)) / turns)
            stage = f"measuring at {energy / VOLT_STEPS:g} V"
            self.add(after, Advance(self._acquisition, len(self.events), percent, stage))


def first_spectrum(events: list[Timed]) -> int:
    """Return the index of the first spectrum, or of the last event where there is none."""
    return next((index for index, timed in enumerate(events) if isinstance(timed.event, Measured)), len(events) - 1)
