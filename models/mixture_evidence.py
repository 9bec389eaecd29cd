"""What speaks for a substance as a component, beside what the other components already explain.

A peak that the others explain says nothing for or against it: it is masked. What is left is its own evidence.
"""

from dataclasses import dataclass
from enum import IntEnum

import numpy as np

from models.evidence import carbon_of
from models.mixture_fit import Currents
from models.mixture_index import MixtureIndex
from models.preprocessing import BINS, Bins
from models.search import FLAT, Places, Table

SLACK = 1.5
"""Others may give this many times what the fit says: laboratories differ in intensity."""
EXPECTED_ELSEWHERE = 0.001
HALF = 0.5
"""What an empty bin counts where others should have given something: they too may be missing."""
ABOVE_ION = 5
CLEAR, LEAST_PEAK, LEAST_SHOWN = 0.6, 0.02, 0.002
AGREES = (0.3, 4.0)
"""A peak agrees with what is expected of it between these ratios."""
TINY = 1e-9
LEAST_LEFT = 1e-4
MOST_RATIO = 2.0
ION_SHOWN = 0.3
ION_BONUS = 0.3


class Own(IntEnum):
    """Columns of the table of a component's own evidence."""

    COSINE_MEAN = 0
    COSINE_BEST = 1
    COSINE_WORST = 2
    COSINE_MERGED = 3
    COSINE_MERGED_WHOLE = 4
    FREE = 5
    SUPPORTED_MEAN = 6
    SUPPORTED = 7
    PRESENT_MEAN = 8
    PRESENT = 9
    OVER = 10
    ELSEWHERE = 11
    EXPLAINED = 12
    EXPLAINED_CURRENT = 13
    EXPLAINED_MEAN = 14
    PEAKS_MOST = 15
    PEAKS_MEAN = 16
    PEAKS_SHARE = 17
    PEAKS_SHARE_MEAN = 18
    ION_FREE_FIRST = 19
    ION_FREE_MOST = 20
    ION_FIRST = 21
    ION_MOST = 22
    ION_SEEN_FIRST = 23
    ION_SEEN_MOST = 24
    ION_EXPECTED = 25
    SHARE = 26
    SHARE_VARIES = 27
    ABOVE_ION = 28
    ENTRY_PEAKS = 29
    SPECTRA = 30
    LEFT = 31
    READING_PEAKS = 32
    AHEAD_COSINE = 33
    AHEAD_MERGED = 34
    AHEAD_WHOLE = 35
    AHEAD_EXPLAINED = 36
    AHEAD_SUPPORTED_MEAN = 37
    AHEAD_SUPPORTED = 38
    CARBON = 39
    CARBON_READ = 40
    CARBON_OFF = 41


_AHEAD = {
    Own.AHEAD_COSINE: Own.COSINE_MEAN,
    Own.AHEAD_MERGED: Own.COSINE_MERGED,
    Own.AHEAD_WHOLE: Own.COSINE_MERGED_WHOLE,
    Own.AHEAD_EXPLAINED: Own.EXPLAINED,
    Own.AHEAD_SUPPORTED_MEAN: Own.SUPPORTED_MEAN,
    Own.AHEAD_SUPPORTED: Own.SUPPORTED,
}


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
    [n, BINS] are the spectra with their isotope peaks.
    """

    index: MixtureIndex
    bins: Places
    currents: Currents
    near: Places
    whole: Bins
    length: Bins
    isotopic: Bins

    @classmethod
    def of(cls, index: MixtureIndex, spectra: Bins, near: Places, isotopic: Bins | None = None) -> "View":
        """Look at a reading [n, BINS]; `isotopic`: the same with its isotope peaks."""
        merged = spectra.mean(axis=0)
        bins = np.flatnonzero(merged)
        rows = index.whole(near, bins)
        currents = np.vstack([spectra, merged])[:, bins].astype(np.float64)
        kept = spectra if isotopic is None else isotopic
        return cls(index, bins, currents, near, rows.weight[:, 0], rows.length[:, 0], kept)

    @property
    def scale(self) -> Bins:
        """Weight of each bin's m/z."""
        return np.sqrt(self.bins, dtype=np.float32)

    def rows(self, entry: int) -> Currents:
        """Return the reference spectra of one entry on the bins of the reading: [rows, B]."""
        rows = self.index.rows(np.array([entry]), self.bins).share[0]
        kept = rows.any(axis=1)
        kept[0] = True
        return rows[kept].astype(np.float64)

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


