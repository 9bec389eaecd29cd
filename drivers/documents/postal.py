"""UPU S10: identifiers of postal items."""

import string
from dataclasses import dataclass

from drivers.documents.faults import check_digit, compact, require, shape

_KIND = "UPU S10 item identifier"
_WEIGHTS = (8, 6, 4, 2, 3, 5, 9, 7)
_MODULUS = 11
_FORM = (
    *[("service indicator", string.ascii_uppercase, "a letter")] * 2,
    *[("serial number", string.digits, "a digit")] * 8,
    ("check digit", string.digits, "a digit"),
    *[("country code", string.ascii_uppercase, "a letter")] * 2,
)


@dataclass(frozen=True)
class PostalItem:
    """Service indicator (RR registered, EE express, CP parcel, ...), serial number, check digit, country of issue."""

    service: str
    serial: str
    check: str
    country: str

    def __str__(self) -> str:
        return f"{self.service} {self.serial[:4]} {self.serial[4:]} {self.check} {self.country}"


def parse_postal_item(text: str) -> PostalItem:
    """Return the item of `text` such as `RR 1234 5678 5 MX`. Raises BadDocument."""
    bare = compact(_KIND, text, " -")
    shape(_KIND, bare, _FORM)
    item = PostalItem(bare[:2], bare[2:10], bare[10], bare[11:])
    require(_KIND, check_digit("check digit", 11, postal_check_digit(item.serial), item.check))
    return item


def postal_check_digit(serial: str) -> str:
    """Return the check digit of eight digits: 11 less the weighted sum modulo 11, where 10 is 0 and 11 is 5."""
    rest = _MODULUS - sum(int(digit) * weight for digit, weight in zip(serial, _WEIGHTS, strict=True)) % _MODULUS
    return {10: "0", 11: "5"}.get(rest, str(rest))
