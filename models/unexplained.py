"""What of a reading the substances that were recognised in it do not explain."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from models.catalogue import Standing
from models.components import PROBABLY, Parts, Standings, likely
from models.mixture import Found
from models.mixture_fit import Currents
from models.mixture_view import TINY
from models.preprocessing import BINS, carbon_13_of
from models.search import Index, Peaks, Places

WHOLE = (0, 1, 2)
"""A charged whole and its isotopes."""
ADDUCTS = {17: 0.05, 22: 1.0, 38: 0.05, 41: 0.05}
"""Ammonium, sodium, potassium and acetonitrile by their place above [M+H]+, and the most beside it that each is.

Sodium's may be higher, and a drug's ion too. At 0.2 of the others 7 of 16 readings with a cathinone were cleared over a
cut whose ammonium or acetonitrile has its mass, at 0.05 none.
"""
DIMER = (-1, 0, 1)
"""Two wholes with one proton, and the isotopes of that. With sodium caffeine's is isotonitazene's 411."""
UNLIKE = 0.05
"""Most that two unlike wholes make of it, beside the lower of them: many a drug has the mass of two cuts together."""
ISOTOPES = 4
UNLISTED = 0.7
"""Probability from which a component is on no list, whatever it is."""
LEAST_SEEN = 0.003
"""Part of the ion current under which a peak may be noise."""


Masses = NDArray[np.bool_]


def strange_masses(index: Index, entries: Sequence[int], spectra: Currents) -> Masses:
    """Masses of each spectrum [n, BINS] at which some entries have no peak and no whole, adduct or dimer of these."""
    at = np.array(entries)
    return unlike(index, entries) & ~wholes(index.ion_mz[at], spectra)


def unlike(index: Index, entries: Sequence[int]) -> Masses:
    """Masses [BINS] at which some entries have neither a peak nor their charged wholes."""
    at = np.array(entries)
    masses = np.concatenate([index.whole.take(at).bins, np.add.outer(index.ion_mz[at], WHOLE).ravel()])
    other = np.ones(BINS, dtype=np.bool_)
    other[masses[masses < BINS]] = False
    return other


def wholes(ion_mz: Places, spectra: Currents) -> Masses:
    """Masses of each spectrum [n, BINS] at which charged wholes [k] are with their isotopes, adducts and dimers.

    An adduct is so only up to its part of the [M+H]+ in the same spectrum, a dimer up to the whole, one of unlike
    wholes up to UNLIKE of the lower: what is higher is another's.
    """
    seen = ion_mz[ion_mz < BINS]
    one, other = (seen[each] for each in np.triu_indices(len(seen)))
    dimers = np.minimum(spectra[:, one], spectra[:, other]) * np.where(one == other, 1.0, UNLIKE)
    most = np.zeros((len(spectra), 2 * BINS))
    for up, part in ADDUCTS.items():
        np.maximum.at(most.T, seen + up, part * spectra[:, seen].T)
    for up in DIMER:
        np.maximum.at(most.T, one + other + up, dimers.T)
    for up in WHOLE:
        most[:, seen + up] = np.inf
    most = most[:, :BINS]
    most = np.maximum(most, carbon_13_of(np.where(spectra <= most, spectra, 0.0)))
    return np.asarray((spectra <= most) & (most > 0))


def unexplained(spectra: Currents, strange: Masses) -> float:
    """Part of the ion current of spectra [n, BINS] at strange masses, of each spectrum [n, BINS] or of all [BINS]."""
    return float(np.where(strange, spectra, 0.0).sum()) / (float(spectra.sum()) or 1.0)


def fragments(measured: Currents, index: Index, entries: Sequence[int]) -> float:
    """Least that any of some entries has of its fragments, by their height: 0 to 1; 1 for one that has none."""
    seen, least = measured > LEAST_SEEN * measured.sum(), 1.0
    for entry in entries:
        own = index.whole.take(np.array([entry]))
        height = np.where(own.bins < index.ion_mz[entry], np.square(own.root), 0.0)
        least = min(least, float(height[seen[own.bins]].sum() / height.sum()) if height.any() else 1.0)
    return least


def strangest(softest: Currents, strange: Masses) -> float:
    """Height, beside the highest, of the highest ion at strange masses of the softest spectrum [BINS]."""
    return float(np.where(strange, softest, 0.0).max()) / max(float(softest.max()), TINY)


def heavier(softest: Currents, strange: Masses, whole: int) -> float:
    """Height, beside the highest, of an ion at strange masses of the softest spectrum [BINS] heavier than a whole.

    Nothing that breaks up gives an ion heavier than itself. Its isotope two above is part of it, as a bromine's is.
    """
    above = np.where(strange & (np.arange(BINS) > whole + ISOTOPES), softest, 0.0)
    return float((above[:-2] + above[2:]).max()) / max(float(softest.max()), TINY)


def hidden(spectra: Currents, strange: Masses, others: Peaks) -> float:
    """Most that any of `others` has of its ions at strange masses at which spectra [n, BINS] have one: 0 to 1."""
    seen = np.where(strange, spectra, 0.0).sum(axis=0) > LEAST_SEEN * spectra.sum()
    owner, height = others.owner(), np.square(others.root)
    there, whole = (np.bincount(owner, part, len(others.counts)) for part in (height * seen[others.bins], height))
    return float((there / np.maximum(whole, TINY)).max(initial=0.0))


def unnamed(parts: Parts, recognised: Sequence[Found], standings: Standings) -> float:
    """Share of the largest component beside the recognised ones that is probably there and may be anything."""
    others = (each for each in parts.found if each not in recognised and each.answer.present >= PROBABLY)
    shares = (each.share for each in others if likely(each, Standing.UNLISTED, standings) < UNLISTED)
    return max(shares, default=0.0) if recognised else 0.0
