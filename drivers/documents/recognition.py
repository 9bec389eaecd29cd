"""Which number with a check digit a scanned text is. Plain digits are none: a tenth of them would pass for a GTIN."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass

from drivers.documents.container import parse_container
from drivers.documents.faults import BadDocument
from drivers.documents.mrz import read_mrz
from drivers.documents.postal import parse_postal_item

CONTAINER, POSTAL_ITEM, TRAVEL_DOCUMENT = "container", "postal-item", "travel-document"


@dataclass(frozen=True)
class Recognised:
    """`kind` is container, postal-item or travel-document; `problem` names the check digit that is wrong with it."""

    kind: str
    problem: str | None = None


_NUMBERS: tuple[tuple[str, Callable[[str], object]], ...] = (
    (CONTAINER, parse_container),
    (POSTAL_ITEM, parse_postal_item),
)


def recognise(text: str) -> Recognised | None:
    """Return what `text` is, also where its form is right and its check digit wrong; None for any other text."""
    for kind, parse in _NUMBERS:
        try:
            parse(text)
        except BadDocument as error:
            if all(fault.field == "check digit" and fault.found.isdigit() for fault in error.faults):
                return Recognised(kind, error.problem)
        else:
            return Recognised(kind)
    with suppress(BadDocument):
        read_mrz(text, ())
        return Recognised(TRAVEL_DOCUMENT)
    return None
