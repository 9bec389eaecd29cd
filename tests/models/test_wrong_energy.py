"""A reading that came to nothing because of its energies says so: too low, only the whole is there; or too high."""

from collections.abc import Sequence

import numpy as np
import pytest

from models.conclusion import Conclusion, Reason
from models.identification import Identifier
from models.preprocessing import BINS, Bins
from models.sample import Sample
from models.spectrum import Spectrum
from models.wrong_energy import whole_alone, wrong_energy

LOW, HIGH = Reason.WRONG_ENERGY_TOO_LOW, Reason.WRONG_ENERGY_TOO_HIGH
SAID = {LOW, HIGH}


@pytest.mark.parametrize(
    ("spectra", "wholes", "said"),
    [
        ([{304: 0.95, 182: 0.05}], (304, 304), LOW),
        ([{304: 0.95, 302: 0.05}], (304, 304), LOW),
        ([{304: 0.95, 182: 0.05}, {304: 0.2, 182: 0.8}], (304, 304), None),
        ([{304: 0.8, 182: 0.2}], (304, 304), None),
        ([{91: 0.8, 65: 0.2}], (150, 136), HIGH),
        ([{91: 1.0}], (150, 136), HIGH),
        ([{91: 0.8, 65: 0.2}], (150, 92), None),
        ([{91: 1.0}], (91, 92), LOW),
        ([{304: 1.0}], (), LOW),
        ([{58: 1.0}], (), HIGH),
    ],
)
def test_which_energy_was_wrong(
    spectra: Sequence[dict[int, float]], wholes: Sequence[int], said: Reason | None
) -> None:
    assert wrong_energy(on_bins(spectra), wholes) is said


def test_the_wholes_of_a_mixture_are_no_fragments() -> None:
    soft = on_bins([{411: 0.1, 195: 0.5, 138: 0.03, 221: 0.37}])
    assert wrong_energy(soft, (411,)) is None
    assert wrong_energy(soft, (411,), (195, 221, 411)) is LOW
    assert wrong_energy(on_bins([{411: 0.1, 195: 0.5, 138: 0.3, 221: 0.37}]), (411,), (195, 221)) is None


def on_bins(spectra: Sequence[dict[int, float]]) -> Bins:
    rows = np.zeros((len(spectra), BINS), dtype=np.float32)
    for row, peaks in zip(rows, spectra, strict=True):
        row[list(peaks)] = list(peaks.values())
    return rows / rows.sum(axis=1, keepdims=True)


@pytest.mark.parametrize(
    ("spectra", "said"),
    [
        ([{304: 1.0}], LOW),
        ([{58: 1.0, 59: 0.05}], HIGH),
        ([{329: 100, 331: 65, 333: 11}, {329: 100, 331: 64}], LOW),
        ([{353: 98, 355: 100, 375: 6, 377: 6}], LOW),
        ([{183: 60, 205: 100, 387: 30}], LOW),
        ([{337: 100, 359: 4, 375: 2, 378: 2, 673: 3}], LOW),
        ([{337: 100, 188: 0.9}], LOW),
        ([{337: 100, 188: 2}], None),
        ([{337: 100, 359: 4}, {337: 60, 188: 100}], None),
        ([{180: 60, 163: 100}], None),
        ([{166: 100, 148: 20}], None),
        ([{152: 20, 110: 100}], None),
    ],
)
def test_isotopes_and_adducts_of_one_whole_are_no_other_ions(
    spectra: Sequence[dict[int, float]], said: Reason | None
) -> None:
    assert whole_alone(on_bins(spectra)) is said


SOFT = {
    "U-47700, once named sulcotrione": {329.1: 100, 330.1: 17, 331.1: 65, 332.1: 11, 333.1: 11, 351.1: 6},
    "Bromazolam, once named a trichloride": {353.0: 100, 354.0: 20, 355.0: 98, 356.0: 19},
    "Flualprazolam, once named clozapine": {327.1: 100, 328.1: 19, 329.1: 33, 330.1: 6},
    "Lonidamine, once named lorazepam": {321.0: 100, 322.0: 17, 323.0: 65, 324.0: 11, 325.0: 10},
    "Mazindol, once named diazepam": {285.1: 100, 286.1: 18, 287.1: 33, 288.1: 6},
}


@pytest.mark.parametrize("energies", [(15.0,), (10.0, 20.0, 30.0), (None,)])
@pytest.mark.parametrize("name", SOFT)
def test_the_whole_alone_gets_no_name(identifier: Identifier, name: str, energies: tuple[float | None, ...]) -> None:
    peaks = SOFT[name]
    spectra = [Spectrum(np.array([*peaks]), np.array([*peaks.values()]), collision_energy=each) for each in energies]
    answer = identifier.identify(spectra)
    assert (answer.conclusion, answer.reasons, answer.hits) == (Conclusion.INCONCLUSIVE, (LOW,), ())


def test_the_softest_spectrum_alone_asks_for_more_and_hard_ones_for_less(
    identifier: Identifier, samples: dict[str, Sample]
) -> None:
    heroin, ephedrine = samples["Heroin"].spectra, samples["Ephedrine"].spectra
    assert LOW in identifier.identify(heroin[:1]).reasons
    assert HIGH in identifier.identify(ephedrine[-1:]).reasons


def test_it_is_said_only_where_nothing_is_concluded(identifier: Identifier, samples: dict[str, Sample]) -> None:
    answers = [identifier.identify([each]) for sample in samples.values() for each in sample.spectra]
    assert {answer.conclusion for answer in answers if SAID & {*answer.reasons}} == {Conclusion.INCONCLUSIVE}
    assert not [answer for answer in answers if {*answer.reasons} >= SAID]