@dataclass(frozen=True, eq=False)
class _Matched:
    """Candidates beside what is left: the reference spectrum of each that is nearest to each of the reading's.

    `rows` [k, n + 1, B]; `cosine`, `free`, `present` [k, n + 1]: likeness, and the parts of the reference spectrum that
    others leave free and that the reading has peaks for. `whole` [k] is the likeness of consensus and added spectra.
    `root` is the square root of what is expected of each peak, `scale` [k, n + 1] that of how much of the candidate.
    """

    rows: Currents
    cosine: Currents
    free: Currents
    present: Currents
    whole: Currents
    root: Currents
    scale: Currents


def evidence(view: View, left: Left, entries: Places) -> Table:
    """Gather the own evidence of candidates: [k, Own]."""
    matched = _match(view, left, entries)
    table = np.zeros((len(entries), len(Own)), dtype=np.float32)
    _likeness(matched, table)
    _support(view, left, matched, table)
    _explained(left, matched, table)
    _ions(view, left, matched, entries, table)
    off, expected = carbon_of(view.index.ion_bin(entries), view.index.index.singlet[entries], view.isotopic)
    table[:, Own.CARBON], table[:, Own.CARBON_READ], table[:, Own.CARBON_OFF] = off, expected, np.abs(off)
    table[:, Own.SHARE] = np.log10(_shares(matched)[:, -1])
    table[:, Own.SHARE_VARIES] = np.minimum(np.log(_shares(matched)[:, :-1]).std(axis=1), 3)
    table[:, Own.ENTRY_PEAKS] = np.log1p(view.index.index.whole.counts[entries]) / 4
    table[:, Own.SPECTRA] = np.log1p(len(view.currents) - 1) / 2
    table[:, Own.LEFT] = np.log10(max(left.current[-1].sum(), LEAST_LEFT))
    table[:, Own.READING_PEAKS] = np.log1p(len(view.bins)) / 5
    for ahead, of in _AHEAD.items():
        table[:, ahead] = table[:, of] - table[:, of].max()
    return table


def _match(view: View, left: Left, entries: Places) -> _Matched:
    rows = view.index.rows(entries, view.bins)
    query = weighed_current(left, view.scale)
    seen = rows.length[:, :, None] - np.square(rows.weight) @ (1 - left.weight).T
    cosine = cosine_of(rows.weight @ query.T, seen, left, query)
    at = np.arange(len(entries))[:, None], cosine.argmax(axis=1), np.arange(len(left.current))[None]
    nearest = rows.share[at[0], at[1]].astype(np.float64)
    root = np.sqrt(nearest)
    worth = left.weight * root * view.scale
    scale = (worth * np.sqrt(left.current) * root).sum(axis=2) / np.maximum((worth * nearest).sum(axis=2), TINY)
    held = rows.length[at[0], at[1]]
    return _Matched(
        rows=nearest,
        cosine=cosine[at],
        free=seen[at] / np.maximum(held, 1e-6),
        present=np.square(rows.weight[at[0], at[1]]).sum(axis=2) / np.maximum(held, TINY),
        whole=cosine[:, 0, -1],
        root=root * scale[:, :, None],
        scale=scale,
    )


def _likeness(matched: _Matched, table: Table) -> None:
    single = matched.cosine[:, :-1]
    table[:, Own.COSINE_MEAN] = single.mean(axis=1)
    table[:, Own.COSINE_BEST] = single.max(axis=1)
    table[:, Own.COSINE_WORST] = single.min(axis=1)
    table[:, Own.COSINE_MERGED] = matched.cosine[:, -1]
    table[:, Own.COSINE_MERGED_WHOLE] = matched.whole
    table[:, Own.FREE] = matched.free[:, -1]
    table[:, Own.PRESENT_MEAN] = matched.present[:, :-1].mean(axis=1)
    table[:, Own.PRESENT] = matched.present[:, -1]


