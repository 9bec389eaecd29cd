"""Two columns of text under a heading that says what they are: `Raman shift (cm-1),Counts`."""

import math
import re
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from models.errors import UnreadableFile
from models.formats.text import Place, limit_bytes, read_number, shown, split_lines

MAX_BYTES = 64 * 2**20
MAX_POINTS = 1_000_000
COLUMNS = 2
_UNIT = re.compile(r"\(([^()]*)\)|\[([^\[\]]*)\]|/\s*(nm|cm-1|um)\s*$", re.IGNORECASE)


@dataclass(frozen=True, eq=False)
class Columns:
    """The two headings as they stand, and their numbers."""

    x_heading: str
    y_heading: str
    x: NDArray[np.float64] = field(repr=False)
    y: NDArray[np.float64] = field(repr=False)


def parse_columns(text: str, source: str = "table") -> Columns:
    """Read a heading and two columns parted by comma, semicolon or tab; `#` begins a remark.

    A decimal comma is read where a semicolon or tab parts the columns. Raises UnreadableFile naming the line.
    """
    limit_bytes(text.encode("utf-8", "replace"), MAX_BYTES, source)
    heading: list[str] | None = None
    rows: list[tuple[float, float]] = []
    for number, line in enumerate(split_lines(text), start=1):
        if not line.strip() or line.startswith("#"):
            continue
        place, cells = Place(source, number), _cells(line)
        if heading is None:
            heading = _heading(cells, line, place)
        else:
            rows.append(_row(cells, line, place))
            if len(rows) > MAX_POINTS:
                place.refuse(f"at most {MAX_POINTS} rows", "more")
    if heading is None:
        raise UnreadableFile(f"{source}, line 1: expected a heading of two columns, found nothing")
    table = np.array(rows, dtype=np.float64).reshape(-1, 2)
    return Columns(heading[0], heading[1], table[:, 0], table[:, 1])


def _cells(line: str) -> list[str]:
    part = next((mark for mark in ";\t" if mark in line), ",")
    return [cell.strip().strip('"') for cell in line.split(part)]


def _heading(cells: list[str], line: str, place: Place) -> list[str]:
    if len(cells) != COLUMNS or any(_number(cell) is not None or not cell for cell in cells):
        place.refuse("a heading of two columns that says their units, as `m/z,intensity`", shown(line))
    return cells


def _row(cells: list[str], line: str, place: Place) -> tuple[float, float]:
    numbers = [_number(cell.replace(",", ".")) for cell in cells]
    if len(numbers) != COLUMNS or numbers[0] is None or numbers[1] is None:
        place.refuse("two numbers", shown(line))
    return numbers[0], numbers[1]


def _number(text: str) -> float | None:
    try:
        value = read_number(text)
    except ValueError:
        return None
    return value if math.isfinite(value) else None


def unit_of(heading: str) -> str:
    """Return the unit of `Raman shift (cm-1)`, or the heading where no unit stands in it."""
    match = _UNIT.search(heading)
    return next(group for group in match.groups() if group is not None) if match else heading
