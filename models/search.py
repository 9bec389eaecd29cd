"""Library search in two steps: every entry's consensus coarsely, then the measured spectra of the nearest entries.

Spectra of other laboratories and instruments are nearer to one measured spectrum of the compound than to a mean of all;
so a reading's spectrum is compared with each, and the best counts. The consensus only chooses whom to compare with.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from models.expected import SOFTNESSES, Expected, rows_of
from models.formula import doublet_of, rings_of, singlet_of
from models.library import Band, Library, LibraryEntry, Packed, ranges
from models.preprocessing import BINS, Bins

Table = NDArray[np.float32]
Places = NDArray[np.int64]

SMALL = np.float32(1e-9)
NEAR = 256
"""How many entries the coarse step leaves; the right one was among them in 96 (one spectrum) to 99 % (several)."""
CANDIDATES = 64
"""How many entries are compared closely."""
OF_THE_WHOLE = 16
"""So many of them may be there because their charged whole is the heaviest ion of the softest spectrum."""
HEAVIEST = 0.05
"""Least height, beside the strongest, of what is taken for the heaviest ion of the softest spectrum."""
QUERY_PEAKS = 32
"""The coarse step looks at this many of a reading's peaks, the weightiest."""
ION_BONUS = np.float32(0.2)
"""What a charged whole as strong as the strongest peak adds to the coarse score."""
CLOSE_ION_BONUS = np.float32(0.3)
"""And to that of the entries compared spectrum by spectrum."""


@dataclass(frozen=True)
class Weighing:
    """A peak counts as intensity to the power `intensity` times m/z to the power `mz`."""

    intensity: float
    mz: float

    def of(self, spectra: Bins) -> Bins:
        """Weigh spectra [.., BINS], of which most are 0; each is of length 1."""
        weights, there = np.zeros_like(spectra), spectra > 0
        weights[there] = np.power(spectra[there], self.intensity)
        return unit(weights * self.by_mz)

    @cached_property
    def by_mz(self) -> Bins:
        """What a peak on each of BINS counts by its m/z."""
        return np.power(np.arange(BINS, dtype=np.float32), self.mz)


FLAT = Weighing(0.35, 0.5)
"""Strong peaks count less than in the usual cosine: instruments agree on which ions there are, less on how many."""
USUAL = Weighing(0.5, 0.5)
PLAIN = Weighing(0.5, 0.0)
NOT_CALCULATED = Expected.of({})


@dataclass(frozen=True, eq=False)
class Peaks:
    """Spectra as their peaks, one after the other: each begins at `starts`; `root` is the square root of its height."""

    starts: Places
    counts: Places
    bins: NDArray[np.uint16]
    root: Bins

    @classmethod
    def of(cls, packed: Packed) -> "Peaks":
        """Unpack, without laying out on bins."""
        counts = packed.counts.astype(np.int64)
        return cls(np.cumsum(counts) - counts, counts, packed.bins, packed.levels.astype(np.float32) / np.float32(255))

    def take(self, chosen: Places) -> "Peaks":
        """Return the chosen spectra, in that order."""
        at = ranges(self.starts, self.counts, chosen)
        counts = self.counts[chosen]
        return Peaks(np.cumsum(counts) - counts, counts, self.bins[at], self.root[at])

    def owner(self) -> Places:
        """Which spectrum each peak belongs to."""
        return np.repeat(np.arange(len(self.counts)), self.counts)

    def weighed(self, weighing: Weighing) -> Bins:
        """Weigh every peak; each spectrum is of length 1."""
        weights = np.power(self.root, 2 * weighing.intensity) * weighing.by_mz[self.bins]
        length = np.sqrt(np.bincount(self.owner(), np.square(weights), len(self.counts)))
        return np.asarray(weights / np.maximum(np.repeat(length, self.counts), SMALL), dtype=np.float32)

    def on_bins(self, values: Bins) -> Bins:
        """Lay a value of each peak out on unit bins [spectra, BINS]."""
        rows = np.zeros((len(self.counts), BINS), dtype=np.float32)
        rows[self.owner(), self.bins] = values
        return rows


