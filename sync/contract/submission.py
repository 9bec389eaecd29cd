"""What a station sends and what the centre answers: the outer contract, all that the centre may see."""

from dataclasses import dataclass
from typing import Literal

from pydantic import Field

from sync.contract.form import Form
from sync.contract.ids import StationId

MAX_ENVELOPES = 500
MAX_SEQ = 2**63 - 1
MAX_BODY = 64 * 1024 * 1024
MEDIA_TYPE = "application/vnd.garita+cbor"
BATCH_TYPE = "application/vnd.garita.batch"

RefusalCode = Literal[
    "malformed", "unknown_station", "revoked_station", "bad_signature", "gap", "broken_chain", "equivocation"
]


class Message(Form, frozen=True, extra="forbid"):
    """A message between station and centre; unknown fields are refused."""


@dataclass(frozen=True)
class Submission:
    """Consecutive envelopes of one station, oldest first; they travel as a batch."""

    station: StationId
    envelopes: list[bytes]


class ReceiptPart(Message, frozen=True):
    """The centre's proof for one entry, as C2SP tlog-proof text."""

    seq: int = Field(ge=1, le=MAX_SEQ)
    proof: str


class Refusal(Message, frozen=True):
    """The first entry that was not taken, and why; those after it were not looked at."""

    seq: int | None
    code: RefusalCode
    detail: str


class Answer(Message, frozen=True):
    """How far the centre has this station's journal without a gap, and the receipts for what was sent.

    `time` is the centre's, signed with all of this but the receipts, as sync/central_time.py writes it.
    """

    format: Literal["garita.answer/1"] = "garita.answer/1"
    station: StationId
    contiguous: int = Field(ge=0, le=MAX_SEQ)
    receipts: list[ReceiptPart] = Field(max_length=MAX_ENVELOPES)
    refusal: Refusal | None
    time: str | None = None
