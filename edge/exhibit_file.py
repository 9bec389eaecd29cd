"""An exhibit's file: every record of it, what of them counts, and where it stands by these."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TypeVar

from edge.custody import Custody, custody
from edge.seal_reports import SealReport, open_reports
from edge.seals import same
from edge.standing import Numbered, Standing
from sync.contract.casework import (
    ExhibitCore,
    PhotoRecord,
    SealCheckCore,
    SealCore,
    TransferCore,
    WeightCore,
)
from sync.contract.ids import ScreeningId, Seq
from sync.contract.record import Record

Kind = TypeVar("Kind", bound=Record)
_OF_EXHIBITS = (ExhibitCore, WeightCore, PhotoRecord, SealCore, SealCheckCore, TransferCore)


@dataclass(frozen=True)
class ExhibitFile:
    """An exhibit, who made it one and had it first, and every record of it that was not taken back, oldest first."""

    id: str
    screening: ScreeningId
    number: int
    finder: str
    records: Sequence[Numbered]
    amended: Mapping[Seq, Mapping[str, str]] = field(default_factory=dict[Seq, Mapping[str, str]])
    """What entries should have said: the right words by field."""
    voided: Collection[Seq] = ()
    """Entries that count no more."""
    reports: Sequence[SealReport] = ()
    """What was found on its bag in place of the seal on record, and nobody else answered yet."""

    @cached_property
    def custody(self) -> Custody:
        """Where it stands."""
        return custody(self.finder, self.counting(Record))

    @property
    def seal_number(self) -> str | None:
        """The number of the seal that closes its bag now, if one does."""
        closed = self.custody.closed
        return closed[1].seal_number if closed else None

    @property
    def holder(self) -> str:
        """Who has it now."""
        return self.custody.holder

    @property
    def closing(self) -> tuple[SealCore, bool] | None:
        """The record of the seal that closes its bag now, as it stands, and whether it was amended."""
        return self._told(self.custody.closed)

    @property
    def broken(self) -> tuple[SealCore, bool] | None:
        """The record that its bag was opened, as it stands, where it lies open now, and whether it was amended."""
        return self._told(self.custody.opened)

    @property
    def swapped(self) -> bool:
        """Whether what was found last on its bag, since it was closed or changed hands, is not the seal on record."""
        closed, reported = self.custody.closed, [each.record for each in self.reports]
        if not closed:
            return False
        since = max([closed[0], *(seq for seq, _ in self.counting(TransferCore))])
        found = [it for seq, it in self.counting(SealCheckCore) if seq > since and it in reported]
        return bool(found) and not same(found[-1].found, self.seal_number)

    @property
    def is_void(self) -> bool:
        """Whether the entry that made it an exhibit counts no more."""
        return not self.counting(ExhibitCore)

    @property
    def weights(self) -> list[tuple[WeightCore, bool]]:
        """Its weights as they stand, oldest first, and whether each was amended."""
        return [(now, now is not was) for now, was in self.stood(WeightCore)]

    def of(self, kind: type[Kind]) -> list[Kind]:
        """Return its records of one kind, oldest first."""
        return [record for _, record in self.records if isinstance(record, kind)]

    def counting(self, kind: type[Kind]) -> list[tuple[Seq, Kind]]:
        """Return its records of one kind that count, oldest first, each as it should have said."""
        known = [(seq, it) for seq, it in self.records if isinstance(it, kind) and seq not in self.voided]
        return [(seq, self.stated(seq, it)[0] if seq in self.amended else it) for seq, it in known]

    def stood(self, kind: type[Kind]) -> list[tuple[Kind, Kind]]:
        """Return its records of one kind that count, oldest first: each as it should have said, and as it was made.

        Both are one object where nobody amended it.
        """
        made = {seq: it for seq, it in self.records if isinstance(it, kind)}
        return [(now, made[seq]) for seq, now in self.counting(kind)]

    def earlier(self, kind: type[Kind]) -> list[Kind]:
        """Return its records of one kind as they were made, where they were amended or count no more."""
        return [it for seq, it in self.records if isinstance(it, kind) and (seq in self.amended or seq in self.voided)]

    def stated(self, seq: Seq, record: Kind) -> tuple[Kind, bool]:
        """Return a record as it should have said, and whether it was amended."""
        changes = self.amended.get(seq, {})
        return record.model_copy(update=dict(changes)), bool(changes)

    def _told(self, sealing: tuple[Seq, SealCore] | None) -> tuple[SealCore, bool] | None:
        return (sealing[1], sealing[0] in self.amended) if sealing else None


def files(standing: Standing, names: Mapping[str, str]) -> list[ExhibitFile]:
    """Return the exhibits of a screening by their numbers; `names` are those of its makers, by id."""
    made = sorted((it for _, it in standing.records if isinstance(it, ExhibitCore)), key=lambda it: it.number)
    return [_file(standing, each, names.get(each.operator or "", each.operator or "")) for each in made]


def _file(standing: Standing, made: ExhibitCore, finder: str) -> ExhibitFile:
    own = [each for each in standing.records if isinstance(each[1], _OF_EXHIBITS) and each[1].exhibit == made.exhibit]
    reports = open_reports(made.exhibit, standing.records, standing.voided)
    numbers = made.exhibit, made.screening, made.number
    return ExhibitFile(*numbers, finder, own, standing.amended, standing.voided, reports)
