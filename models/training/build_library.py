"""The reference library from measured records: one consensus per compound and energy band."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from functools import cache

import numpy as np

from models.catalogue import Catalogue
from models.library import Band, Library, LibraryEntry, Packed, Source, Spectra, band_of
from models.preprocessing import BINS, Bins
from models.training.corpus import Measured

MOST_PEAKS = 64
LEAST_PART = 0.002
SPECTRUM_PEAKS = 32
SPECTRUM_PART = 0.005
CODE = re.compile(r"[A-Z]{3}_(p_)?M?\d|_BTP_M\d")
"""Names that some laboratories give to transformation products: letters, mass, retention time."""
ENERGY_STEP = 10.0
"""Records of one laboratory whose energies round to the same multiple of this, in eV, are one spectrum."""


def build_library(records: Iterable[Measured], catalogue: Catalogue) -> Library:
    """Make the library of `records`: compounds in the order of their InChIKeys."""
    compounds: dict[str, list[Measured]] = defaultdict(list)
    for record in records:
        compounds[record.skeleton].append(record)
    ordered = [tuple(compounds[skeleton]) for skeleton in sorted(compounds)]
    bands = np.stack([consensus(compound) for compound in ordered], axis=-1)
    return Library.of(tuple(_entry(compound, catalogue) for compound in ordered), bands, spectra_of(ordered))


def places(library: Library) -> dict[str, int]:
    """Where each compound stands in the library."""
    return {entry.skeleton: at for at, entry in enumerate(library.entries)}


def spectra_of(compounds: Sequence[tuple[Measured, ...]]) -> Spectra:
    """Keep each compound's spectra one by one: a laboratory's mean at each energy, its strongest peaks."""
    rows: list[Bins] = []
    owner: list[int] = []
    energies: list[float] = []
    for at, compound in enumerate(compounds):
        for row, energy in _spectra_of(compound):
            rows.append(row)
            owner.append(at)
            energies.append(np.nan if energy is None else energy)
    return Spectra(Packed.of(np.stack(rows, axis=1)), np.array(owner, "<i4"), np.array(energies, "<f4"))


@cache
def _spectra_of(compound: tuple[Measured, ...]) -> tuple[tuple[Bins, float | None], ...]:
    return tuple(
        (_strongest(_mean(group), SPECTRUM_PEAKS, SPECTRUM_PART), group[0].energy) for group in _by_energy(compound)
    )


def _by_energy(compound: Sequence[Measured]) -> list[list[Measured]]:
    groups: dict[tuple[str, float], list[Measured]] = defaultdict(list)
    for record in compound:
        step = -1.0 if record.energy is None else round(record.energy / ENERGY_STEP)
        groups[record.contributor, step].append(record)
    return [groups[key] for key in sorted(groups)]


@cache
def consensus(compound: tuple[Measured, ...]) -> Bins:
    """Mean spectra [4, BINS] of one compound: within a laboratory first, then over laboratories."""
    rows = np.zeros((len(Band), BINS), dtype=np.float32)
    for band in Band:
        laboratories: dict[str, list[Measured]] = defaultdict(list)
        for record in compound:
            if band in (Band.ALL, band_of(record.energy, max(record.ion_mz, 1))):
                laboratories[record.contributor].append(record)
        if laboratories:
            rows[band] = _strongest(
                np.mean([_mean(group) for group in laboratories.values()], axis=0), MOST_PEAKS, LEAST_PART
            )
    return rows


def _mean(records: Sequence[Measured]) -> Bins:
    row = np.zeros(BINS, dtype=np.float32)
    for record in records:
        row[record.bins] += record.intensity
    return row / np.float32(len(records))


def _strongest(row: Bins, most: int, part: float) -> Bins:
    """Keep the peaks that a field instrument could show: at most `most`, none under `part` of the strongest."""
    least = max(float(np.partition(row, -most)[-most]), part * float(row.max()))
    kept = np.where(row >= least, row, np.float32(0))
    return kept / kept.sum()


def _entry(compound: Sequence[Measured], catalogue: Catalogue) -> LibraryEntry:
    inchikey = _most_common(record.inchikey for record in compound)
    substance = catalogue.find(inchikey)
    return LibraryEntry(
        name=substance.name if substance else _name_of(compound),
        inchikey=inchikey,
        formula=_most_common(record.formula for record in compound),
        family=substance.family if substance else "",
        ion_mz=int(_most_common(str(record.ion_mz) for record in compound)),
        sources=tuple(Source(record.accession, record.contributor, record.licence) for record in compound),
    )


def _name_of(compound: Sequence[Measured]) -> str:
    """Return the commonest name, a laboratory's code only where there is no other."""
    names = [record.name for record in compound]
    return _most_common([name for name in names if not CODE.search(name)] or names)


def _most_common(values: Iterable[str]) -> str:
    """Return the value most often met; of equals the first in the alphabet."""
    counts: Mapping[str, int] = Counter(values)
    return min(counts, key=lambda value: (-counts[value], value))
