"""Practice: what would have been a record, and never is one."""

from typing import ClassVar, Literal, Self

from pydantic import Field

from sync.contract.record import Record


class TrainingRecord(Record, frozen=True):
    """Something was practised. `practice` is what the record would have been, and `of` its schema.

    It stands in the chain like everything that happens at a station, and no reader of evidence looks inside it.
    """

    SCHEMA: ClassVar[str] = "garita.training/1"

    schema_name: Literal["garita.training/1"] = Field(alias="schema", default="garita.training/1")
    of: str
    practice: bytes

    @classmethod
    def wrap(cls, record: Record) -> Self:
        """Return the practice that `record` was."""
        return cls(
            station=record.station,
            operator=record.operator,
            recorded=record.recorded,
            software=record.software,
            of=record.schema_name,
            practice=record.to_bytes(),
        )
