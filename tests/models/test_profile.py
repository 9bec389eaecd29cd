"""Profiles as instruments and their exports write them: no peak is lost to what was cut off, none is made of noise."""

import numpy as np
import pytest

from models.preprocessing import Values, prepare
from models.profile import centroid, is_profile
from models.spectrum import Spectrum

COCAINE = np.array([82.065, 105.034, 150.092, 182.118, 304.155])
HEIGHTS = np.array([30.0, 10.0, 8.0, 100.0, 60.0])
MASSES = [82, 105, 150, 182, 304]


def peaks(mz: Values, width: float = 0.6) -> Values:
    shapes = [h * np.exp(-4 * np.log(2) * ((mz - at) / width) ** 2) for at, h in zip(COCAINE, HEIGHTS, strict=True)]
    return np.sum(shapes, axis=0)


def masses(mz: Values, intensity: Values, least: float = 0.0) -> list[int]:
    row = prepare([Spectrum(mz, intensity)]).bins[0]
    return np.flatnonzero(row > least).tolist()


@pytest.mark.parametrize("dropped", [False, True], ids=["zeroed", "left out"])
@pytest.mark.parametrize("threshold", [0.5, 2, 5], ids=lambda part: f"{part}%")
@pytest.mark.parametrize("step", [0.05, 0.1, 0.2])
def test_a_profile_without_its_low_points_keeps_its_peaks(step: float, threshold: float, *, dropped: bool) -> None:
    mz = np.arange(40, 450, step)
    measured = np.where(peaks(mz) < threshold, 0, peaks(mz))
    written = measured > 0 if dropped else np.full(mz.size, fill_value=True)
    assert is_profile(mz[written], measured[written])
    centres, heights = centroid(mz[written], measured[written])
    strong = heights > 0.01 * heights.max()
    np.testing.assert_allclose(centres[strong], COCAINE, atol=0.06)
    np.testing.assert_allclose(heights[strong] / heights.max(), HEIGHTS / HEIGHTS.max(), atol=0.04)


def test_flat_tops_between_zeros_are_peaks() -> None:
    mz = np.arange(40, 450, 0.1)
    flat = np.sum([np.where(np.abs(mz - at) < 0.3, h, 0) for at, h in zip(COCAINE, HEIGHTS, strict=True)], axis=0)
    assert masses(mz, flat) == MASSES


def test_sticks_between_zeros_are_no_profile() -> None:
    mz = np.unique(np.concatenate((np.round(np.arange(40, 450, 0.1), 3), COCAINE)))
    padded = np.where(np.isin(mz, COCAINE), 1.0, 0.0)
    assert not is_profile(mz, padded)
    assert masses(mz, padded) == MASSES


@pytest.mark.parametrize("step", [0.05, 0.1, 0.2])
@pytest.mark.parametrize("noise", [0.2, 1.0], ids=lambda part: f"{part}%")
@pytest.mark.parametrize("rectified", [True, False], ids=["rectified", "cut off at 0"])
def test_noise_above_zero_makes_no_peak(noise: float, step: float, *, rectified: bool) -> None:
    mz = np.arange(40, 450, step)
    random = np.random.default_rng(1).normal(0, noise, mz.size)
    random = np.abs(random) if rectified else np.maximum(random, 0)
    found = masses(mz, peaks(mz) + random)
    assert set(MASSES) <= set(found)
    assert len(found) <= len(MASSES) + 6
