"""Sample: what one reading consists of, and MSP records joined into readings."""

from dataclasses import dataclass

from models.errors import MalformedSpectrum
from models.msp import MspRecord, falls
from models.spectrum import Spectrum


@dataclass(frozen=True)
class Sample:
    """One reading: what it is called and its spectra, one for each energy.

    `problem` says why a spectrum of it could not be taken, None where all could; such a reading never gets a name.
    `notes` say what was put right.
    """

    name: str
    spectra: tuple[Spectrum, ...]
    problem: str | None = None
    notes: tuple[str, ...] = ()


FELL = "m/z came falling and was put in rising order"


def join_records(records: list[MspRecord]) -> list[Sample]:
    """Bring records that share a `Sample:` field together, in the order in which they first come."""
    return [join(name, group) for name, group in group_records(records)]


def group_records(records: list[MspRecord]) -> list[tuple[str, list[MspRecord]]]:
    """Return the names of readings, and the records of each."""
    groups: dict[tuple[str, int], list[MspRecord]] = {}
    for record in records:
        sample = record.text("sample")
        groups.setdefault((sample or record.name, 0 if sample else record.line), []).append(record)
    return [(name, group) for (name, _), group in groups.items()]


def join(name: str, records: list[MspRecord]) -> Sample:
    """Return the records of one reading as one."""
    spectra: list[Spectrum] = []
    problem = None
    for record in records:
        try:
            spectra.append(record.spectrum)
        except MalformedSpectrum as malformed:
            problem = problem or f"record on line {record.line}: {malformed}"
    notes = tuple(f"record on line {record.line}: {FELL}" for record in records if falls(record.mz))
    return Sample(name, tuple(spectra), problem, notes)
