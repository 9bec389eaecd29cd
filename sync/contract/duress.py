"""The mark of duress: whoever opens a record sees whether the person who made it was being forced.

Every record of a person carries it, true or false, so that neither its presence nor the size of the sealed record
tells it at the station.
"""

from typing import TypeVar

from sync.contract.record import Record

MARK = "duress"
AnyRecord = TypeVar("AnyRecord", bound=Record)


def mark(record: AnyRecord, forced: bool) -> AnyRecord:
    """Return the record with the mark."""
    return record.model_copy(update={MARK: forced})


def is_forced(record: Record) -> bool:
    """Tell whether the person who made the record was being forced."""
    return (record.model_extra or {}).get(MARK) is True
