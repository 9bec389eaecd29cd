"""A library made ready for taking mixtures apart: who has which peaks, and the spectra of a few entries laid out."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from models.grouping import neighbours_of
from models.library import Band, Library
from models.preprocessing import BINS, Bins

Places = NDArray[np.int64]

POWER = 0.35
"""A peak counts as intensity to this power times sqrt(m/z): laboratories agree on which ions there are, less on how
much of each."""
ION_WORTH = np.float32(1.0)
"""What a charged whole that is in the reading adds to an entry's score, beside its peaks (sum 1) times their rarity."""
SMALL = np.float32(1e-9)
_ORDER = (Band.ALL, Band.LOW, Band.MID, Band.HIGH)


@dataclass(frozen=True, eq=False)
class Peaks:
    """Spectra one after the other: spectrum n has the peaks from `first[n]` to `first[n + 1]`.

    `share` is a peak's part of its spectrum, `weight` what it counts.
    """

    first: Places
    bins: NDArray[np.uint16]
    share: Bins
    weight: Bins

    @property
    def owner(self) -> Places:
        """Which spectrum each peak is of."""
        return np.repeat(np.arange(len(self.first) - 1), np.diff(self.first))


@dataclass(frozen=True, eq=False)
class Rows:
    """Some entries' spectra on some bins: `share` and `weight` [k, spectra, B]; an entry of fewer has rows of zeros.

    `length` [k, spectra] is the squared length of all weights from the first of these bins on.
    """

    share: Bins
    weight: Bins
    length: Bins


@dataclass(frozen=True, eq=False)
class MixtureIndex:
    """`by_bin` holds the entries that have a peak in each bin, from `starts` on, and `worth` what that peak is worth.

    `rarity` [BINS] is the logarithm of how few entries have each bin. Entry n has the `spectra` from `first[n]` to
    `first[n + 1]`, that of all energies first; `ion_share` [entries] is the charged whole's part of its softest.
    """

    library: Library
    by_bin: NDArray[np.int32]
    starts: Places
    worth: Bins
    rarity: Bins
    spectra: Peaks
    first: Places
    ion_share: Bins

    @classmethod
    def of(cls, library: Library) -> "MixtureIndex":
        """Weigh a library."""
        spectra, first = _spectra(library)
        whole = np.isin(spectra.owner, first[:-1])
        owner = np.searchsorted(first, spectra.owner[whole], side="right") - 1
        bins, entries = spectra.bins[whole], len(library.entries)
        met = np.bincount(bins, minlength=BINS)
        rarity = np.log((entries + 1) / (met + 1)).astype(np.float32)
        squared = np.square(spectra.weight[whole])
        worth = squared / np.maximum(np.bincount(owner, squared, entries)[owner], SMALL) * rarity[bins]
        order = np.argsort(bins, kind="stable")
        return cls(
            library=library,
            by_bin=owner[order].astype(np.int32),
            starts=np.concatenate([[0], np.cumsum(met)]),
            worth=worth[order].astype(np.float32),
            rarity=rarity,
            spectra=spectra,
            first=first,
            ion_share=_ion_share(library, spectra, first),
        )

    def near(self, spectra: Bins, most: int) -> Places:
        """Choose the entries most of whose peaks are somewhere in a reading [n, BINS], however much else is in it."""
        strongest = spectra.max(axis=0)
        present = np.flatnonzero(strongest)
        held = ranges(self.starts[present], np.diff(self.starts)[present])
        entries = len(self.library.entries)
        score = np.bincount(self.by_bin[held], self.worth[held], entries).astype(np.float32)
        score += ION_WORTH * (strongest[self.ion_bin(np.arange(entries))] > 0)
        kept = np.argpartition(-score, most - 1)[:most] if entries > most else np.arange(entries)
        return kept[np.argsort(-score[kept], kind="stable")]

    def rows(self, entries: Places, bins: Places, *, whole_only: bool = False) -> Rows:
        """Lay the spectra of some entries out on `bins`, ascending; only the consensus of all energies if so wanted."""
        counts = np.ones_like(entries) if whole_only else np.diff(self.first)[entries]
        most = int(counts.max(initial=1))
        chosen = ranges(self.first[entries], counts)
        row = ranges(np.arange(len(entries)) * most, counts)
        peaks = np.diff(self.spectra.first)[chosen]
        at, row = ranges(self.spectra.first[chosen], peaks), np.repeat(row, peaks)
        seen = self.spectra.bins[at] >= bins[0]
        length = np.bincount(row[seen], np.square(self.spectra.weight[at[seen]]), len(entries) * most)
        column = np.full(BINS, -1)
        column[bins] = np.arange(len(bins))
        on = column[self.spectra.bins[at]]
        at, row, on = at[on >= 0], row[on >= 0], on[on >= 0]
        share, weight = (np.zeros((len(entries) * most, len(bins)), dtype=np.float32) for _ in range(2))
        share[row, on], weight[row, on] = self.spectra.share[at], self.spectra.weight[at]
        shape = len(entries), most
        return Rows(share.reshape(*shape, -1), weight.reshape(*shape, -1), length.reshape(shape).astype(np.float32))

    def ion_bin(self, entries: Places) -> Places:
        """Bins of the charged wholes; 0, which is empty, for those beyond the range."""
        ion = self.library.ion_mz[entries]
        return np.where(ion < BINS, ion, 0)

    def alike(self, entry: int) -> tuple[int, ...]:
        """Return an entry and those that it cannot be told from."""
        return (entry, *neighbours_of(self.library)[entry])


def ranges(starts: Places, counts: Places) -> Places:
    """Return the indices of stretches of an array, one after the other."""
    ends = np.cumsum(counts)
    return np.repeat(starts - ends + counts, counts) + np.arange(ends[-1] if ends.size else 0)


def _spectra(library: Library) -> tuple[Peaks, Places]:
    """Join the bands, an entry's spectra together and its consensus of all energies first."""
    bands = [library.packed[band] for band in _ORDER]
    counts = np.stack([band.counts for band in bands]).astype(np.int64)
    has = counts > 0
    has[0] = True
    starts = np.cumsum(counts, axis=1) - counts + np.cumsum([0, *counts.sum(axis=1)[:-1]])[:, None]
    chosen = counts.T[has.T]
    at = ranges(starts.T[has.T], chosen)
    bins = np.concatenate([band.bins for band in bands])[at]
    height = np.square(np.concatenate([band.levels for band in bands])[at].astype(np.float32))
    owner = np.repeat(np.arange(len(chosen)), chosen)
    share = (height / np.maximum(np.bincount(owner, height, len(chosen)), SMALL)[owner]).astype(np.float32)
    peaks = Peaks(np.concatenate([[0], np.cumsum(chosen)]), bins, share, weighed(share, bins))
    return peaks, np.concatenate([[0], np.cumsum(has.sum(axis=0))])


def _ion_share(library: Library, spectra: Peaks, first: Places) -> Bins:
    """Take the largest part that the charged whole has in any of an entry's spectra."""
    entry = np.searchsorted(first, spectra.owner, side="right") - 1
    ion = spectra.bins == library.ion_mz[entry]
    share = np.zeros(len(library.entries), dtype=np.float32)
    np.maximum.at(share, entry[ion], spectra.share[ion])
    return share


def weighed(intensity: Bins, bins: NDArray[np.uint16] | Places) -> Bins:
    """Weigh the intensities of peaks in `bins`."""
    return np.asarray(np.power(intensity, POWER) * np.sqrt(bins, dtype=np.float32), dtype=np.float32)
