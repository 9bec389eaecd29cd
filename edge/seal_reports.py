"""Reports that a bag was found with another seal: each is open until somebody else approves what they see of it."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from sync.contract.casework import AmendmentRecord, SealCheckCore, SealCore
from sync.contract.ids import Seq
from sync.contract.record import Record
from sync.contract.seizure import ReviewRecord


@dataclass(frozen=True)
class SealReport:
    """A report that nobody answered; `parties`, by id, made it or amended a seal of that bag since.

    None of them answers it: a bag that was swapped would read as a number that was mistyped.
    """

    record: SealCheckCore
    parties: frozenset[str | None]


def open_reports(exhibit: str, records: Sequence[tuple[Seq, Record]], voided: Collection[Seq]) -> list[SealReport]:
    """Return what is open of an exhibit, oldest first, from all records of its screening."""
    return list(_open(exhibit, [each for each in records if each[0] not in voided]))


def _open(exhibit: str, records: Sequence[tuple[Seq, Record]]) -> Iterator[SealReport]:
    seals = {seq for seq, each in records if isinstance(each, SealCore) and each.exhibit == exhibit}
    for place, (_, report) in enumerate(records):
        if isinstance(report, SealCheckCore) and report.exhibit == exhibit:
            parties = _parties(report, records[place + 1 :], seals)
            if parties:
                yield SealReport(report, parties)


def _parties(
    report: SealCheckCore, since: Sequence[tuple[Seq, Record]], seals: Collection[Seq]
) -> frozenset[str | None]:
    """Return who cannot answer a report; nobody where it is answered."""
    parties = {report.operator}
    for _, each in since:
        if isinstance(each, AmendmentRecord) and each.concerns.seq in seals:
            parties.add(each.operator)
        elif isinstance(each, ReviewRecord) and each.decision == "approved" and each.operator not in parties:
            return frozenset()
    return frozenset(parties)
