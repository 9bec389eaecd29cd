"""Subjects: what is screened and why, what the officer saw before the result, and what the papers declare."""

from collections.abc import Sequence

from sqlalchemy import text
from sqlmodel import Session, col, select

from edge.case_records import CaseRecords, check_unsigned
from edge.database import Database
from edge.dossier import records_of
from edge.early import waits
from edge.encounters import encounter
from edge.errors import BadCasework, UnknownReading
from edge.reading_views import reading_view
from edge.recorder import Recorder
from edge.subject_records import MOST_NUMBERS, Told, number_part
from edge.tables import Reading, Screening
from edge.views import OperatorView
from sync.contract.ids import ReadingId, ScreeningId, Seq
from sync.contract.papers import DeclaredPart, Inconsistency, PapersRecord
from sync.contract.records import PRESUMPTIVE
from sync.contract.subject import InspectionRecord, Seen, SubjectRecord


class Subjects:
    """What officers tell about a screening. What is told becomes a record, and raises BadCasework where it cannot."""

    def __init__(self, database: Database, recorder: Recorder) -> None:
        self._database = database
        self._records = CaseRecords(recorder)

    def kind(self, screening: ScreeningId) -> str:
        """Return the kind of a screening's subject; raises BadCasework where there is no such screening."""
        with self._database.read() as session:
            row = session.get(Screening, screening)
        if row is None:
            raise BadCasework(f"there is no screening {screening} at this station")
        return row.subject_kind

    def tell(self, operator: OperatorView, screening: ScreeningId, told: Told) -> None:
        """Put a subject on record; what was told before is not recorded again."""
        if len(told.numbers) > MOST_NUMBERS:
            raise BadCasework(f"a subject has {len(told.numbers)} numbers; at most {MOST_NUMBERS} fit")
        with self._database.write() as session:
            kind = encounter(session, operator, screening).subject_kind
            numbers = [number_part(text, kind) for text in told.numbers]
            before = _subject(session, screening)
            if before and (before.mode, before.cause, before.numbers) == (told.mode, told.cause, numbers):
                return
            check_unsigned(session, screening)
            what = {"subject_kind": kind, "mode": told.mode, "cause": told.cause, "numbers": numbers}
            self._records.put(session, operator, SubjectRecord, screening=screening, **what)

    def saw(self, operator: OperatorView, reading: ReadingId, seen: Seen) -> Seq:
        """Put on record what the officer saw; once for a screening. Raises UnknownReading."""
        with self._database.write() as session:
            row = session.exec(select(Reading).where(Reading.id == reading)).first()
            if row is None:
                raise UnknownReading("there is no reading of that id at this station")
            screening = ScreeningId(encounter(session, operator, ScreeningId(row.screening)).id)
            if not _is_due(session, screening):
                raise BadCasework("what was seen is on record already, or this is a quick reading, which asks nothing")
            what = {"screening": screening, "reading": reading, "seen": seen}
            return self._records.put(session, operator, InspectionRecord, **what)

    def declare(
        self,
        operator: OperatorView,
        screening: ScreeningId,
        declared: DeclaredPart,
        found: tuple[ReadingId, str] | None,
        wrong: Sequence[Inconsistency],
    ) -> Seq:
        """Put the papers of a consignment on record, beside the reading and the name of what was found."""
        reading, name = found or (None, None)
        with self._database.write() as session:
            encounter(session, operator, screening)
            check_unsigned(session, screening)
            what = {"reading": reading, "found": name, "declared": declared, "inconsistencies": list(wrong)}
            return self._records.put(
                session, operator, PapersRecord, screening=screening, presumptive=PRESUMPTIVE, **what
            )

    def of(self, screening: ScreeningId) -> SubjectRecord | None:
        """Return what is on record of a screening's subject now."""
        with self._database.read() as session:
            return _subject(session, screening)

    def is_due(self, screening: ScreeningId) -> bool:
        """Tell whether the officer must still say what they see: then no result of the screening is shown."""
        with self._database.read() as session:
            return _is_due(session, screening)

    def unanswered(self, operator: OperatorView) -> ReadingId | None:
        """Return the operator's newest reading, if what it came to waits for what they see."""
        newest = select(Reading).where(Reading.operator == operator.id).order_by(col(Reading.number).desc()).limit(1)
        with self._database.read() as session:
            row = session.exec(newest).first()
            if row is None or not _is_due(session, ScreeningId(row.screening)):
                return None
            return ReadingId(row.id) if waits(reading_view(session, row, None)) else None

    def begun(self, operator: OperatorView) -> ScreeningId | None:
        """Return the newest screening, if it is this operator's and has no reading yet: it is gone on with."""
        newest = select(Screening).order_by(text("screening.rowid DESC")).limit(1)
        with self._database.read() as session:
            row = session.exec(newest).first()
            if row is None or row.operator != operator.id or row.training != operator.training:
                return None
            read = session.exec(select(Reading.id).where(col(Reading.screening) == row.id).limit(1)).first()
        return None if read else ScreeningId(row.id)


def _subject(session: Session, screening: ScreeningId) -> SubjectRecord | None:
    found = [record for _, record in records_of(session, screening) if isinstance(record, SubjectRecord)]
    return found[-1] if found else None


def _is_due(session: Session, screening: ScreeningId) -> bool:
    kinds = {type(record) for _, record in records_of(session, screening)}
    return SubjectRecord in kinds and InspectionRecord not in kinds
