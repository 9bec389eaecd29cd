"""What a program before this one put on record, and left no row to find it by: known from each start on."""

from collections.abc import Sequence

from sqlmodel import Session, col, func, select

from edge.amended import review_again
from edge.dossier import dossier
from edge.received import use
from edge.settling import settle
from edge.tables import CaseRecord, CaseState, CaughtUp, FileUse, ImportedFile, Reading, Screening
from sync.contract.casework import AmendmentRecord
from sync.contract.ids import ScreeningId, Seq
from sync.contract.observations import SecondTechniqueRecord
from sync.contract.record import Record
from sync.contract.records import parse_record


def catch_up(session: Session) -> None:
    """Let rows know what the records say: whose evidence a file is, where exhibits stand, what is approved no more.

    Casework is looked through from the last start on: a program before this one may have run meanwhile.
    """
    mark = session.get(CaughtUp, 1) or CaughtUp(seq=0)
    _know_files(session, mark.seq)
    for screening in {row.screening for row in _since(session, mark.seq, AmendmentRecord)}:
        settle(session, ScreeningId(screening))
    mark.seq = session.exec(select(func.max(CaseRecord.seq))).one() or 0
    session.add(mark)
    session.flush()
    _ask_for_reviews(session)


def _since(session: Session, seq: int, kind: type[Record]) -> Sequence[CaseRecord]:
    """Return the records after entry `seq` that name a kind's schema, as those of that kind do."""
    named = func.instr(CaseRecord.record, kind.SCHEMA.encode()) > 0
    return session.exec(select(CaseRecord).where(col(CaseRecord.seq) > seq, named)).all()


def _know_files(session: Session, seq: int) -> None:
    for row in _since(session, seq, SecondTechniqueRecord):
        record = parse_record(row.record)
        file = session.get(ImportedFile, record.concerns.seq) if isinstance(record, SecondTechniqueRecord) else None
        if file and not session.get(FileUse, row.seq):
            use(session, ScreeningId(row.screening), Seq(row.seq), file.digest)


def _ask_for_reviews(session: Session) -> None:
    """Let what was measured after the signature, and approved without another one, wait for a review again."""
    approved = select(Screening).join(CaseState).where(CaseState.decision == "approved")
    for measured in (Reading, FileUse):
        since = approved.join(measured).where(col(measured.seq) > CaseState.signature).distinct()
        for screening in session.exec(since).all():
            found = dossier(session, screening)
            if found.outdated_review or found.unsigned:
                review_again(session, found.screening)