@dataclass(frozen=True, eq=False)
class Candidates:
    """What is known of some entries.

    `whole` and `soft` [k, BINS] are square roots of the consensus of all records and of the low band (all where nobody
    measured softly). `singlet` and `doublet` are the heights of the isotope peaks one and two above the whole.
    `laboratories` is how many measured each. `spectra` are the measured ones, `owner` their entry 0..k-1 in order,
    `energy` in eV or NaN. `expected` [k, SOFTNESSES, BINS] is calculated, parts of the ion current, 0 where there is no
    structure.
    """

    ion_mz: Places
    singlet: Bins
    doublet: Bins
    isomers: Places
    rings: Bins
    laboratories: Places
    whole: Bins
    soft: Bins
    spectra: Peaks
    owner: Places
    energy: Bins
    expected: Bins


@dataclass(frozen=True, eq=False)
class Index:
    """A library made ready for search.

    `by_bin` holds the entries that have a peak in each bin, from `bin_starts` on, and `bin_weight` how much it counts.
    `weights` are those of the spectra's peaks; entry n has the spectra from `first[n]` to `first[n + 1]`.
    """

    ion_mz: Places
    singlet: Bins
    doublet: Bins
    isomers: Places
    rings: Bins
    laboratories: Places
    rarity: Bins
    by_bin: NDArray[np.int32]
    bin_starts: Places
    bin_weight: Bins
    whole: Peaks
    low: Peaks
    spectra: Peaks
    weights: Bins
    energy: Bins
    first: Places
    expected: Packed

    @classmethod
    def of(
        cls, library: Library, laboratories: Mapping[str, int] | None = None, expected: Expected = NOT_CALCULATED
    ) -> "Index":
        """Weigh a library; `laboratories` says of some compounds, by skeleton, how many count as having measured."""
        told = laboratories or {}
        whole = Peaks.of(library.packed[Band.ALL])
        spectra = Peaks.of(library.spectra.packed)
        order = np.argsort(whole.bins, kind="stable")
        entries = len(library.entries)
        met = np.bincount(whole.bins, minlength=BINS)
        formulas = Counter(entry.formula for entry in library.entries)
        return cls(
            ion_mz=library.ion_mz,
            singlet=np.array([singlet_of(entry.formula) for entry in library.entries], dtype=np.float32),
            doublet=np.array([doublet_of(entry.formula) for entry in library.entries], dtype=np.float32),
            isomers=np.array([formulas[entry.formula] - 1 for entry in library.entries], dtype=np.int64),
            rings=np.array([rings_of(entry.formula) for entry in library.entries], dtype=np.float32),
            laboratories=np.array(
                [told.get(entry.skeleton, laboratories_of(entry)) for entry in library.entries], dtype=np.int64
            ),
            rarity=np.log((entries + 1) / (met + 1)).astype(np.float32),
            by_bin=whole.owner()[order].astype(np.int32),
            bin_starts=np.concatenate([[0], np.cumsum(met)]),
            bin_weight=whole.weighed(FLAT)[order],
            whole=whole,
            low=Peaks.of(library.packed[Band.LOW]),
            spectra=spectra,
            weights=spectra.weighed(FLAT),
            energy=library.spectra.energy,
            first=np.searchsorted(library.spectra.owner, np.arange(entries + 1)),
            expected=expected.of_entries(library.entries),
        )

    def candidates(self, entries: Places) -> Candidates:
        """Gather what is known of some entries."""
        counts = np.diff(self.first)[entries]
        chosen = ranges(self.first[:-1], np.diff(self.first), entries)
        whole, low = (peaks.take(entries) for peaks in (self.whole, self.low))
        everything, soft = whole.on_bins(whole.root), low.on_bins(low.root)
        return Candidates(
            ion_mz=self.ion_mz[entries],
            singlet=self.singlet[entries],
            doublet=self.doublet[entries],
            isomers=self.isomers[entries],
            rings=self.rings[entries],
            laboratories=self.laboratories[entries],
            whole=everything,
            soft=np.where((low.counts > 0)[:, None], soft, everything),
            spectra=self.spectra.take(chosen),
            owner=np.repeat(np.arange(len(entries)), counts),
            energy=self.energy[chosen],
            expected=self._expected(entries),
        )

    def _expected(self, entries: Places) -> Bins:
        spectra = self.expected.take(rows_of(entries)).unpacked().T
        return spectra.reshape(len(entries), SOFTNESSES, BINS)


