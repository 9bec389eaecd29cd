"""Columns of numbers as programs write them: what the program says first, a heading, rows.

Known among them: two columns in either order, Agilent's `#Point,X(Thomsons),Y(Counts)`, the clipboard of Xcalibur
(`SPECTRUM - MS`, then `Mass`, `Intensity`), and more columns under a heading that tells which are m/z and intensity.
"""

import csv
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Never

import numpy as np
from numpy.typing import NDArray

from models.formats.headings import intensities_among, is_intensity, is_mass, masses_among, tells
from models.formats.notation import Row, decimal_mark, looks_like_a_number, number_in
from models.formats.one_scan import OneScan, says_how
from models.formats.text import Place, each_line, limit_bytes, shown

MAX_BYTES = 64 * 2**20
MAX_POINTS = 1_000_000
MOST_BEFORE = 200
"""So many lines may stand before the first row."""
COLUMNS = 2
EXPECTED = "`m/z,intensity`, or more columns under a heading that says which these are"
_UNIT = re.compile(r"\(([^()]*)\)|\[([^\[\]]*)\]|/\s*(nm|cm-1|um)\s*$", re.IGNORECASE)
_MARKS = re.compile(r"[;\t]")


@dataclass(frozen=True, eq=False)
class Columns:
    """The two headings as they stand, empty where there are none, their numbers, and what else was said of them.

    `parted` is the line where rows begin anew after others and a line that is none, None where they stand together.
    """

    x_heading: str
    y_heading: str
    x: NDArray[np.float64] = field(repr=False)
    y: NDArray[np.float64] = field(repr=False)
    said: tuple[str, ...] = ()
    parted: int | None = None


@dataclass(frozen=True)
class _Line:
    number: int
    text: str
    cells: list[str]

    @property
    def is_row(self) -> bool:
        return len(self.cells) >= COLUMNS and looks_like_a_number(self.cells[0])

    @property
    def names(self) -> bool:
        """Whether it can be a heading: no cell of it is a number."""
        return len(self.cells) >= COLUMNS and not any(map(looks_like_a_number, self.cells))


def parse_columns(text: str, source: str = "table") -> Columns:
    """Read columns parted by semicolons or tabs, else by commas, else by spaces; `#` begins a remark.

    What stands before the heading and behind the rows is told, and a heading may be the last remark; so is what other
    columns say of the whole scan. Two columns may stand without a heading: m/z and intensity. Numbers are read
    as models/formats/notation.py says. Raises UnreadableFile naming the line, also where a second scan begins.
    """
    limit_bytes(text.encode("utf-8", "replace"), MAX_BYTES, source)
    lines = _lines(text, source)
    head, first = _until_rows(lines, source)
    if first is None:
        last = head[-1] if head else None
        Place(source, last.number if last else 1).refuse(
            "`m/z,intensity`, a peak a line", shown(last.text) if last else "nothing"
        )
    heading, before = _heading(head, source)
    at = _places(heading, first, source)
    scan = OneScan(heading or (), at, source)
    rows = list(_rows(first, lines, at, len(heading or first.cells), scan, source))
    x, y = (heading[place] if heading else "" for place in at)
    mark = decimal_mark(rows, source, masses=not x or is_mass(x))
    said = (*(line.text for line in before), *scan.said)
    table = np.array([_numbers(row, mark, source) for row in rows], dtype=np.float64)
    return Columns(x, y, table[:, 0], table[:, 1], said, scan.parted)


def _lines(text: str, source: str) -> Iterator[_Line]:
    for number, line in enumerate(each_line(text), start=1):
        if line.strip():
            yield _Line(number, line, _cells(line, Place(source, number)))


def _cells(line: str, place: Place) -> list[str]:
    plain = _MARKS.sub(";", line)
    part = next((mark for mark in ";," if mark in plain), None)
    if part is None:
        return [cell.strip('"') for cell in plain.split()]
    try:
        cells = next(csv.reader([plain], delimiter=part)) if '"' in plain else plain.split(part)
    except csv.Error as error:
        place.refuse("cells parted by commas, semicolons or tabs", str(error))
    while cells and not cells[-1].strip():
        cells.pop()
    return [cell.strip() for cell in cells]


