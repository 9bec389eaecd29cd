"""Readings of a screening beside one another: what each names, and the conclusion that an officer accepts from them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sqlmodel import Session

from edge.case_records import CaseRecords, check_unsigned, concerned
from edge.checking import held_of
from edge.database import Database
from edge.dossier import Dossier, dossier
from edge.encounters import encounter
from edge.errors import BadCasework
from edge.recorder import Recorder
from edge.tables import ImportedFile
from edge.views import OperatorView, ReadingView
from models.agreement import GRAVEST_FIRST, MASS, Agreement, Finding, Outcome, combined, compare
from models.catalogue import Catalogue
from models.conclusion import Conclusion, Reason
from sync.contract.comparison import ComparisonCore, ComparisonRecord, SaidPart
from sync.contract.ids import ScreeningId, Seq
from sync.contract.observations import SecondTechniqueRecord
from sync.contract.records import PRESUMPTIVE, HitPart, IdentificationPart
from sync.contract.suspects import suspects_of

RULE = "garita.agreement/3"
AMBIGUOUS_NAMES = 2


@dataclass(frozen=True)
class Compared:
    """What each entry of a screening says that is of one exhibit, or of none, and what they are to one another."""

    findings: Sequence[tuple[Seq, Finding]]

    @property
    def agreement(self) -> Agreement:
        return compare(self._found)

    @property
    def conclusion(self) -> Conclusion | None:
        return combined(self.agreement, self._found)

    @property
    def _found(self) -> list[Finding]:
        return [finding for _, finding in self.findings]


class Comparisons:
    """Compares, and puts on record what an officer accepts of it."""

    def __init__(self, database: Database, recorder: Recorder, catalogue: Catalogue) -> None:
        self._database = database
        self._records = CaseRecords(recorder)
        self._catalogue = catalogue

    def of(self, found: Dossier, exhibit: int | None = None) -> Compared:
        """Return what the readings and files of an exhibit are to one another, or those of none."""
        with self._database.read() as session:
            return self._compared(session, found, exhibit)

    def accepted(self, found: Dossier, exhibit: int | None = None) -> ComparisonCore | None:
        """Return what was accepted of just these readings and today's rule says too; None where one came since."""
        now = {seq for seq, _ in self.of(found, exhibit).findings}
        known = [(each, {part.concerns.seq for part in each.findings}) for each in found.of(ComparisonCore)]
        for record, seqs in [(each, seqs) for each, seqs in known if seqs & now][-1:]:
            if seqs == now and not takes_alarms_away(record):
                return record
        return None

    def accept(self, operator: OperatorView, screening: ScreeningId, exhibit: int | None = None) -> None:
        """Put on record what the readings of an exhibit, or of none, come to; once, until another one comes.

        Raises BadCasework where there is nothing to compare, NotAllowed, SealError.
        """
        with self._database.write() as session:
            found = dossier(session, encounter(session, operator, screening))
            if self.accepted(found, exhibit):
                return
            check_unsigned(session, screening)
            compared = self._compared(session, found, exhibit)
            if len(compared.findings) < 2:  # noqa: PLR2004 - it takes two
                raise BadCasework("there is one reading alone; another one is needed to compare it with")
            if compared.agreement.outcome is Outcome.NOTHING:
                raise BadCasework("no reading gave a result, so there is no conclusion to accept; take another reading")
            what = {
                "presumptive": PRESUMPTIVE,
                "rule": RULE,
                "findings": [_part(session, seq, finding) for seq, finding in compared.findings],
                "outcome": compared.agreement.outcome.value,
                "strength": compared.agreement.strength.value,
                "conclusion": compared.conclusion,
            }
            self._records.put(session, operator, ComparisonRecord, screening=screening, **what)

    def _compared(self, session: Session, found: Dossier, exhibit: int | None) -> Compared:
        readings = [each for each in counted(found) if found.exhibit_of(each) == exhibit]
        findings = [(each.seq, self._finding(each)) for each in readings if each.seq]
        findings += _told_by_files(session, found, self._catalogue, exhibit)
        return Compared(findings)

    def _finding(self, reading: ReadingView) -> Finding:
        """Return what a reading of the analyzer names: its first hit with the isomers, several where several fit."""
        identification = _concluded(reading)
        if identification is None:
            return Finding(MASS)
        concluded = Conclusion(identification.conclusion)
        if Reason.FAMILY_ONLY in identification.reasons and identification.families:
            return Finding(MASS, family=identification.families[0].family, conclusion=concluded)
        most = AMBIGUOUS_NAMES if Reason.AMBIGUOUS in identification.reasons else 1
        suspects = suspects_of(identification)
        hits = [*suspects[:1], *identification.hits][: max(most, AMBIGUOUS_NAMES if suspects else 1)]
        substance = self._catalogue.find(hits[0].inchikey) if hits else None
        family = substance.family if substance else None
        return Finding(MASS, _skeletons(self._catalogue, hits), family, concluded)


def counted(found: Dossier) -> list[ReadingView]:
    """Return the readings of a screening that were not voided, oldest first."""
    return [reading for reading in found.readings if reading.seq not in found.voids]


def counted_files(found: Dossier) -> list[SecondTechniqueRecord]:
    """Return the files of a screening whose attaching was not voided, oldest first."""
    return [each for seq, each in found.records if isinstance(each, SecondTechniqueRecord) and seq not in found.voids]


def exhibits_of(found: Dossier) -> list[int | None]:
    """Return the numbers of the exhibits of which something was read, and first None where something is of none."""
    numbers = {found.exhibit_of(each) for each in (*counted(found), *counted_files(found))}
    return sorted(numbers, key=lambda number: number or 0)


def _told_by_files(
    session: Session, found: Dossier, catalogue: Catalogue, exhibit: int | None
) -> Iterator[tuple[Seq, Finding]]:
    standing = (each for each in found.records if each[0] not in found.voids)
    for seq, link in standing:
        if isinstance(link, SecondTechniqueRecord) and found.exhibit_of(link) == exhibit:
            file = session.get(ImportedFile, link.concerns.seq)
            yield seq, Finding(file.technique if file else None, catalogue.named_in(link.verdict or ""))


def _concluded(reading: ReadingView) -> IdentificationPart | None:
    """Return the identification of a reading that concludes something about the sample."""
    record = reading.record
    if record is None or reading.state != "done" or held_of(record) is not None:
        return None
    found = record.readings[0].identification
    return found if found and found.conclusion in GRAVEST_FIRST else None


def _skeletons(catalogue: Catalogue, hits: Sequence[HitPart]) -> frozenset[str]:
    isomers = {name for hit in hits for name in hit.isomers}
    same = {each.skeleton for each in catalogue.substances if each.name in isomers}
    return frozenset(same | {hit.inchikey[:14] for hit in hits})


def takes_alarms_away(record: ComparisonCore) -> bool:
    """Tell whether it calls a conflict inconclusive, as the rules before today's did though alarms were among it."""
    return (record.outcome, record.conclusion) == ("conflict", "inconclusive")


def _part(session: Session, seq: Seq, finding: Finding) -> SaidPart:
    what = {"technique": finding.technique, "names": sorted(finding.names), "family": finding.family}
    return SaidPart.from_value({"concerns": concerned(session, seq), **what, "conclusion": finding.conclusion})
