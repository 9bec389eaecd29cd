"""What is done with the thing itself: weighed, photographed, made an exhibit, sealed into a bag, handed over, exported.

A record is never changed. It is voided or amended by a later one, which names it by seq and digest and gives a reason.
"""

from typing import Annotated, ClassVar, Literal, Self

from pydantic import Field, StringConstraints, model_validator

from sync.contract.attachment import AttachmentPart, Label
from sync.contract.ids import OperatorId, ScreeningId, Seq
from sync.contract.record import Digest, Part, Record

Words = Annotated[str, StringConstraints(min_length=1, max_length=2000)]
Category = Literal["powder", "crystals", "tablets", "plant", "liquid", "resin", "paper", "machine", "other"]
Category2 = Literal["powder", "tablets", "plant", "liquid", "resin", "paper", "machine", "other"]
Packing = Literal["bag", "box", "vessel", "envelope", "wrapping", "other"]
MetricUnit = Literal["mg", "g", "kg"]
WeightUnit = Literal["ug", "mg", "g", "kg", "ct", "oz", "lb", "ozt", "dwt", "GN"]
"""Carat, ounce, pound, troy ounce, pennyweight and grain besides: units that every maker means alike."""
WeightValue = Annotated[str, StringConstraints(pattern=r"^-?[0-9]{1,9}(\.[0-9]{1,9})?$")]
CoarseValue = Annotated[str, StringConstraints(pattern=r"^-?[0-9]{1,9}(\.[0-9]{1,6})?$")]
Occasion = Literal["found", "before_sampling", "after_sampling"]
SigningMethod = Literal["hold", "pin", "demonstration_pin"]
"""The finger stayed on the screen for 1.5 s in the signer's session, or their PIN was entered."""

MOST_ALSO = 128
"""Entries outside of a row of them that leave with it at most."""

SeqField = Annotated[Seq, Field(ge=1, le=2**63 - 1)]


class Concerned(Part, frozen=True):
    """An earlier record of the same journal: its seq, and the SHA-256 of its envelope, so that no other is meant."""

    seq: SeqField
    digest: Digest


class ExhibitCore(Record, frozen=True):
    """A thing became an exhibit: its number in this screening, what it is, how it was found."""

    exhibit: Label
    screening: ScreeningId
    number: Annotated[int, Field(ge=1, le=9999)]
    description: Words


class PackedExhibit(ExhibitCore, frozen=True):
    """An exhibit, and how it looks, how many pieces it is and what it is packed in, as far as that was told."""

    category: Category | None
    count: Annotated[int, Field(ge=1, le=99999)] | None
    packing: Packing | None


class ExhibitRecord(PackedExhibit, frozen=True):
    """An exhibit with what was told of it; crystals are a category of their own."""

    SCHEMA: ClassVar[str] = "garita.exhibit/3"

    schema_name: Literal["garita.exhibit/3"] = Field(alias="schema", default="garita.exhibit/3")


class ExhibitRecord2(PackedExhibit, frozen=True):
    """Version 2: read as it is, written no more. Crystals stand in it as powder or as something else."""

    SCHEMA: ClassVar[str] = "garita.exhibit/2"

    schema_name: Literal["garita.exhibit/2"] = Field(alias="schema", default="garita.exhibit/2")
    category: Category2 | None


class ExhibitRecord1(ExhibitCore, frozen=True):
    """Version 1: read as it is, written no more."""

    SCHEMA: ClassVar[str] = "garita.exhibit/1"

    schema_name: Literal["garita.exhibit/1"] = Field(alias="schema", default="garita.exhibit/1")


class WeightCore(Record, frozen=True):
    """An exhibit was weighed: the scale's own digits, as it sent them, with its unit."""

    exhibit: Label
    kind: Literal["gross", "net", "tare"]
    value: WeightValue
    unit: WeightUnit
    source: Literal["scale", "typed"]
    scale: str | None


class OccasionalWeight(WeightCore, frozen=True):
    """A weight, and whether it was taken when the thing was found, or before or after a sample was taken of it."""

    occasion: Occasion


