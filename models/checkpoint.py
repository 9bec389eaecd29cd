"""What a checkpoint meets: what the catalogue lists, and what its state added, more than the rest of a library."""

from collections.abc import Collection

import numpy as np
from numpy.typing import NDArray

from models.library import Library
from models.search import Places

MET = 5.0
"""So many times as likely as any other substance, before anything is measured, is one that the catalogue lists."""

Probabilities = NDArray[np.float64]
Odds = NDArray[np.float64]
"""How likely each entry of a library is before anything is measured, 1 being that of most."""


def odds_of(library: Library, added: Collection[str] = ()) -> Odds:
    """Return the odds of a library's entries; `added` are skeletons that the state itself expects."""
    return np.array([MET if entry.family or entry.skeleton in added else 1.0 for entry in library.entries])


def as_met(probabilities: Probabilities, entries: Places, odds: Odds) -> Probabilities:
    """Weigh probabilities of `entries` and, last, of nobody, which took all to be alike, by their odds (Bayes)."""
    weighed = probabilities * np.append(odds[entries], 1.0)
    return weighed / weighed.sum()
