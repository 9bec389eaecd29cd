"""What an amendment may say, and what a correction means for where things stand: seal, hands, and the review."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from pydantic import ValidationError
from sqlmodel import Session, select

from edge.dossier import ExhibitFile, dossier, records_of
from edge.errors import BadCasework
from edge.seals import require_apart, require_number, require_unused, same
from edge.tables import CaseState, Exhibit, Screening, UsedSeal
from sync.contract.casework import ChangePart, SealCore, TransferCore, WeightCore
from sync.contract.ids import ScreeningId, Seq
from sync.contract.record import Record


def check(record: Record, changes: Sequence[ChangePart]) -> None:
    """Raise BadCasework where a record says something else than it is told to say, or cannot say what it should."""
    for change in changes:
        if change.field not in type(record).model_fields:
            raise BadCasework(f"{record.SCHEMA} has no {change.field!r} to amend; it has {_fields(record)}")
        said = getattr(record, change.field)
        if change.was != ("" if said is None else str(said)):
            raise BadCasework(f"the {change.field} of the entry is {said}, not {change.was!r}; look at it again")
    said = record.model_dump(by_alias=True) | {change.field: change.should_be for change in changes}
    try:
        type(record).model_validate(said, strict=False)
    except ValidationError as error:
        [fault, *_] = error.errors()
        field = fault["loc"][0] if fault["loc"] else ""
        raise BadCasework(f"{fault['input']!r} cannot be the {field} of an entry: {fault['msg']}") from error
    weighed = next(
        (each.should_be for each in changes if isinstance(record, WeightCore) and each.field == "value"), "1"
    )
    if weighed.startswith("-") or not weighed.strip("0."):
        raise BadCasework(f"an exhibit weighs more than {weighed}; look at the weight again")


def _fields(record: Record) -> str:
    return ", ".join(name for name in type(record).model_fields if name not in Record.model_fields)


def follow(session: Session, screening: ScreeningId, seq: Seq, changes: Mapping[str, str]) -> None:
    """Let rows follow what entry `seq` should have said: whose a seal was, and how the exhibit stands now.

    Call it before the amendment is on record. Raises BadCasework for a seal that another bag had.
    """
    file = _file(session, screening, seq)
    if file is None:
        return
    row, (now, _) = session.get_one(Exhibit, file.id), file.stated(seq, dict(file.records)[seq])
    if isinstance(now, SealCore):
        _reseal(session, row, now, changes.get("seal_number", now.seal_number))
    elif isinstance(now, TransferCore) and now.receiver == row.holder:
        row.holder = changes.get("receiver", row.holder)
    session.add(row)


def fall_back(session: Session, screening: ScreeningId, seq: Seq) -> None:
    """Let rows fall back to what counts once entry `seq` does not: the seal of a bag, and who has the exhibit.

    Call it before the void is on record. A seal that only this entry put on the bag may close another.
    """
    file = _file(session, screening, seq)
    if file is None:
        return
    row, void = session.get_one(Exhibit, file.id), dict(file.records)[seq]
    left = replace(file, voided={*file.voided, seq})
    if isinstance(void, SealCore):
        _unseal(session, row, [now for now, _ in left.stood(SealCore)])
    elif isinstance(void, TransferCore):
        first, *_ = file.of(TransferCore)
        row.holder = [first.giver, *(now.receiver for now, _ in left.stood(TransferCore))][-1]
    session.add(row)


def review_again(session: Session, screening: ScreeningId) -> None:
    """Let a seizure wait for a review again, where one approved what is corrected now."""
    state = session.get(CaseState, screening)
    if state and state.decision == "approved":
        state.decision = "corrected"
        session.add(state)


def _file(session: Session, screening: ScreeningId, seq: Seq) -> ExhibitFile | None:
    files = dossier(session, session.get_one(Screening, screening)).exhibits
    return next((each for each in files if seq in dict(each.records)), None)


def _reseal(session: Session, row: Exhibit, now: SealCore, number: str) -> None:
    """Let a seal that closes or closed the bag have another number; what was wrong may close another bag."""
    if number == now.seal_number:
        return
    require_number(number)
    require_apart(number, dict(records_of(session, ScreeningId(row.screening))))
    if now.action == "broken":
        require_unused(session, number, besides=row.id)
        return
    if not same(number, now.seal_number):
        require_unused(session, number)
    session.merge(UsedSeal(number=now.seal_number, exhibit=""))
    session.merge(UsedSeal(number=number, exhibit=row.id))
    if row.seal_number == now.seal_number:
        row.seal_number = number


def _unseal(session: Session, row: Exhibit, stood: Sequence[SealCore]) -> None:
    """Let a bag have the seal of the newest of its records that count, and set free the numbers that none has."""
    row.seal_number = stood[-1].seal_number if stood and stood[-1].action == "applied" else None
    for used in session.exec(select(UsedSeal).where(UsedSeal.exhibit == row.id)):
        if not any(same(used.number, each.seal_number) for each in stood):
            used.exhibit = ""
            session.add(used)
