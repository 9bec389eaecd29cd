"""The measured records that a build starts from, in unit bins."""

import gzip
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from models.msp import MspRecord, parse_msp
from models.preprocessing import BINS, MASS_DEFECT, above_floor, to_bins, without_isotopes

FILES = ("massbank-positive-cid.msp.gz", "fentanyl-cid.msp.gz")
PROTON = 1.00728
_COMMENT = re.compile(r'"([^"=]+)=([^"]*)"')


@dataclass(frozen=True, eq=False)
class Measured:
    """One record. `bins` and `intensity` are its unit-bin peaks, sum 1; `energy` in eV or None."""

    accession: str
    contributor: str
    licence: str
    name: str
    inchikey: str
    formula: str
    ion_mz: int
    energy: float | None
    bins: NDArray[np.int64] = field(repr=False)
    intensity: NDArray[np.float32] = field(repr=False)
    record: MspRecord = field(repr=False)

    @property
    def skeleton(self) -> str:
        """First block of the InChIKey: the compound."""
        return self.inchikey[:14]


def read_corpus(data: Path) -> list[Measured]:
    """Read every positive CID record under `data/spectra` (or `data` itself), in the order of the files."""
    folder = data / "spectra" if (data / "spectra").is_dir() else data
    measured = (_measured(record, file) for file in FILES for record in _records(folder / file))
    return [record for record in measured if record.bins.size]


def digest_of(records: Iterable[Measured]) -> str:
    """SHA-256 over the sorted accessions: which records a build saw."""
    return sha256("\n".join(sorted(record.accession for record in records)).encode()).hexdigest()


def _records(path: Path) -> Iterator[MspRecord]:
    yield from parse_msp(gzip.decompress(path.read_bytes()).decode(), path.name)


def _measured(record: MspRecord, file: str) -> Measured:
    comments = dict(_COMMENT.findall(record.text("comments")))
    spectrum = record.spectrum
    bins = without_isotopes(above_floor(to_bins(spectrum.mz, spectrum.intensity)))
    at = np.flatnonzero(bins)
    return Measured(
        accession=record.text("db#") or f"{file.partition('.')[0]}-{_content_digest(record)}",
        contributor=comments["contributor"],
        licence=comments["licence"],
        name=record.name,
        inchikey=record.text("inchikey"),
        formula=record.text("formula"),
        ion_mz=_ion_mz(record),
        energy=spectrum.collision_energy,
        bins=at,
        intensity=(bins[at] / bins[at].sum()).astype(np.float32) if at.size else np.zeros(0, np.float32),
        record=record,
    )


def _content_digest(record: MspRecord) -> str:
    """Name a record that has no accession by what it holds."""
    return sha256(repr((record.fields, tuple(record.mz), tuple(record.intensity))).encode()).hexdigest()[:12]


def _ion_mz(record: MspRecord) -> int:
    mass = record.number("exactmass")
    proton = 0.0 if record.text("precursor_type") == "[M]+" else PROTON
    mz = record.number("precursormz") if mass is None else mass + proton
    return min(round((mz or 0.0) * (1 - MASS_DEFECT)), 4 * BINS)
