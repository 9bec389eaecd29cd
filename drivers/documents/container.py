"""ISO 6346: freight container numbers, with the size and type code where it is given."""

import string
from dataclasses import dataclass

from drivers.documents.faults import BadDocument, FieldFault, check_digit, compact, require, shape

_KIND = "ISO 6346 container number"
_VALUES = dict(
    zip(
        string.digits + string.ascii_uppercase,
        (*range(11), *range(12, 22), *range(23, 33), *range(34, 39)),
        strict=True,
    )
)
_MODULUS = 11
_NUMBER = 11
_SIZE_TYPE = 4
_FORM = (
    *[("owner code", string.ascii_uppercase, "a letter")] * 3,
    ("equipment category", "UJZ", "U, J or Z"),
    *[("serial number", string.digits, "a digit")] * 6,
    ("check digit", string.digits, "a digit"),
)
_SIZE_FORM = (
    ("length code", string.digits + string.ascii_uppercase, "a digit or letter"),
    ("height and width code", string.digits + string.ascii_uppercase, "a digit or letter"),
    ("type code", string.ascii_uppercase, "a letter"),
    ("type code", string.digits + string.ascii_uppercase, "a digit or letter"),
)


@dataclass(frozen=True)
class Container:
    """Owner's three letters, category (U freight, J detachable equipment, Z trailer or chassis), serial, check digit.

    `size_type` such as 22G1, empty where it was not given.
    """

    owner: str
    category: str
    serial: str
    check: str
    size_type: str = ""

    def __str__(self) -> str:
        return f"{self.owner}{self.category} {self.serial} {self.check} {self.size_type}".rstrip()


def parse_container(text: str) -> Container:
    """Return the container of `text` such as `CSQU 305438 3` or `CSQU3054383 22G1`. Raises BadDocument."""
    bare = compact(_KIND, text, " -[]")
    number, size_type = bare[:_NUMBER], bare[_NUMBER:]
    shape(_KIND, number, _FORM)
    if size_type:
        _require_size_type(size_type)
    require(_KIND, check_digit("check digit", _NUMBER, container_check_digit(number[:10]), number[10]))
    return Container(number[:3], number[3], number[4:10], number[10], size_type)


def container_check_digit(number: str) -> str:
    """Return the check digit of owner code, category and serial number: letters skip 11, 22 and 33; weights 2^i."""
    total = sum(_VALUES[mark] << turn for turn, mark in enumerate(number))
    return str(total % _MODULUS % 10)


def _require_size_type(size_type: str) -> None:
    try:
        shape(_KIND, size_type, _SIZE_FORM)
    except BadDocument as error:
        moved = [FieldFault(f.field, f.position + _NUMBER, f.expected, f.found) for f in error.faults]
        raise BadDocument(_KIND, moved) from error
