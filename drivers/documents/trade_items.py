"""GTIN (8, 12, 13 or 14 digits) and SSCC (18 digits), by the check digit of GS1 (`biip`)."""

import string
from dataclasses import dataclass

from biip.checksums import gs1_standard_check_digit

from drivers.documents.faults import BadDocument, FieldFault, check_digit, compact, require, shape

_GTIN, _SSCC = "GTIN", "SSCC"
_GTIN_LENGTHS = (8, 12, 13, 14)
_SSCC_LENGTH = 18


@dataclass(frozen=True)
class TradeNumber:
    """`kind` is GTIN or SSCC; `digits` as printed, the last is the check digit."""

    kind: str
    digits: str

    def __str__(self) -> str:
        return self.digits


def parse_gtin(text: str) -> TradeNumber:
    """Return the GTIN of `text`. Raises BadDocument."""
    bare = compact(_GTIN, text, " -")
    if len(bare) not in _GTIN_LENGTHS:
        raise BadDocument(_GTIN, [FieldFault("length", 1, "8, 12, 13 or 14 digits", f"{len(bare)} characters")])
    return _checked(_GTIN, bare, len(bare))


def parse_sscc(text: str) -> TradeNumber:
    """Return the SSCC of `text`, without its application identifier. Raises BadDocument."""
    return _checked(_SSCC, compact(_SSCC, text, " -"), _SSCC_LENGTH)


def _checked(kind: str, bare: str, length: int) -> TradeNumber:
    shape(
        kind, bare, [*[("number", string.digits, "a digit")] * (length - 1), ("check digit", string.digits, "a digit")]
    )
    require(kind, check_digit("check digit", length, str(gs1_standard_check_digit(bare[:-1])), bare[-1]))
    return TradeNumber(kind, bare)
