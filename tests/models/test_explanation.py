"""Why a reading came to what it came to: its peaks against the library's, and what is in doubt."""

import numpy as np
import pytest

from models.answer import Identification
from models.explanation import Doubt
from models.identification import Identifier
from models.preprocessing import VERSION
from models.sample import Sample
from models.spectrum import Spectrum


@pytest.fixture(scope="module")
def cocaine(identifier: Identifier, samples: dict[str, Sample]) -> Identification:
    return identifier.identify_sample(samples["Cocaine"])


def test_the_peaks_that_carry_it_are_cocaine_s(cocaine: Identification) -> None:
    said = cocaine.explanation
    assert said is not None
    assert said.against == cocaine.hits[0].inchikey
    carriers = sorted(said.peaks, key=lambda peak: -peak.share)[:2]
    assert {peak.mz for peak in carriers} == {182, 304}
    assert 0.5 < sum(peak.share for peak in said.peaks) <= 1.01
    assert [peak.mz for peak in said.peaks] == sorted(peak.mz for peak in said.peaks)
    assert all(0 <= part <= 1 for peak in said.peaks for part in (peak.measured, peak.reference, peak.share))


def test_what_preprocessing_took_is_told(cocaine: Identification) -> None:
    assert cocaine.explanation is not None
    assert cocaine.explanation.preprocessing == VERSION
    assert set(cocaine.explanation.removed) == {"baseline", "out-of-range", "noise", "under-floor", "carbon-13-isotope"}
    assert len(cocaine.explanation.shift) == 7


def test_a_foreign_peak_is_unexplained(identifier: Identifier, samples: dict[str, Sample]) -> None:
    spectra = [
        Spectrum(
            np.append(each.mz[each.mz < 330], 333.2),
            np.append(each.intensity[each.mz < 330], each.intensity.max()),
            collision_energy=each.collision_energy,
        )
        for each in samples["Cocaine"].spectra
    ]
    answer = identifier.identify(spectra)
    assert answer.explanation is not None
    if answer.hits[0].name == "Cocaine":
        assert answer.explanation.unexplained[0].mz == 333
        assert answer.explanation.unexplained_part > 0.1


def test_one_spectrum_of_unknown_energy_is_in_doubt(identifier: Identifier, samples: dict[str, Sample]) -> None:
    hardest = samples["Cocaine"].spectra[-1]
    answer = identifier.identify([Spectrum(hardest.mz, hardest.intensity)])
    assert answer.explanation is not None
    assert {Doubt.ONE_ENERGY, Doubt.ENERGIES_NOT_TOLD, Doubt.NO_WHOLE_ION} <= set(answer.explanation.doubts)


def test_what_was_not_compared_is_not_explained(identifier: Identifier) -> None:
    assert identifier.identify([]).explanation is None


@pytest.mark.parametrize("beside", [{}, {321.2: 30, 342.1: 20, 345.2: 20}, {326.1: 20, 342.1: 10, 391.3: 20}])
def test_the_whole_is_seen_beside_three_heavier_ions(identifier: Identifier, beside: dict[float, int]) -> None:
    """Adducts of cocaine, or its sodium adduct and what a solvent leaves."""
    soft = {82.06: 40, 105.03: 20, 150.1: 5, 182.12: 80, 304.15: 100} | beside
    hard = {82.06: 100, 105.03: 60, 150.1: 8, 182.12: 60, 304.15: 20}
    answer = identifier.identify([Spectrum(np.array([*each]), np.array([*each.values()])) for each in (soft, hard)])
    assert answer.hits[0].name == "Cocaine"
    assert answer.explanation is not None
    assert Doubt.NO_WHOLE_ION not in answer.explanation.doubts
