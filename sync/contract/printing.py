"""A paper was made of what is on record: which, by whom, how many copies. It is no evidence about the screening."""

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from sync.contract.attachment import Label
from sync.contract.ids import ScreeningId
from sync.contract.record import Digest, Record

PaperKind = Literal["acta", "custody", "annex", "slip", "label"]
PaperForm = Literal["pdf", "zpl", "escpos"]
Copies = Annotated[int, Field(ge=1, le=99)]


class PrintRecord(Record, frozen=True):
    """A paper of a screening went to the station's printer, or left as a file, for so many copies.

    It is made before the paper is handed out: one that jams is on record too. `exhibit` is that of a label; `digest` is
    the SHA-256 of the bytes of one copy.
    """

    SCHEMA: ClassVar[str] = "garita.print/1"

    schema_name: Literal["garita.print/1"] = Field(alias="schema", default="garita.print/1")
    screening: ScreeningId
    paper: PaperKind
    exhibit: Label | None
    form: PaperForm
    way: Literal["printer", "file"]
    copies: Copies
    digest: Digest


PRINTING: tuple[type[Record], ...] = (PrintRecord,)
