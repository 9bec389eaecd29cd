"""What recognised substances leave of each spectrum of a reading, laid out as a reading of its own."""

from collections.abc import Sequence

import numpy as np

from models.catalogue import DRUG_FAMILIES
from models.families import WHOLE_HEIGHT
from models.library import Library
from models.mixture_fit import Currents, fit
from models.mixture_index import MixtureIndex
from models.mixture_view import SLACK, TINY
from models.preprocessing import BINS, Bins
from models.search import Places
from models.unexplained import wholes

LEAST_FREE = 0.5
"""Of a mass of which the recognised substances explain more, nothing is taken to be left."""
LEAST_LEFT = 0.02
"""A spectrum of which less of the ion current is left has nothing but errors of the fit."""


def remainder(index: MixtureIndex, spectra: Bins, entries: Sequence[int]) -> Bins:
    """Return what some entries leave of a prepared reading [n, BINS], each row's sum 1: [m, BINS], m at most n.

    Their charged wholes with adducts and dimers are theirs too, though the reference spectra lack them.
    """
    bins = np.flatnonzero(spectra.any(axis=0))
    currents = spectra[:, bins].astype(np.float64)
    parts = _fit(index, bins, currents, entries)
    left = np.maximum(currents - SLACK * parts, 0)
    left[left < LEAST_FREE * currents] = 0
    left[wholes(index.index.ion_mz[list(entries)], spectra.astype(np.float64))[:, bins]] = 0
    return _laid_out(bins, left)


def harmless(entries: Sequence[int], library: Library, spectra: Bins) -> list[int]:
    """Return which of some entries the catalogue knows as no drug and have their charged whole in a reading [n, BINS].

    A compound that the catalogue lacks is likelier to resemble a drug than to be at a post.
    """
    heights = np.sqrt(spectra / np.maximum(spectra.max(axis=1, keepdims=True), np.float32(TINY))).max(axis=0)
    stand = np.flatnonzero(heights > WHOLE_HEIGHT)
    families = {entry: library.entries[entry].family for entry in entries if library.entries[entry].ion_mz in stand}
    return [entry for entry, family in families.items() if family and not family.startswith(DRUG_FAMILIES)]


def explained(index: MixtureIndex, spectra: Bins, entries: Sequence[int]) -> Bins:
    """Return what some entries explain of a prepared reading [n, BINS], laid out like what they leave."""
    if not entries:
        return np.zeros((0, BINS), dtype=np.float32)
    bins = np.flatnonzero(spectra.any(axis=0))
    currents = spectra[:, bins].astype(np.float64)
    return _laid_out(bins, np.minimum(_fit(index, bins, currents, entries), currents))


def _fit(index: MixtureIndex, bins: Places, currents: Currents, entries: Sequence[int]) -> Currents:
    """Return what entries give to each bin of each spectrum [n, B] together."""
    known = index.rows(np.array(entries), bins).share
    return fit(currents, [each[each.any(axis=1)].astype(np.float64) for each in known]).sum(axis=0)


def _laid_out(bins: Places, currents: Currents) -> Bins:
    """Return the spectra [m, BINS] of which anything is there, each row's sum 1."""
    kept = currents.sum(axis=1) >= LEAST_LEFT
    rows = np.zeros((int(kept.sum()), BINS), dtype=np.float32)
    rows[:, bins] = currents[kept] / currents[kept].sum(axis=1, keepdims=True)
    return rows
