"""MSP text (NIST): fields, `Num Peaks:`, one peak on a line, a blank line between records."""

import math
import re
from array import array
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from numpy.typing import ArrayLike, NDArray

from models.acquisition import ION, NAMES, Acquisition, is_told, plain_name, read_acquisition
from models.energy import LONGEST
from models.errors import UnreadableFile
from models.formats.preamble import BETWEEN, read_fields
from models.formats.text import each_line, read_number
from models.ionisation import is_other_ion
from models.spectrum import MAX_PEAKS, Spectrum

PEAK_COUNT = "numpeaks"
_ANNOTATION = re.compile(r'"[^"]*"')
_PAIR = re.compile(r"\(([^()]*)\)")
_COMMENTS = ("comment", "comments")
_REMARK = re.compile(
    r"""(?:^|\s)(?:"([^"=]{1,60})=([^"]*)"|"""
    r"""((?:(?:cone|fragmentor|declustering)\s)?[A-Za-z][\w/-]{0,60})=(?:"([^"]*)"|'([^']*)'|(\S+)))""",
    re.IGNORECASE,
)
_TOLD_IN_REMARKS = {each: each for each in NAMES} | {"parent": "precursormz", "ce": "collisionenergy"}
"""What NIST and MoNA put into comments, as `key=value`, and the field that it stands for."""

_CODED = re.compile(r"\$:(\d\d)(.*)")
_CODES = {
    "03": "precursortype",
    "04": "precursormz",
    "05": "collisionenergy",
    "06": "instrumenttype",
    "10": "ionization",
    "11": "ionmode",
    "16": "conevoltage",
}
"""What NIST's libraries of product ions put into synonyms, as `Synon: $:11N`; code 00 stands anywhere in MoNA's."""

LONGEST_RUN = 4
"""Where m/z fall less often than once in so many peaks, scans stand one behind the other, or a few are misplaced."""


@dataclass(frozen=True)
class MspRecord:
    """One record: its fields in order (name in lower case, every value it had) and its peaks as they stand.

    `line` is where the record begins in its source, counted from 1.
    """

    fields: Mapping[str, tuple[str, ...]]
    mz: Sequence[float] = field(repr=False)
    intensity: Sequence[float] = field(repr=False)
    line: int = 1

    def text(self, name: str, default: str = "") -> str:
        """Return the first value of a field, however its name is written: `Ion_mode`, `IONMODE`, `Ion mode`."""
        return self._values.get(plain_name(name), (default,))[0]

    def number(self, name: str) -> float | None:
        """Return a field as a number, None where it is absent or says nothing."""
        value = _number(self.text(name))
        return value if value is not None and math.isfinite(value) else None

    @property
    def name(self) -> str:
        """What the record calls its substance; GNPS and matchms write `COMPOUND_NAME`, others `TITLE`."""
        return self.text("name") or self.text("compound_name") or self.text("title")

    @property
    def spectrum(self) -> Spectrum:
        """The peaks as a Spectrum; peaks at one and the same m/z are added. Raises MalformedSpectrum."""
        return self.acquisition.spectrum(*add_equal_mz(self.mz, self.intensity))

    @cached_property
    def acquisition(self) -> Acquisition:
        """How its ions were made, as its fields, comments and title tell."""
        return read_acquisition(self._values)

    @property
    def other_ion(self) -> str:
        """What the record tells of its ion, an adduct or a charge, where references are of none such; else nothing."""
        told = (value for name in ION for value in self._values.get(name, ()) if len(value) <= LONGEST)
        return next(filter(is_other_ion, told), "")

    @cached_property
    def _values(self) -> Mapping[str, Sequence[str]]:
        values: dict[str, list[str]] = {}
        for name, told in self.fields.items():
            values.setdefault(plain_name(name), []).extend(told)
        for name, told in [*_coded(values), *_remarks(values)]:
            values.setdefault(name, []).append(told)
        return values


