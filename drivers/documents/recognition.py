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
CHECK_DIGIT = "check digit"
"""With this each problem begins."""
_DATE, _CHECK, _STATE = "[0-9<]{6}", "[0-9<]", "[A-Z<]{3}"
_PERSONAL = re.compile(
    "|".join(
        (
            "(?=[A-Z0-9<]*[A-Z0-9])(?=[A-Z0-9]*<)[A-Z0-9<]{20}",  # a part of any zone: fillers are nowhere else
            f"[A-Z0-9]{{9}}{_CHECK}{_STATE}{_DATE}{_CHECK}[MFX<]{_DATE}{_CHECK}",  # second line of TD2, TD3, MRV
            f"{_DATE}{_CHECK}[MFX<]{_DATE}{_CHECK}{_STATE}[A-Z0-9<]{{11}}[0-9]",  # second line of TD1
            f"^[ACI][A-Z0-9<]{_STATE}[A-Z0-9]{{9}}{_CHECK}[A-Z0-9<]{{15}}$",  # first line of TD1
            f"^D[A-Z0-9<]{_STATE}[A-Z0-9<]{{24}}{_CHECK}$",  # ISO/IEC 18013 driving licence
            "[A-Z][AEIOUX][A-Z]{2}[0-9]{6}[HMX][A-Z]{5}[0-9A-Z][0-9]",  # CURP
            "[A-Z]{6}[0-9]{8}[HM][0-9]{3}",  # clave de elector
            "@.{0,4}(?:ANSI|AAMVA)",  # AAMVA DL/ID: the header, without its control characters
        )
    )
)


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

    A person's documents are a travel document's zone (ICAO 9303) and each line or long part of one, also where a letter
    is misread; a driving licence (AAMVA DL/ID, the header of its PDF417 code; ISO/IEC 18013, its line of 30); and
    whatever has a Mexican CURP or voter's key in it. Case, blanks, control characters and what stands around it make no
    difference.
    """
    for kind, parse in _NUMBERS:
        try:
            parse(text)
        except BadDocument as error:
            if all(fault.field == CHECK_DIGIT and fault.found.isdigit() for fault in error.faults):
                return Recognised(kind, error.problem)
        else:
            return Recognised(kind)
    bare = "".join(mark for mark in text.upper() if "!" <= mark <= "~")
    return Recognised(PERSONAL) if _PERSONAL.search(bare) else None
