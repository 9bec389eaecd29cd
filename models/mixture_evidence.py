"""What speaks for a substance as a component, beside what the other components already explain.

A peak that the others explain says nothing for or against it: it is masked. What is left is its own evidence.
"""

import numpy as np

from models.mixture_fit import Currents
from models.mixture_ions import MOST_RATIO, weigh_ions
from models.mixture_match import LEAST_LEFT, Matched, match
from models.mixture_own import AHEAD, AHEAD_SAME, Own
from models.mixture_rivals import ahead, ahead_of_same, shared_out
from models.mixture_view import TINY, Left, View
from models.search import Places, Table

CLEAR, LEAST_PEAK, LEAST_SHOWN = 0.6, 0.02, 0.002
AGREES = (0.3, 4.0)
"""A peak agrees with what is expected of it between these ratios."""


def evidence(view: View, left: Left, entries: Places) -> Table:
    """Gather the own evidence of candidates: [k, Own]."""
    matched = match(view, left, entries)
    table = np.zeros((len(entries), len(Own)), dtype=np.float32)
    _likeness(matched, table)
    _support(view, left, matched, table)
    _explained(left, matched, table)
    weigh_ions(view, left, matched, entries, table)
    table[:, Own.SHARE] = np.log10(_shares(matched)[:, -1])
    table[:, Own.SHARE_VARIES] = np.minimum(np.log(_shares(matched)[:, :-1]).std(axis=1), 3)
    table[:, Own.ENTRY_PEAKS] = np.log1p(view.index.index.whole.counts[entries]) / 4
    table[:, Own.SPECTRA] = np.log1p(len(view.currents) - 1) / 2
    table[:, Own.LEFT] = np.log10(max(left.current[-1].sum(), LEAST_LEFT))
    table[:, Own.READING_PEAKS] = np.log1p(len(view.bins)) / 5
    _beside(view, left, matched, entries, table)
    return table


def _beside(view: View, left: Left, matched: Matched, entries: Places, table: Table) -> None:
    """How candidates stand beside one another."""
    ion = view.index.ion_bin(entries)
    for at, column in ((-1, Own.KEPT), (0, Own.KEPT_FIRST)):
        table[:, column] = shared_out(left.current[at] * left.weight[at], matched.rows[:, at] * left.weight[at])
    table[:, Own.SAME_ION] = np.log1p((ion[:, None] == ion).sum(axis=1)) / 2
    for column, of in AHEAD.items():
        table[:, column] = ahead(table[:, of])
    for column, of in AHEAD_SAME.items():
        table[:, column] = ahead_of_same(table[:, of], ion)


def _likeness(matched: Matched, table: Table) -> None:
    single = matched.cosine[:, :-1]
    table[:, Own.COSINE_MEAN] = single.mean(axis=1)
    table[:, Own.COSINE_BEST] = single.max(axis=1)
    table[:, Own.COSINE_WORST] = single.min(axis=1)
    table[:, Own.COSINE_MERGED] = matched.cosine[:, -1]
    table[:, Own.COSINE_MERGED_WHOLE] = matched.whole
    table[:, Own.COSINE_FIRST], table[:, Own.COSINE_LAST] = single[:, 0], single[:, -1]
    table[:, Own.COSINE_SECOND] = matched.second.mean(axis=1)
    table[:, Own.COSINE_LIKE] = matched.like.mean(axis=1)
    table[:, Own.FREE] = matched.free[:, -1]
    table[:, Own.PRESENT_MEAN] = matched.present[:, :-1].mean(axis=1)
    table[:, Own.PRESENT] = matched.present[:, -1]
    table[:, Own.ENTROPY_MEAN] = matched.entropy[:, :-1].mean(axis=1)
    table[:, Own.ENTROPY] = matched.entropy[:, -1]


def _support(view: View, left: Left, matched: Matched, table: Table) -> None:
    """How much of what is expected is there, how much more than expected, how much elsewhere; peaks that agree."""
    expected, found = matched.root, np.sqrt(left.current)
    rare = left.weight * view.scale * view.index.index.rarity[view.bins]
    supported = (np.minimum(found, expected) * rare).sum(axis=2) / np.maximum((expected * rare).sum(axis=2), TINY)
    table[:, Own.SUPPORTED_MEAN] = supported[:, :-1].mean(axis=1)
    table[:, Own.SUPPORTED] = supported[:, -1]
    table[:, Own.SUPPORTED_FIRST] = supported[:, 0]
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


def _explained(left: Left, matched: Matched, table: Table) -> None:
    explained = np.minimum(left.current, np.square(matched.root)).sum(axis=2)
    part = explained / np.maximum(left.current.sum(axis=1), LEAST_LEFT)
    table[:, Own.EXPLAINED] = part[:, -1]
    table[:, Own.EXPLAINED_MEAN] = part[:, :-1].mean(axis=1)
    table[:, Own.EXPLAINED_FIRST], table[:, Own.EXPLAINED_LAST] = part[:, 0], part[:, -2]
    table[:, Own.EXPLAINED_CURRENT] = np.log10(np.maximum(explained[:, -1], LEAST_LEFT))


def _shares(matched: Matched) -> Currents:
    return np.clip(np.square(matched.scale), LEAST_LEFT, 1.5)
