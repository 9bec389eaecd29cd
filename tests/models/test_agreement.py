"""Agreement of readings: a rule without numbers, in which a conflict is never outvoted."""

from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.agreement import INDEPENDENT, Agreement, Finding, Outcome, Strength, combined, compare
from models.catalogue import Catalogue
from models.conclusion import Conclusion

CATALOGUE = Catalogue.load()
COCAINE, CAFFEINE, FENTANYL = (CATALOGUE.find(key) for key in (
    "ZPUCINDJVBIVPJ-LJISPDSOSA-N", "RYYVLZVUVIJVGH-UHFFFAOYSA-N", "PJMPHNIQZUBGLI-UHFFFAOYSA-N",
))  # fmt: skip


def mass(*names: str, family: str | None = None) -> Finding:
    return Finding("mass", frozenset(names), family)


def raman(*names: str) -> Finding:
    return Finding("raman", frozenset(names))


@pytest.mark.parametrize(
    ("findings", "expected"),
    [
        ([], Agreement(Outcome.NOTHING)),
        ([mass()], Agreement(Outcome.NOTHING)),
        ([mass("A")], Agreement(Outcome.ONLY_ONE)),
        ([mass("A"), mass()], Agreement(Outcome.ONLY_ONE)),
        ([mass("A"), mass("A")], Agreement(Outcome.AGREE, Strength.REPEATED)),
        ([mass("A"), raman("A")], Agreement(Outcome.AGREE, Strength.TWO_TECHNIQUES)),
        ([mass("A", "isomer"), raman("isomer")], Agreement(Outcome.AGREE, Strength.TWO_TECHNIQUES)),
        ([mass("A"), raman("B")], Agreement(Outcome.CONFLICT)),
        ([mass("A"), mass("A"), raman("B")], Agreement(Outcome.CONFLICT)),
        ([mass("A"), Finding(None, frozenset({"A"}))], Agreement(Outcome.AGREE, Strength.REPEATED)),
        ([mass("A", family="opioid"), mass(family="opioid")], Agreement(Outcome.AGREE, Strength.REPEATED)),
        ([mass("A", family="opioid"), mass(family="cocaine")], Agreement(Outcome.CONFLICT)),
        ([mass("A"), mass(family="opioid")], Agreement(Outcome.CONFLICT)),
    ],
)
def test_what_findings_are_to_one_another(findings: list[Finding], expected: Agreement) -> None:
    assert compare(findings) == expected


def test_infrared_and_near_infrared_are_no_second_technique_to_each_other() -> None:
    both = [Finding("infrared", frozenset({"A"})), Finding("near-infrared", frozenset({"A"}))]
    assert compare(both) == Agreement(Outcome.AGREE, Strength.REPEATED)


names = st.frozensets(st.sampled_from("ABC"), max_size=2)
some = st.builds(Finding, st.sampled_from([*INDEPENDENT, "unheard-of", None]), names, st.sampled_from(["f", None]))


@given(st.lists(some, max_size=4))
def test_the_order_does_not_matter(findings: list[Finding]) -> None:
    assert len({compare(order) for order in permutations(findings)}) <= 1


@given(st.lists(some, min_size=2, max_size=4), some)
def test_another_reading_never_ends_a_conflict_and_silence_changes_nothing(
    findings: list[Finding], more: Finding
) -> None:
    before = compare(findings)
    assert compare([*findings, Finding("raman")]) == before
    if before.outcome is Outcome.CONFLICT:
        assert compare([*findings, more]).outcome is Outcome.CONFLICT


@given(st.lists(some, max_size=4))
def test_only_techniques_that_err_apart_raise_the_strength(findings: list[Finding]) -> None:
    if compare(findings).strength is Strength.TWO_TECHNIQUES:
        kinds = {INDEPENDENT.get(each.technique or "") for each in findings if each.says_something}
        assert len(kinds - {None}) >= 2


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("ALARM: Cocaine HCl", {COCAINE}),
        ("ALARMA: clorhidrato de COCAÍNA", {COCAINE}),
        ("cocaine + caffeine", {COCAINE, CAFFEINE}),
        ("Cocainetown", set()),
        ("CLEAR", set()),
        ("", set()),
    ],
)
def test_substances_are_found_in_an_instruments_own_words(text: str, found: set[object]) -> None:
    assert CATALOGUE.named_in(text) == {each.skeleton for each in found}  # type: ignore[attr-defined]


def test_the_longest_name_counts() -> None:
    assert FENTANYL is not None
    found = CATALOGUE.named_in("para-Fluorofentanyl, perhaps acetyl fentanyl")
    assert FENTANYL.skeleton not in found
    assert found


def said(name: str, conclusion: Conclusion | None) -> Finding:
    return Finding("mass", frozenset({name} if name else ()), conclusion=conclusion)


ALARM, CAUTION, NO_ALARM = Conclusion.ALARM, Conclusion.CAUTION, Conclusion.NO_ALARM


@pytest.mark.parametrize(
    ("findings", "expected"),
    [
        ([said("A", NO_ALARM), said("A", ALARM), said("A", CAUTION)], "alarm"),
        ([said("A", NO_ALARM), said("A", CAUTION)], "caution"),
        ([said("A", NO_ALARM)], "no_alarm"),
        ([said("A", None)], "inconclusive"),
        ([said("", NO_ALARM)], "inconclusive"),
        ([], "inconclusive"),
        ([said("A", ALARM), said("B", NO_ALARM)], None),
        ([said("A", ALARM), said("B", CAUTION)], None),
        ([said("A", ALARM), said("B", None)], None),
        ([said("A", NO_ALARM), said("B", NO_ALARM)], None),
        ([said("A", ALARM), said("B", ALARM)], "alarm"),
        ([said("A", ALARM), said("B", ALARM), said("", NO_ALARM)], "alarm"),
    ],
)
def test_together_they_come_to_the_gravest_and_a_conflict_to_nothing_but_where_all_are_alarms(
    findings: list[Finding], expected: str | None
) -> None:
    assert combined(compare(findings), findings) == expected


concluded = st.builds(said, st.sampled_from(["", "A", "B"]), st.sampled_from([*Conclusion, None]))


@given(st.lists(concluded, max_size=4))
def test_no_conflict_is_surer_than_the_least_of_what_was_said(findings: list[Finding]) -> None:
    agreement = compare(findings)
    if agreement.outcome is Outcome.CONFLICT and combined(agreement, findings) is ALARM:
        assert {each.conclusion for each in findings if each.says_something} == {ALARM}
