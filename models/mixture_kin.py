"""Components of one family of drugs whose charged wholes others hide: their fragments alone do not tell them apart."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from models.catalogue import DRUG_FAMILIES
from models.mixture_own import Own
from models.search import Places, Table

HIDDEN = 0.1
"""Most that is left of a whole that others explain."""
FREE, SEEN = 0.5, 0.1
"""Least that is left of a whole of its own, and its least height in the softest spectrum, as a square root."""
LEAST = 0.02
"""Least probability of kin that may be meant instead."""

Probabilities = NDArray[np.float64]


def among_kin(probabilities: Probabilities, table: Table, entries: Places, families: Sequence[str]) -> Probabilities:
    """Share out what a family of drugs has, where the charged whole of its likeliest is another component's ion.

    Its kin whose whole is there and their own have it then, or where there are none all of them alike. `probabilities`
    are those of the entries and, last, of nobody, `table` their own evidence, `families` those of all entries.
    """
    first = int(probabilities[:-1].argmax())
    family = families[int(entries[first])]
    hidden = table[first, Own.ION_SEEN_MOST] > 0 and table[first, Own.ION_FREE_MOST] < HIDDEN
    if not hidden or not family.startswith(DRUG_FAMILIES) or probabilities[first] < LEAST:
        return probabilities
    kin = np.array([families[int(entry)] == family for entry in entries]) & (probabilities[:-1] >= LEAST)
    own = kin & (table[:, Own.ION_FREE_FIRST] >= FREE) & (table[:, Own.ION_SEEN_FIRST] >= SEEN)
    meant = np.flatnonzero(own if own.any() else kin)
    shared = probabilities.copy()
    shared[:-1][kin] = 0
    shared[meant] = probabilities[:-1][kin].sum() / len(meant)
    return shared
