"""What a scanned text is: a number with a check digit, or a person's document, which must not be kept.

Plain digits are none of these: a tenth of them would pass for a GTIN.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass

from drivers.documents.container import parse_container
from drivers.documents.faults import BadDocument
from drivers.documents.postal import parse_postal_item

CONTAINER, POSTAL_ITEM, PERSONAL = "container", "postal-item", "personal-document"
_ZONE = re.compile(r"(?=.*<<)[A-Z0-9<\s]{72,96}", re.DOTALL)
_CURP = re.compile(r"\b[A-Z][AEIOUX][A-Z]{2}[0-9]{6}[HMX][A-Z]{5}[0-9A-Z][0-9]\b")
_LICENCE = re.compile(r"@.{1,8}(?:ANSI |AAMVA)", re.DOTALL)


@dataclass(frozen=True)
class Recognised:
    """`kind` is container, postal-item or personal-document; `problem` names the check digit that is wrong with it."""

    kind: str
    problem: str | None = None


_NUMBERS: tuple[tuple[str, Callable[[str], object]], ...] = (
    (CONTAINER, parse_container),
    (POSTAL_ITEM, parse_postal_item),
)


def recognise(text: str) -> Recognised | None:
    """Return what `text` is, also where its form is right and its check digit wrong; None for any other text.

    A person's documents are a travel document's zone (ICAO 9303), also where a letter is misread; a driving licence
    (AAMVA DL/ID, the header of its PDF417 code); and whatever has a Mexican CURP in it.
    """
    for kind, parse in _NUMBERS:
        try:
            parse(text)
        except BadDocument as error:
            if all(fault.field == "check digit" and fault.found.isdigit() for fault in error.faults):
                return Recognised(kind, error.problem)
        else:
            return Recognised(kind)
    personal = _ZONE.fullmatch(text) or _LICENCE.match(text) or _CURP.search(text)
    return Recognised(PERSONAL) if personal else None
