"""What every record says of itself: who, when, by which program."""

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from sync.contract.form import Form
from sync.contract.ids import OperatorId, StationId
from sync.contract.wall import Wall

ClockTrust = Literal["synchronised", "unsynchronised", "turned_back"]
Digest = Annotated[bytes, Field(min_length=32, max_length=32)]


class Part(Form, frozen=True, extra="allow"):
    """A piece of a record; it keeps the fields that it does not know."""


class Timestamp(Part, frozen=True):
    """When, as far as the station knows: UTC in RFC 3339, and the counter that nobody can turn back."""

    wall: Wall
    monotonic_ns: int = Field(ge=0)
    boot: str
    trust: ClockTrust


class Record(Part, frozen=True):
    """Anything the journal holds: who says what, when."""

    SCHEMA: ClassVar[str] = ""

    schema_name: str = Field(alias="schema")
    station: StationId
    operator: OperatorId | None
    recorded: Timestamp
    software: str
