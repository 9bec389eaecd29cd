"""Vibrational spectra: what they may be, how alike two are, and the library."""

from contextlib import suppress
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from models.errors import MalformedSpectrum, UnusableBundle
from models.formats.references import read_references
from models.hit_quality import compare, hqi, without_baseline
from models.vibrational import AxisUnit, Method, Quantity, VibrationalSpectrum
from models.vibrational_library import Entry, VibrationalLibrary

AXIS = np.arange(400.0, 1800.0, 2.0)
VECTORS = Path(__file__).parents[1] / "vectors" / "spectra"


def bands(*centres: float, width: float = 10.0) -> NDArray[np.float64]:
    return np.sum([np.exp(-(((AXIS - at) / width) ** 2)) for at in centres], axis=0)


def raman(values: NDArray[np.float64], axis: NDArray[np.float64] = AXIS) -> VibrationalSpectrum:
    return VibrationalSpectrum(axis, values, Method.RAMAN, AxisUnit.WAVENUMBER, Quantity.COUNTS)


def infrared(values: NDArray[np.float64], quantity: Quantity = Quantity.ABSORBANCE) -> VibrationalSpectrum:
    return VibrationalSpectrum(AXIS, values, Method.INFRARED, AxisUnit.WAVENUMBER, quantity)


@pytest.mark.parametrize(
    ("axis", "values"),
    [
        ([1, 2], [1, 2]),
        ([1, 2, 2], [1, 1, 1]),
        ([3, 2, 1], [1, 1, 1]),
        ([-1, 2, 3], [1, 1, 1]),
        ([1, 2, 3], [1, np.inf, 1]),
    ],
)
def test_numbers_that_are_no_spectrum(axis: list[float], values: list[float]) -> None:
    with pytest.raises(MalformedSpectrum):
        VibrationalSpectrum(np.array(axis), np.array(values), Method.INFRARED, AxisUnit.WAVENUMBER, Quantity.ABSORBANCE)


def test_a_falling_axis_is_turned_and_missing_points_go() -> None:
    axis, values = np.array([5.0, 4, 3, 2]), np.array([1.0, np.nan, 3, 4])
    spectrum = VibrationalSpectrum.of(axis, values, Method.INFRARED, AxisUnit.WAVELENGTH, Quantity.ABSORBANCE)
    assert (spectrum.axis.tolist(), spectrum.values.tolist()) == ([2, 3, 5], [4, 3, 1])
    assert spectrum.bands()[0].tolist() == pytest.approx([2e6, 1e7 / 3, 5e6])


def test_a_spectrum_is_like_itself_at_any_height_and_offset() -> None:
    likeness = compare(infrared(bands(600, 1000)), infrared(5 + 3 * bands(600, 1000)))
    assert likeness
    assert (likeness.correlation, likeness.derivative) == pytest.approx((1, 1))
    assert (likeness.low, likeness.high) == (400, 1798)


@pytest.mark.parametrize("factor", [1.0, 100.0])
def test_transmittance_is_compared_as_absorbance_in_fractions_or_percent(factor: float) -> None:
    transmittance = factor * 10 ** -bands(600, 1000)
    likeness = compare(infrared(transmittance, Quantity.TRANSMITTANCE), infrared(bands(600, 1000)))
    assert likeness
    assert likeness.correlation == pytest.approx(1)


def test_fluorescence_moves_the_derivative_little_and_the_baseline_comes_off() -> None:
    fluorescence = 20 * np.exp(-(((AXIS - 1500) / 900) ** 2))
    likeness = compare(raman(bands(600, 1000, 1300) + fluorescence), raman(bands(600, 1000, 1300)))
    assert likeness
    assert likeness.correlation > 0.9
    assert likeness.derivative > 0.95
    assert np.abs(without_baseline(fluorescence)).max() < 0.2


def test_other_bands_are_not_alike() -> None:
    likeness = compare(raman(bands(600, 1000)), raman(bands(700, 1200)))
    assert likeness
    assert max(likeness.correlation, likeness.derivative) < 0.1


def test_what_cannot_be_compared() -> None:
    assert compare(raman(bands(600)), infrared(bands(600))) is None
    assert compare(raman(bands(600)), raman(bands(600), AXIS + 1000)) is None
    assert compare(raman(bands(600)), raman(bands(600)[:10], AXIS[:10])) is None


@given(st.lists(st.floats(-1e300, 1e300), min_size=2, max_size=50))
def test_hit_quality_is_a_share(values: list[float]) -> None:
    curve = np.array(values)
    assert 0 <= hqi(curve, curve[::-1]) <= 1
    assert hqi(curve, np.ones_like(curve)) == 0


def test_a_library_there_and_back_and_its_search() -> None:
    entries = [Entry(str(at), f"{at}.jdx", "00", raman(bands(at, at + 300))) for at in range(500, 1000, 100)]
    library = VibrationalLibrary.of("made up", entries)
    again = VibrationalLibrary.from_bytes(library.to_bytes())
    assert (again.digest, again.title, len(again.entries)) == (library.digest, "made up", 5)
    hits = again.search(raman(bands(701, 1001)), most=2)
    assert hits[0].name == "700"
    assert len(hits) == 2


@pytest.mark.parametrize("data", [b"", b"\xa0", b"\xa1fformatx", b"\xff" * 50])
def test_damaged_libraries(data: bytes) -> None:
    with pytest.raises(UnusableBundle):
        VibrationalLibrary.from_bytes(data)


@given(st.integers(0, 400), st.binary(min_size=1, max_size=8))
def test_any_changed_library_reads_or_is_refused(at: int, patch: bytes) -> None:
    data = VibrationalLibrary.of("a", [Entry("x", "x.jdx", "00", raman(bands(600)))]).to_bytes()
    with suppress(UnusableBundle):
        VibrationalLibrary.from_bytes(data[:at] + patch + data[at + len(patch) :])


def test_a_folder_of_references() -> None:
    parts = list(read_references(VECTORS))
    assert {part.source for part in parts if isinstance(part, Entry)} >= {"difdup.jdx", "float.spc", "raman.csv"}
    assert any(part.startswith("bad-cut.spc") for part in parts if isinstance(part, str))