class TarePart(Part, frozen=True):
    """What a scale told of its tare memory, in its own digits and unit."""

    value: WeightValue
    unit: WeightUnit


class WeightRecord(OccasionalWeight, frozen=True):
    """A weight in the digits and the unit of the scale, with what the scale told it is.

    `basis` is the scale's own word, `tare` what it had taken off; `observed` is the record with its bytes, made in the
    same step. A typed weight has none of these.
    """

    SCHEMA: ClassVar[str] = "garita.weight/3"

    schema_name: Literal["garita.weight/3"] = Field(alias="schema", default="garita.weight/3")
    basis: Literal["gross", "net", "untold"]
    tare: TarePart | None
    observed: Concerned | None


class WeightRecord2(OccasionalWeight, frozen=True):
    """Version 2: read as it is, written no more. What a scale told in another unit stands in it as grams."""

    SCHEMA: ClassVar[str] = "garita.weight/2"

    schema_name: Literal["garita.weight/2"] = Field(alias="schema", default="garita.weight/2")
    value: CoarseValue
    unit: MetricUnit


class WeightRecord1(WeightCore, frozen=True):
    """Version 1: read as it is, written no more. It does not tell the occasion."""

    SCHEMA: ClassVar[str] = "garita.weight/1"

    schema_name: Literal["garita.weight/1"] = Field(alias="schema", default="garita.weight/1")
    value: CoarseValue
    unit: MetricUnit


class PhotoRecord(Record, frozen=True):
    """A photograph of an exhibit."""

    SCHEMA: ClassVar[str] = "garita.photo/1"

    schema_name: Literal["garita.photo/1"] = Field(alias="schema", default="garita.photo/1")
    exhibit: Label
    caption: Annotated[str, StringConstraints(max_length=2000)]
    photo: AttachmentPart


class NumberRead(Record, frozen=True):
    """How a seal's number was read from the bag: scanned, then `observed` is the record of the scan; or typed."""

    source: Literal["scanned", "typed"]
    observed: Concerned | None

    @model_validator(mode="after")
    def _check_source(self) -> Self:
        if (self.source == "scanned") != (self.observed is not None):
            raise ValueError("a scanned number names the record of its scan, a typed one names none")
        return self


class SealCore(Record, frozen=True):
    """A bag with an exhibit was closed or opened: the number printed on its seal."""

    exhibit: Label
    action: Literal["applied", "broken"]
    seal_number: Label
    reason: Words


class SealRecord(SealCore, NumberRead, frozen=True):
    """A seal, and how its number was read."""

    SCHEMA: ClassVar[str] = "garita.seal/2"

    schema_name: Literal["garita.seal/2"] = Field(alias="schema", default="garita.seal/2")


class SealRecord1(SealCore, frozen=True):
    """Version 1: read as it is, written no more. It does not tell how the number was read."""

    SCHEMA: ClassVar[str] = "garita.seal/1"

    schema_name: Literal["garita.seal/1"] = Field(alias="schema", default="garita.seal/1")


class SealCheckCore(Record, frozen=True):
    """The bag of an exhibit was found with another seal: the number on record, and the one read from the bag."""

    exhibit: Label
    on_record: Label
    found: Label
    source: Literal["scanned", "typed"]


class SealCheckRecord(SealCheckCore, NumberRead, frozen=True):
    """Another seal on a bag, and how its number was read."""

    SCHEMA: ClassVar[str] = "garita.seal-check/2"

    schema_name: Literal["garita.seal-check/2"] = Field(alias="schema", default="garita.seal-check/2")


class SealCheckRecord1(SealCheckCore, frozen=True):
    """Version 1: read as it is, written no more. It does not name the record of a scan."""

    SCHEMA: ClassVar[str] = "garita.seal-check/1"

    schema_name: Literal["garita.seal-check/1"] = Field(alias="schema", default="garita.seal-check/1")


class TransferCore(Record, frozen=True):
    """An exhibit changed hands: from whom, to whom, why, and under which seal number."""

    exhibit: Label
    giver: Words
    receiver: Words
    reason: Words
    seal_number: Label
    accepted_by: OperatorId | None


