"""Practice is never evidence: whoever hands records to a court asks here first."""

from sync.contract.record import Record
from sync.contract.training import TrainingRecord
from sync.errors import OpenError


def check_evidence(seq: int, record: Record | None) -> None:
    """Raise OpenError for a record of practice."""
    if isinstance(record, TrainingRecord):
        raise OpenError(f"entry {seq} is practice (of {record.of}): it is no evidence, and is not disclosed as such")
