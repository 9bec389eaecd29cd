"""From probabilities to one of the five conclusions, with its reasons."""

from dataclasses import replace

import pytest

from models.calibration import Thresholds
from models.catalogue import Catalogue
from models.conclusion import Conclusion, Reason, Weighing, judge

NOTHING = Weighing(
    controlled=0.0,
    watched=0.0,
    unlisted=0.0,
    none=1.0,
    first_probability=0.0,
    isomers=(),
    substances=(),
    drug_family=0.0,
)

CASES = {
    "controlled": ({"controlled": 0.9, "none": 0.1}, Conclusion.ALARM, Reason.CONTROLLED_SUBSTANCE),
    "split-between-controlled": ({"controlled": 0.6, "none": 0.4}, Conclusion.ALARM, Reason.AMBIGUOUS),
    "watched": ({"watched": 0.8, "none": 0.2}, Conclusion.CAUTION, Reason.PRECURSOR_DOCUMENT_CHECK),
    "watched-or-controlled": ({"watched": 0.3, "controlled": 0.3}, Conclusion.CAUTION, Reason.CONTROLLED_SUBSTANCE),
    "family": ({"drug_family": 0.7}, Conclusion.CAUTION, Reason.FAMILY_ONLY),
    "family-and-unknown": ({"drug_family": 0.7}, Conclusion.CAUTION, Reason.UNKNOWN_COMPOUND),
    "recognised": (
        {"risk": 0.4, "none": 0.1, "first_probability": 0.9},
        Conclusion.NO_ALARM,
        Reason.RECOGNISED_NOT_LISTED,
    ),
    "recognised-under-a-vague-name": (
        {"risk": 0.4, "none": 0.1, "first_probability": 0.3},
        Conclusion.NO_ALARM,
        Reason.AMBIGUOUS,
    ),
    "many-likely-and-none-recognised": (
        {"risk": 0.0, "none": 0.1, "first_probability": 0.29},
        Conclusion.INCONCLUSIVE,
        Reason.AMBIGUOUS,
    ),
    "recognised-beside-something-unknown": (
        {"risk": 0.0, "none": 0.5, "first_probability": 0.9},
        Conclusion.INCONCLUSIVE,
        Reason.UNKNOWN_COMPOUND,
    ),
    **{
        f"something-may-hide-{name}": ({"risk": 0.41, "none": 0.1, **doubt}, Conclusion.INCONCLUSIVE, reason)
        for name, doubt, reason in (
            ("under-a-vague-name", {"first_probability": 0.89}, Reason.AMBIGUOUS),
            ("under-a-sure-name", {"first_probability": 0.9}, Reason.NOT_RULED_OUT),
            ("in-what-is-left", {"first_probability": 0.9, "unexplained": 0.1}, Reason.PARTLY_UNEXPLAINED),
            ("in-what-is-not-named", {"first_probability": 0.9, "unnamed": 0.1}, Reason.PARTLY_UNEXPLAINED),
        )
    },
    **{
        f"hardly-a-risk-beside-{told}-{height}": (
            {"risk": 0.0, "none": 0.1, "first_probability": 0.9, told: height},
            Conclusion.INCONCLUSIVE if refused else Conclusion.NO_ALARM,
            reason if refused else Reason.RECOGNISED_NOT_LISTED,
        )
        for told, heights, reason in (
            ("controlled", (0.1, 0.11), Reason.NOT_RULED_OUT),
            ("suspected", (0.1, 0.11), Reason.NOT_RULED_OUT),
            ("drug_family", (0.1, 0.11), Reason.NOT_RULED_OUT),
            ("heavier", (0.09, 0.1), Reason.PARTLY_UNEXPLAINED),
            ("strange", (0.49, 0.5), Reason.PARTLY_UNEXPLAINED),
            ("unexplained", (0.29, 0.3), Reason.PARTLY_UNEXPLAINED),
        )
        for height, refused in zip(heights, (False, True), strict=True)
    },
    "hardly-a-risk-beside-a-family": ({"risk": 0.0, "drug_family": 0.6}, Conclusion.CAUTION, Reason.FAMILY_ONLY),
    "hardly-a-risk-beside-a-suspect": ({"risk": 0.0, "suspected": 0.5}, Conclusion.CAUTION, Reason.AMBIGUOUS),
    "controlled-of-a-part": ({"controlled": 0.9, "none": 0.1, "unexplained": 0.9}, Conclusion.ALARM, Reason.AMBIGUOUS),
    "perhaps-controlled-of-most": (
        {"controlled": 0.89, "none": 0.1, "unexplained": 0.49},
        Conclusion.ALARM,
        Reason.CONTROLLED_SUBSTANCE,
    ),
    "perhaps-controlled-of-a-part": (
        {"controlled": 0.89, "none": 0.1, "unexplained": 0.5},
        Conclusion.CAUTION,
        Reason.AMBIGUOUS,
    ),
    "family-in-a-mixture": ({"drug_family": 0.7, "mixture": True}, Conclusion.CAUTION, Reason.MIXTURE),
    "suspected": ({"suspected": 0.9}, Conclusion.CAUTION, Reason.AMBIGUOUS),
    "unknown": ({}, Conclusion.INCONCLUSIVE, Reason.UNKNOWN_COMPOUND),
    "neither": ({"unlisted": 0.4, "none": 0.4}, Conclusion.INCONCLUSIVE, Reason.AMBIGUOUS),
}


