"""Noise of a spectrum of sticks: many small peaks of like height from one end to the other, where no ion can be too.

A sample's ions thin out towards its whole ion and end with it, and their heights are most unlike; noise does neither.
"""

from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

Values = NDArray[np.float64]

LEAST_MASSES = 40
PARTS = 3
UNEVEN = (2.0, 1.5)
"""Between the parts of the range noise differs by no more than this: the middle heights, the numbers of peaks."""
SPREAD = (0.2, 0.7)
MOST_SPREAD = 5.0
"""Noise at the upper of these quantiles is no more than so many times as high as at the lower."""
SMALL, MOSTLY = 4.5, 0.9
"""So large a part of the peaks is less than so many times as high as the middle one."""
STRONG, BEYOND = 0.1, 0.2
"""So large a part of the peaks is heavier than every ion that is so high, of the highest."""
ISOTOPES = 3
FILLED = 0.8
"""Where so large a part of the masses is filled, strong is only what stands out of them."""
UPPER, TAIL = 0.75, 5.0
"""Noise reaches above its middle so many times as far as this quantile: 3.4 standard deviations if Gaussian."""


def noise_level(row: Values) -> float:
    """Return the height up to which peaks on nominal masses are noise, 0 where they do not look like noise."""
    at = np.flatnonzero(row)
    if at.size < LEAST_MASSES:
        return 0.0
    heights = row[at]
    middle = float(np.median(heights))
    if not _is_noise(at, heights, middle):
        return 0.0
    return middle + TAIL * (float(np.quantile(heights, UPPER)) - middle)


def _is_noise(at: NDArray[np.int64], heights: Values, middle: float) -> bool:
    edges = np.linspace(float(at[0]), float(at[-1]) + 1, PARTS + 1)
    parts: list[Values] = [heights[(at >= low) & (at < high)] for low, high in pairwise(edges.tolist())]
    numbers = [part.size for part in parts]
    if not min(numbers):
        return False
    middles = [float(np.median(part)) for part in parts]
    lower, upper = np.quantile(heights, SPREAD).tolist()
    filled = at.size >= FILLED * (at[-1] - at[0])
    strong = heights >= max(STRONG * heights.max(), min(SMALL * middle, heights.max()) if filled else 0.0)
    beyond = at > int(np.max(at[strong])) + ISOTOPES
    return (
        max(middles) <= UNEVEN[0] * min(middles)
        and max(numbers) <= UNEVEN[1] * min(numbers)
        and upper <= MOST_SPREAD * lower
        and float(np.mean(heights < SMALL * middle)) >= MOSTLY
        and float(np.mean(beyond)) >= BEYOND
    )