def laboratories_of(entry: LibraryEntry) -> int:
    """Count the laboratories that measured a compound: what many measured is met more often."""
    return max(len({source.contributor for source in entry.sources}), 1)


def unit(values: Bins) -> Bins:
    """Bring vectors along the last axis to length 1; one of zeros stays."""
    length = np.sqrt(np.square(values).sum(axis=-1, keepdims=True))
    return np.asarray(values / np.maximum(length, SMALL), dtype=np.float32)


def shortlist(index: Index, spectra: Bins) -> Places:
    """Choose the CANDIDATES entries that are compared closely, nearest first, last those of the plainest whole."""
    score, whole = coarse(index, spectra), heaviest(spectra[0])
    like = np.flatnonzero(index.ion_mz == whole)
    near = np.union1d(_best(score, NEAR), like[_best(score[like], CANDIDATES)])
    near = near[_best(closeness(index, near, spectra), len(near))]
    nearest, others = np.split(near, [CANDIDATES - OF_THE_WHOLE])
    last = others[np.argsort(index.ion_mz[others] != whole, kind="stable")]
    return np.concatenate([nearest, last])[:CANDIDATES]


def heaviest(spectrum: Bins) -> int:
    """Nominal mass of the heaviest ion of a spectrum [BINS] that is no isotope of a stronger one below."""
    below = np.zeros_like(spectrum)
    below[2:] = np.maximum(spectrum[1:-1], spectrum[:-2])
    high = np.flatnonzero((spectrum >= HEAVIEST * spectrum.max()) & (spectrum > below))
    return int(high[-1]) if high.size else 0


def coarse(index: Index, spectra: Bins) -> Bins:
    """Compare a reading [n, BINS], all spectra added, with every entry's consensus: [entries]."""
    merged = FLAT.of(spectra.mean(axis=0))
    score = np.zeros(len(index.ion_mz), dtype=np.float32)
    for at in _best(merged, min(QUERY_PEAKS, int(np.count_nonzero(merged)))):
        has = slice(index.bin_starts[at], index.bin_starts[at + 1])
        score[index.by_bin[has]] += merged[at] * index.bin_weight[has]
    return score + ION_BONUS * ion_heights(index.ion_mz, spectra).max(axis=0)


def closeness(index: Index, entries: Places, spectra: Bins) -> Bins:
    """Mean over a reading's spectra of the cosine with each entry's best spectrum, and the charged whole: [k]."""
    counts = np.diff(index.first)
    chosen = ranges(index.first[:-1], counts, entries)
    at = ranges(index.spectra.starts, index.spectra.counts, chosen)
    bins, weights = index.spectra.bins[at], index.weights[at]
    starts = np.cumsum(index.spectra.counts[chosen]) - index.spectra.counts[chosen]
    firsts = np.cumsum(counts[entries]) - counts[entries]
    best = [np.maximum.reduceat(np.add.reduceat(weights * query[bins], starts), firsts) for query in FLAT.of(spectra)]
    ion = ion_heights(index.ion_mz[entries], spectra).max(axis=0)
    return np.mean(best, axis=0) + CLOSE_ION_BONUS * ion


def ion_heights(ion_mz: Places, spectra: Bins) -> Bins:
    """Square root of the height of each entry's charged whole beside the strongest peak, in each spectrum: [n, k]."""
    relative = np.sqrt(spectra / np.maximum(spectra.max(axis=1, keepdims=True), SMALL))
    heights = relative[:, np.where(ion_mz < BINS, ion_mz, 0)]
    return np.asarray(heights, dtype=np.float32)


def _best(score: Bins, most: int) -> Places:
    """Places of the highest scores, highest first."""
    if len(score) > most:
        kept = np.argpartition(-score, most - 1)[:most] if most else np.zeros(0, dtype=np.int64)
    else:
        kept = np.arange(len(score))
    return kept[np.argsort(-score[kept], kind="stable")]
