"""How a file writes its numbers: `12,345.6`, `12.345,6`, `12 345,6`. One file writes all of them one way.

A mark that parts off exactly three digits may stand for thousands or for decimals; the other numbers tell.
"""

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple, Never

from models.formats.text import Place, read_number, shown
from models.spectrum import MAX_MZ

POINT, COMMA = ".", ","
Row = tuple[int, str, str]
"""Line, abscissa and ordinate, as they stand."""
_OTHER = {POINT: COMMA, COMMA: POINT}
_SPACES = re.compile(r"[ '\u2019\u00a0\u202f]")
_GROUPED = {
    mark: re.compile(rf"[+-]?\d{{1,3}}(?:[{re.escape(other)} '\u2019\u00a0\u202f]\d{{3}})+(?:{re.escape(mark)}\d*)?")
    for mark, other in _OTHER.items()
}
_THREE_BEHIND = re.compile(r"[+-]?[1-9]\d{0,2}[.,]\d{3}")


class Cell(NamedTuple):
    """A number as it stands at a line; `column` is 0 for the abscissa and 1 for the ordinate."""

    text: str
    line: int
    column: int


def looks_like_a_number(text: str) -> bool:
    """Whether a cell is a number in some notation."""
    return any(_read(text, mark) is not None for mark in _OTHER)


def number_in(text: str, mark: str) -> float:
    """Read a number whose decimals stand behind `mark`. Raises ValueError."""
    value = _read(text, mark)
    if value is None:
        raise ValueError(f"expected a number with decimals behind {mark!r}, found {shown(text)}")
    return value


def decimal_mark(rows: Sequence[Row], source: str, *, masses: bool) -> str:
    """Tell what parts the decimals in a file; `masses`: the abscissa is m/z, which no thousands can be.

    Raises UnreadableFile, naming the line, where a file writes both, or a number that may be read two ways.
    """
    seen: dict[str, Cell] = {}
    for cell in _each_cell(rows):
        mark = _mark_of(cell, masses=masses)
        if mark is None:
            continue
        other = seen.get(_OTHER[mark])
        if other is not None:
            Place(source, cell.line).refuse(
                f"{_OTHER[mark]!r} before decimals as on line {other.line}", shown(cell.text)
            )
        seen.setdefault(mark, cell)
    return next(iter(seen)) if seen else _by_habit(rows, source)


def _by_habit(rows: Sequence[Row], source: str) -> str:
    """Where each marked number has three digits behind its mark: decimals of a fixed width, if all of a column have."""
    marks: dict[str, Cell] = {}
    for column in (0, 1):
        of_column = [cell for cell in _each_cell(rows) if cell.column == column]
        open_ones = [cell for cell in of_column if _THREE_BEHIND.fullmatch(cell.text)]
        if open_ones and len(open_ones) < len(of_column):
            _refuse(open_ones[0], source)
        marks |= {cell.text[-4]: cell for cell in open_ones}
    if len(marks) > 1:
        _refuse(marks[COMMA], source)
    return next(iter(marks), POINT)


def _refuse(cell: Cell, source: str) -> Never:
    digits = re.sub("[.,]", "", cell.text)
    decimal = cell.text.replace(COMMA, POINT)
    found = f"{cell.text!r}, which may be {digits} or {decimal}; export again without marks in thousands"
    Place(source, cell.line).refuse("numbers that can be read in one way only", found)


def _mark_of(cell: Cell, *, masses: bool) -> str | None:
    """Return the mark before decimals that a number proves, None where it proves none."""
    text = cell.text
    found = [sign for sign in text if sign in _OTHER]
    if not found:
        return None
    if len(set(found)) > 1:
        return found[-1]
    if len(found) > 1:
        return _OTHER[found[0]]
    if not _THREE_BEHIND.fullmatch(text):
        return found[0]
    too_heavy = float(text.replace(found[0], "")) > MAX_MZ
    return found[0] if masses and cell.column == 0 and too_heavy else None


def _read(text: str, mark: str) -> float | None:
    plain = text.strip()
    if _SPACES.search(plain) or _OTHER[mark] in plain:
        if not _GROUPED[mark].fullmatch(plain):
            return None
        plain = _SPACES.sub("", plain).replace(_OTHER[mark], "")
    try:
        return read_number(plain.replace(mark, POINT))
    except ValueError:
        return None


def _each_cell(rows: Sequence[Row]) -> Iterator[Cell]:
    return (cell for line, x, y in rows for cell in (Cell(x, line, 0), Cell(y, line, 1)))
