"""What an instrument does to a spectrum: m/z shift, noise, isotope peaks, background, energies that fail."""

import random
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from models.spectrum import MAX_MZ, Spectrum

CARBON_13_MZ = 1.003355
CARBON_13_ABUNDANCE = 0.0107
"""Share of carbon-13 in natural carbon (IUPAC 2021)."""
MZ_PER_CARBON = 16.0
"""Small drug molecules have about one carbon for each 16 of m/z: cocaine 17.8, fentanyl 15.3, methamphetamine 15."""
BASE_PEAK_COUNTS = 20_000.0
_ISOTOPE_FLOOR = 0.002
_BACKGROUND_MZ = (59.06, 74.06, 83.06, 91.05, 101.06, 113.06, 149.02, 167.03, 207.03, 279.16, 301.14, 391.28)

Peaks = tuple[NDArray[np.float64], NDArray[np.float64]]


@dataclass(frozen=True)
class Physics:
    """How far the simulated instrument is from a perfect one.

    `shift`: largest m/z offset, fixed in one play. `noise`: spread of the logarithm of each intensity. `background`:
    number of foreign peaks. `missing`: chance that an energy fails.
    """

    shift: float = 0.3
    noise: float = 0.15
    isotopes: bool = True
    background: int = 6
    missing: float = 0.05


PERFECT = Physics(shift=0, noise=0, isotopes=False, background=0, missing=0)


def measured(spectrum: Spectrum, physics: Physics, shift: float, rng: random.Random) -> Spectrum:
    """Return what the instrument makes of `spectrum`, its m/z off by `shift`, in counts."""
    mz, intensity = np.array(spectrum.mz), np.array(spectrum.intensity)
    if intensity.size and intensity.max() > 0:
        intensity *= BASE_PEAK_COUNTS / intensity.max()
    if physics.isotopes:
        mz, intensity = with_isotopes(mz, intensity)
    mz, intensity = _with_background(mz, intensity, physics.background, rng)
    spread = np.array([rng.gauss(0, physics.noise) for _ in range(mz.size)])
    mz, intensity = _merged(mz + shift, intensity * np.exp(spread))
    return Spectrum(
        mz, intensity, spectrum.technique, spectrum.collision_energy, spectrum.precursor_mz, spectrum.polarity
    )


def with_isotopes(mz: NDArray[np.float64], intensity: NDArray[np.float64]) -> Peaks:
    """Add the carbon-13 peaks of each peak, for as many carbons as its m/z suggests, where they are visible."""
    carbons = np.rint(mz / MZ_PER_CARBON)
    first = intensity * carbons * CARBON_13_ABUNDANCE
    second = intensity * carbons * (carbons - 1) / 2 * CARBON_13_ABUNDANCE**2
    floor = intensity.max(initial=0) * _ISOTOPE_FLOOR
    all_mz = np.concatenate([mz, mz + CARBON_13_MZ, mz + 2 * CARBON_13_MZ])
    all_intensity = np.concatenate([intensity, first, second])
    visible = np.concatenate([np.ones(mz.size, bool), first > floor, second > floor])
    return _merged(all_mz[visible], all_intensity[visible])


def _with_background(mz: NDArray[np.float64], intensity: NDArray[np.float64], count: int, rng: random.Random) -> Peaks:
    foreign = rng.sample(_BACKGROUND_MZ, min(count, len(_BACKGROUND_MZ)))
    counts = [rng.uniform(0.002, 0.02) * BASE_PEAK_COUNTS for _ in foreign]
    return _merged(np.append(mz, foreign), np.append(intensity, counts))


def _merged(mz: NDArray[np.float64], intensity: NDArray[np.float64]) -> Peaks:
    inside = (mz > 0) & (mz <= MAX_MZ)
    rising, where = np.unique(mz[inside], return_inverse=True)
    return rising, np.bincount(where, intensity[inside], minlength=rising.size).astype(np.float64)
