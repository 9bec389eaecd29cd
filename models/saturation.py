"""Saturation: a detector driven beyond its range cuts the strongest peaks to about one height."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from models.preprocessing import MASS_DEFECT
from models.profile import is_profile
from models.spectrum import Spectrum

CUT, TOPS = 3, 0.99
"""So many nominal masses so near the greatest height are no chance: 4 of 31,352 measured spectra have them."""
FEW = 8
"""A spectrum of so few masses is weak: its counts are small numbers, and equal ones are common."""
COUNTED, EXACT = 20, 0.01
"""Heights under so many times the lowest, multiples of it so exactly, are ions counted one by one: a weak spectrum."""
FLAT = 0.3
"""Part of a peak's width at half its height that is flat where 1.1 times what the detector gives would have come."""
LEAST_FLAT = 3
"""Points that are equal without being cut: the two beside the middle of a peak."""
FINE = 0.01
"""Counts no coarser than this part of a height leave an eighth of a peak's width flat at the most."""
OTHERS = 0.2
"""Peaks lower than this part of the highest tell nothing of how peaks are drawn."""

Values = NDArray[np.float64]


def is_saturated(spectrum: Spectrum) -> bool:
    """Whether several of many masses, but not most, are about as high as the highest, or a profile is flat there."""
    if is_profile(spectrum.mz, spectrum.intensity):
        return _is_cut(spectrum.intensity)
    heights = spectrum.intensity
    at = np.rint(spectrum.mz * (1 - MASS_DEFECT))
    masses = np.unique(at[heights > 0]).size
    cut = np.unique(at[heights >= TOPS * heights.max(initial=0)]).size
    return masses > FEW and CUT <= cut <= masses / 2 and not _are_counts(heights[heights > 0])


def _are_counts(heights: Values) -> bool:
    with np.errstate(over="ignore"):
        times = heights / heights.min()
    return bool(times.max() < COUNTED and np.abs(times - np.rint(times)).max() <= EXACT)


def without_saturated(spectra: Sequence[Spectrum]) -> list[Spectrum]:
    """Leave out spectra that are cut at their tops: what is cut looks like something else.

    None is left where more than half of those in which something was measured are cut: what few are whole then need not
    be of the sample.
    """
    whole = [spectrum for spectrum in spectra if not is_saturated(spectrum)]
    measured = sum(spectrum.total_ion_current > 0 for spectrum in whole)
    return whole if measured >= len(spectra) - len(whole) else []


def _is_cut(heights: Values) -> bool:
    """Whether the highest peaks of a profile are flat, with flanks beside, and lower ones are not drawn so too."""
    highest = heights.max()
    steps = np.diff(np.unique(heights))
    if not steps.size or steps.min() > FINE * highest:
        return False
    flat = {height for height, part in _tops(heights) if FLAT <= part < 1}
    return flat == {highest}


def _tops(heights: Values) -> list[tuple[float, float]]:
    """Return how high each high peak's flat top is, and which part of its width at half this height is flat."""
    change = np.flatnonzero(np.diff(heights)) + 1
    starts, ends = np.append(0, change), np.append(change, heights.size)
    beside = np.pad(heights[starts], 1, constant_values=-1.0)
    level = beside[1:-1]
    high = (level > beside[:-2]) & (level > beside[2:]) & (level >= OTHERS * heights.max())
    tops = zip(starts[high & (ends - starts >= LEAST_FLAT)], ends[high & (ends - starts >= LEAST_FLAT)], strict=True)
    return [(float(heights[start]), (end - start) / _width(heights, start)) for start, end in tops]


def _width(heights: Values, top: int) -> int:
    """Count the points around a top that are at least half as high."""
    low = np.flatnonzero(heights < heights[top] / 2)
    at = int(np.searchsorted(low, top))
    first = int(low[at - 1]) + 1 if at else 0
    last = int(low[at]) if at < low.size else heights.size
    return last - first
