"""What a program before this one put on record, and left no row to find it by: known from each start on."""

from sqlmodel import Session, col, func, select

from edge.amended import review_again
from edge.dossier import dossier
from edge.received import use
from edge.tables import CaseRecord, CaseState, CaughtUp, FileUse, ImportedFile, Reading, Screening
from sync.contract.ids import ScreeningId, Seq
from sync.contract.observations import SecondTechniqueRecord
from sync.contract.records import parse_record


def catch_up(session: Session) -> None:
    """Let rows know what the records say: whose evidence a file is, and which approval is no more of what is there."""
    _know_files(session)
    _ask_for_reviews(session)


def _know_files(session: Session) -> None:
    """Look through what was put on record since the last start: a program before this one may have run meanwhile."""
    mark = session.get(CaughtUp, 1) or CaughtUp(seq=0)
    named = func.instr(CaseRecord.record, SecondTechniqueRecord.SCHEMA.encode()) > 0
    rows = select(CaseRecord).where(col(CaseRecord.seq) > mark.seq, named)
    for row in session.exec(rows.where(col(CaseRecord.seq).not_in(select(FileUse.seq)))).all():
        record = parse_record(row.record)
        file = session.get(ImportedFile, record.concerns.seq) if isinstance(record, SecondTechniqueRecord) else None
        if file:
            use(session, ScreeningId(row.screening), Seq(row.seq), file.digest)
    mark.seq = session.exec(select(func.max(CaseRecord.seq))).one() or 0
    session.add(mark)
    session.flush()


def _ask_for_reviews(session: Session) -> None:
    """Let what was measured after the signature, and approved without another one, wait for a review again."""
    approved = select(Screening).join(CaseState).where(CaseState.decision == "approved")
    for measured in (Reading, FileUse):
        since = approved.join(measured).where(col(measured.seq) > CaseState.signature).distinct()
        for screening in session.exec(since).all():
            found = dossier(session, screening)
            if found.outdated_review or found.unsigned:
                review_again(session, found.screening)
