"""Preprocessing: unit bins whatever the instrument's m/z error, and nothing lost in silence."""

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from models.preprocessing import BINS, Removed, Values, mz_errors, prepare, without_isotopes
from models.profile import centroid, is_profile
from models.spectrum import Spectrum

COCAINE = np.array([82.065, 105.034, 150.092, 182.118, 304.155])
HEIGHTS = np.array([30.0, 10.0, 8.0, 100.0, 60.0])


@pytest.mark.parametrize("shift", [-0.3, -0.2, -0.1, 0.0, 0.1, 0.2, 0.3])
@pytest.mark.parametrize("decimals", [1, 4])
def test_an_mz_error_is_taken_out(shift: float, decimals: int) -> None:
    reading = prepare([Spectrum(np.round(COCAINE + shift, decimals), HEIGHTS)])
    assert np.flatnonzero(reading.bins[0] > 0.01).tolist() == [82, 105, 150, 182, 304]
    assert reading.shift[0] == pytest.approx(shift, abs=0.1)


def test_nominal_masses_are_taken_as_they_are() -> None:
    reading = prepare([Spectrum(np.rint(COCAINE), HEIGHTS)])
    assert np.flatnonzero(reading.bins[0] > 0.01).tolist() == [82, 105, 150, 182, 304]


def test_a_spectrum_of_one_peak_leans_on_its_companions() -> None:
    sticks = [(COCAINE + 0.3, HEIGHTS), (np.array([304.455]), np.array([1.0]))]
    assert mz_errors(sticks)[1] == pytest.approx(0.3, abs=0.1)


def test_a_profile_becomes_sticks() -> None:
    mz = np.arange(50, 320, 0.1)
    profile = sum(h * np.exp(-0.5 * ((mz - at) / 0.2) ** 2) for at, h in zip(COCAINE, HEIGHTS, strict=True))
    centres, heights = centroid(mz, np.asarray(profile))
    strong = heights > 0.01 * heights.max()
    np.testing.assert_allclose(centres[strong], COCAINE, atol=0.06)
    np.testing.assert_allclose(heights[strong] / heights.max(), HEIGHTS / HEIGHTS.max(), rtol=0.02)


def profile(mz: Values) -> Values:
    return np.sum([h * np.exp(-0.5 * ((mz - at) / 0.25) ** 2) for at, h in zip(COCAINE, HEIGHTS, strict=True)], axis=0)


@pytest.mark.parametrize(
    ("baseline", "noise"), [(1e-5, 0), (0.1, 0), (5, 0), (0, 0.2), (1, 0.2), (5, 0.5)], ids=lambda part: f"{part}%"
)
def test_baseline_and_noise_of_a_profile_move_no_peak(baseline: float, noise: float) -> None:
    mz = np.arange(30, 500, 0.1)
    random = np.random.default_rng(0).normal(0, 1, mz.size)
    measured = np.maximum(profile(mz) + baseline * (1.5 - mz / 500) + noise * random, 0)
    reading = prepare([Spectrum(mz, measured)])
    assert np.flatnonzero(reading.bins[0] > 0.01).tolist() == [82, 105, 150, 182, 304]
    expected = 1 - profile(mz).sum() / measured.sum()
    assert reading.removed[Removed.BASELINE] == pytest.approx(expected, abs=0.05)


@given(st.lists(st.tuples(st.floats(0.01, 1e300), st.floats(0, 1e12)), min_size=1, max_size=40))
def test_any_profile_becomes_sticks_within_it(points: list[tuple[float, float]]) -> None:
    far, heights = np.array(points).T
    mz = np.unique(np.concatenate([np.arange(30, 60, 0.1), far]))
    intensity = np.resize(heights, mz.size)
    assume(is_profile(mz, intensity))
    centres, sums = centroid(mz, intensity)
    assert np.isfinite(centres).all()
    assert (sums > 0).all()
    assert sums.sum() <= intensity.sum() * (1 + 1e-9)
    assert ((centres >= mz[0] * (1 - 1e-9)) & (centres <= mz[-1] * (1 + 1e-9))).all()


def test_isotopes_go_and_are_told() -> None:
    carbon_13 = COCAINE + 1.00335
    both = np.concatenate([COCAINE, carbon_13])
    order = np.argsort(both)
    heights = np.concatenate([HEIGHTS, HEIGHTS * COCAINE * 7.6e-4])[order]
    reading = prepare([Spectrum(both[order], heights)])
    assert np.flatnonzero(reading.bins[0] > 1e-3).tolist() == [82, 105, 150, 182, 304]
    assert 0.05 < reading.removed[Removed.ISOTOPE] < 0.25


def test_what_is_out_of_range_is_told() -> None:
    reading = prepare([Spectrum(np.array([10.0, 100.05, 900.0]), np.array([1.0, 2.0, 1.0]))])
    assert reading.removed[Removed.OUT_OF_RANGE] == pytest.approx(0.5)


def test_isotope_removal_never_goes_below_zero() -> None:
    assert without_isotopes(np.ones(BINS)).min() >= 0


peaks = st.lists(st.tuples(st.floats(0.01, 4000), st.floats(0, 1e12)), max_size=60, unique_by=lambda peak: peak[0])


@given(st.lists(peaks, min_size=1, max_size=4))
def test_any_reading_is_prepared(spectra: list[list[tuple[float, float]]]) -> None:
    reading = prepare([Spectrum(*np.array(sorted(peaks) or np.zeros((0, 2))).reshape(-1, 2).T) for peaks in spectra])
    totals = reading.bins.sum(axis=1)
    assert np.isfinite(reading.bins).all()
    assert all(total == pytest.approx(1, abs=1e-4) or total == 0 for total in totals)
    assert all(-1e-6 <= part <= 1 + 1e-6 for part in reading.removed.values())
