"""Scans of a reading that tell the same thing twice: they are one spectrum, their mean."""

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from models.preprocessing import Bins, Prepared

MOST_DIFFERENT = 64
"""Spectra of one reading that are no repeats of each other; a reading of more stays as it came, and is refused."""
ALIKE = 0.9
"""Spectra of no told energy that have so much of their ion current in common are scans of one."""


def together(reading: Prepared) -> Prepared:
    """Join the spectra of one told energy, and of those without one such as are alike, each weighed by its ion current.

    The order stays that of the first of each. A reading measured twice, or scanned for a minute, so says no more and no
    less than one that was measured once.
    """
    groups = _groups(reading)
    if len(groups) in {len(reading.bins), MOST_DIFFERENT + 1}:
        return reading
    bins = np.stack([_mean(reading.bins[group], reading.currents, group) for group in groups])
    whole = reading.whole
    return replace(
        reading,
        bins=bins,
        energies=tuple(reading.energies[first] for first, *_ in groups),
        shift=tuple(float(np.mean([reading.shift[at] for at in group])) for group in groups),
        peaks=tuple(int(count) for count in (bins > 0).sum(axis=1)),
        currents=tuple(float(np.mean([reading.currents[at] for at in group])) for group in groups),
        whole=None if whole is None else np.stack([_mean(whole[group], reading.currents, group) for group in groups]),
    )


def _groups(reading: Prepared) -> list[list[int]]:
    groups: list[list[int]] = []
    for at, (row, energy) in enumerate(zip(reading.bins, reading.energies, strict=True)):
        like = (group for group in groups if _is_same(reading, group[0], row, energy))
        found = next(like, None)
        if found is not None:
            found.append(at)
        elif len(groups) <= MOST_DIFFERENT:
            groups.append([at])
    return groups


def _is_same(reading: Prepared, first: int, row: Bins, energy: float | None) -> bool:
    if energy is None or reading.energies[first] is None:
        same = energy is reading.energies[first]
        return same and float(np.minimum(row, reading.bins[first]).sum()) >= ALIKE
    return energy == reading.energies[first]


def _mean(rows: Bins, currents: tuple[float, ...], group: list[int]) -> Bins:
    """Mean of rows whose sum is 1, or 0 of an empty one, weighed by the ion current of each."""
    weights: NDArray[np.float32] = np.array([currents[at] for at in group], dtype=np.float32) * rows.any(axis=1)
    mean: Bins = np.asarray(weights @ rows / (weights.sum() or 1.0), dtype=np.float32)
    return mean
