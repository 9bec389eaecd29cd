"""MSP text (NIST): fields, `Num Peaks:`, one peak on a line, a blank line between records."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from models.energy import parse_collision_energy
from models.errors import UnreadableFile
from models.spectrum import MAX_PEAKS, Polarity, Spectrum, Technique

PEAK_COUNT = "num peaks"
_EI = re.compile(r"\bEI\b", re.IGNORECASE)
_ANNOTATION = re.compile(r'"[^"]*"')


@dataclass(frozen=True)
class MspRecord:
    """One record: its fields in order (name in lower case, every value it had) and its peaks as they stand.

    `line` is where the record begins in its source, counted from 1.
    """

    fields: Mapping[str, tuple[str, ...]]
    mz: tuple[float, ...] = field(repr=False)
    intensity: tuple[float, ...] = field(repr=False)
    line: int = 1

    def text(self, name: str, default: str = "") -> str:
        """Return the first value of a field, whatever the case of its name."""
        return self.fields.get(name.lower(), (default,))[0]

    def number(self, name: str) -> float | None:
        """Return a field as a number, None where it is absent or says nothing."""
        try:
            value = float(self.text(name))
        except ValueError:
            return None
        return value if np.isfinite(value) else None

    @property
    def name(self) -> str:
        """What the record calls its substance."""
        return self.text("name")

    @property
    def spectrum(self) -> Spectrum:
        """The peaks as a Spectrum; peaks at one and the same m/z are added. Raises MalformedSpectrum."""
        mz, intensity = add_equal_mz(self.mz, self.intensity)
        precursor = self.number("precursormz")
        energy = self.text("collision_energy") or self.text("collisionenergy")
        return Spectrum(
            mz,
            intensity,
            technique=self._technique(precursor),
            collision_energy=parse_collision_energy(energy, precursor, self.text("instrument_type")),
            precursor_mz=precursor,
            polarity=Polarity.NEGATIVE if self.text("ion_mode", "P").upper().startswith("N") else Polarity.POSITIVE,
        )

    def _technique(self, precursor: float | None) -> Technique:
        if _EI.search(self.text("instrument_type")):
            return Technique.EI
        return Technique.IN_SOURCE_CID if precursor is None else Technique.CID


def add_equal_mz(mz: Iterable[float], intensity: Iterable[float]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Add neighbouring peaks that were rounded onto one m/z; the order is left as it is."""
    merged_mz: list[float] = []
    merged: list[float] = []
    for at, height in zip(mz, intensity, strict=True):
        if merged_mz and at == merged_mz[-1]:
            merged[-1] += height
        else:
            merged_mz.append(at)
            merged.append(height)
    return np.array(merged_mz, dtype=np.float64), np.array(merged, dtype=np.float64)


def parse_msp(text: str, source: str = "MSP") -> Iterator[MspRecord]:
    """Read every record of `text`.

    Raises UnreadableFile, naming `source` and the line, for a line that is neither a field nor a peak, for a count of
    peaks that is not the one announced, and for a record without `Num Peaks:`.
    """
    lines = enumerate(text.splitlines(), start=1)
    for number, line in lines:
        if line.strip():
            yield _record(number, line, lines, source)


def _record(first: int, line: str, lines: Iterator[tuple[int, str]], source: str) -> MspRecord:
    fields: dict[str, tuple[str, ...]] = {}
    number = first
    while True:
        name, value = _field(line, f"{source}, line {number}")
        if name == PEAK_COUNT:
            break
        fields[name] = (*fields.get(name, ()), value)
        number, line = next(lines, (number, ""))
        if not line.strip():
            raise UnreadableFile(f"{source}, line {first}: the record has no `Num Peaks:`; export the file again")
    mz, intensity = _peaks(_count(value, f"{source}, line {number}"), number, lines, source)
    return MspRecord(fields, tuple(mz), tuple(intensity), first)


def _field(line: str, place: str) -> tuple[str, str]:
    name, colon, value = line.partition(":")
    if not colon or not name.strip():
        raise UnreadableFile(f"{place}: expected `Field: value`, got {line[:60]!r}")
    return name.strip().lower(), value.strip()


def _count(value: str, place: str) -> int:
    if not (value.isascii() and value.isdigit() and len(value) <= len(str(MAX_PEAKS))):
        raise UnreadableFile(f"{place}: expected a count of peaks up to {MAX_PEAKS}, got {value[:60]!r}")
    return int(value)


def _peaks(count: int, number: int, lines: Iterator[tuple[int, str]], source: str) -> tuple[list[float], list[float]]:
    mz: list[float] = []
    intensity: list[float] = []
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
    """Read `mz intensity` or several of them parted by `;`, each with a quoted annotation or none."""
    for part in _ANNOTATION.sub("", line).split(";"):
        words = part.replace(",", " ").split()
        if not words:
            continue
        try:
            at, height = (float(word) for word in words)
        except ValueError:
            raise UnreadableFile(f"{place}: expected `m/z intensity`, got {line[:60]!r}") from None
        yield at, height


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
