"""The spectra of a reading in order, the softest first, and without those in which nothing of the sample is."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from models.preprocessing import Bins, Prepared
from models.spectrum import Spectrum

FEWEST = 2
"""Of two spectra none can say of the other that it is not of the sample."""
HIGH, WHOLE = 0.1, 0.5
"""Most of a softer spectrum that shares no ion is as heavy as what is so high, of the highest, in harder ones."""
FOREIGN, ALIKE = 0.1, 0.2
"""Spectra with less of their ion current in common are of different things, those with more of one sample."""
AIR_AND_PLASTIC = (
    *(31, 32, 33, 37, 41, 42, 45, 46, 47, 55, 59, 60, 61, 63, 64, 65, 73, 74, 79, 83, 101),
    *(149, 157, 205, 207, 221, 279, 281, 301, 355, 371, 391, 413, 429, 445),
)
"""Ions of water, solvents, plasticisers and siloxanes that a source shows without a sample (Keller et al., Anal. Chim.
Acta 627 (2008) 71)."""
MOSTLY, FAINT = 0.8, 0.02
"""A spectrum is of the background alone if so much of its ion current is, or if it has so little beside the others."""


def softest_first(spectra: Sequence[Spectrum]) -> list[Spectrum]:
    """Order by energy, equal ones by their mean m/z, the unbroken ion being the heaviest; by it alone where not told.

    Spectra in which nothing was measured are left out: none of them may stand for the softest.
    """
    measured = [spectrum for spectrum in spectra if spectrum.total_ion_current]
    told = all(spectrum.collision_energy is not None for spectrum in measured)
    return sorted(measured, key=lambda each: (each.collision_energy or 0.0 if told else 0.0, -mean_mz(each)))


def of_measured(reading: Prepared) -> Prepared:
    """Leave out the spectra in which preprocessing left nothing, and softest ones that hold the background alone.

    A reading of nothing else stays as it is. A softest spectrum of ions that only it has stays: they are explained.
    """
    kept = np.flatnonzero(reading.bins.any(axis=1)).tolist()
    while len(kept) > FEWEST and _is_blank(reading, kept):
        del kept[0]
    if not kept or len(kept) == len(reading.bins):
        return reading
    return replace(
        reading,
        bins=reading.bins[kept],
        energies=tuple(reading.energies[at] for at in kept),
        shift=tuple(reading.shift[at] for at in kept),
        peaks=tuple(reading.peaks[at] for at in kept),
        currents=tuple(reading.currents[at] for at in kept),
        whole=None if reading.whole is None else reading.whole[kept],
    )


def _is_blank(reading: Prepared, kept: Sequence[int]) -> bool:
    """Whether the first of the spectra kept shows the background alone and no sample."""
    first, *others = kept
    is_faint = reading.currents[first] < FAINT * min(reading.currents[at] for at in others)
    is_background = float(reading.bins[first, list(AIR_AND_PLASTIC)].sum()) > MOSTLY
    return (is_faint or is_background) and _is_foreign(reading.bins[first], reading.bins[others])


def _is_foreign(softest: Bins, harder: Bins) -> bool:
    """Whether the softest is like none of the harder ones, which are alike, and lighter than their heaviest ion.

    No ion appears at a harder energy that is heavier than what a softer one left whole.
    """
    high = harder >= HIGH * harder.max(axis=1, keepdims=True)
    heaviest = int(np.flatnonzero(high.any(axis=0)).max())
    if float(softest[heaviest - 1 :].sum()) > WHOLE:
        return False
    among = max(_common(one, harder[at + 1 :]) for at, one in enumerate(harder[:-1]))
    return _common(softest, harder) < FOREIGN and among >= ALIKE


def _common(one: Bins, others: Bins) -> float:
    """Greatest part of the ion current that one spectrum has in common with another."""
    return float(np.minimum(one, others).sum(axis=1).max())


def mean_mz(spectrum: Spectrum) -> float:
    """Mean m/z by intensity, 0 of an empty spectrum."""
    return float((spectrum.mz * spectrum.intensity).sum()) / (spectrum.total_ion_current or 1.0)
