"""Library search: how alike a reading and every entry are, as evidence of several kinds.

Each kind of evidence is a column of a table with a row for each entry; the ranker weighs them against one another.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum

import numpy as np
from numpy.typing import NDArray

from models.library import BAND_EDGES, Band, Library
from models.preprocessing import BINS, Bins

Table = NDArray[np.float32]

SMALL = np.float32(1e-9)
CANDIDATES = 48
"""How many entries are compared closely; the right one was among them nearly always, or nothing finds it."""
ABOVE_ION = 5
"""What lies further than this above a candidate's charged whole speaks against it (isotopes reach to +4)."""
LEAST_SEEN = np.float32(0.05)
"""Least part of an entry that is taken to be in the range of a scan."""
SODIUM = 22
"""[M+Na]+ lies this far above [M+H]+."""


class Evidence(IntEnum):
    """Columns of the table of evidence; each is near 0 to 1."""

    COSINE_MEAN = 0
    COSINE_BEST = 1
    COSINE_WORST = 2
    COSINE_MERGED = 3
    COSINE_MERGED_BEST = 4
    COSINE_AT_ENERGY = 5
    COSINE_RARE = 6
    EXPLAINED = 7
    PRESENT = 8
    ION_FIRST = 9
    ION_MOST = 10
    ION_EXPECTED = 11
    ABOVE_ION = 12
    BEHIND_MEAN = 13
    BEHIND_MERGED = 14
    BEHIND_RARE = 15
    ENTRY_PEAKS = 16
    READING_PEAKS = 17
    READING_SPECTRA = 18
    ALIKE = 19
    BEHIND_ALIKE = 20
    COSINE_SEEN = 21
    COSINE_MERGED_SEEN = 22
    BEHIND_SEEN = 23
    SCAN_START = 24


@dataclass(frozen=True, eq=False)
class Index:
    """A library weighed once for search, [.., BINS, entries].

    `weighed` [4] by sqrt(intensity) x sqrt(m/z), length 1; `rare` by sqrt(intensity) x how few entries have the bin,
    length 1; `share` by sqrt(intensity), sum 1. `embedding` [entries, E] is the network's view, length 1.
    """

    weighed: Bins
    rare: Bins
    share: Bins
    rarity: Bins
    ion_mz: NDArray[np.int64]
    ion_share: Bins
    peaks: Bins
    embedding: Bins

    @classmethod
    def of(cls, library: Library, embedding: Bins) -> "Index":
        """Weigh a library, one band at a time."""
        return cls.of_bands([library.band(band) for band in Band], library.ion_mz, embedding)

    @classmethod
    def of_bands(
        cls, bands: Sequence[Bins] | Bins, ion_mz: NDArray[np.int64], embedding: Bins, rarity: Bins | None = None
    ) -> "Index":
        """Weigh consensus spectra [4, BINS, entries]; `rarity` [BINS] is that of another library if given."""
        everything = np.sqrt(bands[Band.ALL])
        rarity = rarity_of(everything) if rarity is None else rarity
        return cls(
            weighed=np.stack([unit(np.sqrt(band) * mz_weights()[:, None], axis=0) for band in bands]),
            rare=unit(everything * rarity[:, None], axis=0),
            share=everything / np.maximum(everything.sum(axis=0), SMALL),
            rarity=rarity,
            ion_mz=ion_mz,
            ion_share=_ion_share(np.sqrt(bands[Band.LOW]), everything, ion_mz),
            peaks=np.count_nonzero(everything, axis=0).astype(np.float32),
            embedding=embedding,
        )


def _ion_share(low: Bins, everything: Bins, ion_mz: NDArray[np.int64]) -> Bins:
    """Height of each entry's charged whole beside its strongest peak, in the low band or where it has none in all."""
    entries = np.arange(len(ion_mz))
    ion = np.where(ion_mz < BINS, ion_mz, 0)
    has_low = low.any(axis=0)
    soft: Bins = np.where(has_low, low, everything)
    return np.asarray(soft[ion, entries] / np.maximum(soft.max(axis=0), SMALL), dtype=np.float32)


def mz_weights() -> Bins:
    """Return sqrt(m/z) of each bin: heavy ions say more."""
    return np.sqrt(np.arange(BINS, dtype=np.float32))


def rarity_of(root: Bins) -> Bins:
    """Weigh each bin of [BINS, entries] by the logarithm of how few entries have it."""
    entries = root.shape[1]
    return np.log((entries + 1) / ((root > 0).sum(axis=1) + 1)).astype(np.float32)


def unit(values: Bins, axis: int) -> Bins:
    """Bring vectors along `axis` to length 1; one of zeros stays."""
    length = np.sqrt(np.square(values).sum(axis=axis, keepdims=True))
    return np.asarray(values / np.maximum(length, SMALL), dtype=np.float32)


def cosines(index: Index, spectra: Bins) -> Table:
    """Weighted cosine of each spectrum [n, BINS] with each band of each entry: [n, 4, entries]."""
    weighed = unit(np.sqrt(spectra) * mz_weights(), axis=1)
    bins = np.flatnonzero(weighed.any(axis=0))
    return np.stack([weighed[:, bins] @ index.weighed[band][bins] for band in Band], axis=1)


def evidence(index: Index, spectra: Bins, energies: tuple[float | None, ...], embedding: Bins) -> Table:
    """Gather the evidence of `gather`, and how far each entry is behind the best."""
    return compared(gather(index, spectra, energies, embedding))


