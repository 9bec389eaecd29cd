"""The reference library from measured records: one consensus per compound and energy band."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence

import numpy as np

from models.catalogue import Catalogue
from models.library import Band, Library, LibraryEntry, Source, band_of
from models.preprocessing import BINS, Bins
from models.training.corpus import Measured

MOST_PEAKS = 64
LEAST_PART = 0.002


def build_library(records: Iterable[Measured], catalogue: Catalogue) -> Library:
    """Make the library of `records`: compounds in the order of their InChIKeys."""
    compounds: dict[str, list[Measured]] = defaultdict(list)
    for record in records:
        compounds[record.skeleton].append(record)
    ordered = [compounds[skeleton] for skeleton in sorted(compounds)]
    bands = np.stack([consensus(compound) for compound in ordered], axis=-1)
    return Library.of(tuple(_entry(compound, catalogue) for compound in ordered), bands)


def consensus(compound: Sequence[Measured]) -> Bins:
    """Mean spectra [4, BINS] of one compound: within a laboratory first, then over laboratories."""
    rows = np.zeros((len(Band), BINS), dtype=np.float32)
    for band in Band:
        laboratories: dict[str, list[Measured]] = defaultdict(list)
        for record in compound:
            if band in (Band.ALL, band_of(record.energy, max(record.ion_mz, 1))):
                laboratories[record.contributor].append(record)
        if laboratories:
            rows[band] = _strongest(np.mean([_mean(group) for group in laboratories.values()], axis=0))
    return rows


def _mean(records: Sequence[Measured]) -> Bins:
    row = np.zeros(BINS, dtype=np.float32)
    for record in records:
        row[record.bins] += record.intensity
    return row / np.float32(len(records))


def _strongest(row: Bins) -> Bins:
    """Keep the peaks that a field instrument could show, at most MOST_PEAKS."""
    least = max(float(np.partition(row, -MOST_PEAKS)[-MOST_PEAKS]), LEAST_PART * float(row.max()))
    kept = np.where(row >= least, row, np.float32(0))
    return kept / kept.sum()


def _entry(compound: Sequence[Measured], catalogue: Catalogue) -> LibraryEntry:
    inchikey = _most_common(record.inchikey for record in compound)
    substance = catalogue.find(inchikey)
    return LibraryEntry(
        name=substance.name if substance else _most_common(record.name for record in compound),
        inchikey=inchikey,
        formula=_most_common(record.formula for record in compound),
        family=substance.family if substance else "",
        ion_mz=int(_most_common(str(record.ion_mz) for record in compound)),
        sources=tuple(Source(record.accession, record.contributor, record.licence) for record in compound),
    )


def _most_common(values: Iterable[str]) -> str:
    """Return the value most often met; of equals the first in the alphabet."""
    counts: Mapping[str, int] = Counter(values)
    return min(counts, key=lambda value: (-counts[value], value))
