"""The vacuum chamber of the virtual RGA: its gases, and the ion currents that they give. No I/O."""

import random
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from drivers.srs_rga.frames import AMPERE

PATTERNS: Mapping[str, Mapping[int, float]] = {
    "hydrogen": {2: 1.0, 1: 0.05},
    "helium": {4: 1.0},
    "water": {18: 1.0, 17: 0.23, 16: 0.02},
    "nitrogen": {28: 1.0, 14: 0.07, 29: 0.007},
    "oxygen": {32: 1.0, 16: 0.11},
    "argon": {40: 1.0, 20: 0.15},
    "carbon dioxide": {44: 1.0, 28: 0.11, 16: 0.09, 12: 0.06},
    "acetone": {43: 1.0, 58: 0.27, 15: 0.35, 27: 0.08},
}
"""Fragments of each gas at 70 eV, as shares of its base peak: rounded textbook values, for practice only."""

CHAMBERS: Mapping[str, Mapping[str, float]] = {
    "clean vacuum": {"hydrogen": 4e-9, "water": 2e-9, "nitrogen": 6e-10, "carbon dioxide": 2e-10},
    "wet chamber": {"water": 8e-7, "hydrogen": 4e-8, "nitrogen": 2e-8, "carbon dioxide": 1e-8},
    "air leak": {"nitrogen": 7.8e-7, "oxygen": 2.1e-7, "argon": 9e-9, "water": 5e-8},
    "helium leak": {"helium": 3e-7, "water": 2e-8, "nitrogen": 1e-8},
    "solvent": {"acetone": 2e-7, "water": 3e-8, "nitrogen": 1e-8},
}
"""Partial pressures in Torr."""

PEAK_WIDTH = 0.2
"""Standard deviation of a peak, in amu."""
IONIZATION_EV = 12.0
_BEST_EV = 70.0
_NOISE_AT_0 = 20.0
_MULTIPLIER_GAIN = 1000.0


class ChamberFault(StrEnum):
    """What goes wrong behind the line, from the first scan on."""

    DRIFT = "drift"
    OVERLOAD = "overload"
    FILAMENT = "filament-failure"


@dataclass(frozen=True)
class Source:
    """What makes and counts the ions: emission in mA, electron energy in eV, multiplier on, noise floor 0 to 7."""

    emission: float
    energy: float
    multiplied: bool
    noise_floor: int

    @property
    def strength(self) -> float:
        """Ions for each molecule, of those at 1 mA and 70 eV in the Faraday cup."""
        share = min(max(self.energy - IONIZATION_EV, 0) / (_BEST_EV - IONIZATION_EV), 1.0)
        return self.emission * share * (_MULTIPLIER_GAIN if self.multiplied else 1.0)


class Chamber:
    """Gases at `pressures` in Torr, as an RGA with `partial` and `total` sensitivity (A/Torr at 1 mA) sees them."""

    def __init__(self, pressures: Mapping[str, float], rng: random.Random, noisy: bool = True) -> None:
        self.scale = 1.0
        self._pressures = pressures
        self._rng = rng
        self._noisy = noisy

    def currents(self, masses: NDArray[np.float64], source: Source, sensitivity: float) -> NDArray[np.float64]:
        """Return ion currents at `masses` in units of 1e-16 A; `sensitivity` in A/Torr."""
        ions = np.zeros(masses.size)
        for gas, pressure in self._pressures.items():
            for mass, share in PATTERNS[gas].items():
                ions += pressure * share * np.exp(-(((masses - mass) / PEAK_WIDTH) ** 2) / 2)
        return np.rint(ions * self.scale * source.strength * sensitivity / AMPERE + self._noise(masses.size, source))

    def total(self, source: Source, sensitivity: float) -> float:
        """Return the current of all gases together, in units of 1e-16 A."""
        ions = sum(self._pressures.values()) * self.scale * source.strength * sensitivity / AMPERE
        return float(np.rint(ions + self._noise(1, source)[0]))

    def _noise(self, size: int, source: Source) -> NDArray[np.float64]:
        if not self._noisy:
            return np.zeros(size)
        spread = _NOISE_AT_0 * 2**source.noise_floor * (5 if source.multiplied else 1)
        return np.array([self._rng.gauss(0, spread) for _ in range(size)])
