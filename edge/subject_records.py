"""Numbers of a subject as they were scanned or keyed in, and what each of them is."""

import re
from dataclasses import dataclass
from typing import cast

from drivers.documents.recognition import PERSONAL, recognise
from edge.errors import BadCasework
from sync.contract.subject import Cause, Mode, NumberKind, NumberPart

LONGEST_NUMBER = 64
MOST_NUMBERS = 8
_PLATE = re.compile(r"[A-Z0-9][A-Z0-9 -]{2,9}")


@dataclass(frozen=True)
class Told:
    """What a person told about a subject: how it travels, why it is screened, and the texts of its numbers."""

    mode: Mode
    cause: Cause = "routine"
    numbers: tuple[str, ...] = ()


def tidy(text: str) -> str:
    """Return `text` as one line of at most LONGEST_NUMBER printable characters, in capitals; raises as below."""
    plain = " ".join("".join(mark if mark.isprintable() else " " for mark in text).upper().split())
    _require_nobody(plain)
    return plain[:LONGEST_NUMBER].strip()


def seal_number(text: str) -> str:
    """Return a scanned text as the number of a seal; nothing where it is too long, not of one line, or a person's."""
    number = text.strip(" ")
    try:
        _require_nobody(number)
    except BadCasework:
        return ""
    return number if number.isprintable() and len(number) <= LONGEST_NUMBER else ""


def number_part(text: str, subject_kind: str) -> NumberPart:
    """Return a number and what it is; raises BadCasework for a person's document, of which nothing is kept."""
    _require_nobody(text)
    known = recognise(text)
    usual: NumberKind = "plate" if subject_kind == "vehicle" and _PLATE.fullmatch(text) else "other"
    kind = cast("NumberKind", known.kind) if known else usual
    return NumberPart(kind=kind, text=text, problem=known.problem if known else None)


def _require_nobody(text: str) -> None:
    known = recognise(text)
    if known and known.kind == PERSONAL:
        raise BadCasework("this is a person's document; no personal data are needed, and none are kept")
