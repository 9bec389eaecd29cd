"""Noise among sticks goes and is told, what is measured of a sample stays, a signal lost in noise is called weak."""

from collections.abc import Callable

import numpy as np
import pytest

from models.conclusion import Reason
from models.identification import Identifier
from models.noise import noise_level
from models.preprocessing import BINS, MASS_DEFECT, Removed, Values, prepare
from models.sample import Sample
from models.spectrum import Spectrum

Noise = Callable[[np.random.Generator, int], Values]
KINDS: dict[str, Noise] = {
    "half-normal": lambda random, count: np.abs(random.normal(0, 1, count)),
    "constant": lambda _random, count: np.ones(count),
}


def noisy(spectrum: Spectrum, kind: Noise, part: float, every: int) -> Spectrum:
    """Put noise on every so many masses of 40 to 500, as high as this part of the highest peak."""
    at = np.arange(40, 500, every) / (1 - MASS_DEFECT)
    heights = part * spectrum.intensity.max() * kind(np.random.default_rng(3), at.size)
    mz, intensity = np.concatenate((spectrum.mz, at)), np.concatenate((spectrum.intensity, heights))
    order = np.argsort(mz, kind="stable")
    return Spectrum(mz[order], intensity[order], collision_energy=spectrum.collision_energy)


@pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)
def test_noise_goes_and_is_told(samples: dict[str, Sample], kind: Noise) -> None:
    clean = prepare(samples["Cocaine"].spectra)
    reading = prepare([noisy(each, kind, 0.005, 1) for each in samples["Cocaine"].spectra])
    assert reading.removed[Removed.NOISE] > 0.05
    strong = clean.bins > 0.03
    np.testing.assert_allclose(reading.bins[strong], clean.bins[strong], rtol=0.3)
    assert (reading.bins > 0).sum() < (clean.bins > 0).sum() + 0.2 * len(clean.bins) * 460


@pytest.mark.parametrize("name", ["Cocaine", "Fentanyl", "Lidocaine"])
def test_nothing_of_a_clean_sample_is_noise(samples: dict[str, Sample], name: str) -> None:
    assert prepare(samples[name].spectra).removed[Removed.NOISE] == 0


def test_a_spectrum_of_many_unlike_peaks_is_not_noise() -> None:
    row = np.zeros(BINS)
    row[40:200] = np.geomspace(1, 1e-4, 160)
    assert noise_level(row) == 0
    assert noise_level(np.zeros(BINS)) == 0


def test_a_signal_lost_in_noise_is_weak_and_no_unknown_compound(
    identifier: Identifier, samples: dict[str, Sample]
) -> None:
    answer = identifier.identify([noisy(each, KINDS["half-normal"], 0.1, 1) for each in samples["Lidocaine"].spectra])
    assert Reason.UNKNOWN_COMPOUND not in answer.reasons
    assert {Reason.WEAK_SIGNAL, Reason.NOTHING_ABOVE_BACKGROUND} & set(answer.reasons)
