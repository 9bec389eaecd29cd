"""What one person may have put down wrongly, and so may amend alone."""

from collections.abc import Mapping

from sync.contract.casework import ExhibitRecord1, PackedExhibit, SealCore, TransferCore, WeightCore
from sync.contract.record import Record
from sync.contract.seizure import ReferenceRecord, WitnessRecord

AMENDABLE: Mapping[type[Record], tuple[str, ...]] = {
    PackedExhibit: ("description", "count"),
    ExhibitRecord1: ("description",),
    WeightCore: ("value", "unit"),
    SealCore: ("seal_number",),
    TransferCore: ("reason",),
    WitnessRecord: ("reference",),
    ReferenceRecord: ("number",),
}
"""The fields, by kind of record. All else is what was done with what, when and by whom, or what another signed, said
or measured: that is voided, which takes two, and done anew. Where a program before this one let it be amended, that is
told, and changes nothing."""


def amendable(record: Record) -> tuple[str, ...]:
    """Return the fields of a record that an amendment may put right."""
    return next((fields for kind, fields in AMENDABLE.items() if isinstance(record, kind)), ())


def as_made(record: Record, field: str) -> str:
    """Return what a field of a record was made with, as text; nothing where it was left out."""
    found = getattr(record, field)
    return "" if found is None else str(found)
