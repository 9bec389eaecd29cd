"""A reading measured twice, or scanned for a minute, says what one measurement says."""

from dataclasses import replace
from itertools import islice

import numpy as np
import pytest

from models.conclusion import Conclusion, Reason
from models.ei import EiLibrary
from models.identification import Identifier
from models.instrument_calibration import why_not
from models.preprocessing import prepare
from models.repeats import MOST_DIFFERENT, together
from models.sample import Sample
from models.spectrum import Spectrum, Technique


def scans(spectrum: Spectrum, count: int, noise: float = 0.02) -> list[Spectrum]:
    """Scan a spectrum again and again, each time of another height and a little otherwise."""
    rng = np.random.default_rng(5)
    heights = rng.normal(1, noise, (count, spectrum.mz.size)).clip(0.5) * rng.uniform(0.2, 5, (count, 1))
    return [replace(spectrum, intensity=spectrum.intensity * height) for height in heights]


@pytest.mark.parametrize("times", [2, 12])
@pytest.mark.parametrize("name", ["MDMA", "Paracetamol", "Phenacetin", "Cocaine"])
def test_the_same_spectra_again_change_nothing(
    identifier: Identifier, samples: dict[str, Sample], name: str, times: int
) -> None:
    spectra = samples[name].spectra
    once, again = identifier.identify(spectra), identifier.identify(spectra * times)
    assert (once.conclusion, once.reasons) == (again.conclusion, again.reasons)
    assert [hit.name for hit in once.hits] == [hit.name for hit in again.hits]
    assert once.hits[0].probability == pytest.approx(again.hits[0].probability, abs=1e-3)


@pytest.mark.parametrize("told", [True, False], ids=["voltages told", "none told"])
def test_a_minute_of_scans_is_one_reading(identifier: Identifier, samples: dict[str, Sample], told: bool) -> None:
    spectra = (
        samples["Cocaine"].spectra
        if told
        else [replace(each, collision_energy=None) for each in samples["Cocaine"].spectra]
    )
    minute = [scan for each in spectra for scan in scans(each, 40)]
    assert identifier.identify(minute).conclusion is Conclusion.ALARM
    assert len(together(prepare(minute)).bins) <= len(spectra)


def test_what_is_different_stays_apart_and_empty_scans_weigh_nothing(samples: dict[str, Sample]) -> None:
    cocaine, caffeine = (replace(samples[name].spectra[3], collision_energy=None) for name in ("Cocaine", "Caffeine"))
    empty = replace(cocaine, intensity=np.zeros_like(cocaine.intensity))
    reading = together(prepare([cocaine, caffeine, cocaine, empty]))
    assert len(reading.bins) == 3
    np.testing.assert_allclose(reading.bins[0], prepare([cocaine, caffeine]).bins[0], atol=1e-5)


def test_more_different_spectra_than_a_reading_has_are_refused(identifier: Identifier) -> None:
    rng = np.random.default_rng(3)
    strange = [
        Spectrum(np.sort(rng.choice(np.arange(50, 600), 6, replace=False)).astype(float), rng.uniform(1, 9, 6))
        for _ in range(200)
    ]
    assert len(together(prepare(strange)).bins) == len(strange) > MOST_DIFFERENT
    assert identifier.identify(strange).reasons == (Reason.MALFORMED_INPUT,)
    assert identifier.identify(list(islice(strange, MOST_DIFFERENT))).conclusion is not Conclusion.FAULT


def test_a_minute_of_scans_calibrates_too(samples: dict[str, Sample]) -> None:
    spectra = samples["Cocaine"].spectra * 20
    assert len(spectra) > MOST_DIFFERENT
    assert why_not(spectra) is None


def test_a_minute_of_ei_scans_is_one_reading(identifier: Identifier) -> None:
    entry = next(each for each in EiLibrary.open().entries if each.name == "Caffeine")
    row = EiLibrary.open().of_compound(entry)[0]
    mz = np.flatnonzero(row)
    one = Spectrum(mz.astype(float), 1e4 * row[mz].astype(float), technique=Technique.EI)
    once, minute = identifier.identify([one]), identifier.identify([one] * 100)
    assert (minute.conclusion, minute.hits[0].name) == (once.conclusion, once.hits[0].name)
    assert once.conclusion is not Conclusion.FAULT
