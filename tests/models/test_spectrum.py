"""A Spectrum holds only what a mass spectrum can have."""

import numpy as np
import pytest

from models.errors import MalformedSpectrum
from models.spectrum import MAX_PEAKS, Spectrum

BAD = {
    "lengths-differ": ([100.0, 101.0], [1.0]),
    "not-a-number-mz": ([float("nan")], [1.0]),
    "not-a-number-intensity": ([100.0], [float("nan")]),
    "infinite": ([100.0], [float("inf")]),
    "enormous-intensity": ([100.0, 101.0], [1.7e308, 1.7e308]),
    "negative-intensity": ([100.0], [-1.0]),
    "unsorted": ([101.0, 100.0], [1.0, 1.0]),
    "twice-the-same-mz": ([100.0, 100.0], [1.0, 1.0]),
    "zero-mz": ([0.0], [1.0]),
    "beyond-the-range": ([4001.0], [1.0]),
    "two-dimensions": ([[100.0]], [[1.0]]),
    "too-many-points": (np.linspace(1, 2, MAX_PEAKS + 1), np.ones(MAX_PEAKS + 1)),
}


@pytest.mark.parametrize("name", BAD)
def test_refuses(name: str) -> None:
    mz, intensity = BAD[name]
    with pytest.raises(MalformedSpectrum):
        Spectrum(np.array(mz), np.array(intensity))


@pytest.mark.parametrize("energy", [float("nan"), float("inf"), float("-inf"), -20.0, 1e308, 10_001.0])
def test_refuses_energy(energy: float) -> None:
    with pytest.raises(MalformedSpectrum, match="collision energy"):
        Spectrum(np.array([100.0]), np.array([1.0]), collision_energy=energy)


@pytest.mark.parametrize("energy", [None, 0.0, 20.0, 8000.0])
def test_takes_energy(energy: float | None) -> None:
    assert Spectrum(np.array([100.0]), np.array([1.0]), collision_energy=energy).collision_energy == energy


def test_cannot_be_written(a_spectrum: Spectrum) -> None:
    with pytest.raises(ValueError, match="read-only"):
        a_spectrum.mz[0] = 1.0


def test_an_empty_one_is_valid() -> None:
    assert Spectrum(np.array([]), np.array([])).total_ion_current == 0
