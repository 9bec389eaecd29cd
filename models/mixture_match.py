"""Candidates laid beside what others leave of a reading: which of their spectra is nearest, and how near."""

from dataclasses import dataclass

import numpy as np

from models.evidence import OTHER_ENERGY
from models.mixture_fit import Currents
from models.mixture_view import TINY, Left, View, cosine_of, weighed_current
from models.preprocessing import Bins
from models.search import Places

LEAST_LEFT = 1e-4


@dataclass(frozen=True, eq=False)
class Matched:
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
    second: Currents
    like: Currents
    entropy: Currents


def match(view: View, left: Left, entries: Places) -> Matched:
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
    return Matched(
        rows=nearest,
        cosine=cosine[at],
        free=seen[at] / np.maximum(held, 1e-6),
        present=np.square(rows.weight[at[0], at[1]]).sum(axis=2) / np.maximum(held, TINY),
        whole=cosine[:, 0, -1],
        root=root * scale[:, :, None],
        scale=scale,
        second=np.partition(cosine[:, :, :-1], -2, axis=1)[:, -2],
        entropy=_entropies(left, nearest),
        like=(cosine[:, :, :-1] - OTHER_ENERGY * _apart(rows.energy, view.energies)).max(axis=1),
    )


def _entropies(left: Left, rows: Currents) -> Currents:
    """Likeness by spectral entropy of what is left and of candidates' spectra: [k, n + 1]."""
    one = left.current * left.weight
    one = one / np.maximum(one.sum(axis=1, keepdims=True), LEAST_LEFT)
    other = rows * left.weight
    both = _times_log(one + other) - _times_log(one) - _times_log(other)
    return np.where((one > 0) & (other > 0), both, 0).sum(axis=2) / 2


def _times_log(values: Currents) -> Currents:
    return values * np.log2(np.maximum(values, TINY))


def _apart(measured: Bins, told: Bins) -> Bins:
    """How far energies are apart, as logarithms: [k, spectra, n]; 1 where one is not told."""
    one, other = (np.log(np.maximum(energy, 1) + 5) for energy in (measured[:, :, None], told))
    return np.nan_to_num(np.abs(one - other), nan=1.0)
