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
        {"unlisted": 0.9, "none": 0.1, "first_probability": 0.9},
        Conclusion.NO_ALARM,
        Reason.RECOGNISED_NOT_LISTED,
    ),
    "recognised-but-maybe-controlled": (
        {"unlisted": 0.7, "controlled": 0.2, "none": 0.1},
        Conclusion.INCONCLUSIVE,
        Reason.AMBIGUOUS,
    ),
    "recognised-with-something-controlled-in-the-rest": (
        {"unlisted": 0.9, "none": 0.1, "first_probability": 0.9, "hinted": 0.05, "unexplained": 0.02},
        Conclusion.INCONCLUSIVE,
        Reason.PARTLY_UNEXPLAINED,
    ),
    "recognised-beside-something-unnamed": (
        {"unlisted": 0.9, "none": 0.1, "first_probability": 0.9, "unnamed": 0.05},
        Conclusion.INCONCLUSIVE,
        Reason.PARTLY_UNEXPLAINED,
    ),
    "recognised-in-part": (
        {"unlisted": 0.9, "none": 0.1, "first_probability": 0.9, "unexplained": 0.3},
        Conclusion.INCONCLUSIVE,
        Reason.PARTLY_UNEXPLAINED,
    ),
    "adducts-of-a-part": (
        {"unlisted": 0.9, "none": 0.1, "first_probability": 0.9, "clusters": 0.3},
        Conclusion.INCONCLUSIVE,
        Reason.PARTLY_UNEXPLAINED,
    ),
    "adducts-of-a-smaller-part": (
        {"unlisted": 0.9, "none": 0.1, "first_probability": 0.9, "clusters": 0.29},
        Conclusion.NO_ALARM,
        Reason.RECOGNISED_NOT_LISTED,
    ),
    "recognised-with-a-little-left": (
        {"unlisted": 0.9, "none": 0.1, "first_probability": 0.5, "unnamed": 0.04, "unexplained": 0.14},
        Conclusion.NO_ALARM,
        Reason.RECOGNISED_NOT_LISTED,
    ),
    "recognised-under-a-certain-name": (
        {"unlisted": 0.95, "none": 0.05, "first_probability": 0.95, "unexplained": 0.29, "hinted": 0.04},
        Conclusion.NO_ALARM,
        Reason.RECOGNISED_NOT_LISTED,
    ),
    "recognised-under-a-name-less-certain": (
        {"unlisted": 0.95, "none": 0.05, "first_probability": 0.94, "unexplained": 0.15},
        Conclusion.INCONCLUSIVE,
        Reason.PARTLY_UNEXPLAINED,
    ),
    "recognised-wholly-with-a-faint-hint": (
        {"unlisted": 0.95, "none": 0.05, "first_probability": 0.95, "unexplained": 0.01, "hinted": 0.14},
        Conclusion.NO_ALARM,
        Reason.RECOGNISED_NOT_LISTED,
    ),
    "recognised-wholly-with-a-hint": (
        {"unlisted": 0.95, "none": 0.05, "first_probability": 0.95, "unexplained": 0.01, "hinted": 0.15},
        Conclusion.INCONCLUSIVE,
        Reason.AMBIGUOUS,
    ),
    "many-likely-and-none-recognised": (
        {"unlisted": 0.9, "none": 0.1, "first_probability": 0.29},
        Conclusion.INCONCLUSIVE,
        Reason.AMBIGUOUS,
    ),
    "recognised-beside-a-family": (
        {"unlisted": 0.9, "none": 0.1, "first_probability": 0.9, "drug_family": 0.2},
        Conclusion.INCONCLUSIVE,
        Reason.PARTLY_UNEXPLAINED,
    ),
    "recognised-in-part-under-a-vague-name": (
        {"unlisted": 0.9, "none": 0.1, "first_probability": 0.49, "unexplained": 0.05},
        Conclusion.INCONCLUSIVE,
        Reason.PARTLY_UNEXPLAINED,
    ),
    "recognised-without-its-fragments": (
        {"unlisted": 0.9, "none": 0.1, "first_probability": 0.9, "fragments": 0.09, "unexplained": 0.05},
        Conclusion.INCONCLUSIVE,
        Reason.PARTLY_UNEXPLAINED,
    ),
    "recognised-with-its-fragments": (
        {"unlisted": 0.9, "none": 0.1, "first_probability": 0.9, "fragments": 0.1, "unexplained": 0.14},
        Conclusion.NO_ALARM,
        Reason.RECOGNISED_NOT_LISTED,
    ),
    "recognised-by-its-whole-alone": (
        {"unlisted": 0.9, "none": 0.1, "first_probability": 0.9, "fragments": 0.0, "unexplained": 0.04},
        Conclusion.NO_ALARM,
        Reason.RECOGNISED_NOT_LISTED,
    ),
    "recognised-by-its-whole-alone-and-not-surely": (
        {"unlisted": 0.89, "none": 0.11, "first_probability": 0.89, "fragments": 0.09},
        Conclusion.INCONCLUSIVE,
        Reason.AMBIGUOUS,
    ),
    "recognised-with-something-heavier": (
        {"unlisted": 0.9, "none": 0.1, "first_probability": 0.9, "heavier": 0.2},
        Conclusion.INCONCLUSIVE,
        Reason.PARTLY_UNEXPLAINED,
    ),
    "recognised-with-something-far-heavier": (
        {"unlisted": 0.9, "none": 0.1, "first_probability": 0.9, "beyond": 0.08},
        Conclusion.INCONCLUSIVE,
        Reason.PARTLY_UNEXPLAINED,
    ),
    "recognised-by-the-formula-of-a-drug": (
        {"unlisted": 0.9, "none": 0.1, "first_probability": 0.9, "lookalike": True, "unexplained": 0.05},
        Conclusion.INCONCLUSIVE,
        Reason.DRUG_OF_THE_SAME_FORMULA,
    ),
    "recognised-whole-with-the-formula-of-a-drug": (
        {"unlisted": 0.9, "none": 0.1, "first_probability": 0.9, "lookalike": True, "unexplained": 0.04},
        Conclusion.NO_ALARM,
        Reason.RECOGNISED_NOT_LISTED,
    ),
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
    [({"hidden": 0.39}, True), ({"hidden": 0.4}, False), ({"unnamed": 0.05}, False), ({"unexplained": 0.3}, False)],
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
