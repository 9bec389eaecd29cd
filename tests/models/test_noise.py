"""Noise among sticks goes and is told, what is measured of a sample stays, a signal lost in noise is called weak."""

from collections.abc import Callable, Mapping

import numpy as np
import pytest

from models.conclusion import Conclusion, Reason
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


PSILOCIN = {
    205.134: (60, 15, 1),
    160.076: (30, 40, 15),
    132.081: (0, 3, 10),
    117.057: (0, 2, 10),
    115.054: (0, 3, 20),
    58.065: (40, 100, 100),
}
"""[M+H]+ and its ions at three voltages; the library lacks it."""
VOLTAGES = (20.0, 40.0, 70.0)


def profiles(ions: Mapping[float, tuple[float, float, float]], noise: float, *, seed: int = 1) -> list[Spectrum]:
    """Profiles of 9,200 points with a baseline twice as high as the noise, beside the highest peak."""
    random, mz = np.random.default_rng(seed), np.arange(40, 500, 0.05)
    spectra: list[Spectrum] = []
    for at, energy in enumerate(VOLTAGES):
        shapes = [heights[at] * np.exp(-4 * np.log(2) * ((mz - ion) / 0.35) ** 2) for ion, heights in ions.items()]
        peaks = np.sum(shapes, axis=0) if ions else np.zeros(mz.size)
        ground = 2 * noise * np.exp(-(mz - 40) / 150) + random.normal(0, noise, mz.size)
        spectra.append(Spectrum(mz, np.maximum(peaks / (peaks.max() or 1) + ground, 0), collision_energy=energy))
    return spectra


@pytest.mark.parametrize("noise", [0.001, 0.002, 0.02])
def test_a_small_baseline_of_many_points_makes_no_weak_signal(identifier: Identifier, noise: float) -> None:
    reading = prepare(profiles(PSILOCIN, noise))
    assert reading.removed[Removed.BASELINE] > 0.3
    assert reading.hidden == pytest.approx(1.1 * noise, rel=0.3)
    answer = identifier.identify(profiles(PSILOCIN, noise))
    assert Reason.WEAK_SIGNAL not in answer.reasons
    assert Reason.UNKNOWN_COMPOUND in answer.reasons


@pytest.mark.parametrize("seed", range(4))
def test_noise_alone_has_nothing_to_search(identifier: Identifier, seed: int) -> None:
    answer = identifier.identify(profiles({}, 1.0, seed=seed))
    assert (answer.reasons, answer.hits) == ((Reason.NOTHING_ABOVE_BACKGROUND,), ())


def test_noise_that_would_hide_a_drug_clears_nothing(identifier: Identifier) -> None:
    caffeine = {
        195.088: (100, 80, 5),
        138.066: (5, 60, 50),
        110.071: (1, 20, 60),
        83.06: (0, 6, 30),
        69.045: (0, 6, 50),
    }
    assert identifier.identify(profiles(caffeine, 0.03)).conclusion is Conclusion.NO_ALARM
    hidden = identifier.identify(profiles(caffeine, 0.12))
    assert (hidden.conclusion, hidden.reasons) == (Conclusion.INCONCLUSIVE, (Reason.WEAK_SIGNAL,))
