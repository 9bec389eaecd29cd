"""Numbers of seals: what one is made of, and when what was read of two bags is one number."""

import re
from collections.abc import Iterable, Mapping
from string import ascii_lowercase, ascii_uppercase

from sqlmodel import Session, col, func, select

from edge.errors import BadCasework
from edge.observation_records import code_text
from edge.subject_records import seal_number
from edge.tables import UsedSeal
from sync.contract.casework import NumberRead
from sync.contract.ids import Seq
from sync.contract.observations import ObservationCore, ObservationRecord
from sync.contract.record import Record
from sync.contract.subject import SubjectRecord

_NUMBER = re.compile(r"[0-9A-Za-z/.-]{1,64}")
_CAPITALS = str.maketrans(ascii_lowercase, ascii_uppercase)
"""These letters alone, as the database folds them: the long s has one of ours as its capital, and is another letter."""


def is_number(text: str) -> bool:
    """Tell whether the keys of the screens write it: a number that a reader took is typed at the next hand-over."""
    return _NUMBER.fullmatch(text) is not None


def same(one: str | None, other: str | None) -> bool:
    """Tell whether both are one number: a reader may be set to small letters, the keys have capitals alone."""
    return _folded(one or "") == _folded(other or "")


def require_number(number: str) -> None:
    """Raise BadCasework for what is no number of a seal, as an address that a code holds."""
    if not is_number(number):
        raise BadCasework(
            f"{number!r} is no number of a seal: expected letters A-Z, digits and - / . alone; scan the code of the"
            " number, or type what is printed"
        )


def require_unused(session: Session, number: str, besides: str = "") -> None:
    """Raise BadCasework where a seal of this number closed a bag before, `besides` that of one exhibit."""
    free = ("", besides)
    used = select(UsedSeal).where(func.upper(UsedSeal.number) == _folded(number), col(UsedSeal.exhibit).not_in(free))
    found = session.exec(used).first()
    if found:
        raise BadCasework(
            f"seal {number} was used before, on exhibit {found.exhibit}; read the bag again, or take a new one"
        )


def is_of_subject(number: str, records: Iterable[Record]) -> bool:
    """Tell whether what is screened carries this number: a reader takes a container's as easily as its bag's seal."""
    told = (each.text for record in records if isinstance(record, SubjectRecord) for each in record.numbers)
    return any(same(number, each) for each in told)


def is_beside(number: str, records: Mapping[Seq, Record]) -> bool:
    """Tell whether a code that was scanned for a screening, and for no seal of it, says this number."""
    ours = scans(records)
    told = (each for seq, each in records.items() if seq not in ours and isinstance(each, ObservationCore))
    return any(says(each, number) for each in told)


def says(record: Record | None, number: str) -> bool:
    """Tell whether a record is that of a scanned code with this number."""
    code = record.code if isinstance(record, ObservationCore) else None
    return code is not None and same(seal_number(code_text(code)), number)


def scans(records: Mapping[Seq, Record]) -> set[Seq]:
    """Return the entries in which numbers of seals were scanned, those of which nothing came among them."""
    named = {each.observed.seq for each in records.values() if isinstance(each, NumberRead) and each.observed}
    bags = {seq for seq, each in records.items() if isinstance(each, ObservationRecord) and each.code and each.exhibit}
    return named | bags


def require_apart(number: str, records: Mapping[Seq, Record]) -> None:
    """Raise BadCasework for a number that is on record as that of what is screened, or as a code beside it."""
    if is_of_subject(number, records.values()):
        raise BadCasework(f"{number} is the number of what is screened; scan or type that of the seal on the bag")
    if is_beside(number, records):
        raise BadCasework(
            f"{number} is on record as a code that was scanned beside a reading; scan or type the number of the seal on"
            " the bag, or take another seal"
        )


def _folded(number: str) -> str:
    return number.strip().translate(_CAPITALS)
