"""Do several readings of one thing say the same? A rule over what each of them names; nothing is weighed again."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import combinations

from models.conclusion import Conclusion

GRAVEST_FIRST = (Conclusion.ALARM, Conclusion.CAUTION, Conclusion.NO_ALARM)
MASS = "mass"
INDEPENDENT: Mapping[str, str] = {
    MASS: "mass",
    "infrared": "infrared",
    "near-infrared": "infrared",
    "raman": "raman",
}
"""Techniques by what they measure: two of one kind err together, so the second tells nothing of the first one's error.

Infrared and near-infrared look at the same vibrations; a technique that is not here counts as no second one.
"""


class Outcome(StrEnum):
    """What the findings are to one another."""

    NOTHING = "nothing"
    ONLY_ONE = "only-one"
    AGREE = "agree"
    CONFLICT = "conflict"


class Strength(StrEnum):
    """What stands behind an agreement."""

    ONE = "one"
    REPEATED = "repeated"
    TWO_TECHNIQUES = "two-techniques"


@dataclass(frozen=True)
class Finding:
    """What one reading or one instrument says: `names` are the first blocks of the InChIKeys that it may mean.

    Those are a substance and the isomers that the technique cannot tell from it. `family` where it is known; a finding
    without names and family says nothing about the sample. `conclusion` is None where it comes to none of ours, as the
    file of another instrument does.
    """

    technique: str | None
    names: frozenset[str] = frozenset()
    family: str | None = None
    conclusion: Conclusion | None = None

    @property
    def says_something(self) -> bool:
        return bool(self.names) or self.family is not None


@dataclass(frozen=True)
class Agreement:
    """The outcome, and what stands behind it."""

    outcome: Outcome
    strength: Strength = Strength.ONE


def compare(findings: Sequence[Finding]) -> Agreement:
    """Compare all findings; those that say nothing neither agree nor disagree.

    One pair that disagrees is a conflict, whatever the others say: it is for a person to resolve.
    """
    telling = [each for each in findings if each.says_something]
    if len(telling) < 2:  # noqa: PLR2004 - it takes two to agree
        return Agreement(Outcome.ONLY_ONE if telling else Outcome.NOTHING)
    if not all(_agree(one, other) for one, other in combinations(telling, 2)):
        return Agreement(Outcome.CONFLICT)
    kinds = {INDEPENDENT.get(each.technique or "") for each in telling} - {None}
    return Agreement(Outcome.AGREE, Strength.TWO_TECHNIQUES if len(kinds) > 1 else Strength.REPEATED)


def combined(agreement: Agreement, findings: Sequence[Finding]) -> Conclusion | None:
    """Return what findings come to together: the gravest of their conclusions.

    Where they conflict it is None, unless all that say something are alarms: then it is one, whichever is right.
    """
    if agreement.outcome is Outcome.CONFLICT:
        told = {each.conclusion for each in findings if each.says_something}
        return Conclusion.ALARM if told == {Conclusion.ALARM} else None
    told = {each.conclusion for each in findings}
    if agreement.outcome is Outcome.NOTHING:
        return Conclusion.INCONCLUSIVE
    return next((each for each in GRAVEST_FIRST if each in told), Conclusion.INCONCLUSIVE)


def _agree(one: Finding, other: Finding) -> bool:
    if one.names and other.names:
        return not one.names.isdisjoint(other.names)
    return one.family is not None and one.family == other.family
