"""How sealed attachments travel: in pieces, so that a line that breaks goes on where it stopped."""

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from sync.contract.ids import STATION_PATTERN, StationId
from sync.contract.submission import Message

MAX_SEALED = 64 * 1024 * 1024 + 64 * 1024
MAX_PIECE = 1024 * 1024
Sealed = Annotated[bytes, Field(min_length=32, max_length=32)]


class Piece(Message, frozen=True):
    """Bytes of a sealed attachment from `offset` on, perhaps none: SHA-256 and size of the whole say which one.

    `claim` is the station's signature over what sync/claims.py says: the attachment is its own, and of entry `seq`.
    """

    MAX_BYTES: ClassVar[int] = MAX_PIECE + 4096

    format: Literal["garita.piece/1"] = "garita.piece/1"
    station: Annotated[StationId, Field(pattern=STATION_PATTERN)]
    seq: Annotated[int, Field(ge=1, le=2**63 - 1)]
    sealed: Sealed
    size: Annotated[int, Field(ge=16, le=MAX_SEALED)]
    claim: Annotated[bytes, Field(min_length=64, max_length=64)]
    offset: Annotated[int, Field(ge=0, le=MAX_SEALED)]
    data: Annotated[bytes, Field(max_length=MAX_PIECE)]


class Held(Message, frozen=True):
    """How many bytes of it the centre holds from the first on; `receipt` is there when it holds them all."""

    format: Literal["garita.held/1"] = "garita.held/1"
    sealed: Sealed
    held: Annotated[int, Field(ge=0, le=MAX_SEALED)]
    receipt: str | None
