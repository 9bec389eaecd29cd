"""The report on what is concluded to be nothing listed: what counts as missed, and at which risk."""

import numpy as np
import pytest

from models.catalogue import Standing
from models.conclusion import Conclusion
from models.traces import Trace
from models.training.clearance_fit import PARTS, Seen, lessons
from models.training.clearance_report import write_missed

HARMLESS, DRUG = Standing.UNLISTED, Standing.CONTROLLED
OPEN, ALARM = Conclusion.NO_ALARM, Conclusion.ALARM


def seen(due: Standing, risk: float, *, unknown: bool = False, lacked: str = "", conclusion: Conclusion = OPEN) -> Seen:
    return Seen("UFZ", "drawn", due, unknown, lacked, conclusion, np.zeros(len(Trace)), risk)


@pytest.mark.parametrize(("conclusion", "risk", "told"), [
    (OPEN, 0.2, Conclusion.NO_ALARM),
    (OPEN, 0.21, Conclusion.INCONCLUSIVE),
    (ALARM, 0.0, ALARM),
    (Conclusion.INCONCLUSIVE, 0.0, Conclusion.INCONCLUSIVE),
])  # fmt: skip
def test_a_risk_clears_only_what_nothing_else_was_concluded_of(
    conclusion: Conclusion, risk: float, told: Conclusion
) -> None:
    assert seen(HARMLESS, risk, conclusion=conclusion).concluded(0.2) is told


def test_each_reading_counts_in_its_group_at_each_risk() -> None:
    report = write_missed(
        [
            seen(HARMLESS, 0.12),
            seen(HARMLESS, 0.45),
            seen(HARMLESS, 0.12, unknown=True),
            seen(DRUG, 0.12),
            seen(DRUG, 0.1, conclusion=ALARM),
            seen(DRUG, 0.22, unknown=True),
            seen(HARMLESS, 0.3, lacked="AAAAAAAAAAAAAA"),
            seen(Standing.WATCHED, 0.6),
        ]
    ).splitlines()
    assert "| risk | harmless | controlled | watched | lacked by the library | unknown |" in report
    assert "| 0.2 | 1 | 1 | 0 | 0 | 1 |" in report
    assert "| 0.4 | 1 | 2 | 0 | 1 | 1 |" in report
    assert "| 0.5 | 2 | 2 | 0 | 1 | 1 |" in report
    assert "| 0.6 | 2 | 2 | 1 | 1 | 1 |" in report
    assert "| readings | 2 | 3 | 1 | 1 | 1 |" in report
    assert any("of 3 controlled 2 are nothing listed (66.7%), 1 an alarm (33.3%)" in line for line in report)


def test_nothing_that_is_judged_taught_its_judge() -> None:
    """Neither a laboratory nor a substance taken out of the library stands on both sides."""
    drugs = [f"{letter * 14}" for letter in "ABCDEFGH"]
    everything = [
        Seen(laboratory, "drawn", DRUG, unknown=False, lacked=lacked, conclusion=OPEN, row=None)
        for laboratory in ("UFZ", "Eawag")
        for lacked in ("", *drugs)
    ]
    for part in range(PARTS):
        taught = lessons(everything, "UFZ", part)
        assert {each.laboratory for each in taught} == {"Eawag"}
        assert "" in {each.lacked for each in taught}
    both = [{each.lacked for each in lessons(everything, "UFZ", part)} - {""} for part in range(PARTS)]
    assert both[0] | both[1] == {*drugs}
    assert not both[0] & both[1]
