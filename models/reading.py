"""Spectrum files brought by hand: what one file holds, as readings."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from models.errors import MalformedSpectrum, UnreadableFile
from models.jcampdx import parse_jcamp
from models.msp import MspRecord, parse_msp
from models.spectrum import Spectrum
from models.tables import parse_table

MAX_FILE_BYTES = 256 * 2**20

Parser = Callable[[str, str], Spectrum]


@dataclass(frozen=True)
class Sample:
    """One reading: what it is called and its spectra, one for each energy.

    `problem` says why a spectrum of it could not be taken, None where all could; such a reading never gets a name.
    """

    name: str
    spectra: tuple[Spectrum, ...]
    problem: str | None = None


def read_samples(path: Path) -> list[Sample]:
    """Read a file of MSP, JCAMP-DX (.jdx, .dx, .jcamp) or m/z,intensity (.csv, .tsv, .txt).

    MSP records that share a `Sample:` field are one reading, others stand alone. Raises UnreadableFile.
    """
    text = _text(path)
    match path.suffix.lower():
        case ".msp":
            return join_records(list(parse_msp(text, path.name)))
        case ".jdx" | ".dx" | ".jcamp":
            return [_single(path, text, parse_jcamp)]
        case ".csv" | ".tsv" | ".txt":
            return [_single(path, text, parse_table)]
        case other:
            raise UnreadableFile(
                f"{path.name}: {other or 'no ending'}; expected .msp, .jdx, .dx, .jcamp, .csv, .tsv, .txt"
            )


def join_records(records: list[MspRecord]) -> list[Sample]:
    """Bring records that share a `Sample:` field together, in the order in which they first come."""
    groups: dict[tuple[str, int], list[MspRecord]] = {}
    for record in records:
        sample = record.text("sample")
        groups.setdefault((sample or record.name, 0 if sample else record.line), []).append(record)
    return [_join(name, group) for (name, _), group in groups.items()]


def _join(name: str, records: list[MspRecord]) -> Sample:
    spectra: list[Spectrum] = []
    problem = None
    for record in records:
        try:
            spectra.append(record.spectrum)
        except MalformedSpectrum as malformed:
            problem = problem or f"record on line {record.line}: {malformed}"
    return Sample(name, tuple(spectra), problem)


def _text(path: Path) -> str:
    try:
        if path.stat().st_size > MAX_FILE_BYTES:
            raise UnreadableFile(f"{path.name}: {path.stat().st_size} bytes; at most {MAX_FILE_BYTES} are read")
        return path.read_text(encoding="utf-8", errors="replace")
    except OSError as error:
        raise UnreadableFile(f"{path.name}: {error.strerror or error}") from error


def _single(path: Path, text: str, parse: Parser) -> Sample:
    try:
        return Sample(path.stem, (parse(text, path.name),))
    except MalformedSpectrum as malformed:
        return Sample(path.stem, (), str(malformed))
