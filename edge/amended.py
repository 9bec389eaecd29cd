"""What an amendment may say, which number a seal may have after it, and that a seizure is reviewed again."""

from collections.abc import Mapping, Sequence

from pydantic import ValidationError
from sqlmodel import Session

from edge.amendable import amendable, as_made
from edge.dossier import exhibit_files, records_of
from edge.errors import BadCasework
from edge.seals import require_apart, require_number, require_unused, same
from edge.tables import CaseState
from sync.contract.casework import ChangePart, SealCore
from sync.contract.ids import ScreeningId, Seq
from sync.contract.record import Record


def check(record: Record, changes: Sequence[ChangePart], stands: Mapping[str, str]) -> None:
    """Raise BadCasework where a record says something else than it is told to say, or cannot say what it should.

    `stands` is what earlier amendments of it say, by field: what it said at first may be named in its place.
    """
    right = dict[str, str]()
    for change in changes:
        if change.field not in amendable(record):
            only = f", only its {' and '.join(amendable(record))}" if amendable(record) else ""
            raise BadCasework(
                f"the {change.field} of a {record.schema_name} is not amended{only}: have the entry voided, and record"
                " what is right"
            )
        if change.field in right:
            raise BadCasework(f"the {change.field} is amended twice in one; say once what is right")
        made = as_made(record, change.field)
        now = stands.get(change.field, made)
        if change.was not in (made, now):
            raise BadCasework(f"the {change.field} of the entry is {now}, not {change.was!r}; look at it again")
        right[change.field] = change.should_be
    try:
        type(record).model_validate(record.model_dump(by_alias=True) | right, strict=False)
    except ValidationError as error:
        [fault, *_] = error.errors()
        field = fault["loc"][0] if fault["loc"] else ""
        raise BadCasework(f"{fault['input']!r} cannot be the {field} of an entry: {fault['msg']}") from error
    weighed = right.get("value", "1")
    if weighed.startswith("-") or not weighed.strip("0."):
        raise BadCasework(f"an exhibit weighs more than {weighed}; look at the weight again")


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
    """Let a seizure wait for a review again, where one approved what is changed now."""
    state = session.get(CaseState, screening)
    if state and state.decision == "approved":
        state.decision = "corrected"
        session.add(state)