def shortlist(table: Table) -> NDArray[np.int64]:
    """Choose the CANDIDATES entries that the ranker compares, those with most evidence of the plainest kinds first."""
    score = table[:, Evidence.COSINE_SEEN] + table[:, Evidence.COSINE_MERGED] + table[:, Evidence.ALIKE]
    return np.argsort(-score, kind="stable")[:CANDIDATES]


def compared(table: Table) -> Table:
    """Fill the columns that say how far each entry is behind the best."""
    for behind, of in _BEHIND.items():
        table[:, behind] = table[:, of] - table[:, of].max()
    return table


def gather(index: Index, spectra: Bins, energies: tuple[float | None, ...], embedding: Bins) -> Table:
    """Gather a reading's evidence, [n, BINS] with the softest spectrum first, for every entry: [entries, Evidence].

    `energies` in eV or None where not told, one a spectrum; `embedding` [E] is the network's view of the reading.
    """
    merged = spectra.mean(axis=0)
    every = cosines(index, np.concatenate([spectra, merged[None]]))
    single, together = every[:-1], every[-1]
    best = single.max(axis=1)
    table = np.zeros((len(index.ion_mz), len(Evidence)), dtype=np.float32)
    table[:, Evidence.COSINE_MEAN] = best.mean(axis=0)
    table[:, Evidence.COSINE_BEST] = best.max(axis=0)
    table[:, Evidence.COSINE_WORST] = best.min(axis=0)
    table[:, Evidence.COSINE_MERGED] = together[Band.ALL]
    table[:, Evidence.COSINE_MERGED_BEST] = together.max(axis=0)
    table[:, Evidence.COSINE_AT_ENERGY] = _at_energy(index, single, energies)
    _seen(index, every, merged, table)
    _shares(index, merged, table)
    _ions(index, spectra, merged, table)
    table[:, Evidence.ALIKE] = index.embedding @ embedding
    table[:, Evidence.ENTRY_PEAKS] = np.log1p(index.peaks) / 4
    table[:, Evidence.READING_PEAKS] = np.log1p((merged > 0).sum()) / 4
    table[:, Evidence.READING_SPECTRA] = np.log1p(len(spectra)) / 2
    return table


_BEHIND = {
    Evidence.BEHIND_MEAN: Evidence.COSINE_MEAN,
    Evidence.BEHIND_MERGED: Evidence.COSINE_MERGED,
    Evidence.BEHIND_RARE: Evidence.COSINE_RARE,
    Evidence.BEHIND_ALIKE: Evidence.ALIKE,
    Evidence.BEHIND_SEEN: Evidence.COSINE_SEEN,
}


def _seen(index: Index, every: Table, merged: Bins, table: Table) -> None:
    """Cosines over the part of the m/z scale that the reading shows: its scan may begin above the lightest ions."""
    start = int(np.flatnonzero(merged)[0]) if merged.any() else 0
    light = index.weighed[:, :start]
    seen = np.sqrt(np.maximum(1 - np.einsum("kbn,kbn->kn", light, light), LEAST_SEEN))
    shares = np.minimum(every / seen, 1).max(axis=1)
    table[:, Evidence.COSINE_SEEN] = shares[:-1].mean(axis=0)
    table[:, Evidence.COSINE_MERGED_SEEN] = shares[-1]
    table[:, Evidence.SCAN_START] = start / 200


def _at_energy(index: Index, single: Table, energies: tuple[float | None, ...]) -> Table:
    """Mean cosine with the band in which each energy lies for each entry's mass; the best band where not told."""
    rows = [
        row.max(axis=0) if energy is None else np.take_along_axis(row, _bands(index, energy)[None], axis=0)[0]
        for row, energy in zip(single, energies, strict=True)
    ]
    return np.mean(rows, axis=0)


def _bands(index: Index, energy: float) -> NDArray[np.int64]:
    normalised = energy * 500 / np.maximum(index.ion_mz, 1)
    return np.searchsorted(BAND_EDGES, normalised)


def _shares(index: Index, merged: Bins, table: Table) -> None:
    """How much of the reading the entry explains, how much of the entry is in the reading, and rare ions in common."""
    bins = np.flatnonzero(merged)
    root = np.sqrt(merged[bins])
    share = index.share[bins]
    rare = unit(root * index.rarity[bins], axis=0)
    table[:, Evidence.COSINE_RARE] = rare @ index.rare[bins]
    table[:, Evidence.EXPLAINED] = (root / max(float(root.sum()), float(SMALL))) @ (share > 0)
    table[:, Evidence.PRESENT] = share.sum(axis=0)


def _ions(index: Index, spectra: Bins, merged: Bins, table: Table) -> None:
    """Whether the entry's charged whole is there, as strong as expected, and whether ions lie above it."""
    relative = np.sqrt(spectra / np.maximum(spectra.max(axis=1, keepdims=True), SMALL))
    ion = np.where(index.ion_mz < BINS, index.ion_mz, 0)
    root = np.sqrt(merged)
    cumulated = np.concatenate([np.zeros(1, np.float32), np.cumsum(root, dtype=np.float32)])
    edge = np.minimum(index.ion_mz + ABOVE_ION, BINS)
    sodium = np.minimum(index.ion_mz + SODIUM, BINS - 1)
    adduct = np.where(edge < BINS, root[sodium], np.float32(0))
    table[:, Evidence.ION_FIRST] = relative[0, ion]
    table[:, Evidence.ION_MOST] = relative.max(axis=0)[ion]
    table[:, Evidence.ION_EXPECTED] = table[:, Evidence.ION_FIRST] - index.ion_share
    table[:, Evidence.ABOVE_ION] = (cumulated[-1] - cumulated[edge] - adduct) / max(float(cumulated[-1]), float(SMALL))
