"""Who may work at a station: each change of that is a record."""

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from sync.contract.ids import OperatorId
from sync.contract.record import Part, Record

AccountEvent = Literal[
    "enrolled",
    "role_changed",
    "pin_changed",
    "pin_replaced",
    "duress_pin_set",
    "token_added",
    "token_removed",
    "left",
    "returned",
]


class TokenPart(Part, frozen=True):
    """A FIDO2 token: the credential's id, and its public key as a SubjectPublicKeyInfo (DER)."""

    credential: Annotated[bytes, Field(min_length=1, max_length=1023)]
    public_key: Annotated[bytes, Field(min_length=1, max_length=4096)]


class AccountRecord(Record, frozen=True):
    """What changed of a person's account, and how it stands since; `operator` is who changed it, null in provisioning.

    `pin_changed` is by the person, `pin_replaced` by an administrator. `token` is the one that was added or removed.
    """

    SCHEMA: ClassVar[str] = "garita.account/1"

    schema_name: Literal["garita.account/1"] = Field(alias="schema", default="garita.account/1")
    event: AccountEvent
    person: OperatorId
    name: str
    role: str
    token: TokenPart | None
