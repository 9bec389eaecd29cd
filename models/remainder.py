"""What recognised substances leave of each spectrum of a reading, laid out as a reading of its own."""

from collections.abc import Sequence

import numpy as np

from models.mixture_fit import fit
from models.mixture_index import MixtureIndex
from models.mixture_view import SLACK
from models.preprocessing import BINS, Bins
from models.unexplained import DIMER, OF_THE_WHOLE

LEAST_FREE = 0.5
"""Of a mass of which the recognised substances explain more, nothing is taken to be left."""
LEAST_LEFT = 0.02
"""A spectrum of which less of the ion current is left has nothing but errors of the fit."""


def remainder(index: MixtureIndex, spectra: Bins, entries: Sequence[int]) -> Bins:
    """Return what some entries leave of a prepared reading [n, BINS], each row's sum 1: [m, BINS], m at most n.

    Their charged wholes with adducts and dimers are theirs too, though the reference spectra lack them.
    """
    merged = spectra.mean(axis=0)
    bins = np.flatnonzero(merged)
    known = index.rows(np.array(entries), bins).share
    currents = spectra[:, bins].astype(np.float64)
    parts = fit(currents, [each[each.any(axis=1)].astype(np.float64) for each in known])
    left = np.maximum(currents - SLACK * parts.sum(axis=0), 0)
    left[left < LEAST_FREE * currents] = 0
    whole = index.index.ion_mz[list(entries)]
    own = np.concatenate([*(whole + up for up in OF_THE_WHOLE), *(2 * whole + up for up in DIMER)])
    left[:, np.isin(bins, own)] = 0
    kept = left.sum(axis=1) >= LEAST_LEFT
    rows = np.zeros((int(kept.sum()), BINS), dtype=np.float32)
    rows[:, bins] = left[kept] / left[kept].sum(axis=1, keepdims=True)
    return rows
