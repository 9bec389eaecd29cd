"""A file brought from an instrument: its bytes, what the instrument said, and what was parsed of it."""

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from sync.contract.record import Digest, Part, Record
from sync.contract.spectrum import SpectrumPart
from sync.contract.wall import Wall

Share = Annotated[float, Field(ge=0, le=1)]


class FilePart(Part, frozen=True):
    """The file as it was received: `digest` is SHA-256 of its bytes; `content` is null where it is too large."""

    name: str
    size: int = Field(ge=0)
    modified: Wall
    digest: Digest
    content: bytes | None


class SamplePart(Part, frozen=True):
    """Mass spectra of one reading in the file, and why one of them could not be taken."""

    name: str
    spectra: list[SpectrumPart]
    problem: str | None


class TracePart(Part, frozen=True):
    """An infrared, near-infrared or Raman spectrum: `axis` as float64, `values` as float32, little-endian."""

    name: str
    method: str
    unit: str
    quantity: str
    axis: bytes
    values: bytes


class LikenessPart(Part, frozen=True):
    """How alike trace number `trace` and one reference are: two hit qualities, and the range that both have."""

    trace: int = Field(ge=0)
    name: str
    source: str
    correlation: Share
    derivative: Share
    low: float
    high: float


class ComparisonPart(Part, frozen=True):
    """Garita's search of a second technique, in the state's own library: offers, never a conclusion."""

    library: str
    title: str
    hits: list[LikenessPart]


class ImportRecord(Record, frozen=True):
    """A file was received. `verdict` is the instrument's own, in its words, and stays apart from all that is Garita's.

    `problem` says why nothing could be read; `remarks` what parts were left out. `same_as` is the journal's number of
    the record that carries the same bytes already.
    """

    SCHEMA: ClassVar[str] = "garita.import/1"

    schema_name: Literal["garita.import/1"] = Field(alias="schema", default="garita.import/1")
    presumptive: str
    source: Literal["command", "folder"]
    instrument: str
    verdict: str | None
    file: FilePart
    format: str | None
    parser: str
    problem: str | None
    remarks: list[str]
    samples: list[SamplePart]
    traces: list[TracePart]
    comparison: ComparisonPart | None
    same_as: int | None = Field(ge=1)
