"""Readings of one thing beside one another: what they are to one another, and what an officer took from that."""

from collections.abc import Sequence
from typing import Annotated, ClassVar, Literal

from pydantic import Field

from sync.contract.casework import Concerned
from sync.contract.ids import ScreeningId
from sync.contract.record import Part, Record

Conclusion = Literal["alarm", "caution", "no_alarm", "inconclusive"]


class FindingPart(Part, frozen=True):
    """What entry `concerns` says: first blocks of the InChIKeys that it may mean, and the family where it is known.

    One without both says nothing about the sample, and neither agrees nor disagrees.
    """

    concerns: Concerned
    technique: str | None
    names: list[str]
    family: str | None


Findings = Annotated[list[FindingPart], Field(min_length=2, max_length=256)]


class SaidPart(FindingPart, frozen=True):
    """What entry `concerns` says, and its own conclusion: null where it has none, as another instrument's file."""

    conclusion: Literal["alarm", "caution", "no_alarm"] | None


class ComparisonCore(Record, frozen=True):
    """An officer accepted what the readings of a screening come to together, by a rule, presumptively.

    By any rule every pair must name the same; one that does not is a conflict; only another technique adds strength.
    `conclusion` is the gravest of those that agree.
    """

    screening: ScreeningId
    presumptive: str
    rule: str
    findings: Sequence[FindingPart]
    outcome: Literal["nothing", "only-one", "agree", "conflict"]
    strength: Literal["one", "repeated", "two-techniques"]
    conclusion: Conclusion | None


class ComparisonRecord(ComparisonCore, frozen=True):
    """`conclusion` is `inconclusive` where they name nothing, and null where they conflict unless all are alarms.

    A conflict comes to nothing together, and each of `findings` keeps what it came to: an alarm among them stands.
    """

    SCHEMA: ClassVar[str] = "garita.comparison/3"

    schema_name: Literal["garita.comparison/3"] = Field(alias="schema", default="garita.comparison/3")
    rule: Literal["garita.agreement/3"]
    findings: Annotated[list[SaidPart], Field(min_length=2, max_length=256)]


class ComparisonRecord2(ComparisonCore, frozen=True):
    """Version 2: `conclusion` is `inconclusive` also where they conflict unless all are alarms; written no more."""

    SCHEMA: ClassVar[str] = "garita.comparison/2"

    schema_name: Literal["garita.comparison/2"] = Field(alias="schema", default="garita.comparison/2")
    rule: Literal["garita.agreement/2"]
    findings: Findings
    conclusion: Conclusion


class ComparisonRecord1(ComparisonCore, frozen=True):
    """Version 1: `conclusion` is `inconclusive` wherever they conflict or name nothing; written no more."""

    SCHEMA: ClassVar[str] = "garita.comparison/1"

    schema_name: Literal["garita.comparison/1"] = Field(alias="schema", default="garita.comparison/1")
    rule: Literal["garita.agreement/1"]
    findings: Findings
    conclusion: Conclusion


COMPARISON: tuple[type[Record], ...] = (ComparisonRecord, ComparisonRecord2, ComparisonRecord1)
