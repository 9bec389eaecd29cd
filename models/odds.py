"""What a post meets: what is listed, and what its state added, more than the rest of a library."""

from collections.abc import Collection

import numpy as np
from numpy.typing import NDArray

from models.catalogue import Catalogue, Standing
from models.library import Library, LibraryEntry
from models.search import Places
from models.standing import standing_of

LIKELIER = 5.0
"""So many times as likely as any other substance, before anything is measured, is one that is listed."""

Probabilities = NDArray[np.float64]
Odds = NDArray[np.float64]
"""How likely each entry of a library is before anything is measured, 1 being that of most."""


def odds_of(library: Library, catalogue: Catalogue, added: Collection[str] = ()) -> Odds:
    """Return the odds of a library's entries.

    Likelier is what the catalogue or a schedule of the state's lists, and what is `added`: skeletons that it expects.
    """

    def is_met(entry: LibraryEntry) -> bool:
        listed = standing_of(entry.inchikey, entry.family, catalogue) is not Standing.UNLISTED
        return bool(entry.family) or listed or entry.skeleton in added

    return np.array([LIKELIER if is_met(entry) else 1.0 for entry in library.entries])


def as_met(probabilities: Probabilities, entries: Places, odds: Odds) -> Probabilities:
    """Weigh probabilities of `entries` and, last, of nobody, which took all to be alike, by their odds (Bayes)."""
    weighed = probabilities * np.append(odds[entries], 1.0)
    return weighed / weighed.sum()
