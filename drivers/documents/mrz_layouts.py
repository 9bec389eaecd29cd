"""Where each field stands in the machine-readable zones of ICAO Doc 9303, parts 4 (TD3), 5 (TD1) and 6 (TD2)."""

import string
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

FILLER = "<"
LETTERS = frozenset(string.ascii_uppercase + FILLER)
DIGITS = frozenset(string.digits)
ANY = LETTERS | DIGITS


class MrzField(StrEnum):
    """What can be kept of a document."""

    KIND = "document kind"
    ISSUER = "issuing state"
    NUMBER = "document number"
    NATIONALITY = "nationality"
    BIRTH = "birth date"
    SEX = "sex"
    EXPIRY = "expiry date"
    NAMES = "names"
    OPTIONAL = "optional data"
    OPTIONAL_2 = "second optional data"


@dataclass(frozen=True)
class Span:
    """Characters `start` to `end` (exclusive, from 0) of a line (from 0)."""

    line: int
    start: int
    end: int

    def of(self, lines: tuple[str, ...]) -> str:
        return lines[self.line][self.start : self.end]


@dataclass(frozen=True)
class Layout:
    """One format: its fields, the field that each check digit follows, and the composite digit over `composed`."""

    name: str
    lines: int
    width: int
    kinds: str
    fields: Mapping[MrzField, Span]
    composed: tuple[Span, ...]
    composite: Span
    checked: tuple[MrzField, ...] = (MrzField.BIRTH, MrzField.EXPIRY)
    long_numbers: bool = True


_SECOND_LINE = {
    MrzField.NUMBER: Span(1, 0, 9),
    MrzField.NATIONALITY: Span(1, 10, 13),
    MrzField.BIRTH: Span(1, 13, 19),
    MrzField.SEX: Span(1, 20, 21),
    MrzField.EXPIRY: Span(1, 21, 27),
}

TD1 = Layout(
    name="TD1",
    lines=3,
    width=30,
    kinds="ACI",
    fields={
        MrzField.KIND: Span(0, 0, 2),
        MrzField.ISSUER: Span(0, 2, 5),
        MrzField.NUMBER: Span(0, 5, 14),
        MrzField.OPTIONAL: Span(0, 15, 30),
        MrzField.BIRTH: Span(1, 0, 6),
        MrzField.SEX: Span(1, 7, 8),
        MrzField.EXPIRY: Span(1, 8, 14),
        MrzField.NATIONALITY: Span(1, 15, 18),
        MrzField.OPTIONAL_2: Span(1, 18, 29),
        MrzField.NAMES: Span(2, 0, 30),
    },
    composed=(Span(0, 5, 30), Span(1, 0, 7), Span(1, 8, 15), Span(1, 18, 29)),
    composite=Span(1, 29, 30),
)
TD2 = Layout(
    name="TD2",
    lines=2,
    width=36,
    kinds="ACI",
    fields={
        MrzField.KIND: Span(0, 0, 2),
        MrzField.ISSUER: Span(0, 2, 5),
        MrzField.NAMES: Span(0, 5, 36),
        **_SECOND_LINE,
        MrzField.OPTIONAL: Span(1, 28, 35),
    },
    composed=(Span(1, 0, 10), Span(1, 13, 20), Span(1, 21, 35)),
    composite=Span(1, 35, 36),
)
TD3 = Layout(
    name="TD3",
    lines=2,
    width=44,
    kinds="P",
    fields={
        MrzField.KIND: Span(0, 0, 2),
        MrzField.ISSUER: Span(0, 2, 5),
        MrzField.NAMES: Span(0, 5, 44),
        **_SECOND_LINE,
        MrzField.OPTIONAL: Span(1, 28, 42),
    },
    composed=(Span(1, 0, 10), Span(1, 13, 20), Span(1, 21, 43)),
    composite=Span(1, 43, 44),
    checked=(MrzField.BIRTH, MrzField.EXPIRY, MrzField.OPTIONAL),
    long_numbers=False,
)
LAYOUTS = (TD1, TD2, TD3)

ALLOWED: Mapping[MrzField, tuple[frozenset[str], str]] = {
    MrzField.KIND: (LETTERS, "a letter or <"),
    MrzField.ISSUER: (LETTERS, "a letter or <"),
    MrzField.NATIONALITY: (LETTERS, "a letter or <"),
    MrzField.NAMES: (LETTERS, "a letter or <"),
    MrzField.SEX: (frozenset("MFX<"), "M, F, X or <"),
    MrzField.BIRTH: (DIGITS | {FILLER}, "a digit or <"),
    MrzField.EXPIRY: (DIGITS | {FILLER}, "a digit or <"),
    MrzField.NUMBER: (ANY, "a letter, digit or <"),
    MrzField.OPTIONAL: (ANY, "a letter, digit or <"),
    MrzField.OPTIONAL_2: (ANY, "a letter, digit or <"),
}
