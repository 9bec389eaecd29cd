"""What rows beside the journal remember of exhibits, so that they are found: it follows from the records alone."""

from sqlmodel import Session, select

from edge.dossier import exhibit_files
from edge.exhibit_file import ExhibitFile
from edge.seals import same
from edge.tables import Exhibit, UsedSeal
from sync.contract.ids import ScreeningId


def settle(session: Session, screening: ScreeningId) -> None:
    """Let rows remember where the exhibits of a screening stand after what was just put on record about it."""
    for file in exhibit_files(session, screening):
        row = session.get_one(Exhibit, file.id)
        row.seal_number, row.holder = file.seal_number, file.holder
        session.add(row)
        _settle_numbers(session, file)


def _settle_numbers(session: Session, file: ExhibitFile) -> None:
    """Keep each number of its seals from any other bag, and set free those that none of its records has."""
    kept = session.exec(select(UsedSeal).where(UsedSeal.exhibit == file.id)).all()
    numbers = file.custody.numbers
    for used in kept:
        if not any(same(used.number, each) for each in numbers):
            used.exhibit = ""
            session.add(used)
    for number in numbers:
        if not any(same(number, each.number) for each in kept):
            session.merge(UsedSeal(number=number, exhibit=file.id))