@pytest.mark.parametrize("name", CASES)
def test_conclusion(name: str) -> None:
    changed, conclusion, reason = CASES[name]
    given_conclusion, reasons = judge(replace(NOTHING, **changed), Thresholds())
    assert given_conclusion is conclusion
    assert reason in reasons


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("Diazepam", Reason.LICIT_MEDICINE),
        ("JWH-018", Reason.STATUS_UNVERIFIED),
    ],
)
def test_remarks_on_a_controlled_substance(catalogue: Catalogue, name: str, reason: Reason) -> None:
    [substance] = [row for row in catalogue.substances if row.name == name]
    sure = replace(
        NOTHING, controlled=0.9, none=0.1, first_probability=0.9, substances=(substance,), isomers=("other",)
    )
    _, reasons = judge(sure, Thresholds())
    assert reason in reasons
    assert Reason.ISOMERS_NOT_TOLD_APART in reasons


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("TNT", Reason.DANGEROUS_CHEMICAL),
        ("Ketamine", Reason.DOCUMENT_CHECK),
        ("Ephedrine", Reason.PRECURSOR_DOCUMENT_CHECK),
    ],
)
def test_why_it_is_watched(catalogue: Catalogue, name: str, reason: Reason) -> None:
    [substance] = [row for row in catalogue.substances if row.name == name]
    _, reasons = judge(replace(NOTHING, watched=0.9, none=0.1, substances=(substance,)), Thresholds())
    assert reasons[0] is reason


@pytest.mark.parametrize(
    ("names", "said"),
    [
        (("Diazepam",), True),
        (("Codeine", "Diazepam"), True),
        (("Codeine", "Heroin"), False),
        (("Diazepam", "Cocaine"), False),
        (("Diazepam", None), False),
        ((), False),
    ],
)
def test_it_may_be_lawful_only_if_all_of_it_may(
    catalogue: Catalogue, names: tuple[str | None, ...], said: bool
) -> None:
    rows = {row.name: row for row in catalogue.substances}
    substances = [rows[name] if name else None for name in names]
    _, reasons = judge(replace(NOTHING, controlled=0.9, none=0.1, substances=substances), Thresholds())
    assert (Reason.LICIT_MEDICINE in reasons) is said


@pytest.mark.parametrize(
    ("left", "said"),
    [({"hidden": 0.39}, True), ({"hidden": 0.4}, False), ({"unnamed": 0.1}, False), ({"unexplained": 0.1}, False)],
)
def test_a_medicine_is_not_all_there_is_where_something_may_hide(
    catalogue: Catalogue, left: dict[str, float], said: bool
) -> None:
    [diazepam] = [row for row in catalogue.substances if row.name == "Diazepam"]
    weighing = replace(NOTHING, controlled=0.9, none=0.1, substances=(diazepam,), **left)
    assert (Reason.LICIT_MEDICINE in judge(weighing, Thresholds())[1]) is said


def test_a_precursor_is_said_of_what_is_watched_not_of_the_best_hit(catalogue: Catalogue) -> None:
    rows = {row.name: row for row in catalogue.substances}
    watched = replace(NOTHING, watched=0.6, controlled=0.1, substances=(rows["Cocaine"], rows["TNT"]))
    assert judge(watched, Thresholds())[1][0] is Reason.DANGEROUS_CHEMICAL
