"""CAS Registry Numbers of substances."""

import re
from dataclasses import dataclass

from drivers.documents.faults import BadDocument, FieldFault, check_digit, compact, require

_KIND = "CAS number"
_FORM = re.compile(r"([1-9][0-9]{1,6})-([0-9]{2})-([0-9])")


@dataclass(frozen=True)
class CasNumber:
    """Two to seven digits, two digits and the check digit."""

    first: str
    second: str
    check: str

    def __str__(self) -> str:
        return f"{self.first}-{self.second}-{self.check}"


def parse_cas(text: str) -> CasNumber:
    """Return the number of `text` such as `50-36-2`. Raises BadDocument."""
    bare = compact(_KIND, text, " ")
    match = _FORM.fullmatch(bare)
    if match is None:
        raise BadDocument(
            _KIND, [FieldFault("number", 1, "2 to 7 digits, 2 digits and a check digit, as 50-36-2", bare)]
        )
    number = CasNumber(*match.groups())
    require(_KIND, check_digit("check digit", len(bare), cas_check_digit(number.first + number.second), number.check))
    return number


def cas_check_digit(digits: str) -> str:
    """Return the check digit: each digit times its place from the right, modulo 10."""
    return str(sum(int(digit) * place for place, digit in enumerate(reversed(digits), 1)) % 10)