def _support(view: View, left: Left, matched: _Matched, table: Table) -> None:
    """How much of what is expected is there, how much more than expected, how much elsewhere; peaks that agree."""
    expected, found = matched.root, np.sqrt(left.current)
    rare = left.weight * view.scale * view.index.index.rarity[view.bins]
    supported = (np.minimum(found, expected) * rare).sum(axis=2) / np.maximum((expected * rare).sum(axis=2), TINY)
    table[:, Own.SUPPORTED_MEAN] = supported[:, :-1].mean(axis=1)
    table[:, Own.SUPPORTED] = supported[:, -1]
    last, worth = matched.rows[:, -1] > 0, found[-1] * left.weight[-1] * view.scale
    more = np.maximum(found[-1] - expected[:, -1], 0) * left.weight[-1] * view.scale
    table[:, Own.OVER] = (more * last).sum(axis=1) / max(worth.sum(), TINY)
    table[:, Own.ELSEWHERE] = (worth * ~last).sum(axis=1) / max(worth.sum(), TINY)
    own = (left.free > CLEAR) & (matched.rows > LEAST_PEAK * matched.rows.max(axis=2, keepdims=True))
    height, low, high = np.square(expected), *AGREES
    agrees = own & (left.current > low * height) & (left.current < high * height) & (height > 0)
    peaks = agrees.sum(axis=2)
    share = np.minimum(peaks / np.maximum((own & (height > LEAST_SHOWN)).sum(axis=2), 1), MOST_RATIO)
    table[:, Own.PEAKS_MOST] = np.log1p(peaks.max(axis=1))
    table[:, Own.PEAKS_MEAN] = np.log1p(peaks[:, :-1].mean(axis=1))
    table[:, Own.PEAKS_SHARE] = share[:, -1]
    table[:, Own.PEAKS_SHARE_MEAN] = share[:, :-1].mean(axis=1)


def _explained(left: Left, matched: _Matched, table: Table) -> None:
    explained = np.minimum(left.current, np.square(matched.root)).sum(axis=2)
    part = explained / np.maximum(left.current.sum(axis=1), LEAST_LEFT)
    table[:, Own.EXPLAINED] = part[:, -1]
    table[:, Own.EXPLAINED_MEAN] = part[:, :-1].mean(axis=1)
    table[:, Own.EXPLAINED_CURRENT] = np.log10(np.maximum(explained[:, -1], LEAST_LEFT))


def _ions(view: View, left: Left, matched: _Matched, entries: Places, table: Table) -> None:
    """Whether the charged whole is there, free of others and as strong as expected, and what lies above it."""
    ion = view.index.ion_bin(entries)
    place = np.full(BINS, -1)
    place[view.bins] = np.arange(len(view.bins))
    at, has = np.maximum(place[ion], 0), (place[ion] >= 0)[:, None]
    free = np.where(has, left.free[:-1, at].T, 0)
    height = np.where(has, np.sqrt(left.current[:-1, at]).T, 0) / np.maximum(matched.scale[:, :-1], 1e-3)
    seen = np.minimum(np.where(has, np.sqrt(view.currents[:-1, at]).T, 0), ION_SHOWN)
    table[:, Own.ION_FREE_FIRST], table[:, Own.ION_FREE_MOST] = free[:, 0], free.max(axis=1)
    table[:, Own.ION_FIRST] = np.minimum(height[:, 0], MOST_RATIO)
    table[:, Own.ION_MOST] = np.minimum(height.max(axis=1), MOST_RATIO)
    table[:, Own.ION_SEEN_FIRST], table[:, Own.ION_SEEN_MOST] = seen[:, 0], seen.max(axis=1)
    table[:, Own.ION_EXPECTED] = table[:, Own.ION_FIRST] - np.sqrt(view.index.ion_share[entries])
    heavy = np.cumsum((np.sqrt(left.current[-1]) * left.weight[-1])[::-1])[::-1]
    edge = np.searchsorted(view.bins, np.minimum(view.index.index.ion_mz[entries], BINS) + ABOVE_ION)
    table[:, Own.ABOVE_ION] = np.append(heavy, 0)[edge] / max(heavy[0], 1e-6)


def _shares(matched: _Matched) -> Currents:
    return np.clip(np.square(matched.scale), LEAST_LEFT, 1.5)
