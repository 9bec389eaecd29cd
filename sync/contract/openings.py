"""What the vault tells of itself before it shows anything: who opens what, and why."""

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from sync.contract.record import Record

Act = Literal["project", "show", "export", "disclose", "drill"]
Line = Annotated[str, Field(min_length=1, max_length=400)]


class OpeningRecord(Record, frozen=True):
    """One act of opening, by these persons, for this reason.

    `entries` are STATION/SEQ, places in the log, or a list that was looked through and how far it went.
    """

    SCHEMA: ClassVar[str] = "garita.opening/1"

    schema_name: Literal["garita.opening/1"] = Field(alias="schema", default="garita.opening/1")
    act: Act
    persons: Annotated[list[Line], Field(min_length=1)]
    reason: Line
    entries: list[Line]
