"""Machine-readable zones of travel documents (ICAO Doc 9303): every check digit, only the fields asked for."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date

from drivers.documents.faults import LONGEST, BadDocument, FieldFault, require
from drivers.documents.mrz_layouts import ALLOWED, ANY, DIGITS, FILLER, LAYOUTS, Layout, MrzField, Span

_WEIGHTS = (7, 3, 1)
_VALUES = {mark: value for value, mark in enumerate("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ")} | {FILLER: 0}
_SHORT_NUMBER = 9
_CENTURIES = (1900, 2000)


@dataclass(frozen=True)
class Mrz:
    """What was asked for of a document whose check digits are all right: `format` TD1, TD2 or TD3.

    Values are as printed, without fillers at their end. Names stay as the issuer transliterated them. Dates stay
    YYMMDD: `possible_dates` says what they can mean.
    """

    format: str
    fields: Mapping[MrzField, str]


def read_mrz(text: str, keep: Collection[MrzField]) -> Mrz:
    """Return of `text`, in lines or in one piece, the fields in `keep`; nothing else is held or shown in errors.

    Raises BadDocument with every field that fails. A visa (MRV) has no composite digit and is not read here.
    """
    layout, lines = _laid_out(text)
    require("MRZ " + layout.name, *_foreign_marks(lines))
    require("MRZ " + layout.name, *_wrong_marks(layout, lines))
    number, fault = _number(layout, lines)
    require("MRZ " + layout.name, fault, *_wrong_digits(layout, lines), *_wrong_dates(layout, lines))
    values = {field: span.of(lines).rstrip(FILLER) for field, span in layout.fields.items() if field in keep}
    if MrzField.NUMBER in keep:
        values[MrzField.NUMBER] = number
    if MrzField.OPTIONAL in keep and len(number) > _SHORT_NUMBER:
        values[MrzField.OPTIONAL] = values[MrzField.OPTIONAL].partition(FILLER)[2]
    return Mrz(layout.name, values)


def mrz_check_digit(text: str) -> str:
    """Return the check digit: values 0-9, A-Z as 10-35, `<` as 0, times 7, 3, 1 in turn, modulo 10."""
    return str(sum(_VALUES[mark] * _WEIGHTS[turn % 3] for turn, mark in enumerate(text)) % 10)


def split_names(names: str) -> tuple[str, str]:
    """Return primary and secondary identifier. Hyphens were printed as spaces, apostrophes left out: they are lost."""
    primary, _, secondary = names.partition(FILLER * 2)
    return primary.replace(FILLER, " ").strip(), secondary.replace(FILLER, " ").strip()


def possible_dates(yymmdd: str) -> tuple[date, ...]:
    """Return what a date of six digits can mean, one day in each century; none where a part is not known."""
    if len(yymmdd) != len("YYMMDD") or not set(yymmdd) <= DIGITS:
        return ()
    year, month, day = (int(yymmdd[at : at + 2]) for at in (0, 2, 4))
    found: list[date] = []
    for century in _CENTURIES:
        try:
            found.append(date(century + year, month, day))
        except ValueError:
            continue
    return tuple(found)


def _laid_out(text: str) -> tuple[Layout, tuple[str, ...]]:
    if len(text) > LONGEST:
        raise BadDocument("MRZ", [FieldFault("text", 1, f"at most {LONGEST} characters", f"{len(text)} characters")])
    lines = tuple(line.strip() for line in text.splitlines() if line.strip())
    for layout in LAYOUTS:
        if len(lines) == 1 and len(lines[0]) == layout.lines * layout.width:
            whole, width = lines[0], layout.width
            lines = tuple(whole[at : at + width] for at in range(0, len(whole), width))
        if tuple(len(line) for line in lines) == (layout.width,) * layout.lines:
            return layout, lines
    came = " + ".join(str(len(line)) for line in lines)
    raise BadDocument("MRZ", [FieldFault("lines", 1, "3 lines of 30, 2 of 36 or 2 of 44 characters", came)])


def _foreign_marks(lines: tuple[str, ...]) -> list[FieldFault]:
    return [
        _fault("any", Span(line, at, at), "A to Z, 0 to 9 or <", repr(mark))
        for line, marks in enumerate(lines)
        for at, mark in enumerate(marks)
        if mark not in ANY
    ]


def _wrong_marks(layout: Layout, lines: tuple[str, ...]) -> list[FieldFault]:
    first = lines[0][0]
    kinds = [] if first in layout.kinds else [_fault(MrzField.KIND, Span(0, 0, 1), " or ".join(layout.kinds), first)]
    return kinds + [
        _fault(field, Span(span.line, span.start + at, span.end), ALLOWED[field][1], mark)
        for field, span in layout.fields.items()
        for at, mark in enumerate(span.of(lines))
        if mark not in ALLOWED[field][0]
    ]


def _number(layout: Layout, lines: tuple[str, ...]) -> tuple[str, FieldFault | None]:
    span = layout.fields[MrzField.NUMBER]
    number, digit_at = span.of(lines), Span(span.line, span.end, span.end + 1)
    rest = layout.fields[MrzField.OPTIONAL].of(lines).partition(FILLER)[0]
    if layout.long_numbers and digit_at.of(lines) == FILLER and len(rest) > 1:
        optional = layout.fields[MrzField.OPTIONAL]
        number, digit_at = number + rest[:-1], Span(optional.line, optional.start + len(rest) - 1, optional.end)
    expected, found = mrz_check_digit(number), lines[digit_at.line][digit_at.start]
    fault = None if expected == found else _fault(f"{MrzField.NUMBER} check digit", digit_at, expected, found)
    return number.rstrip(FILLER), fault


def _wrong_digits(layout: Layout, lines: tuple[str, ...]) -> list[FieldFault]:
    faults: list[FieldFault] = []
    for field in layout.checked:
        span = layout.fields[field]
        value, found = span.of(lines), lines[span.line][span.end]
        empty = not value.strip(FILLER)
        if found != mrz_check_digit(value) and not (empty and found == FILLER):
            faults.append(
                _fault(f"{field} check digit", Span(span.line, span.end, span.end), mrz_check_digit(value), found)
            )
    expected = mrz_check_digit("".join(span.of(lines) for span in layout.composed))
    found = layout.composite.of(lines)
    return (
        faults if expected == found else [*faults, _fault("composite check digit", layout.composite, expected, found)]
    )


def _wrong_dates(layout: Layout, lines: tuple[str, ...]) -> list[FieldFault]:
    return [
        _fault(field, layout.fields[field], "a date YYMMDD, < where unknown", "no such day")
        for field in (MrzField.BIRTH, MrzField.EXPIRY)
        if FILLER not in (value := layout.fields[field].of(lines)) and not possible_dates(value)
    ]


def _fault(field: str, span: Span, expected: str, found: str) -> FieldFault:
    return FieldFault(f"line {span.line + 1}, {field}", span.start + 1, expected, found)
