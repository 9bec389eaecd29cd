"""Readings of one thing beside one another: what they are to one another, and what an officer took from that."""

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from sync.contract.casework import Concerned
from sync.contract.ids import ScreeningId
from sync.contract.record import Part, Record


class FindingPart(Part, frozen=True):
    """What entry `concerns` says: first blocks of the InChIKeys that it may mean, and the family where it is known.

    One without both says nothing about the sample, and neither agrees nor disagrees.
    """

    concerns: Concerned
    technique: str | None
    names: list[str]
    family: str | None


class ComparisonCore(Record, frozen=True):
    """An officer accepted what the readings of a screening come to together, by a rule, presumptively.

    By either rule every pair must name the same; one that does not is a conflict; only another technique adds strength.
    `conclusion` is the gravest of those that agree.
    """

    screening: ScreeningId
    presumptive: str
    rule: str
    findings: Annotated[list[FindingPart], Field(min_length=2, max_length=256)]
    outcome: Literal["nothing", "only-one", "agree", "conflict"]
    strength: Literal["one", "repeated", "two-techniques"]
    conclusion: Literal["alarm", "caution", "no_alarm", "inconclusive"]


class ComparisonRecord(ComparisonCore, frozen=True):
    """`conclusion` is `inconclusive` where they name nothing, and where they conflict unless all of them are alarms."""

    SCHEMA: ClassVar[str] = "garita.comparison/2"

    schema_name: Literal["garita.comparison/2"] = Field(alias="schema", default="garita.comparison/2")
    rule: Literal["garita.agreement/2"]


class ComparisonRecord1(ComparisonCore, frozen=True):
    """`conclusion` is `inconclusive` wherever they conflict or name nothing."""

    SCHEMA: ClassVar[str] = "garita.comparison/1"

    schema_name: Literal["garita.comparison/1"] = Field(alias="schema", default="garita.comparison/1")
    rule: Literal["garita.agreement/1"]


COMPARISON: tuple[type[Record], ...] = (ComparisonRecord, ComparisonRecord1)
