"""What an amendment means for where an exhibit stands: the seal that closes its bag, and who has it."""

from collections.abc import Mapping

from sqlmodel import Session

from edge.dossier import dossier
from edge.errors import BadCasework
from edge.tables import Exhibit, Screening, UsedSeal
from sync.contract.casework import SealRecord, TransferRecord
from sync.contract.ids import ScreeningId, Seq


def follow(session: Session, screening: ScreeningId, seq: Seq, changes: Mapping[str, str]) -> None:
    """Let the row of an exhibit follow what entry `seq` should have said, where that entry tells how it stands now.

    Call it before the amendment is on record. Raises BadCasework for a seal that another bag had.
    """
    files = dossier(session, session.get_one(Screening, screening)).exhibits
    file = next((each for each in files if seq in dict(each.records)), None)
    if file is None:
        return
    row, (now, _) = session.get_one(Exhibit, file.id), file.stated(seq, dict(file.records)[seq])
    if isinstance(now, SealRecord) and (now.action, now.seal_number) == ("applied", row.seal_number):
        _reseal(session, row, changes.get("seal_number", now.seal_number))
    elif isinstance(now, TransferRecord) and now.receiver == row.holder:
        row.holder = changes.get("receiver", row.holder)
    session.add(row)


def _reseal(session: Session, row: Exhibit, number: str) -> None:
    if number == row.seal_number:
        return
    used = session.get(UsedSeal, number)
    if used and used.exhibit:
        raise BadCasework(f"seal {number} was used before, on exhibit {used.exhibit}; read the bag again")
    session.merge(UsedSeal(number=row.seal_number or "", exhibit=""))
    session.merge(UsedSeal(number=number, exhibit=row.id))
    row.seal_number = number
