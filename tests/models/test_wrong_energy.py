"""A reading that came to nothing because of its energies says so: too low, only the whole is there; or too high."""

from collections.abc import Sequence

import numpy as np
import pytest

from models.conclusion import Conclusion, Reason
from models.identification import Identifier
from models.preprocessing import BINS
from models.sample import Sample
from models.wrong_energy import wrong_energy

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
    rows = np.zeros((len(spectra), BINS), dtype=np.float32)
    for row, peaks in zip(rows, spectra, strict=True):
        row[list(peaks)] = list(peaks.values())
    assert wrong_energy(rows, wholes) is said


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
