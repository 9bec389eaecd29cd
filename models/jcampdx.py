"""JCAMP-DX 4.24 and 5.0 for mass spectra: peak tables, XYDATA as AFFN (fixed or packed).

Source: McDonald and Wilks, Appl. Spectrosc. 42 (1988) 151; Lampen et al., Appl. Spectrosc. 48 (1994) 1545.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from models.errors import UnreadableFile
from models.msp import add_equal_mz
from models.spectrum import MAX_PEAKS, Spectrum, Technique

_NUMBER = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?")
_COMPRESSED = re.compile(r"[%@A-DF-Za-df-z]")
_SPACE = re.compile(r"[\s,;]+")
_TABLES = ("PEAKTABLE", "XYPOINTS", "PEAKASSIGNMENTS", "XYDATA")


@dataclass(frozen=True)
class _Record:
    label: str
    value: str
    line: int


def parse_jcamp(text: str, source: str = "JCAMP-DX") -> Spectrum:
    """Read the first block's spectrum.

    Raises UnreadableFile for text that is no JCAMP-DX, a table that cannot be read, or the compressed (ASDF) forms,
    which are not decoded yet: export the file as AFFN or as a peak table.
    """
    records = list(_records(text, source))
    header = {record.label: record.value.strip() for record in reversed(records)}
    table = next((record for record in records if record.label in _TABLES), None)
    if "JCAMPDX" not in header or table is None:
        raise UnreadableFile(f"{source}: expected ##JCAMP-DX= and one of {', '.join(_TABLES)}; found neither or one")
    mz, intensity = _points(table, header, source)
    technique = Technique.EI if "EI" in header.get(".IONIZATIONMODE", "").upper() else Technique.IN_SOURCE_CID
    return Spectrum(*add_equal_mz(mz, intensity), technique=technique)


def _records(text: str, source: str) -> Iterator[_Record]:
    label, value, first = "", "", 0
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.startswith("##"):
            value += "\n" + line.partition("$$")[0]
            continue
        if label:
            yield _Record(label, value, first)
        name, equals, value = line[2:].partition("=")
        if not equals:
            raise UnreadableFile(f"{source}, line {number}: expected `##LABEL= value`, got {line[:60]!r}")
        value = value.partition("$$")[0]
        label, first = re.sub(r"[\s/_-]", "", name).upper(), number
    if label:
        yield _Record(label, value, first)


def _points(table: _Record, header: dict[str, str], source: str) -> tuple[list[float], list[float]]:
    form, _, body = table.value.strip().partition("\n")
    place = f"{source}, ##{table.label}= on line {table.line}"
    if table.label == "XYDATA" and "X++" in form.replace(" ", ""):
        return _even_points(body, header, place)
    numbers = _numbers(body, place)
    if len(numbers) % 2:
        raise UnreadableFile(f"{place}: expected pairs of m/z and intensity, got {len(numbers)} numbers")
    x_factor, y_factor = _factor(header, "XFACTOR"), _factor(header, "YFACTOR")
    if table.label == "PEAKTABLE":
        x_factor = y_factor = 1.0
    return [x * x_factor for x in numbers[::2]], [y * y_factor for y in numbers[1::2]]


def _even_points(body: str, header: dict[str, str], place: str) -> tuple[list[float], list[float]]:
    """Read (X++(Y..Y)): the first number of a line only checks where it stands; x runs from FIRSTX to LASTX."""
    heights: list[float] = []
    for line in body.splitlines():
        heights += _numbers(line, place)[1:]
    try:
        first, last, count = float(header["FIRSTX"]), float(header["LASTX"]), int(float(header["NPOINTS"]))
    except (KeyError, ValueError, OverflowError):
        raise UnreadableFile(f"{place}: expected ##FIRSTX=, ##LASTX= and ##NPOINTS= as numbers") from None
    if count != len(heights) or count > MAX_PEAKS:
        raise UnreadableFile(f"{place}: ##NPOINTS= says {count}, {len(heights)} values came")
    factor = _factor(header, "YFACTOR")
    return list(np.linspace(first, last, count)), [height * factor for height in heights]


def _numbers(text: str, place: str) -> list[float]:
    """Read AFFN numbers, parted by spaces or commas (FIX) or by their signs alone (PAC)."""
    numbers: list[float] = []
    for word in _SPACE.split(text.strip()):
        found = _NUMBER.findall(word)
        if "".join(found) == word:
            numbers += [float(number) for number in found]
        elif _COMPRESSED.search(word):
            raise UnreadableFile(f"{place}: {word[:40]!r} is compressed (ASDF); export it as AFFN or as a peak table")
        else:
            raise UnreadableFile(f"{place}: expected a number, got {word[:40]!r}")
    return numbers


def _factor(header: dict[str, str], label: str) -> float:
    try:
        return float(header.get(label, "1"))
    except ValueError:
        raise UnreadableFile(f"##{label}=: expected a number, got {header[label][:40]!r}") from None
