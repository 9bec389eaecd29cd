"""From a spectrum as measured to unit-resolution bins; what is left out on the way is told, never hidden.

VERSION names these steps; a change of any of them is a new version and a new bundle.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from models.noise import noise_level
from models.profile import centroid, noise_height
from models.spectrum import Spectrum

VERSION = "garita.preprocessing/3"
BINS = 701
"""Bins are nominal masses 0 to 700: beyond it the reference spectra hold 0.5 % of their peaks."""
LOWEST_MZ = 29
FLOOR = 0.002
"""Peaks under this part of the base peak are left out, as in the reference spectra."""
MASS_DEFECT = 4.8e-4
"""Mass defect of the ions of organic substances, per m/z."""
MOST_SHIFT = 0.4
"""Largest error of the m/z scale that is looked for and taken out."""
CARBON_13 = 7.6e-4
"""Height of the carbon-13 isotope peak beside its ion, per m/z (1.1 % a carbon, a carbon each 14.4)."""

Bins = NDArray[np.float32]
Values = NDArray[np.float64]


class Removed(StrEnum):
    """Why a part of a spectrum does not count."""

    BASELINE = "baseline"
    OUT_OF_RANGE = "out-of-range"
    NOISE = "noise"
    UNDER_FLOOR = "under-floor"
    ISOTOPE = "carbon-13-isotope"


@dataclass(frozen=True)
class Prepared:
    """One reading's spectra on unit bins: `bins` [spectra, BINS], each row's sum 1 (0 for an empty one).

    `energies` in eV as told. `shift` is the m/z error that was taken out, per spectrum. `removed` is the part of the
    reading's ion current that each step left out. `peaks` counts what is left, per spectrum. `whole` are the same rows
    with their isotope peaks, where these were kept. `currents` are the ion currents as measured, per spectrum.
    `hidden` is the height up to which noise hides ions, beside the highest.
    """

    bins: Bins
    energies: tuple[float | None, ...]
    shift: tuple[float, ...]
    removed: dict[Removed, float]
    peaks: tuple[int, ...] = field(default=())
    whole: Bins | None = None
    currents: tuple[float, ...] = field(default=())
    hidden: float = 0.0

    @property
    def isotopic(self) -> Bins:
        """The rows with their isotope peaks, or those without where these were not kept."""
        return self.bins if self.whole is None else self.whole


def prepare(spectra: Sequence[Spectrum]) -> Prepared:
    """Baseline, centroid, m/z error, unit bins, range, noise, floor and isotopes, in this order."""
    sticks = [centroid(spectrum.mz, spectrum.intensity) for spectrum in spectra]
    total = sum(float(spectrum.intensity.sum()) for spectrum in spectra) or 1.0
    shifts = mz_errors(sticks)
    lost = dict.fromkeys(Removed, 0.0)
    lost[Removed.BASELINE] = total - sum(float(intensity.sum()) for _, intensity in sticks)
    measured = [to_bins(mz - shift, intensity) for (mz, intensity), shift in zip(sticks, shifts, strict=True)]
    lost[Removed.OUT_OF_RANGE] = total - lost[Removed.BASELINE] - sum(float(row.sum()) for row in measured)
    levels = [noise_level(row) for row in measured]
    rows, whole = (np.zeros((len(spectra), BINS), dtype=np.float32) for _ in range(2))
    for row, high, each, level in zip(rows, whole, measured, levels, strict=True):
        row[:], high[:] = _row(each, level, lost)
    profiles = [noise_height(spectrum.mz, spectrum.intensity) for spectrum in spectra]
    return Prepared(
        bins=rows,
        energies=tuple(spectrum.collision_energy for spectrum in spectra),
        shift=shifts,
        removed={why: part / total for why, part in lost.items()},
        peaks=tuple(int(count) for count in (rows > 0).sum(axis=1)),
        whole=whole,
        currents=tuple(spectrum.total_ion_current for spectrum in spectra),
        hidden=_hidden(np.maximum(levels, profiles), np.array([row.max() for row in measured])),
    )


def _row(measured: Values, noise: float, lost: dict[Removed, float]) -> tuple[Bins, Bins]:
    clear = np.where(measured <= noise, 0.0, measured)
    lost[Removed.NOISE] += float(measured.sum() - clear.sum())
    high = above_floor(clear)
    lost[Removed.UNDER_FLOOR] += float(clear.sum() - high.sum())
    single = without_isotopes(high)
    lost[Removed.ISOTOPE] += float(high.sum() - single.sum())
    one, other = ((each / (each.sum() or 1.0)).astype(np.float32) for each in (single, high))
    return one, other


def _hidden(noise: Values, highest: Values) -> float:
    """Height of the noise beside the highest peaks, of all spectra together: 1 where no peak is higher."""
    return float(noise.sum() / (np.maximum(noise, highest).sum() or 1.0))


def above_floor(row: Values) -> Values:
    """Leave out the bins under FLOOR of the strongest."""
    return np.where(row < FLOOR * row.max(initial=0), 0.0, row)


def to_bins(mz: Values, intensity: Values) -> Values:
    """Add intensities on nominal masses; what lies outside the range is left out."""
    at = np.rint(mz * (1 - MASS_DEFECT)).astype(np.int64)
    inside = (at >= LOWEST_MZ) & (at < BINS)
    return np.bincount(at[inside], weights=intensity[inside], minlength=BINS).astype(np.float64)


def mz_errors(sticks: Sequence[tuple[Values, Values]]) -> tuple[float, ...]:
    """Estimate each spectrum's m/z error from where its peaks lie between nominal masses.

    The mean angle of the peaks around the circle of one mass unit, of the spectrum and, at half weight, of the whole
    reading: a spectrum of few peaks leans on its companions.
    """
    angles = np.array([_resultant(mz, intensity) for mz, intensity in sticks])
    leaned = angles + 0.5 * angles.mean() if angles.size else angles
    shifts = np.angle(leaned) / (2 * np.pi)
    return tuple(float(shift) if abs(shift) <= MOST_SHIFT else 0.0 for shift in shifts)


def _resultant(mz: Values, intensity: Values) -> complex:
    weights = np.sqrt(intensity)
    angles = 2j * np.pi * mz * (1 - MASS_DEFECT)
    return complex((weights * np.exp(angles)).sum() / (weights.sum() or 1.0))


def without_isotopes(row: Values) -> Values:
    """Take from each nominal mass what the carbon-13 of the mass below explains."""
    return np.clip(row - carbon_13_of(row), 0, None)


def carbon_13_of(spectra: Values) -> Values:
    """Return the carbon-13 peaks of the ions of spectra [.., bins], each one above its ion."""
    expected = np.zeros_like(spectra)
    expected[..., 1:] = spectra[..., :-1] * CARBON_13 * np.arange(spectra.shape[-1] - 1)
    return expected
