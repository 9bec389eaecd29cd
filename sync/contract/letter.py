"""Letters to an outside body: each day's record carries as many, of one size, whether anybody wrote or not."""

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from sync.contract.form import Form
from sync.contract.ids import StationId
from sync.contract.record import Record
from sync.contract.wall import Wall

LETTERS = 2
MAX_TEXT = 2000
"""Bytes of UTF-8 in one letter."""


class LetterRecord(Record, frozen=True):
    """So many letters, sealed to the outside body alone; which of them are blank, only that body can tell."""

    SCHEMA: ClassVar[str] = "garita.letter/1"

    schema_name: Literal["garita.letter/1"] = Field(alias="schema", default="garita.letter/1")
    letters: Annotated[list[bytes], Field(min_length=LETTERS, max_length=LETTERS)]


class Delivery(Form, frozen=True, extra="forbid"):
    """The letters of one record, as the vault hands them on: a gap in `seq` and day shows what it held back."""

    station: StationId
    seq: int
    recorded: Wall
    letters: list[bytes]


class Post(Form, frozen=True, extra="forbid"):
    """Letters that the vault has, still sealed; 10,000 stations write 75 MiB of them a day."""

    MAX_BYTES: ClassVar[int] = 256 * 1024 * 1024

    format: Literal["garita.post/1"] = "garita.post/1"
    deliveries: list[Delivery]
