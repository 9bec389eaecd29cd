"""What instruments beside the analyzer told about a screening: a weight, a position, a code, a file."""

from typing import Annotated, ClassVar, Literal

from pydantic import Field, StringConstraints

from sync.contract.attachment import Label
from sync.contract.casework import Concerned
from sync.contract.ids import ScreeningId
from sync.contract.record import Digest, Grown, Part, Record
from sync.contract.wall import Wall

Decimal = Annotated[str, StringConstraints(pattern=r"^-?[0-9]{1,24}(\.[0-9]{1,24})?$")]
Seconds = Annotated[float, Field(ge=0)]


class DevicePart(Part, frozen=True):
    """Where the instrument was plugged in and, as far as it told, who it is."""

    port: str
    maker: str
    model: str
    serial_number: str
    firmware: str


class WeightPart(Part, frozen=True):
    """A stable weight: the scale's own digits and unit, the same in grams, and the line as it came."""

    value: Decimal
    unit: str
    grams: Decimal
    basis: Literal["gross", "net", "untold"]
    raw: bytes


class PositionPart(Part, frozen=True):
    """Where and when, as a satellite receiver told: degrees north and east, its own UTC, the sentences as they came.

    `age` is how many seconds ago it came. A position with any of `doubts` must not be taken for a measured one.
    """

    latitude: Annotated[float, Field(ge=-90, le=90)]
    longitude: Annotated[float, Field(ge=-180, le=180)]
    told: Wall | None
    quality: str | None
    source: str
    satellites: Annotated[int, Field(ge=0)] | None
    hdop: Annotated[float, Field(ge=0)] | None
    age: Seconds
    doubts: list[str]
    raw: list[bytes]


class ElementPart(Part, frozen=True):
    """One GS1 element: application identifier, its title, its value."""

    ai: str
    title: str
    value: str


class CodePart(Part, frozen=True):
    """A code as it was scanned: symbology, AIM identifier, the bytes in it, and the bytes as they came.

    `elements` are those of a GS1 code. `kind` says which number with a check digit it is, null where it is none;
    `problem` what is wrong with a number that is nearly one.
    """

    symbology: str
    aim: str
    data: bytes
    raw: bytes
    elements: list[ElementPart]
    kind: str | None
    problem: str | None


class ObservationCore(Record, frozen=True):
    """One thing that an instrument told about a screening: one of `weight`, `position` and `code` is there.

    `transcript` is the newest part of its serial session, as docs/formats/transcript.md says.
    """

    screening: ScreeningId
    device: DevicePart
    transcript: bytes
    transcript_digest: Digest
    weight: WeightPart | None
    position: PositionPart | None
    code: CodePart | None


class ObservationRecord(ObservationCore, frozen=True):
    """What an instrument told, and of which `exhibit`: what lay on the scale, whose bag's seal was scanned.

    It is null where it was told of no exhibit, as a code beside a reading.
    """

    SCHEMA: ClassVar[str] = "garita.observation/2"

    schema_name: Literal["garita.observation/2"] = Field(alias="schema", default="garita.observation/2")
    exhibit: Label | None


class ObservationRecord1(ObservationCore, frozen=True):
    """Version 1: read as it is, written no more. It does not tell of which exhibit it is."""

    SCHEMA: ClassVar[str] = "garita.observation/1"

    schema_name: Literal["garita.observation/1"] = Field(alias="schema", default="garita.observation/1")


class SecondTechniqueRecord(Record, Grown, frozen=True):
    """A file from another instrument, received as entry `concerns`, belongs to a screening as a second technique.

    `verdict` is that instrument's own, in its words: it is no conclusion of Garita's and never joins one. `exhibit` is
    the one that it is of; a file of none has no such field.
    """

    SCHEMA: ClassVar[str] = "garita.second-technique/1"

    schema_name: Literal["garita.second-technique/1"] = Field(alias="schema", default="garita.second-technique/1")
    screening: ScreeningId
    presumptive: str
    concerns: Concerned
    instrument: str
    verdict: str | None
    exhibit: Label | None = None


OBSERVATIONS: tuple[type[Record], ...] = (ObservationRecord, ObservationRecord1, SecondTechniqueRecord)
