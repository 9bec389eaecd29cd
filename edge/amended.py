"""What an amendment may say, which number a seal may have after it, and that a seizure is reviewed again."""

from collections.abc import Mapping, Sequence

from pydantic import ValidationError
from sqlmodel import Session

from edge.dossier import exhibit_files, records_of
from edge.errors import BadCasework
from edge.seals import require_apart, require_number, require_unused, same
from edge.tables import CaseState
from sync.contract.casework import ChangePart, SealCore, WeightCore
from sync.contract.ids import ScreeningId, Seq
from sync.contract.record import Record

THE_ACT = frozenset({"action", "exhibit", "screening", *Record.model_fields})
"""Fields that say what was done with what, when and by whom: another act is another entry."""


def check(record: Record, changes: Sequence[ChangePart]) -> None:
    """Raise BadCasework where a record says something else than it is told to say, or cannot say what it should."""
    for change in changes:
        if change.field in THE_ACT:
            raise BadCasework(
                f"the {change.field} of an entry is not amended: have it voided, and record the right act"
            )
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
    return ", ".join(name for name in type(record).model_fields if name not in THE_ACT)


def check_number(session: Session, screening: ScreeningId, seq: Seq, changes: Mapping[str, str]) -> None:
    """Raise BadCasework where entry `seq` is of a seal, and would have a number that another bag had, or no number."""
    seals = {at: (file, seal) for file in exhibit_files(session, screening) for at, seal in file.counting(SealCore)}
    if seq not in seals or "seal_number" not in changes:
        return
    (file, seal), number = seals[seq], changes["seal_number"]
    if number == seal.seal_number:
        return
    require_number(number)
    require_apart(number, dict(records_of(session, screening)))
    if seal.action == "broken":
        require_unused(session, number, besides=file.id)
    elif not same(number, seal.seal_number):
        require_unused(session, number)


def review_again(session: Session, screening: ScreeningId) -> None:
    """Let a seizure wait for a review again, where one approved what is corrected now."""
    state = session.get(CaseState, screening)
    if state and state.decision == "approved":
        state.decision = "corrected"
        session.add(state)
