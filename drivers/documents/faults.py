"""What is wrong with a document's number or line: which field, where, what was expected, what is there."""

from collections.abc import Iterable
from dataclasses import dataclass

from drivers.errors import DriverError

LONGEST = 256
"""Characters that are looked at, at most."""


@dataclass(frozen=True)
class FieldFault:
    """One fault. `position` counts characters from 1 in the text as it is compared: upper case, without separators.

    Where the document has lines, `field` begins with the line and `position` counts in it.
    """

    field: str
    position: int
    expected: str
    found: str

    def __str__(self) -> str:
        return f"{self.field} at character {self.position}: expected {self.expected}, found {self.found or 'nothing'}"


class BadDocument(DriverError):
    """A text that is no such document; `faults` lists every fault that was found, first one first."""

    def __init__(self, kind: str, faults: Iterable[FieldFault]) -> None:
        self.faults = tuple(faults)
        super().__init__(kind, "; ".join(str(fault) for fault in self.faults))


def require(kind: str, *faults: FieldFault | None) -> None:
    """Raise BadDocument unless every one of `faults` is None."""
    if found := [fault for fault in faults if fault]:
        raise BadDocument(kind, found)


def check_digit(field: str, position: int, expected: str, found: str) -> FieldFault | None:
    """Return the fault of a check digit that is not as expected."""
    return None if expected == found else FieldFault(field, position, expected, found)


def compact(kind: str, text: str, separators: str) -> str:
    """Return `text` in upper case without `separators`. Raises BadDocument where it is too long or not ASCII."""
    if len(text) > LONGEST:
        raise BadDocument(kind, [FieldFault("text", 1, f"at most {LONGEST} characters", f"{len(text)} characters")])
    bare = "".join(mark for mark in text.strip() if mark not in separators)
    for position, mark in enumerate(bare, 1):
        if not mark.isascii() or not mark.isprintable():
            raise BadDocument(kind, [FieldFault("text", position, "a letter or digit without accent", repr(mark))])
    return bare.upper()


def shape(kind: str, text: str, form: Iterable[tuple[str, str, str]]) -> None:
    """Raise BadDocument at the first character of `text` that does not fit `form`, or where the length differs.

    `form` has one entry for each character: field, the characters allowed, and words for them.
    """
    places = list(form)
    for position, (mark, (field, allowed, words)) in enumerate(zip(text, places, strict=False), 1):
        if mark not in allowed:
            raise BadDocument(kind, [FieldFault(field, position, words, mark)])
    if len(text) != len(places):
        field = places[len(text)][0] if len(text) < len(places) else "length"
        found = "" if len(text) < len(places) else f"{len(text)} characters"
        at = min(len(text), len(places)) + 1
        raise BadDocument(kind, [FieldFault(field, at, f"{len(places)} characters", found)])
