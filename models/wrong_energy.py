"""Readings at energies at which nothing is told: too low, and only the whole is there; too high, and none of it is."""

from collections.abc import Sequence

from models.conclusion import Reason
from models.preprocessing import Bins
from models.search import heaviest

FRAGMENTS = 0.1
"""Least part of the ion current that must be of fragments."""
LIKELIEST = 2
ISOTOPES = 2
LIGHT = 120
"""An ion under this that stands alone is a piece of something, unless the likeliest substances are as light."""


def wrong_energy(spectra: Bins, wholes: Sequence[int]) -> Reason | None:
    """Say what was wrong with the energies of a reading that came to nothing, None if nothing was.

    `spectra` [n, BINS] stand softest first, each row's sum 1. `wholes` are the nominal m/z of the charged wholes of the
    hits, likeliest first. Where the likeliest are heavier than the heaviest ion of the softest spectrum nothing of the
    whole is left; what stands below that ion are fragments.
    """
    whole = heaviest(spectra[0])
    likeliest = wholes[:LIKELIEST]
    if len(likeliest) == LIKELIEST and min(likeliest) > whole + ISOTOPES:
        return Reason.WRONG_ENERGY_TOO_HIGH
    if spectra.mean(axis=0)[: max(whole - ISOTOPES, 0)].sum() >= FRAGMENTS:
        return None
    return Reason.WRONG_ENERGY_TOO_HIGH if whole < LIGHT and not likeliest else Reason.WRONG_ENERGY_TOO_LOW
