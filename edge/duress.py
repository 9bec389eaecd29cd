"""Who is being forced: told by the duress PIN, kept in memory alone, written nowhere but inside sealed records."""

from sync.contract import duress
from sync.contract.approval import ApprovalRecord
from sync.contract.ids import OperatorId
from sync.contract.record import Record


class Duress:
    """Remembers of each person which PIN came last; marks the records that they make."""

    def __init__(self) -> None:
        self._forced: set[OperatorId] = set()

    def note(self, operator: OperatorId, *, forced: bool) -> None:
        """Remember whether this person's last PIN was the one that says so."""
        (self._forced.add if forced else self._forced.discard)(operator)

    def holds(self, operator: OperatorId) -> bool:
        """Tell whether this person is being forced."""
        return operator in self._forced

    def mark(self, record: Record) -> Record:
        """Return the record with its mark; a record that no person made has none."""
        if record.operator is None:
            return record
        return duress.mark(record, not self._forced.isdisjoint(_persons(record)))


def _persons(record: Record) -> set[OperatorId]:
    beside = {each.operator for each in record.persons} if isinstance(record, ApprovalRecord) else set[OperatorId]()
    return beside | ({record.operator} if record.operator else set())
