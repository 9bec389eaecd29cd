"""Whether the peak two above a charged whole may be its isotope: what is too high for a formula is of another one."""

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from models.mixture import Decomposition, Found
from models.mixture_fit import Currents
from models.preprocessing import BINS, Bins
from models.search import SMALL, Index, Places

TALL = 0.2
"""Least height of a charged whole, beside the strongest, at which the peak two above is read."""
MORE, OVER = 1.5, 0.08
"""So many times what a formula expects, and so much of the whole besides, is of another formula."""
OTHERS = 0.3
"""Laboratories and energies differ, so that much of a peak is enough to be another substance's."""

Which = NDArray[np.bool_]


def contradicted(ion_mz: Places, singlet: Bins, doublet: Bins, spectra: Bins, others: Currents | None = None) -> Which:
    """Tell whose charged wholes at `ion_mz` [k] have more chlorine, bromine or sulphur than they can: [k].

    `singlet` and `doublet` [k] are the heights of the isotope peaks one and two above that the formulas expect.
    `spectra` [n, BINS] have their isotope peaks. `others` [BINS] is the mean of what else is known to be in them: a
    peak of which it has OTHERS is not the whole's isotope.
    A peak that is too low says nothing: an instrument that isolates the whole leaves its isotopes out.
    """
    ion = np.where(ion_mz < BINS - 2, ion_mz, 0)
    tall = spectra[:, ion] >= TALL * np.maximum(spectra.max(axis=1, keepdims=True), SMALL)
    above = (spectra[:, ion + 2] * tall).sum(axis=0)
    expected = MORE * (doublet + np.square(singlet) / 2) + OVER
    theirs = False if others is None else others[ion + 2] >= OTHERS * spectra[:, ion + 2].mean(axis=0)
    return np.asarray((ion > 0) & (above > expected * (spectra[:, ion] * tall).sum(axis=0)) & np.logical_not(theirs))


def without_contradicted(whole: Decomposition, index: Index, spectra: Bins) -> Decomposition:
    """Leave what a component explains to nobody where its charged whole cannot be; others may stand two above it."""
    kept = [each for each in whole.components if not _is_contradicted(each, whole, index, spectra)]
    gone = [each.current for each in whole.components if each not in kept]
    return replace(whole, components=tuple(kept), left=np.sum([whole.left, *gone], axis=0)) if gone else whole


def _is_contradicted(found: Found, whole: Decomposition, index: Index, spectra: Bins) -> bool:
    at = [found.answer.entry]
    others = np.sum([np.zeros(BINS), *(each.current for each in whole.components if each is not found)], axis=0)
    return bool(contradicted(index.ion_mz[at], index.singlet[at], index.doublet[at], spectra, others)[0])
