"""Which of the records about a screening count, and what corrections say of them: records in, records out."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from edge.amendable import amendable, as_made
from sync.contract.casework import AmendmentRecord, VoidRecord
from sync.contract.ids import Seq
from sync.contract.record import Record
from sync.contract.seizure import UndoRecord

Numbered = tuple[Seq, Record]


@dataclass(frozen=True)
class Standing:
    """The records about a screening, oldest first: those that stand, and apart from them what was taken back.

    Of those that stand, `voided` count no more, and `amended` has what others should have said, by field.
    """

    records: Sequence[Numbered]
    undone: Sequence[Numbered]
    voided: Collection[Seq]
    amended: Mapping[Seq, Mapping[str, str]]

    @classmethod
    def of(cls, records: Sequence[Numbered]) -> "Standing":
        """Tell the records of one screening apart."""
        back = {record.concerns.seq for _, record in records if isinstance(record, UndoRecord)}
        back |= {seq for seq, record in records if isinstance(record, UndoRecord)}
        stand = [each for each in records if each[0] not in back]
        voided = {record.concerns.seq for _, record in stand if isinstance(record, VoidRecord)}
        return cls(stand, [each for each in records if each[0] in back], voided, _amended(stand, voided))


def _amended(records: Sequence[Numbered], voided: Collection[Seq]) -> dict[Seq, dict[str, str]]:
    """Return what entries should have said and do not, by field that one person may amend; the newest tells.

    One that was voided is none.
    """
    found, known = dict[Seq, dict[str, str]](), dict(records)
    for seq, record in records:
        if isinstance(record, AmendmentRecord) and seq not in voided and record.concerns.seq in known:
            fields = amendable(known[record.concerns.seq])
            right = {each.field: each.should_be for each in record.changes if each.field in fields}
            found.setdefault(record.concerns.seq, {}).update(right)
    told = {seq: _unlike(known[seq], right) for seq, right in found.items()}
    return {seq: right for seq, right in told.items() if right}


def _unlike(record: Record, right: Mapping[str, str]) -> dict[str, str]:
    """Return what is right and not what the record says: one amendment may lead back from another."""
    return {field: text for field, text in right.items() if text != as_made(record, field)}
