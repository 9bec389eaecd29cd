"""How well a candidate accounts for a reading by itself, whoever else there is: the evidence against all of them."""

import numpy as np

from models.preprocessing import BINS, Bins
from models.search import SMALL, Candidates, Places

LEAST_LEFT = np.float32(0.05)
"""Least part of a weighed spectrum that is taken to lie outside its charged whole."""
LEAST_DOUBLET = 0.03
"""Entries of a higher isotope peak two above explain such peaks of their fragments."""
STRONG = 0.1
"""Least height, beside the strongest, of an ion whose carbon-13 peak is read; what is below it must be lower still."""
UNDISTURBED = 0.25
"""Other fragments only ever raise a carbon-13 peak, so this quantile of all is taken."""


def without_whole(candidates: Candidates, queries: Bins, single: Bins, weighed: Bins, firsts: Places) -> Bins:
    """Mean over a reading of the best cosine of the fragments alone, weighed by how much they are of each spectrum.

    `single` [n, spectra] are the cosines of `queries` [n, BINS] with the candidates' spectra, `weighed` these one's
    peaks, both of length 1. A compound of the same mass has the whole in common, and nothing else.
    """
    peaks, ion = candidates.spectra, np.where(candidates.ion_mz < BINS, candidates.ion_mz, 0)
    owner = peaks.owner()
    of_whole = peaks.bins == candidates.ion_mz[candidates.owner][owner]
    whole = np.bincount(owner[of_whole], weighed[of_whole], len(peaks.counts)).astype(np.float32)
    seen = queries[:, ion]
    left = 1 - np.square(seen)
    both = np.maximum(left, LEAST_LEFT)[:, candidates.owner] * np.maximum(1 - np.square(whole), LEAST_LEFT)
    cosine = (single - seen[:, candidates.owner] * whole) / np.sqrt(both)
    best = np.maximum.reduceat(cosine, firsts, axis=1)
    return np.asarray((left * best).sum(axis=0) / np.maximum(left.sum(axis=0), LEAST_LEFT), dtype=np.float32)


def current(whole: Bins, doublet: Bins, spectra: Bins) -> Bins:
    """Share of each spectrum's ion current [n, BINS] where a candidate [k, BINS] has ions or isotopes: [n, k]."""
    has = whole > 0
    heavy = (has.T & (doublet > LEAST_DOUBLET)).T
    explained = has.copy()
    explained[:, 2:] |= heavy[:, :-2]
    return np.asarray(spectra @ explained.T.astype(np.float32), dtype=np.float32)


def most_alike(weighed: Bins) -> Bins:
    """Cosine of each candidate, weighed and of length 1 [k, BINS], with the most alike of the others: [k].

    Ions that many substances have in common prove little.
    """
    if len(weighed) == 1:
        return np.zeros(1, dtype=np.float32)
    alike = weighed @ weighed.T
    np.fill_diagonal(alike, 0)
    return np.asarray(alike.max(axis=1), dtype=np.float32)


def carbon_density(ion_mz: Places, singlet: Bins, spectra: Bins) -> Bins:
    """Compare the carbon of all strong ions, per mass, with a candidate's: logarithm of the ratio, 0 where unread.

    `spectra` [n, BINS] are those with their isotope peaks. Fragments have about as much carbon in their mass as the
    whole.
    """
    high = spectra >= STRONG * spectra.max(axis=1, keepdims=True)
    high[:, 1:] &= spectra[:, :-1] < STRONG * spectra[:, 1:]
    high[:, :-1] &= spectra[:, 1:] > 0
    high[:, [0, -1]] = False
    row, at = np.nonzero(high)
    if not row.size:
        return np.zeros(len(ion_mz), dtype=np.float32)
    density = np.quantile(spectra[row, at + 1] / (spectra[row, at] * at), UNDISTURBED)
    expected = singlet / np.maximum(ion_mz, 1)
    return np.asarray(
        np.where(expected > 0, np.clip(np.log(density / np.maximum(expected, SMALL)), -1, 1), 0), dtype=np.float32
    )
