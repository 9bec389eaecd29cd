"""Whether a candidate's charged whole is in what others leave of a reading, as strong as it should, with isotopes."""

import numpy as np
from numpy.typing import NDArray

from models.evidence import CARBON_SEEN, MOST_DOUBLET, carbon_of
from models.mixture_match import Matched
from models.mixture_own import Own
from models.mixture_view import HALF, TINY, Left, View
from models.preprocessing import BINS
from models.search import Places, Table

ABOVE_ION = 5
MOST_RATIO = 2.0
ION_SHOWN = 0.3
TALL = 0.05
"""Least height, beside the strongest, of what is taken for the heaviest ion of what is left of the softest spectrum."""


def weigh_ions(view: View, left: Left, matched: Matched, entries: Places, table: Table) -> None:
    """Whether the charged whole is there, free of others and as strong as expected, and what lies above it."""
    ion = view.index.ion_bin(entries)
    place = np.full(BINS, -1)
    place[view.bins] = np.arange(len(view.bins))
    at, has = np.maximum(place[ion], 0), (place[ion] >= 0)[:, None]
    free = np.where(has, left.free[:-1, at].T, 0)
    height = np.where(has, np.sqrt(left.current[:-1, at]).T, 0) / np.maximum(matched.scale[:, :-1], 1e-3)
    seen = np.minimum(np.where(has, np.sqrt(view.currents[:-1, at]).T, 0), ION_SHOWN)
    table[:, Own.ION_FREE_FIRST], table[:, Own.ION_FREE_MOST] = free[:, 0], free.max(axis=1)
    table[:, Own.ION_FIRST] = np.minimum(height[:, 0], MOST_RATIO)
    table[:, Own.ION_MOST] = np.minimum(height.max(axis=1), MOST_RATIO)
    table[:, Own.ION_SEEN_FIRST], table[:, Own.ION_SEEN_MOST] = seen[:, 0], seen.max(axis=1)
    table[:, Own.ION_EXPECTED] = table[:, Own.ION_FIRST] - np.sqrt(view.index.ion_share[entries])
    heavy = np.cumsum((np.sqrt(left.current[-1]) * left.weight[-1])[::-1])[::-1]
    edge = np.searchsorted(view.bins, np.minimum(view.index.index.ion_mz[entries], BINS) + ABOVE_ION)
    table[:, Own.ABOVE_ION] = np.append(heavy, 0)[edge] / max(heavy[0], 1e-6)
    soft = left.current[0] * left.weight[0]
    tall = np.flatnonzero(soft >= TALL * soft.max())
    gap = view.bins[tall[-1]] - ion if soft.any() else np.zeros(len(ion))
    table[:, Own.ION_GAP] = np.clip(np.where(ion > 0, gap, 0) / 50, -1, 1)
    own = np.where(has[:, 0], soft[at], 0)
    table[:, Own.ION_RANK] = np.where(own > 0, 1 / (1 + (soft > own[:, None]).sum(axis=1)), 0)
    table[:, Own.ION_MZ] = view.index.index.ion_mz[entries] / 500
    table[:, Own.SCAN_START] = view.bins[0] / 200
    table[:, Own.TOLD] = float(np.isfinite(view.energies).all())
    _isotopes(view, left, entries, ion, table)


def _isotopes(view: View, left: Left, entries: Places, ion: Places, table: Table) -> None:
    """Whether the peaks one and two above the charged whole are as high as its formula makes them.

    They say nothing where others stand one above.
    """
    ion = np.where(_taken(view, left)[np.minimum(ion + 1, BINS - 1)], 0, ion)
    off, expected = carbon_of(ion, view.index.index.singlet[entries], view.isotopic)
    table[:, Own.CARBON], table[:, Own.CARBON_READ], table[:, Own.CARBON_OFF] = off, expected, np.abs(off)
    strongest = view.isotopic[:, ion].argmax(axis=0)
    height = view.isotopic[strongest, ion]
    read = (height >= CARBON_SEEN * view.isotopic[strongest].max(axis=1)) & (ion < BINS - 2)
    ratio = view.isotopic[strongest, np.minimum(ion + 2, BINS - 1)] / np.maximum(height, TINY)
    doublet = np.minimum(view.index.index.doublet[entries], MOST_DOUBLET)
    table[:, Own.DOUBLET] = np.where(read, np.minimum(ratio, MOST_DOUBLET) - doublet, 0)
    table[:, Own.DOUBLET_READ] = np.where(read, doublet, 0)


def _taken(view: View, left: Left) -> NDArray[np.bool_]:
    """Masses [BINS] of whose current others have more than is left."""
    taken = np.zeros(BINS, dtype=np.bool_)
    taken[view.bins] = (view.currents[-1] > 0) & (left.free[-1] < HALF)
    return taken
