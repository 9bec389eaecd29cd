"""The spectra of a reading in order, the softest first, and without those in which nothing is."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from models.preprocessing import Prepared
from models.spectrum import Spectrum


def softest_first(spectra: Sequence[Spectrum]) -> list[Spectrum]:
    """Order by energy, equal ones by their mean m/z, the unbroken ion being the heaviest; by it alone where not told.

    Spectra in which nothing was measured are left out: none of them may stand for the softest.
    """
    measured = [spectrum for spectrum in spectra if spectrum.total_ion_current]
    told = all(spectrum.collision_energy is not None for spectrum in measured)
    return sorted(measured, key=lambda each: (each.collision_energy or 0.0 if told else 0.0, -mean_mz(each)))


def of_measured(reading: Prepared) -> Prepared:
    """Leave out the spectra in which preprocessing left nothing; a reading of nothing else stays as it is."""
    kept = np.flatnonzero(reading.bins.any(axis=1)).tolist()
    if not kept or len(kept) == len(reading.bins):
        return reading
    return replace(
        reading,
        bins=reading.bins[kept],
        energies=tuple(reading.energies[at] for at in kept),
        shift=tuple(reading.shift[at] for at in kept),
        peaks=tuple(reading.peaks[at] for at in kept),
        whole=None if reading.whole is None else reading.whole[kept],
    )


def mean_mz(spectrum: Spectrum) -> float:
    """Mean m/z by intensity, 0 of an empty spectrum."""
    return float((spectrum.mz * spectrum.intensity).sum()) / (spectrum.total_ion_current or 1.0)