class SignedTransfer(TransferCore, frozen=True):
    """A transfer: how its giver signed; `accepted_by` gave their PIN, who is not of this station drew a signature."""

    given: SigningMethod | None
    drawn: AttachmentPart | None


class GivenTransfer(SignedTransfer, frozen=True):
    """A transfer, and who signed as its giver: who had the exhibit, or a supervisor for them where they are absent.

    `given_by` is null for a giver who is not of this station: they drew a signature, `given_drawn`.
    """

    given_by: OperatorId | None
    given_drawn: AttachmentPart | None


class TransferRecord(GivenTransfer, NumberRead, frozen=True):
    """A transfer, and how the number of its seal was read."""

    SCHEMA: ClassVar[str] = "garita.transfer/4"

    schema_name: Literal["garita.transfer/4"] = Field(alias="schema", default="garita.transfer/4")


class TransferRecord3(GivenTransfer, frozen=True):
    """Version 3: read as it is, written no more. It does not tell how the number of the seal was read."""

    SCHEMA: ClassVar[str] = "garita.transfer/3"

    schema_name: Literal["garita.transfer/3"] = Field(alias="schema", default="garita.transfer/3")


class TransferRecord2(SignedTransfer, frozen=True):
    """Version 2: read as it is, written no more. It does not tell who signed as the giver."""

    SCHEMA: ClassVar[str] = "garita.transfer/2"

    schema_name: Literal["garita.transfer/2"] = Field(alias="schema", default="garita.transfer/2")


class TransferRecord1(TransferCore, frozen=True):
    """Version 1: read as it is, written no more."""

    SCHEMA: ClassVar[str] = "garita.transfer/1"

    schema_name: Literal["garita.transfer/1"] = Field(alias="schema", default="garita.transfer/1")


class VoidRecord(Record, frozen=True):
    """An earlier record no longer counts, and why; it stays."""

    SCHEMA: ClassVar[str] = "garita.void/1"

    schema_name: Literal["garita.void/1"] = Field(alias="schema", default="garita.void/1")
    concerns: Concerned
    reason: Words


class ChangePart(Part, frozen=True):
    """One field of the earlier record and what it should have said, both as text."""

    field: Label
    was: Annotated[str, StringConstraints(max_length=2000)]
    should_be: Annotated[str, StringConstraints(max_length=2000)]


class AmendmentRecord(Record, frozen=True):
    """What an earlier record should have said, and why; it stays as it was."""

    SCHEMA: ClassVar[str] = "garita.amendment/1"

    schema_name: Literal["garita.amendment/1"] = Field(alias="schema", default="garita.amendment/1")
    concerns: Concerned
    reason: Words
    changes: Annotated[list[ChangePart], Field(min_length=1, max_length=64)]


class ExportCore(Record, frozen=True):
    """Records left this station in a file: which, for whom, by what order, and the file's SHA-256."""

    first: SeqField
    last: SeqField
    receiver: Words
    reason: Words
    digest: Digest


class ExportRecord(ExportCore, frozen=True):
    """An export, and which entries outside of `first` to `last` went along because one of those names them."""

    SCHEMA: ClassVar[str] = "garita.export/2"

    schema_name: Literal["garita.export/2"] = Field(alias="schema", default="garita.export/2")
    also: Annotated[list[SeqField], Field(max_length=MOST_ALSO)]


class ExportRecord1(ExportCore, frozen=True):
    """Version 1: read as it is, written no more. What its entries name and they are not did not go along."""

    SCHEMA: ClassVar[str] = "garita.export/1"

    schema_name: Literal["garita.export/1"] = Field(alias="schema", default="garita.export/1")


CASEWORK: tuple[type[Record], ...] = (
    ExhibitRecord,
    ExhibitRecord2,
    ExhibitRecord1,
    WeightRecord,
    WeightRecord2,
    WeightRecord1,
    PhotoRecord,
    SealRecord,
    SealRecord1,
    SealCheckRecord,
    SealCheckRecord1,
    TransferRecord,
    TransferRecord3,
    TransferRecord2,
    TransferRecord1,
    VoidRecord,
    AmendmentRecord,
    ExportRecord,
    ExportRecord1,
)
