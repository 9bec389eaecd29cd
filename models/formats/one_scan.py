"""A table is one scan: what begins a second one is refused, and what is said of the one is kept."""

import re
from collections.abc import Sequence

from models.acquisition import POLARITY, SOURCE
from models.formats.headings import is_of_one_scan, tells
from models.formats.preamble import read_fields
from models.formats.text import Place, shown
from models.scan_titles import read_titles

EXPECTED = "one scan; give each scan by itself"
_BEGINS = re.compile(r"[\W_]*(?:scan|spectrum|espectro|spektrum|event|function)\b", re.IGNORECASE)
WORDS = {*SOURCE, *POLARITY, "precursortype", "adduct", "iontype", "ion", "instrumenttype", "instrument"}
"""What is told in words; all else in numbers."""
_CELLS = re.compile(r"[;,\t]")


class OneScan:
    """Watches the rows of a table and the remarks among them. Raises UnreadableFile where a second scan begins.

    `names` are the headings of its columns, `places` which of them are abscissa and ordinate.
    """

    def __init__(self, names: Sequence[str], places: Sequence[int], source: str) -> None:
        self._columns = {at: name for at, name in enumerate(names) if at not in places and is_of_one_scan(name)}
        self._source = source
        self._cells: dict[int, str] = {}
        self._remarks: list[tuple[int, str]] = []
        self._last = 0
        self._gap: int | None = None
        self._neighbours = False

    def remark(self, line: int, text: str) -> None:
        """Take a remark; it is of this scan where no row comes after it."""
        self._remarks.append((line, text))

    def row(self, line: int, cells: Sequence[str]) -> None:
        """Take a row."""
        for at, text in self._remarks:
            if _begins_a_scan(text):
                Place(self._source, at).refuse(EXPECTED, f"{shown(text)} between rows")
        self._remarks.clear()
        for at, name in self._columns.items():
            cell = cells[at] if at < len(cells) else ""
            if cell and self._cells.setdefault(at, cell) != cell:
                found = f"{shown(self._cells[at])} and {shown(cell)} under {shown(name)}"
                Place(self._source, line).refuse(EXPECTED, found)
        if self._last and line == self._last + 1:
            self._neighbours = True
        elif self._last and self._gap is None:
            self._gap = line
        self._last = line

    @property
    def said(self) -> tuple[str, ...]:
        """What was said of the scan: columns that have one value throughout, and remarks behind the last row."""
        columns = (f"{self._columns[at]}: {cell}" for at, cell in self._cells.items())
        return (*columns, *(text for _, text in self._remarks))

    @property
    def parted(self) -> int | None:
        """The line where rows go on after lines that are none; None where each row stands alone, or none does."""
        return self._gap if self._neighbours else None


def says_how(line: str) -> bool:
    """Whether a line says how ions were made; one of headings names what it tells no value of."""
    told = ((name, value) for name, values in read_fields([line]).items() for value in values)
    return read_titles([line]).tells or any(name in WORDS or any(map(str.isdigit, value)) for name, value in told)


def _begins_a_scan(remark: str) -> bool:
    names = [cell.strip(" #") for cell in _CELLS.split(remark)]
    return tells(names) or says_how(remark) or _BEGINS.match(remark) is not None
