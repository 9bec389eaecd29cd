"""What every record says of itself: who, when, by which program."""

from typing import Annotated, Any, ClassVar, Literal

from pydantic import Field, SerializerFunctionWrapHandler, model_serializer

from sync.contract.form import Form
from sync.contract.ids import OperatorId, StationId
from sync.contract.wall import Wall

ClockTrust = Literal["synchronised", "unsynchronised", "turned_back"]
ClockSource = Literal["gnss", "network", "rtc", "operator"]
Digest = Annotated[bytes, Field(min_length=32, max_length=32)]


class Part(Form, frozen=True, extra="allow"):
    """A piece of a record; it keeps the fields that it does not know."""


class Grown(Part, frozen=True):
    """A piece that got fields later, null by default: records made before have none of them, and keep it so."""

    @model_serializer(mode="wrap")
    def _as_it_came(self, write: SerializerFunctionWrapHandler) -> dict[str, Any]:
        told = self.model_fields_set
        return {name: value for name, value in write(self).items() if value is not None or name in told}


class Timestamp(Grown, frozen=True):
    """When, as far as the station knows: UTC in RFC 3339, and the counter that nobody can turn back.

    `source` is what the wall clock follows; `receipt` the centre's time at the last receipt before this, and `drift_ms`
    how far the wall clock was ahead of it, counted on from there by the counter: null after a reboot.
    """

    wall: Wall
    monotonic_ns: int = Field(ge=0)
    boot: str
    trust: ClockTrust
    source: ClockSource | None = None
    receipt: Wall | None = None
    drift_ms: int | None = None


class Record(Part, frozen=True):
    """Anything the journal holds: who says what, when."""

    SCHEMA: ClassVar[str] = ""

    schema_name: str = Field(alias="schema")
    station: StationId
    operator: OperatorId | None
    recorded: Timestamp
    software: str
