"""What the centre hands to the vault inside the state's own walls: sealed envelopes by log index."""

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from sync.contract.card import MAX_LIST, MAX_LISTED, StationCard
from sync.contract.ids import STATION_PATTERN, StationId
from sync.contract.pieces import Sealed
from sync.contract.submission import MAX_BODY, Message


class LoggedEnvelope(Message, frozen=True):
    """A stored envelope and its place in the national log."""

    index: int = Field(ge=0, lt=2**63)
    station: StationId
    seq: int = Field(ge=1, lt=2**63)
    envelope: bytes


class Page(Message, frozen=True):
    """Some envelopes in log order; `size` is the size of the log's newest checkpoint."""

    MAX_BYTES: ClassVar[int] = MAX_BODY

    format: Literal["garita.page/1"] = "garita.page/1"
    size: int = Field(ge=0)
    envelopes: list[LoggedEnvelope]


class StationList(Message, frozen=True):
    """Every admitted station's card."""

    MAX_BYTES: ClassVar[int] = MAX_LIST
    MAX_VALUES: ClassVar[int] = MAX_LISTED

    format: Literal["garita.stations/1"] = "garita.stations/1"
    cards: list[StationCard]


class SealedName(Message, frozen=True):
    """A sealed attachment by its station and the SHA-256 of its bytes."""

    station: Annotated[StationId, Field(pattern=STATION_PATTERN)]
    sealed: Sealed


class SealedNames(Message, frozen=True):
    """Attachments that the vault asks for; and, in the answer, those of them that are here whole."""

    MOST: ClassVar[int] = 1000

    format: Literal["garita.sealed-names/1"] = "garita.sealed-names/1"
    names: Annotated[list[SealedName], Field(max_length=MOST)]
