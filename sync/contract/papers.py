"""What the papers of a consignment declare, and where that does not fit what was found: no verdict on them."""

from typing import Annotated, ClassVar, Literal

from pydantic import Field, StringConstraints

from sync.contract.ids import ReadingId, ScreeningId
from sync.contract.record import Part, Record

Declared = Annotated[str, StringConstraints(max_length=120)]
Inconsistency = Literal[
    "cas-form",
    "cas-of-another",
    "substance-differs",
    "hs-form",
    "quantity-form",
    "pen-missing",
    "permit-missing",
]


class DeclaredPart(Part, frozen=True):
    """What the papers say, as it stands there; empty where they say nothing. PEN: the pre-export notification."""

    importer: Declared
    exporter: Declared
    consignee: Declared
    substance: Declared
    quantity: Declared
    hs: Declared
    cas: Declared
    pen: Declared
    permit: Declared


class PapersRecord(Record, frozen=True):
    """The papers of a consignment beside what `reading` found, and each point in which they do not fit."""

    SCHEMA: ClassVar[str] = "garita.papers/1"

    schema_name: Literal["garita.papers/1"] = Field(alias="schema", default="garita.papers/1")
    screening: ScreeningId
    reading: ReadingId | None
    presumptive: str
    declared: DeclaredPart
    found: str | None
    inconsistencies: list[Inconsistency]


PAPERS: tuple[type[Record], ...] = (PapersRecord,)
