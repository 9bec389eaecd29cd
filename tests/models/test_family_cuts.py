"""What became of unseen drugs beside cutting agents, as a table."""

import pytest

from models.conclusion import Conclusion
from models.training.family_cuts import CutTrial, write_cuts

FENTANYL, NITAZENE = "opioid-fentanyl", "opioid-nitazene"
CAUTION, NO_ALARM, ALARM = Conclusion.CAUTION, Conclusion.NO_ALARM, Conclusion.ALARM


@pytest.mark.parametrize(
    ("trials", "row"),
    [
        (
            [(FENTANYL, FENTANYL, CAUTION), (FENTANYL, "", NO_ALARM)],
            "opioid-fentanyl | 50% | 2 | 0.500 | 0.000 | 0.000 | 0.500",
        ),
        (
            [(FENTANYL, NITAZENE, CAUTION), (FENTANYL, "", ALARM)],
            "opioid-fentanyl | 50% | 2 | 0.000 | 0.500 | 0.500 | 0.000",
        ),
        ([("opiate", "opiate", CAUTION)], "other families | 50% | 1 | 1.000 | 0.000 | 0.000 | 0.000"),
    ],
)
def test_a_drug_is_flagged_as_its_family_or_as_another(trials: list[tuple[str, str, Conclusion]], row: str) -> None:
    made = [
        CutTrial(family, share=0.5, measured=False, flagged=flagged, conclusion=said)
        for family, flagged, said in trials
    ]
    assert f"| ions alone, {row} |" in write_cuts(made).splitlines()


def test_a_harmless_mixture_has_no_right_family() -> None:
    trials = [CutTrial("", 0.0, True, flagged, said) for flagged, said in ((FENTANYL, CAUTION), ("", NO_ALARM))]
    assert "| harmless | - | 2 | 0.000 | 0.500 | 0.000 | 0.500 |" in write_cuts(trials).splitlines()
