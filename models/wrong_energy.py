"""Readings at energies at which nothing is told: too low, and only the whole is there; too high, and none of it is."""

from collections.abc import Sequence

import numpy as np

from models.conclusion import Reason
from models.preprocessing import BINS, Bins
from models.search import heaviest

FRAGMENTS = 0.1
"""Least part of the ion current that must be of fragments."""
LIKELIEST = 2
ISOTOPES = 2
LIGHT = 120
"""An ion under this that stands alone is a piece of something, unless the likeliest substances are as light."""
FEW_FRAGMENTS = 0.01
"""Part of the ion current that must be of fragments for a name: under it 24 of 87 names were wrong."""
AS_HIGH = 0.4
"""Least height of an isotope beside the one two above it, that with a bromine more the highest of two and three."""
OF_ONE_WHOLE = (-22, -21, *range(-4, 9), *range(22, 27), *range(38, 42))
"""Where its isotopes lie, and its sodium, potassium and acetonitrile adducts, beside [M+H]+ or [M+Na]+; no neutral that
leaves an ion is as heavy."""
OF_ITS_DIMERS = (*range(-23, -18), *range(-1, 4), *range(21, 26))
"""The same beside twice its m/z."""


def wrong_energy(spectra: Bins, wholes: Sequence[int], beside: Sequence[int] = ()) -> Reason | None:
    """Say what was wrong with the energies of a reading that came to nothing, None if nothing was.

    `spectra` [n, BINS] stand softest first, each row's sum 1. `wholes` are the nominal m/z of the charged wholes of the
    hits, likeliest first. Where the likeliest are heavier than the heaviest ion of the softest spectrum nothing of the
    whole is left; what stands below that ion are fragments, but for the wholes of components that stand `beside` it.
    """
    whole = heaviest(spectra[0])
    likeliest = wholes[:LIKELIEST]
    if len(likeliest) == LIKELIEST and min(likeliest) > whole + ISOTOPES:
        return Reason.WRONG_ENERGY_TOO_HIGH
    below = spectra.mean(axis=0)[: max(whole - ISOTOPES, 0)]
    if np.delete(below, [at for at in beside if at < len(below)]).sum() >= FRAGMENTS:
        return None
    return Reason.WRONG_ENERGY_TOO_HIGH if whole < LIGHT and not likeliest else Reason.WRONG_ENERGY_TOO_LOW


def whole_alone(spectra: Bins) -> Reason | None:
    """Say which way the energies were wrong of a reading [n, BINS], softest first, in which one ion stands alone.

    Its isotopes, adducts and dimers are no other ions: whatever has that mass shows as much. None where fragments are
    there too.
    """
    strongest = _first_isotope(spectra[0])
    own = [*(strongest + up for up in OF_ONE_WHOLE), *(2 * strongest + up for up in OF_ITS_DIMERS)]
    fragments = spectra.mean(axis=0)
    fragments[[at for at in own if 0 <= at < BINS]] = 0
    if float(fragments.sum()) >= FEW_FRAGMENTS * float(spectra.mean(axis=0).sum()):
        return None
    return Reason.WRONG_ENERGY_TOO_HIGH if strongest < LIGHT else Reason.WRONG_ENERGY_TOO_LOW


def _first_isotope(spectrum: Bins) -> int:
    """Nominal mass of the strongest ion, the lightest of its isotopes: chlorine and bromine raise others above it."""
    at = int(spectrum.argmax())
    while spectrum[at - 2] >= AS_HIGH * spectrum[at] > 0:
        at -= 2
    return at
