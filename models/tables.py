"""Two columns of text: m/z and intensity, with a heading or without."""

import re
from array import array

from models.errors import UnreadableFile
from models.formats.columns import COLUMNS
from models.formats.text import each_line, read_number, shown
from models.msp import add_equal_mz
from models.spectrum import MAX_PEAKS, Spectrum

_MARKS = re.compile(r"[;\t]")
_COMMA_OR_SPACE = re.compile(r"[, ]+")


def parse_table(text: str, source: str = "table") -> Spectrum:
    """Read one spectrum from lines of `m/z,intensity` (comma, semicolon, tab or space; `#` begins a remark).

    A decimal comma is read where a semicolon or tab parts the columns. A heading is a first line without any number.
    Raises UnreadableFile naming the line, MalformedSpectrum for numbers that no spectrum can have.
    """
    mz, intensity = array("d"), array("d")
    heading_allowed = True
    for number, line in enumerate(each_line(text), start=1):
        if not line.strip() or line.startswith("#"):
            continue
        words = _words(line)
        values = [value for value in map(_value, words) if value is not None]
        if values or not heading_allowed:
            if not len(words) == len(values) == COLUMNS:
                raise UnreadableFile(f"{source}, line {number}: expected `m/z,intensity`, got {shown(line)}")
            mz.append(values[0])
            intensity.append(values[1])
        heading_allowed = False
        if len(mz) > MAX_PEAKS:
            raise UnreadableFile(f"{source}, line {number}: expected at most {MAX_PEAKS} rows, got more")
    return Spectrum(*add_equal_mz(mz, intensity))


def _words(line: str) -> list[str]:
    if _MARKS.search(line):
        words = (word.strip().replace(",", ".") for word in _MARKS.split(line))
    else:
        words = iter(_COMMA_OR_SPACE.split(line.strip()))
    return [word for word in words if word]


def _value(word: str) -> float | None:
    try:
        return read_number(word)
    except ValueError:
        return None
