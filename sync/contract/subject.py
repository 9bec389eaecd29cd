"""What a person told about a screening before its result: what is screened and why, and what they saw themselves.

Of the person searched there is nothing here: no field asks for one.
"""

from typing import Annotated, ClassVar, Literal

from pydantic import Field, StringConstraints

from sync.contract.ids import ReadingId, ScreeningId
from sync.contract.record import Part, Record

Mode = Literal["land", "river", "sea", "air", "post", "bus"]
Cause = Literal["routine", "dog", "tip", "image", "other"]
NumberKind = Literal["plate", "container", "postal-item", "other"]
Seen = Literal["powder", "crystals", "tablets", "plant", "liquid", "paste", "other", "nothing"]


class NumberPart(Part, frozen=True):
    """A number that the subject carries; `problem` says which check digit is wrong with one that is kept as it is."""

    kind: NumberKind
    text: Annotated[str, StringConstraints(min_length=1, max_length=64)]
    problem: str | None


class SubjectRecord(Record, frozen=True):
    """What is screened, how it travels, and what made somebody look: a cause is never a result.

    The newest one of a screening counts. Without a number the subject has none that was told.
    """

    SCHEMA: ClassVar[str] = "garita.subject/1"

    schema_name: Literal["garita.subject/1"] = Field(alias="schema", default="garita.subject/1")
    screening: ScreeningId
    subject_kind: str
    mode: Mode
    cause: Cause
    numbers: Annotated[list[NumberPart], Field(max_length=8)]


class InspectionRecord(Record, frozen=True):
    """What the officer saw of the sample themselves, told before they were shown what `reading` came to."""

    SCHEMA: ClassVar[str] = "garita.inspection/1"

    schema_name: Literal["garita.inspection/1"] = Field(alias="schema", default="garita.inspection/1")
    screening: ScreeningId
    reading: ReadingId
    seen: Seen


SUBJECT: tuple[type[Record], ...] = (SubjectRecord, InspectionRecord)
