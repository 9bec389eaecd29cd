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
_SAME_ION = 0.02
_BACKGROUND_MZ = (59.06, 74.06, 83.06, 91.05, 101.06, 113.06, 149.02, 167.03, 207.03, 279.16, 301.14, 391.28)

Numbers = NDArray[np.float64]
Peaks = tuple[Numbers, Numbers]


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


def with_isotopes(mz: Numbers, intensity: Numbers) -> Peaks:
    """Add what is lacking of each ion's carbon-13 peaks, for as many carbons as its m/z suggests, where it is visible.

    Some samples were measured with their isotopes, others with the precursor isolated from them.
    """
    ions = np.where(_height_at(mz - CARBON_13_MZ, mz, intensity) > intensity, 0, intensity)
    carbons = np.rint(mz / MZ_PER_CARBON)
    first, second = mz + CARBON_13_MZ, mz + 2 * CARBON_13_MZ
    singly = ions * carbons * CARBON_13_ABUNDANCE - _height_at(first, mz, intensity)
    doubly = ions * carbons * (carbons - 1) / 2 * CARBON_13_ABUNDANCE**2 - _height_at(second, mz, intensity)
    floor = intensity.max(initial=0) * _ISOTOPE_FLOOR
    all_mz, all_intensity = np.concatenate([mz, first, second]), np.concatenate([intensity, singly, doubly])
    visible = np.concatenate([np.ones(mz.size, bool), singly > floor, doubly > floor])
    return _merged(all_mz[visible], all_intensity[visible])


def _height_at(places: Numbers, mz: Numbers, intensity: Numbers) -> Numbers:
    until = np.concatenate([[0.0], np.cumsum(intensity)])
    begin, end = (np.searchsorted(mz, places + off) for off in (-_SAME_ION, _SAME_ION))
    return until[end] - until[begin]


def _with_background(mz: Numbers, intensity: Numbers, count: int, rng: random.Random) -> Peaks:
    foreign = rng.sample(_BACKGROUND_MZ, min(count, len(_BACKGROUND_MZ)))
    counts = [rng.uniform(0.002, 0.02) * BASE_PEAK_COUNTS for _ in foreign]
    return _merged(np.append(mz, foreign), np.append(intensity, counts))


def _merged(mz: Numbers, intensity: Numbers) -> Peaks:
    inside = (mz > 0) & (mz <= MAX_MZ)
    rising, where = np.unique(mz[inside], return_inverse=True)
    return rising, np.bincount(where, intensity[inside], minlength=rising.size).astype(np.float64)