def _coded(values: Mapping[str, Sequence[str]]) -> Iterator[tuple[str, str]]:
    """Yield what coded synonyms tell of the ions, by the field that they stand for."""
    for code, told in (found.groups() for each in values.get("synon", ()) if (found := _CODED.fullmatch(each))):
        if code in _CODES and told.strip():
            yield _CODES[code], told.strip()


def _remarks(values: Mapping[str, Sequence[str]]) -> Iterator[tuple[str, str]]:
    """Yield what comments tell of the ions, by the field that they stand for: `key=value`, or `key: value` alone.

    Of the latter only what such a field tells: a library's `Precursor: List I chemical` says nothing of its ions.
    """
    for comment in (value for name in _COMMENTS for value in values.get(name, ())):
        if "=" not in comment:
            fields = (read_fields([part]) for part in BETWEEN.split(comment) if ":" in part)
            told = ((name, value) for each in fields for name, found in each.items() for value in found)
            yield from (pair for pair in told if is_told(*pair))
        for quoted, value, name, *after in _REMARK.findall(comment):
            field_name = _TOLD_IN_REMARKS.get(plain_name(quoted or name))
            if field_name:
                yield field_name, next((each for each in (value, *after) if each), "")


def falls(mz: ArrayLike) -> bool:
    """Whether m/z falls throughout: the same peaks, written from the heaviest to the lightest."""
    at = np.asarray(mz, dtype=np.float64)
    before, after = at[:-1], at[1:]
    return bool(before.size and (after <= before).all() and (after < before).any())


def by_height(mz: ArrayLike, intensity: ArrayLike) -> bool:
    """Whether peaks stand from the highest to the lowest, and their m/z in neither order."""
    at, height = np.asarray(mz, dtype=np.float64), np.asarray(intensity, dtype=np.float64)
    if not (np.isfinite(at).all() and np.isfinite(height).all()):
        return False
    steps, drops = np.diff(at), np.diff(height)
    return bool((drops <= 0).all() and (drops < 0).any() and (steps < 0).any() and (steps > 0).any())


def scattered(mz: ArrayLike) -> bool:
    """Whether m/z stand in no order and none of them twice: one spectrum, and not several one behind the other."""
    at = np.asarray(mz, dtype=np.float64)
    falling = int((at[1:] < at[:-1]).sum())
    return falling * LONGEST_RUN >= at.size > 0 and np.unique(at).size == at.size


