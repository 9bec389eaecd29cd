"""Two persons behind one act. The entry right after an approval is the act that it approves."""

from hashlib import sha256
from typing import Annotated, ClassVar, Literal

from pydantic import Field

from sync.contract.form import Form
from sync.contract.ids import OperatorId, StationId
from sync.contract.record import Part, Record


class Statement(Form, frozen=True, extra="forbid"):
    """What both persons put their names to; `nonce` makes each approval one of its kind."""

    format: Literal["garita.approval-statement/1"] = "garita.approval-statement/1"
    station: StationId
    action: str
    subject: str
    nonce: bytes

    @property
    def challenge(self) -> bytes:
        """What a token signs as its WebAuthn challenge: SHA-256 of the statement's bytes."""
        return sha256(self.to_bytes()).digest()


class AssertionPart(Part, frozen=True):
    """What a token signed, as WebAuthn has it: the credential's id, and the three parts of its answer."""

    credential: Annotated[bytes, Field(min_length=1, max_length=1023)]
    authenticator_data: Annotated[bytes, Field(min_length=37, max_length=4096)]
    client_data: Annotated[bytes, Field(min_length=1, max_length=4096)]
    signature: Annotated[bytes, Field(min_length=1, max_length=4096)]


class ApproverPart(Part, frozen=True):
    """One of the two, their role, and how they proved who they are; `token` is null where they gave a PIN."""

    operator: OperatorId
    role: str
    method: Literal["pin", "token", "demonstration_pin"]
    token: AssertionPart | None


class ApprovalRecord(Record, frozen=True):
    """Who asked for an act and who allowed it, in this order; `subject` is what both were told it is."""

    SCHEMA: ClassVar[str] = "garita.approval/1"

    schema_name: Literal["garita.approval/1"] = Field(alias="schema", default="garita.approval/1")
    action: Annotated[str, Field(min_length=1, max_length=64)]
    subject: Annotated[str, Field(min_length=1, max_length=2000)]
    nonce: Annotated[bytes, Field(min_length=32, max_length=32)]
    persons: Annotated[list[ApproverPart], Field(min_length=2, max_length=2)]

    @property
    def statement(self) -> Statement:
        """What both persons put their names to."""
        return Statement(station=self.station, action=self.action, subject=self.subject, nonce=self.nonce)
