"""A reading as taking it apart needs it, and what of it others leave."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from models.mixture_fit import Currents
from models.mixture_index import MixtureIndex
from models.preprocessing import Bins
from models.search import FLAT, Places

SLACK = 1.5
"""Others may give this many times what the fit says: laboratories differ in intensity."""
EXPECTED_ELSEWHERE = 0.001
HALF = 0.5
"""What an empty bin counts where others should have given something: they too may be missing."""
TINY = 1e-9
ION_BONUS = 0.3

Energies = Sequence[float | None]


@dataclass(frozen=True, eq=False)
class Left:
    """What others leave of a reading [n + 1, B], its spectra added in the last row.

    `current` is what is left, `free` the part of each bin that is, `weight` how much each bin says.
    """

    current: Currents
    free: Currents
    weight: Currents


@dataclass(frozen=True, eq=False)
class View:
    """A reading on the bins where it has peaks, and the entries that may be in it.

    `currents` [n + 1, B] are the spectra, softest first, and all added; `near` the entries, whose consensus is weighed
    in `whole` [k, B]; `length` [k] is its squared length over the range of the scan. `isotopic`
    [n, BINS] are the spectra with their isotope peaks, `energies` [n] in eV, NaN where not told. `held` are
    the spectra of entries that were asked for.
    """

    index: MixtureIndex
    bins: Places
    currents: Currents
    near: Places
    whole: Bins
    length: Bins
    isotopic: Bins
    energies: Bins
    held: dict[int, Currents] = field(default_factory=dict[int, Currents])

    @classmethod
    def of(cls, index: MixtureIndex, spectra: Bins, near: Places, isotopic: Bins | None, energies: Energies) -> "View":
        """Look at a reading [n, BINS]; `isotopic`: the same with its isotope peaks."""
        merged = spectra.mean(axis=0)
        bins = np.flatnonzero(merged)
        rows = index.whole(near, bins)
        currents = np.vstack([spectra, merged])[:, bins].astype(np.float64)
        kept = spectra if isotopic is None else isotopic
        told = np.array([np.nan if energy is None else energy for energy in energies], dtype=np.float32)
        return cls(index, bins, currents, near, rows.weight[:, 0], rows.length[:, 0], kept, told)

    @property
    def scale(self) -> Bins:
        """Weight of each bin's m/z."""
        return np.sqrt(self.bins, dtype=np.float32)

    def rows(self, entry: int) -> Currents:
        """Return the reference spectra of one entry on the bins of the reading: [rows, B]."""
        if entry not in self.held:
            rows = self.index.rows(np.array([entry]), self.bins).share[0]
            kept = rows.any(axis=1)
            kept[0] = True
            self.held[entry] = rows[kept].astype(np.float64)
        return self.held[entry]

    def left_by(self, others: Currents) -> Left:
        """Take away what others give [n + 1, B]."""
        left = np.maximum(self.currents - SLACK * others, 0)
        present = self.currents > 0
        free = np.where(present, left / np.maximum(self.currents, TINY), 1.0)
        missing = ~present & (others > EXPECTED_ELSEWHERE)
        return Left(left, free, np.where(missing, HALF, np.square(free)))

    def likeness(self, left: Left) -> Bins:
        """Compare what is left with the consensus of every entry that is near: [k], roughly 0 to 2."""
        query = weighed_current(left, self.scale)
        seen = self.length[:, None] - np.square(self.whole) @ (1 - left.weight).T
        cosine = cosine_of(self.whole @ query.T, seen, left, query)
        ion = self.index.ion_bin(self.near)
        has_ion = np.isin(ion, self.bins) * ION_BONUS
        single = cosine[:, :-1]
        return np.asarray(cosine[:, -1] + (single.max(axis=1) + single.mean(axis=1)) / 2 + has_ion, dtype=np.float32)


def weighed_current(left: Left, scale: Bins) -> Currents:
    """Weigh what is left."""
    return np.asarray(np.power(left.current, FLAT.intensity) * scale * left.weight)


def cosine_of(product: Currents | Bins, seen: Currents | Bins, left: Left, query: Currents) -> Currents:
    """Cosine over the bins as far as they count; the last axis is the reading's spectra."""
    length = np.sqrt((np.square(query) / np.maximum(left.weight, TINY)).sum(axis=1))
    return np.asarray(product / np.maximum(np.sqrt(np.maximum(seen, 1e-6)) * np.where(length > 0, length, 1), TINY))
