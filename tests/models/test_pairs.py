"""Each drug of the samples beside each cutting agent: no rule that is right for one of them may clear both."""

import pytest

from models.conclusion import Conclusion
from models.identification import Identifier
from models.sample import Sample
from tests.models.test_mixture import mixed

CUTS = ("Caffeine", "Levamisole", "Lidocaine", "Nicotinamide", "Paracetamol", "Phenacetin", "Xylazine")
BY_FAMILY = {("Amphetamine", "Lidocaine")}
"""Of these the family alone is told."""
COMMON = ("Amphetamine", "Cocaine", "Fentanyl", "Heroin", "MDMA", "Methamphetamine")


@pytest.mark.parametrize("cut", CUTS)
def test_a_fifth_of_a_drug_is_never_cleared(identifier: Identifier, samples: dict[str, Sample], cut: str) -> None:
    cleared = [
        drug
        for drug in samples.keys() - set(CUTS)
        if _beside(identifier, samples, drug, cut, 0.2) is Conclusion.NO_ALARM
    ]
    assert not cleared


@pytest.mark.parametrize("cut", CUTS)
@pytest.mark.parametrize("drug", COMMON)
def test_half_of_a_common_drug_alarms(identifier: Identifier, samples: dict[str, Sample], drug: str, cut: str) -> None:
    expected = Conclusion.CAUTION if (drug, cut) in BY_FAMILY else Conclusion.ALARM
    assert _beside(identifier, samples, drug, cut, 0.5) is expected


def _beside(identifier: Identifier, samples: dict[str, Sample], drug: str, cut: str, share: float) -> Conclusion:
    both = {name: samples[name] for name in (drug, cut)}
    return identifier.identify(mixed(both, {drug: share, cut: 1 - share})).conclusion
