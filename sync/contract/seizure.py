"""How a seizure is ended: who stood beside it, its references, who signed what, what was taken back, who reviewed it.

Of the person searched nothing is kept but whether they agreed: a reference has no room for a name.
"""

from typing import Annotated, ClassVar, Literal

from pydantic import Field, StringConstraints

from sync.contract.attachment import Label
from sync.contract.casework import Concerned, SigningMethod, Words
from sync.contract.ids import ScreeningId
from sync.contract.record import Part, Record

Reference = Annotated[str, StringConstraints(pattern=r"^[0-9A-Z/.-]{1,40}$")]
"""A number that others keep the meaning of: a badge, a file; capital letters, digits, `/`, `.` and `-`."""

WitnessRole = Literal["searched", "witness", "colleague", "interpreter", "counsel"]
ReferenceKind = Literal["detention", "case_file", "report"]
Step = Literal["weight", "photo", "seal", "witnesses"]


class WitnessRecord(Record, frozen=True):
    """Somebody stood beside the seizure and agreed or refused, or nobody of that role was there.

    `searched` is the person searched, told of their rights; `reference` is a badge or a file, never a name.
    """

    SCHEMA: ClassVar[str] = "garita.witness/1"

    schema_name: Literal["garita.witness/1"] = Field(alias="schema", default="garita.witness/1")
    screening: ScreeningId
    role: WitnessRole
    stance: Literal["agreed", "refused", "absent"]
    reference: Reference | None


class ReferenceRecord(Record, frozen=True):
    """A number under which others know the case: of the register of detentions, of a file, of the police report."""

    SCHEMA: ClassVar[str] = "garita.reference/1"

    schema_name: Literal["garita.reference/1"] = Field(alias="schema", default="garita.reference/1")
    screening: ScreeningId
    kind: ReferenceKind
    number: Reference


class MissingPart(Part, frozen=True):
    """Something that a seizure has when it is whole, and this one had not; `exhibit` is null for the whole of it."""

    exhibit: Label | None
    step: Step


class SignatureRecord(Record, frozen=True):
    """The operator signed a seizure: every record that it consists of, and what it lacks."""

    SCHEMA: ClassVar[str] = "garita.signature/1"

    schema_name: Literal["garita.signature/1"] = Field(alias="schema", default="garita.signature/1")
    screening: ScreeningId
    name: Words
    role: Label
    method: SigningMethod
    concerns: Annotated[list[Concerned], Field(min_length=1, max_length=4096)]
    missing: list[MissingPart]


class UndoRecord(Record, frozen=True):
    """Who made an earlier record of a seizure took it back before the seizure was signed; both stay."""

    SCHEMA: ClassVar[str] = "garita.undo/1"

    schema_name: Literal["garita.undo/1"] = Field(alias="schema", default="garita.undo/1")
    screening: ScreeningId
    concerns: Concerned


class ReviewRecord(Record, frozen=True):
    """Somebody else than its signer looked at a signed seizure: approved it, or returned it with a reason."""

    SCHEMA: ClassVar[str] = "garita.review/1"

    schema_name: Literal["garita.review/1"] = Field(alias="schema", default="garita.review/1")
    screening: ScreeningId
    concerns: Concerned
    decision: Literal["approved", "returned"]
    reason: Annotated[str, StringConstraints(max_length=2000)]


SEIZURE: tuple[type[Record], ...] = (
    WitnessRecord,
    ReferenceRecord,
    SignatureRecord,
    UndoRecord,
    ReviewRecord,
)
