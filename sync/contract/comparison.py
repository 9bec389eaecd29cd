"""Readings of one thing beside one another: what they are to one another, and what an officer took from that."""

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from sync.contract.casework import Concerned
from sync.contract.ids import ScreeningId
from sync.contract.record import Part, Record

Rule = Literal["garita.agreement/1"]
"""Every pair must name the same; one that does not is a conflict; only another technique adds strength."""


class FindingPart(Part, frozen=True):
    """What entry `concerns` says: first blocks of the InChIKeys that it may mean, and the family where it is known.

    One without both says nothing about the sample, and neither agrees nor disagrees.
    """

    concerns: Concerned
    technique: str | None
    names: list[str]
    family: str | None


class ComparisonRecord(Record, frozen=True):
    """An officer accepted what the readings of a screening come to together, by a rule, presumptively.

    `conclusion` is the gravest of those that agree, and `inconclusive` where they conflict or name nothing.
    """

    SCHEMA: ClassVar[str] = "garita.comparison/1"

    schema_name: Literal["garita.comparison/1"] = Field(alias="schema", default="garita.comparison/1")
    screening: ScreeningId
    presumptive: str
    rule: Rule
    findings: Annotated[list[FindingPart], Field(min_length=2, max_length=256)]
    outcome: Literal["nothing", "only-one", "agree", "conflict"]
    strength: Literal["one", "repeated", "two-techniques"]
    conclusion: Literal["alarm", "caution", "no_alarm", "inconclusive"]


COMPARISON: tuple[type[Record], ...] = (ComparisonRecord,)
