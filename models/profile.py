"""Profiles turned into sticks: baseline and noise out, then each peak its sum at its centre of mass."""

import numpy as np
from numpy.typing import NDArray

Values = NDArray[np.float64]

LEAST_POINTS = 150
WIDEST_STEP = 0.35
"""A profile has at least so many points, four in five of them no further apart than this."""
STRETCH = 10.0
"""Baseline and noise are those of stretches so wide, in m/z."""
HIGHEST = 1000.0
"""All that lies beyond this m/z is one stretch."""
LOW, LOWEST = 0.25, 0.05
"""Quantiles of a stretch's intensities that show its baseline: most of it lies between peaks."""
DEVIATIONS = 3.0
"""What stands less than so many standard deviations of the noise above the baseline is noise."""
SMOOTHED = 0.3
"""Valleys are looked for in a mean over so much m/z: noise on a peak makes none."""
_LOW_IN_DEVIATIONS, _LOWEST_IN_DEVIATIONS = 0.674, 1.645
"""How far below the mean these quantiles of Gaussian noise lie."""
SMALL, _SMALL_IN_DEVIATIONS = 0.1, 0.126
"""Where an instrument cuts noise off at 0: a quantile of what is positive, and where half of Gaussian noise has it."""


def is_profile(mz: Values) -> bool:
    """Whether points this close together follow the shape of peaks."""
    return mz.size >= LEAST_POINTS and float(np.percentile(np.diff(mz), 80)) <= WIDEST_STEP


def centroid(mz: Values, intensity: Values) -> tuple[Values, Values]:
    """Turn a profile into sticks: each run between two valleys becomes its sum at its centre of mass.

    A spectrum of peaks already apart comes back as it is.
    """
    if not is_profile(mz):
        return mz, intensity
    above = above_baseline(mz, intensity)
    smooth = _smoothed(mz, above)
    inner = np.flatnonzero((smooth[1:-1] <= smooth[:-2]) & (smooth[1:-1] < smooth[2:])) + 1
    starts = np.concatenate(([0], inner))
    most = above.max() or 1.0
    heights = np.add.reduceat(above / most, starts)
    moments = np.add.reduceat(above / most * mz, starts)
    kept = heights > 0
    return moments[kept] / heights[kept], heights[kept] * most


def above_baseline(mz: Values, intensity: Values) -> Values:
    """Take the baseline from a profile, and what is no higher above it than noise is."""
    stretch = np.minimum(mz, HIGHEST) // STRETCH
    starts = np.flatnonzero(np.diff(stretch, prepend=-1))
    low, noise = zip(*(_baseline(part) for part in np.split(intensity, starts[1:])), strict=True)
    middle = [float(part.mean()) for part in np.split(mz, starts[1:])]
    baseline, deviation = (np.asarray(np.interp(mz, middle, each), dtype=np.float64) for each in (low, noise))
    above: Values = intensity - baseline
    return np.where(above > DEVIATIONS * deviation, above, 0.0)


def _baseline(intensity: Values) -> tuple[float, float]:
    """Mean and standard deviation of what lies between the peaks of one stretch."""
    lowest, low = (float(each) for each in np.quantile(intensity, (LOWEST, LOW)))
    if not low:
        positive = intensity[intensity > 0]
        return 0.0, float(np.quantile(positive, SMALL)) / _SMALL_IN_DEVIATIONS if positive.size else 0.0
    noise = (low - lowest) / (_LOWEST_IN_DEVIATIONS - _LOW_IN_DEVIATIONS)
    return low + _LOW_IN_DEVIATIONS * noise, noise


def _smoothed(mz: Values, intensity: Values) -> Values:
    cumulated = np.concatenate(([0.0], np.cumsum(intensity)))
    start, end = np.searchsorted(mz, mz - SMOOTHED / 2), np.searchsorted(mz, mz + SMOOTHED / 2, "right")
    return (cumulated[end] - cumulated[start]) / (end - start)
