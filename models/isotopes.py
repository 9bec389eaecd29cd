"""Whether the peaks two and four above an ion may be its isotopes, and whether what has a name is but isotopes."""

from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from models.formula import quadruplet_of
from models.library import Library
from models.mixture import Decomposition, Found
from models.mixture_fit import Currents
from models.preprocessing import BINS, Bins, carbon_13_of
from models.search import SMALL, Index, Places

TALL = 0.2
"""Least height of a charged whole, beside the strongest, at which the peak two above is read."""
MORE, OVER = 1.5, 0.08
"""So many times what a formula expects, and so much of the whole besides, is of another formula."""
OTHERS = 0.3
"""Laboratories and energies differ, so that much of a peak is enough to be another substance's."""
KEPT = 0.7
"""The peak two above has so much of what is expected where no instrument isolated the whole from its isotopes."""
CLEAR = 0.25
"""Least height, beside the whole, that must be expected four above for its absence to say something: that of three
chlorines, two bromines or one of each. Two chlorines leave a tenth, which a wide isolation may cut off."""
MISSING = 0.25
"""Less than that much of what is expected is not there."""
AS_HIGH = 1.05
"""Height of an isotope of three chlorines or of a bromine, beside the ion two below."""
MOSTLY = 0.9
"""Part of a name's ions that must be isotopes of other ions for it to be no name, by their height in the library."""
FEW = 0.05
"""Part of them that must be fragments, since one ion two above another may be there by chance."""
SEEN = 0.003
"""Part of the ion current under which a peak may be noise."""
WHOLE = (0, 1, 2)

Which = NDArray[np.bool_]


def contradicted(ion_mz: Places, singlet: Bins, doublet: Bins, spectra: Bins, others: Currents | None = None) -> Which:
    """Tell whose charged wholes at `ion_mz` [k] have more chlorine, bromine or sulphur than they can: [k].

    `singlet` and `doublet` [k] are the heights of the isotope peaks one and two above that the formulas expect.
    `spectra` [n, BINS] have their isotope peaks. `others` [BINS] is the mean of what else is known to be in them,
    without its carbon-13: a peak of which it has OTHERS, or its carbon-13, is not the whole's isotope.
    A peak that is too low says nothing: an instrument that isolates the whole leaves its isotopes out.
    """
    ion = np.where(ion_mz < BINS - 2, ion_mz, 0)
    tall = _tall(spectra, ion)
    above = (spectra[:, ion + 2] * tall).sum(axis=0)
    expected = MORE * (doublet + np.square(singlet) / 2) + OVER
    theirs = False if others is None else _with_isotopes(others)[ion + 2] >= OTHERS * spectra[:, ion + 2].mean(axis=0)
    return np.asarray((ion > 0) & (above > expected * (spectra[:, ion] * tall).sum(axis=0)) & np.logical_not(theirs))


def incomplete(ion_mz: Places, doublet: Bins, quadruplet: Bins, spectra: Bins) -> Which:
    """Tell whose charged wholes at `ion_mz` [k] have the peak two above as expected, and lack that four above: [k].

    `doublet` and `quadruplet` [k] are their heights by the formulas. Three chlorines have both, a bromine has the first
    alone. Where the first is low the instrument isolated the whole, and the second says nothing.
    """
    ion = np.where((ion_mz < BINS - 4) & (quadruplet >= CLEAR), ion_mz, 0)
    whole = spectra[:, ion]
    read = _tall(spectra, ion) & (spectra[:, ion + 2] >= KEPT * doublet * whole)
    expected = (quadruplet * whole * read).sum(axis=0)
    return np.asarray((ion > 0) & (expected > 0) & ((spectra[:, ion + 4] * read).sum(axis=0) < MISSING * expected))


def _with_isotopes(currents: Currents) -> Currents:
    return currents + carbon_13_of(currents)


def _tall(spectra: Bins, ion: Places) -> Which:
    return np.asarray(spectra[:, ion] >= TALL * np.maximum(spectra.max(axis=1, keepdims=True), SMALL))


def but_isotopes(index: Index, entries: Places, spectra: Bins) -> Which:
    """Tell which entries have whole and fragments no higher than isotopes of the ions two below them: [k].

    `spectra` [n, BINS] have their isotope peaks.
    """
    measured = spectra.mean(axis=0)
    isotope = np.zeros(BINS, dtype=np.bool_)
    isotope[2:] = (measured[2:] > 0) & (measured[2:] <= AS_HIGH * measured[:-2])
    own = index.whole.take(entries)
    owner, told = own.owner(), np.square(own.root) * (measured[own.bins] > SEEN * measured.sum())
    whole = np.isin(own.bins - index.ion_mz[entries][owner], WHOLE)
    theirs = isotope[own.bins]
    everything, above, broken = (
        np.bincount(owner, told * which, len(entries)) for which in (True, theirs, theirs & ~whole)
    )
    ion = np.where(index.ion_mz[entries] < BINS, index.ion_mz[entries], 0)
    return np.asarray(isotope[ion] & (above >= MOSTLY * everything) & (broken >= FEW * everything))


@dataclass(frozen=True, eq=False)
class Isotopes:
    """What isotopes say of a library's entries; `quadruplet` [entries] is the height four above the whole."""

    index: Index = field(repr=False)
    quadruplet: Bins

    @classmethod
    def of(cls, library: Library, index: Index) -> "Isotopes":
        """Read the formulas."""
        heights = [quadruplet_of(entry.formula) for entry in library.entries]
        return cls(index, np.array(heights, dtype=np.float32))

    def refuse(self, at: Places, spectra: Bins, others: Currents | None = None) -> Which:
        """Tell which entries [k] cannot be what gave `spectra` [n, BINS] beside `others` [BINS]: [k]."""
        ion_mz, doublet = self.index.ion_mz[at], self.index.doublet[at]
        too_high = contradicted(ion_mz, self.index.singlet[at], doublet, spectra, others)
        too_low = incomplete(ion_mz, doublet, self.quadruplet[at], spectra)
        return np.asarray(too_high | too_low | but_isotopes(self.index, at, spectra))

    def without_refused(self, whole: Decomposition, spectra: Bins) -> Decomposition:
        """Leave what a component explains to nobody where its isotopes refuse it; others may stand two above it."""
        kept = [each for each in whole.components if not self._is_refused(each, whole, spectra)]
        gone = [each.current for each in whole.components if each not in kept]
        return replace(whole, components=tuple(kept), left=np.sum([whole.left, *gone], axis=0)) if gone else whole

    def _is_refused(self, found: Found, whole: Decomposition, spectra: Bins) -> bool:
        others = np.sum([np.zeros(BINS), *(each.current for each in whole.components if each is not found)], axis=0)
        return bool(self.refuse(np.array([found.answer.entry]), spectra, others)[0])