def _until_rows(lines: Iterator[_Line], source: str) -> tuple[list[_Line], _Line | None]:
    """Return what stands before the first row, and this row."""
    head: list[_Line] = []
    for line in lines:
        if line.is_row and not line.text.startswith("#"):
            return head, line
        if len(head) >= MOST_BEFORE:
            Place(source, line.number).refuse(f"{EXPECTED}, after {MOST_BEFORE} lines at most", shown(line.text))
        head.append(line)
    return head, None


def _heading(head: Sequence[_Line], source: str) -> tuple[list[str] | None, Sequence[_Line]]:
    """Return the names of the columns, and all other lines before the rows.

    They are in the last line before the rows, or a remark that names as many columns.
    """
    plain = [line for line in head if not line.text.startswith("#")]
    if not plain:
        remark = _remark(head[-1]) if head else None
        return (remark, head[:-1]) if remark and tells(remark) else (None, head)
    last = plain[-1]
    if len(plain) == 1 and not tells(last.cells) and says_how(last.text) and not intensities_among(last.cells):
        return None, head
    if not last.names or (len(plain) > 1 and not tells(last.cells)):
        Place(source, last.number).refuse(EXPECTED, shown(last.text))
    return last.cells, [line for line in head if line is not last]


def _remark(line: _Line) -> list[str]:
    return [cell.lstrip("#").strip() for cell in line.cells]


def _places(heading: Sequence[str] | None, first: _Line, source: str) -> tuple[int, int]:
    """Return which columns are abscissa and ordinate; a heading of two columns that names no m/z goes by order."""
    names = heading or [""] * len(first.cells)
    masses, heights = masses_among(names), intensities_among(names)
    if len(masses) == 1 and len(heights) == 1:
        return masses[0], heights[0]
    if len(names) != COLUMNS or len(first.cells) != COLUMNS or masses:
        Place(source, first.number).refuse(EXPECTED, _shown_columns(names, first))
    return (1, 0) if [is_intensity(name) for name in names] == [True, False] else (0, 1)


def _shown_columns(names: Sequence[str], first: _Line) -> str:
    under = f" under {shown(', '.join(names))}" if any(names) else " without a heading"
    return f"{shown(first.text)}{under}"


def _rows(
    first: _Line, lines: Iterator[_Line], at: tuple[int, int], width: int, scan: OneScan, source: str
) -> Iterator[Row]:
    line: _Line | None = first
    count = 0
    while line:
        if line.text.startswith("#"):
            scan.remark(line.number, line.text)
        else:
            scan.row(line.number, line.cells)
            if not max(at) < len(line.cells) <= width or (width == COLUMNS != len(line.cells)):
                _no_row(line, source)
            count += 1
            if count > MAX_POINTS:
                Place(source, line.number).refuse(f"at most {MAX_POINTS} rows", "more")
            yield line.number, line.cells[at[0]], line.cells[at[1]]
        line = next(lines, None)


def _no_row(line: _Line, source: str) -> Never:
    Place(source, line.number).refuse("`m/z,intensity` or as many numbers as the heading names", shown(line.text))


def _numbers(row: Row, mark: str, source: str) -> tuple[float, float]:
    line, x, y = row
    try:
        return number_in(x, mark), number_in(y, mark)
    except ValueError:
        decimals = "point" if mark == "." else "comma"
        expected = f"`m/z,intensity`, two numbers with a decimal {decimals} as elsewhere in this file"
        Place(source, line).refuse(expected, shown(f"{x} {y}"))


def unit_of(heading: str) -> str:
    """Return the unit of `Raman shift (cm-1)`, or the heading where no unit stands in it."""
    match = _UNIT.search(heading)
    return next(group for group in match.groups() if group is not None) if match else heading
