"""Profiles turned into sticks: baseline and noise out, then each peak its sum at its centre of mass.

Points that were not written, or written as 0, are nothing that was measured: where an export leaves out or zeroes what
is low, what is left are the peaks, and they tell no noise.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Values = NDArray[np.float64]

LEAST_POINTS = 150
WIDEST_STEP = 0.35
"""A profile has at least so many points, those left out counted, four in five of them no further apart than this."""
FEWEST_POINTS = 15
"""Two peaks have at least so many."""
MOSTLY = 0.5
"""Part of a profile's ion current in points beside others above 0."""
STRETCH = 10.0
"""Baseline and noise are those of stretches so wide, in m/z."""
HIGHEST = 1000.0
"""All that lies beyond this m/z is one stretch."""
LOW, MIDDLE = 0.25, 0.5
"""Quantiles of a stretch's intensities that show baseline and noise: most of it lies between peaks."""
LOW_IN_DEVIATIONS = 0.674
"""How far below the mean the lower one lies in Gaussian noise."""
STRETCHES = 4
"""The noise of a stretch is the middle one of its own and of so many on either side: peaks stand in some of them."""
GAP = 1.0
"""Points so far apart have others between them that were left out, and so may have the first and the last."""
LOOKS = 100
"""A stretch is looked at in so many places, even where points were left out."""
DEVIATIONS = 4.0
"""What stands less than so many standard deviations of the noise above the baseline is noise."""
AS_WIDE_AS_A_PEAK = 0.5
"""Noise is looked for in a mean over so much m/z: it evens out there, and a peak does not."""
SMOOTHED = 0.3
"""Valleys are looked for in a mean over so much m/z: noise on a peak makes none."""


def is_profile(mz: Values, intensity: Values) -> bool:
    """Whether points this close together follow the shape of peaks: a stick between zeros has no neighbour above 0."""
    if mz.size < FEWEST_POINTS or float(np.percentile(np.diff(mz), 80)) > WIDEST_STEP:
        return False
    if float(mz[-1] - mz[0]) < LEAST_POINTS * _step(mz):
        return False
    near = (np.diff(mz) <= WIDEST_STEP) & (intensity[1:] > 0) & (intensity[:-1] > 0)
    shaped = np.append(near, False) | np.append(False, near)
    return float(intensity[shaped].sum()) >= MOSTLY * float(intensity.sum())


def centroid(mz: Values, intensity: Values) -> tuple[Values, Values]:
    """Turn a profile into sticks: each run between two valleys becomes its sum at its centre of mass.

    A spectrum of peaks already apart comes back as it is.
    """
    if not is_profile(mz, intensity):
        return mz, intensity
    mz, intensity = _with_gaps_open(mz, intensity)
    above = above_baseline(mz, intensity)
    smooth = _mean_around(mz, SMOOTHED, mz, _cumulated(above), _step(mz))
    inner = np.flatnonzero((smooth[1:-1] <= smooth[:-2]) & (smooth[1:-1] < smooth[2:])) + 1
    starts = np.concatenate(([0], inner))
    most = above.max() or 1.0
    heights = np.add.reduceat(above / most, starts)
    moments = np.add.reduceat(above / most * mz, starts)
    kept = heights >= np.finfo(np.float64).tiny
    return moments[kept] / heights[kept], heights[kept] * most


def _with_gaps_open(mz: Values, intensity: Values) -> tuple[Values, Values]:
    """Put a 0 into each gap between points: what stands on its two sides is not one peak."""
    wide = np.flatnonzero(np.diff(mz) > WIDEST_STEP)
    middle = mz[wide] + (mz[wide + 1] - mz[wide]) / 2
    return np.insert(mz, wide + 1, middle), np.insert(intensity, wide + 1, 0.0)


def noise_height(mz: Values, intensity: Values) -> float:
    """Return the sum of the highest peak that noise hides in a profile, 0 of peaks already apart."""
    if not is_profile(mz, intensity):
        return 0.0
    mz, intensity = _with_gaps_open(mz, intensity)
    noise = _ground(mz, intensity).noise
    return DEVIATIONS * float(np.median(noise)) * AS_WIDE_AS_A_PEAK / _step(mz)


def above_baseline(mz: Values, intensity: Values) -> Values:
    """Take the baseline from a profile, and what is no higher above it than noise is."""
    ground = _ground(mz, intensity)
    noisy = ground.seen - ground.baseline <= DEVIATIONS * ground.noise
    return np.where(noisy, 0.0, np.maximum(intensity - ground.baseline, 0.0))


class _Ground(NamedTuple):
    """What a profile stands on, at each point: baseline, noise (a standard deviation), the mean as wide as a peak."""

    baseline: Values
    noise: Values
    seen: Values


def _ground(mz: Values, intensity: Values) -> _Ground:
    stretch: Values = np.minimum(mz, HIGHEST) // STRETCH * STRETCH
    at = np.flatnonzero(np.diff(stretch, prepend=-1))
    begins = stretch[at]
    ends: Values = np.append(begins[:-1] + STRETCH, max(begins[-1] + STRETCH, mz[-1]))
    if float(np.diff(mz).max()) < GAP:
        begins, ends = np.maximum(begins, mz[0]), np.minimum(ends, mz[-1])
    steps = [_step(part) for part in np.split(mz, at[1:])]
    cumulated = _cumulated(intensity)
    looks = np.linspace(begins, ends, LOOKS)
    seen = _mean_around(looks, AS_WIDE_AS_A_PEAK, mz, cumulated, np.array(steps))
    low, middle = (np.quantile(seen, part, axis=0) for part in (LOW, MIDDLE))
    noise = _among_neighbours((middle - low) / LOW_IN_DEVIATIONS)
    centres = (begins + ends) / 2
    return _Ground(
        baseline=np.interp(mz, centres, low + LOW_IN_DEVIATIONS * noise),
        noise=np.interp(mz, centres, noise),
        seen=_mean_around(mz, AS_WIDE_AS_A_PEAK, mz, cumulated, np.interp(mz, centres, steps)),
    )


def _step(mz: Values) -> float:
    """Return how far apart points are where none was left out."""
    apart = float(np.sort(np.diff(mz))[int(LOW * (mz.size - 1))]) if mz.size > 1 else 0.0
    return apart or AS_WIDE_AS_A_PEAK


def _mean_around(at: Values, width: float, mz: Values, cumulated: Values, step: Values | float) -> Values:
    """Mean intensity over `width` around some m/z; what was left out there is 0."""
    start, end = np.searchsorted(mz, at - width / 2), np.searchsorted(mz, at + width / 2, "right")
    return (cumulated[end] - cumulated[start]) / np.maximum(np.maximum(end - start, width / step), 1)


def _cumulated(intensity: Values) -> Values:
    return np.concatenate(([0.0], np.cumsum(intensity)))


def _among_neighbours(noise: Values) -> Values:
    around = np.pad(noise, STRETCHES, mode="edge")
    return np.median(np.lib.stride_tricks.sliding_window_view(around, 2 * STRETCHES + 1), axis=1)
