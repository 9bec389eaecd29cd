"""The library as taking mixtures apart needs it: who may be in a reading, and some entries' spectra laid out."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from models.grouping import neighbours_of
from models.library import Library, ranges
from models.preprocessing import BINS, Bins
from models.search import FLAT, Index, Peaks, Places

MOST_SPECTRA = 11
"""Of an entry that has more, as many at even distances in the order of their energies."""
ION_WORTH = np.float32(1.0)
"""What a charged whole that is in the reading adds to an entry's score, beside its peaks (sum 1) times their rarity."""
SMALL = np.float32(1e-9)


@dataclass(frozen=True, eq=False)
class Rows:
    """Some entries' spectra on some bins, the consensus of all first: [k, spectra, B]; where one has fewer, zeros.

    `share` is a peak's part of its spectrum; `weight` what it counts, a whole spectrum being of length 1. `length`
    [k, spectra] is the squared length of the weights from the first of these bins on, `energy` in eV or NaN.
    """

    share: Bins
    weight: Bins
    length: Bins
    energy: Bins


@dataclass(frozen=True, eq=False)
class MixtureIndex:
    """A library and its index; `ion_share` [entries] is the charged whole's part of each entry's softest spectrum."""

    library: Library
    index: Index
    ion_share: Bins

    @classmethod
    def of(cls, library: Library, index: Index | None = None) -> "MixtureIndex":
        """Make a library ready; its index is made too if it is not there yet."""
        ready = index or Index.of(library)
        soft, whole = _ion_share(ready.low, ready.ion_mz), _ion_share(ready.whole, ready.ion_mz)
        return cls(library, ready, np.where(ready.low.counts > 0, soft, whole))

    @cached_property
    def by_energy(self) -> Places:
        """Places of all spectra, each entry's in the order of their energies, those of none told last."""
        counts = np.diff(self.index.first)
        return np.lexsort((self.index.energy, np.repeat(np.arange(len(counts)), counts)))

    @cached_property
    def families(self) -> tuple[str, ...]:
        """Families of the entries."""
        return tuple(entry.family for entry in self.library.entries)

    def near(self, spectra: Bins, most: int) -> Places:
        """Choose the entries most of whose peaks are somewhere in a reading [n, BINS], however much else is in it."""
        strongest = spectra.max(axis=0)
        present = np.flatnonzero(strongest)
        counts = np.diff(self.index.bin_starts)[present]
        held = ranges(self.index.bin_starts[:-1], np.diff(self.index.bin_starts), present)
        worth = np.square(self.index.bin_weight[held]) * np.repeat(self.index.rarity[present], counts)
        entries = len(self.index.ion_mz)
        score = np.bincount(self.index.by_bin[held], worth, entries).astype(np.float32)
        score += ION_WORTH * (strongest[self.ion_bin(np.arange(entries))] > 0)
        kept = np.argpartition(-score, most - 1)[:most] if entries > most else np.arange(entries)
        return kept[np.argsort(-score[kept], kind="stable")]

    def whole(self, entries: Places, bins: Places) -> Rows:
        """Lay the consensus of all records of some entries out on `bins`, ascending."""
        return _laid(self.index.whole.take(entries), np.arange(len(entries)), (len(entries), 1), bins)

    def rows(self, entries: Places, bins: Places) -> Rows:
        """Lay all spectra of some entries out on `bins`, ascending."""
        counts = np.diff(self.index.first)[entries]
        kept = np.minimum(counts, MOST_SPECTRA)
        number = ranges(np.zeros_like(kept), kept, np.arange(len(kept)))
        owner = np.repeat(np.arange(len(kept)), kept)
        chosen = self.by_energy[self.index.first[entries][owner] + number * counts[owner] // kept[owner]]
        shape = len(entries), int(kept.max(initial=0)) + 1
        whole = _laid(self.index.whole.take(entries), np.arange(len(entries)) * shape[1], shape, bins)
        measured = _laid(self.index.spectra.take(chosen), owner * shape[1] + number + 1, shape, bins)
        energy = np.full(shape[0] * shape[1], np.nan, dtype=np.float32)
        energy[owner * shape[1] + number + 1] = self.index.energy[chosen]
        return Rows(
            whole.share + measured.share,
            whole.weight + measured.weight,
            whole.length + measured.length,
            energy.reshape(shape),
        )

    def ion_bin(self, entries: Places) -> Places:
        """Bins of the charged wholes; 0, which is empty, for those beyond the range."""
        ion = self.index.ion_mz[entries]
        return np.where(ion < BINS, ion, 0)

    def alike(self, entry: int) -> tuple[int, ...]:
        """Return an entry and those that it cannot be told from."""
        return (entry, *neighbours_of(self.library)[entry])


def _laid(peaks: Peaks, rows: Places, shape: tuple[int, int], bins: Places) -> Rows:
    """Lay spectra out, each in its row."""
    owner, height = peaks.owner(), np.square(peaks.root)
    total = np.bincount(owner, height, len(peaks.counts))
    share, weight, row = height / np.maximum(total[owner], SMALL), peaks.weighed(FLAT), rows[owner]
    seen = peaks.bins >= bins[0]
    length = np.bincount(row[seen], np.square(weight[seen]), shape[0] * shape[1])
    column = np.full(BINS, -1)
    column[bins] = np.arange(len(bins))
    at = column[peaks.bins]
    on = at >= 0
    shares, weights = (np.zeros((shape[0] * shape[1], len(bins)), dtype=np.float32) for _ in range(2))
    shares[row[on], at[on]], weights[row[on], at[on]] = share[on], weight[on]
    return Rows(
        shares.reshape(*shape, -1),
        weights.reshape(*shape, -1),
        length.reshape(shape).astype(np.float32),
        np.full(shape, np.nan, dtype=np.float32),
    )


def _ion_share(peaks: Peaks, ion_mz: Places) -> Bins:
    owner, height = peaks.owner(), np.square(peaks.root)
    ion = np.where(peaks.bins == ion_mz[owner], height, 0)
    total = np.bincount(owner, height, len(peaks.counts))
    return np.asarray(np.bincount(owner, ion, len(peaks.counts)) / np.maximum(total, SMALL), dtype=np.float32)