def add_equal_mz(mz: ArrayLike, intensity: ArrayLike) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Add neighbouring peaks that were rounded onto one m/z.

    M/z that fall throughout or stand in no order, and peaks from the highest to the lowest, are put in rising order.
    """
    at, height = np.asarray(mz, dtype=np.float64), np.asarray(intensity, dtype=np.float64)
    if falls(at):
        at, height = at[::-1], height[::-1]
    elif by_height(at, height) or scattered(at):
        order = np.argsort(at, kind="stable")
        at, height = at[order], height[order]
    first = np.ones(len(at), dtype=np.bool_)
    first[1:] = at[1:] != at[:-1]
    if first.all():
        return at, height
    added = np.bincount(np.cumsum(first) - 1, weights=height)
    return at[first], added.astype(np.float64, copy=False)


def parse_msp(text: str, source: str = "MSP") -> Iterator[MspRecord]:
    """Read every record of `text`.

    Raises UnreadableFile, naming `source` and the line, for a line that is neither a field nor a peak, for a count of
    peaks that is not the one announced, and for a record without `Num Peaks:`.
    """
    lines = enumerate(each_line(text), start=1)
    for number, line in lines:
        if line.strip():
            yield _record(number, line, lines, source)


def _record(first: int, line: str, lines: Iterator[tuple[int, str]], source: str) -> MspRecord:
    if _is_peak(line):
        raise UnreadableFile(f"{source}, line {first}: more peaks came than `Num Peaks:` announced; export again")
    fields: dict[str, list[str]] = {}
    number = first
    while True:
        name, value = _field(line, f"{source}, line {number}")
        if plain_name(name) == PEAK_COUNT:
            break
        fields.setdefault(name, []).append(value)
        number, line = next(lines, (number, ""))
        if not line.strip():
            raise UnreadableFile(f"{source}, line {first}: the record has no `Num Peaks:`; export the file again")
    mz, intensity = _peaks(_count(value, f"{source}, line {number}"), number, lines, source)
    return MspRecord({name: tuple(told) for name, told in fields.items()}, mz, intensity, first)


def _is_peak(line: str) -> bool:
    plain = _ANNOTATION.sub("", line).replace("(", " ")
    return any(_number(word) is not None for word in plain.split(maxsplit=1)[:1]) and ":" not in plain


def _field(line: str, place: str) -> tuple[str, str]:
    name, colon, value = line.partition(":")
    if not colon or not name.strip():
        raise UnreadableFile(f"{place}: expected `Field: value`, got {line[:60]!r}")
    return name.strip().lower(), value.strip()


def _count(value: str, place: str) -> int:
    if not (value.isascii() and value.isdigit() and len(value) <= len(str(MAX_PEAKS))):
        raise UnreadableFile(f"{place}: expected a count of peaks up to {MAX_PEAKS}, got {value[:60]!r}")
    return int(value)


def _peaks(
    count: int, number: int, lines: Iterator[tuple[int, str]], source: str
) -> tuple[Sequence[float], Sequence[float]]:
    mz, intensity = array("d"), array("d")
    announced = number
    while len(mz) < count:
        number, line = next(lines, (number, ""))
        if not line.strip():
            raise UnreadableFile(f"{source}, line {announced}: {count} peaks announced, {len(mz)} came; export again")
        for at, height in _peaks_on(line, f"{source}, line {number}"):
            mz.append(at)
            intensity.append(height)
    if len(mz) > count:
        raise UnreadableFile(f"{source}, line {announced}: {count} peaks announced, more came; export again")
    return mz, intensity


def _peaks_on(line: str, place: str) -> Iterator[tuple[float, float]]:
    """Read `mz intensity`, or several of them parted by `;` or in brackets, each with an annotation or none.

    An annotation is quoted, or begins with what is no number: `82.0651 20 C5H8N+`.
    """
    plain = _ANNOTATION.sub('"', line) if '"' in line else line
    for part in (_PAIR.sub(r"\1;", plain) if "(" in plain else plain).split(";"):
        words = part.replace(",", " ").split()
        if words:
            yield _peak(words, line, place)


def _peak(words: Sequence[str], line: str, place: str) -> tuple[float, float]:
    at, height, *after = [_number(word) for word in (*words[:3], "", "")[:3]]
    if at is None or height is None or after != [None]:
        raise UnreadableFile(f"{place}: expected `m/z intensity`, got {line[:60]!r}")
    return at, height


def _number(text: str) -> float | None:
    try:
        return read_number(text)
    except ValueError:
        return None


def format_msp(records: Iterable[MspRecord]) -> str:
    """Write records as MSP; parse_msp reads the same fields and peaks back."""
    return "\n".join(_format(record) for record in records)


def _format(record: MspRecord) -> str:
    lines = [f"{_title(name)}: {value}" for name, values in record.fields.items() for value in values]
    lines.append(f"Num Peaks: {len(record.mz)}")
    lines += [f"{at!r} {height!r}" for at, height in zip(record.mz, record.intensity, strict=True)]
    return "\n".join(lines) + "\n"


_TITLES = {"db#": "DB#", "inchikey": "InChIKey", "smiles": "SMILES", "precursormz": "PrecursorMZ", "cas": "CAS"}


def _title(name: str) -> str:
    return _TITLES.get(name, name[:1].upper() + name[1:])
