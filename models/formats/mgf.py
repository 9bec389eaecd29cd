"""Mascot Generic Format: `KEY=value` and peaks between BEGIN IONS and END IONS.

Source: Matrix Science, Data file format, matrixscience.com/help/data_file_help.html.
"""

import math
import re
from array import array
from collections.abc import Iterable, Iterator, Mapping

from models.errors import UnreadableFile
from models.formats.text import Place, each_line, read_number, shown
from models.msp import MspRecord
from models.spectrum import MAX_PEAKS

BEGIN, END = "BEGIN IONS", "END IONS"
_REMARKS = ("#", ";", "!", "/")
_CHARGE = re.compile(r"[+-]?\d{1,2}[+-]?")
_AS_MSP = {"title": "name", "pepmass": "precursormz"}
"""Keys whose MSP name differs. A file that has both, as GNPS writes them, names the substance by NAME."""

_CUT = (0, "")

Lines = Iterator[tuple[int, str]]
Fields = Mapping[str, tuple[str, ...]]


def parse_mgf(text: str, source: str = "MGF") -> Iterator[MspRecord]:
    """Read every spectrum, in the fields of an MSP record; what stands before the first holds for all.

    A spectrum told to be of level 1 has no precursor, whatever mass it was filed under.
    Raises UnreadableFile naming the line.
    """
    lines = enumerate(each_line(text), start=1)
    head: dict[str, tuple[str, ...]] = {}
    found = False
    for number, line in lines:
        place = Place(source, number)
        if line.strip() == BEGIN:
            found = True
            yield _record(number, lines, source, head)
        elif line.strip() and not line.startswith(_REMARKS):
            if found:
                place.refuse(f"{BEGIN} or a remark", shown(line))
            _add(line, place, head)
    if not found:
        raise UnreadableFile(f"{source}, line 1: expected {BEGIN}, found none in the file")


def format_mgf(records: Iterable[MspRecord]) -> str:
    """Write records that parse_mgf read, so that it reads them again."""
    return "\n".join(_format(record) for record in records)


def _record(first: int, lines: Lines, source: str, head: Fields) -> MspRecord:
    fields: dict[str, tuple[str, ...]] = {}
    mz, intensity = array("d"), array("d")
    number, line = next(lines, _CUT)
    while line.strip() != END:
        place = Place(source, number)
        if number == 0:
            Place(source, first).refuse(f"{END} after this {BEGIN}", "the end of the file: it was cut")
        if len(mz) >= MAX_PEAKS:
            place.refuse(f"at most {MAX_PEAKS} peaks", "more")
        if "=" in line and not mz:
            _add(line, place, fields)
        elif line.strip():
            at, height = _peak(line, place)
            mz.append(at)
            intensity.append(height)
        number, line = next(lines, _CUT)
    return MspRecord(_with_msp_names({**head, **fields}), mz, intensity, first)


def _add(line: str, place: Place, fields: dict[str, tuple[str, ...]]) -> None:
    key, equals, value = line.partition("=")
    if not equals or not key.strip():
        place.refuse("`KEY=value`", shown(line))
    name = key.strip().lower()
    fields[name] = (*fields.get(name, ()), value.strip())


def _peak(line: str, place: Place) -> tuple[float, float]:
    """Read `m/z intensity`, and the ion's charge where it is told."""
    at, height, *charge = [*line.split(), ""][:4]
    try:
        peak = read_number(at), read_number(height)
    except ValueError:
        peak = math.nan, math.nan
    if not all(map(math.isfinite, peak)) or any(each and not _CHARGE.fullmatch(each) for each in charge):
        place.refuse("`m/z intensity` or `m/z intensity charge`", shown(line))
    return peak


def _with_msp_names(fields: Fields) -> dict[str, tuple[str, ...]]:
    named = {_AS_MSP.get(key, key): values for key, values in fields.items() if _AS_MSP.get(key) not in fields}
    mass = named.pop("precursormz", ("",))[0].split()
    if mass and named.get("mslevel", ("",))[0] != "1":
        named["precursormz"] = (mass[0],)
    return named


def _format(record: MspRecord) -> str:
    keys = {msp: key for key, msp in _AS_MSP.items()}
    told = [f"{keys.get(name, name).upper()}={value}" for name, values in record.fields.items() for value in values]
    peaks = [f"{at!r} {height!r}" for at, height in zip(record.mz, record.intensity, strict=True)]
    return "\n".join([BEGIN, *told, *peaks, END, ""])
