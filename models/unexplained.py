"""What of a reading the substances that were recognised in it do not explain."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from models.calibration import Thresholds
from models.catalogue import Standing
from models.components import PROBABLY, Parts, Standings, likely
from models.mixture import Found
from models.mixture_fit import Currents
from models.mixture_view import TINY
from models.preprocessing import BINS
from models.search import Index, Peaks, Places

OF_THE_WHOLE = (0, 1, 2, 17, 22, 23, 38, 41)
"""A charged whole and its isotopes, and the same with ammonium, sodium, potassium and acetonitrile."""
DIMER = (-1, 0, 1)
"""Two wholes with one proton, and the isotopes of that. With sodium caffeine's is isotonitazene's 411."""
UNLIKE = 0.05
"""Most that two unlike wholes make of it, beside the lower of them: many a drug has the mass of two cuts together."""
ISOTOPES = 4
FAR = 1.5
"""No cluster but a dimer is so many times as heavy as a whole; a fragment often is the whole of another."""
LEAST_SEEN = 0.003
"""Part of the ion current under which a peak may be noise."""


Masses = NDArray[np.bool_]


def strange_masses(index: Index, entries: Sequence[int], measured: Currents) -> Masses:
    """Masses [BINS] at which some entries have neither a peak nor their charged wholes, nor a dimer of these."""
    at = np.array(entries)
    masses = np.concatenate([index.whole.take(at).bins, wholes(index.ion_mz[at], measured)])
    strange = np.ones(BINS, dtype=np.bool_)
    strange[masses[masses < BINS]] = False
    return strange


def wholes(ion_mz: Places, measured: Currents) -> Places:
    """Masses of charged wholes [k] with their isotopes and adducts, and of the dimers that are no higher than these.

    Unlike wholes make dimers too, UNLIKE as high.
    """
    seen = ion_mz[ion_mz < BINS]
    one, other = (seen[each] for each in np.triu_indices(len(seen)))
    dimers = np.concatenate([one + other + up for up in DIMER])
    least = np.tile(np.minimum(measured[one], measured[other]) * np.where(one == other, 1.0, UNLIKE), len(DIMER))
    inside = dimers < BINS
    dimers, least = dimers[inside], least[inside]
    own = [ion_mz + up for up in OF_THE_WHOLE]
    return np.concatenate([*own, dimers[measured[dimers] <= least]])


def unexplained(measured: Currents, strange: Masses) -> float:
    """Part of the ion current [BINS] at strange masses."""
    return float(measured[strange].sum()) / (float(measured.sum()) or 1.0)


def fragments(measured: Currents, index: Index, entries: Sequence[int]) -> float:
    """Least that any of some entries has of its fragments, by their height: 0 to 1; 1 for one that has none."""
    seen, least = measured > LEAST_SEEN * measured.sum(), 1.0
    for entry in entries:
        own = index.whole.take(np.array([entry]))
        height = np.where(np.isin(own.bins, index.ion_mz[entry] + np.array(OF_THE_WHOLE)), 0.0, np.square(own.root))
        least = min(least, float(height[seen[own.bins]].sum() / height.sum()) if height.any() else 1.0)
    return least


def heavier(softest: Currents, strange: Masses, whole: int) -> float:
    """Height, beside the highest, of an ion at strange masses of the softest spectrum [BINS] heavier than a whole.

    Nothing that breaks up gives an ion heavier than itself. Its isotope two above is part of it, as a bromine's is.
    """
    above = np.where(strange & (np.arange(BINS) > whole + ISOTOPES), softest, 0.0)
    return float((above[:-2] + above[2:]).max()) / max(float(softest.max()), TINY)


def beyond(softest: Currents, strange: Masses, whole: int) -> float:
    """Return the same of an ion FAR times as heavy as a whole."""
    return heavier(softest, strange & (np.arange(BINS) > FAR * whole), whole)


def hidden(measured: Currents, strange: Masses, others: Peaks) -> float:
    """Most that any of `others` has of its ions at strange masses at which something was measured: 0 to 1."""
    seen = strange & (measured > LEAST_SEEN * measured.sum())
    owner, height = others.owner(), np.square(others.root)
    there, whole = (np.bincount(owner, part, len(others.counts)) for part in (height * seen[others.bins], height))
    return float((there / np.maximum(whole, TINY)).max(initial=0.0))


def unnamed(parts: Parts, recognised: Sequence[Found], standings: Standings, limits: Thresholds) -> float:
    """Share of the largest component beside the recognised ones that is probably there and may be anything."""
    others = (each for each in parts.found if each not in recognised and each.answer.present >= PROBABLY)
    shares = (each.share for each in others if likely(each, Standing.UNLISTED, standings) < limits.no_alarm)
    return max(shares, default=0.0) if recognised else 0.0
