"""The form of a UN/LOCODE. Whether the place exists is for the state's own list."""

import string
from dataclasses import dataclass

from drivers.documents.faults import compact, shape

_KIND = "UN/LOCODE"
_PLACE = string.ascii_uppercase + "23456789"
_FORM = (
    *[("country", string.ascii_uppercase, "a letter")] * 2,
    *[("place", _PLACE, "a letter or a digit from 2 to 9")] * 3,
)


@dataclass(frozen=True)
class Locode:
    """Country (ISO 3166-1 alpha-2) and place."""

    country: str
    place: str

    def __str__(self) -> str:
        return f"{self.country} {self.place}"


def parse_locode(text: str) -> Locode:
    """Return the code of `text` such as `MX NLD` or `MXNLD`. Raises BadDocument."""
    bare = compact(_KIND, text, " -")
    shape(_KIND, bare, _FORM)
    return Locode(bare[:2], bare[2:])
