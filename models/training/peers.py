"""The open searches to be beaten, on the same library and the same readings.

- *plain* and *weighted cosine* (S. E. Stein, D. R. Scott, J. Am. Soc. Mass Spectrom. 1994, 5, 859): sqrt(intensity),
  and that times sqrt(m/z); each spectrum of a reading against every measured one, the best of an entry counts, the
  mean over the reading ranks. On nominal masses this is CosineGreedy of matchms, see `models/training/speed.py`.
- *merged cosine*: all spectra of a reading added, against all of an entry added, weighted.
- *spectral entropy* (Y. Li et al., Nat. Methods 2021, 18, 1524; flash search 2023, 20, 1475), computed by `ms_entropy`.
- *inverted search* (A. S. Moorthy, E. Sisco, J. Am. Soc. Mass Spectrom. 2021, 32, 1725), for in-source CID: the peaks
  of the softest spectrum are targets; entries whose charged whole is no target stand behind all others; the rest are
  ranked by the cosine over the entry's own ions only, so that what else is in the reading does not count, and by the
  fraction of intensity that the entry explains.
"""

from importlib import import_module
from typing import Any

import numpy as np
from numpy.typing import NDArray

from models.library import Band, Library
from models.preprocessing import BINS, Bins
from models.search import PLAIN, SMALL, USUAL, Peaks, Places

TARGET = 0.05
"""Least height of a target beside the strongest peak of the softest spectrum."""
TOLERANCE = 0.3
NAMES = ("weighted cosine", "plain cosine", "merged cosine", "spectral entropy", "inverted search")


class Peers:
    """Every peer, made ready for one library."""

    def __init__(self, library: Library) -> None:
        spectra = Peaks.of(library.spectra.packed)
        self._firsts = np.searchsorted(library.spectra.owner, np.arange(len(library.entries)))
        self._usual, self._plain = (_by_bin(spectra, spectra.weighed(weighing)) for weighing in (USUAL, PLAIN))
        self._inverted = Inverted(library)
        self._whole = USUAL.of(library.band(Band.ALL).T)
        self._flash = flash_of(spectra)

    def scores(self, spectra: Bins) -> dict[str, Bins]:
        """Score every entry by every peer for one reading [n, BINS], softest first."""
        merged = USUAL.of(spectra.mean(axis=0))
        return {
            "weighted cosine": _best(_products(USUAL.of(spectra), self._usual), self._firsts),
            "plain cosine": _best(_products(PLAIN.of(spectra), self._plain), self._firsts),
            "merged cosine": self._whole @ merged,
            "spectral entropy": _best(np.stack([entropy_search(self._flash, row) for row in spectra]), self._firsts),
            "inverted search": self._inverted.scores(spectra),
        }


class Inverted:
    """Inverted search, made ready for one library."""

    def __init__(self, library: Library) -> None:
        spectra = Peaks.of(library.spectra.packed)
        self._firsts = np.searchsorted(library.spectra.owner, np.arange(len(library.entries)))
        self._usual = _by_bin(spectra, spectra.weighed(USUAL))
        self._there = _by_bin(spectra, np.ones_like(spectra.root))
        self._targets = np.where(library.ion_mz < BINS, library.ion_mz, 0)

    def scores(self, spectra: Bins) -> Bins:
        """Score every entry for one reading [n, BINS], softest first."""
        queries = USUAL.of(spectra)
        shared = _products(np.square(queries), self._there)
        reverse = _products(queries, self._usual) * (1 / np.sqrt(np.maximum(shared, SMALL))).astype(np.float32)
        explained = _products(spectra, self._there)
        targeted = spectra[0] >= TARGET * spectra[0].max()
        return _best(reverse, self._firsts) + _best(explained, self._firsts) + np.float32(2) * targeted[self._targets]


def _best(scores: Bins, firsts: Places) -> Bins:
    """Take each entry's best spectrum, and the mean over the reading."""
    return np.asarray(np.maximum.reduceat(scores, firsts, axis=1).mean(axis=0), dtype=np.float32)


def _by_bin(spectra: Peaks, values: Bins) -> Bins:
    return np.ascontiguousarray(spectra.on_bins(values).T)


def _products(queries: Bins, by_bin: Bins) -> Bins:
    """Products of queries [n, BINS] with spectra [BINS, m]: [n, m]."""
    bins = np.flatnonzero(queries.any(axis=0))
    return np.asarray(queries[:, bins] @ by_bin[bins], dtype=np.float32)


def flash_of(spectra: Peaks) -> Any:  # noqa: ANN401 - ms_entropy has no types
    """Build the flash entropy index of measured spectra; peaks under 1 % are left out, as in the paper."""
    flash: Any = import_module("ms_entropy").FlashEntropySearch(max_ms2_tolerance_in_da=TOLERANCE)
    rows = [
        {"precursor_mz": 0.0, "row": row, "peaks": _peaks(spectra.bins[at], np.square(spectra.root[at]))}
        for row, (start, count) in enumerate(zip(spectra.starts, spectra.counts, strict=True))
        for at in (slice(start, start + count),)
    ]
    ordered = flash.build_index(rows, max_indexed_mz=BINS, min_ms2_difference_in_da=2 * TOLERANCE, **_WHOLE)
    if [row["row"] for row in ordered] != list(range(len(rows))):
        raise ValueError("flash entropy search put the spectra in another order")
    return flash


_WHOLE = {"precursor_ions_removal_da": None}
"""Nothing is isolated: the precursor stays in."""


def entropy_search(flash: Any, spectrum: Bins) -> Bins:  # noqa: ANN401 - as above
    """Entropy similarity of one spectrum [BINS] with every spectrum of the index."""
    at = np.flatnonzero(spectrum)
    peaks = _peaks(at, spectrum[at])
    spacing = {"ms2_tolerance_in_da": TOLERANCE, "min_ms2_difference_in_da": 2 * TOLERANCE}
    found = flash.search(precursor_mz=0.0, peaks=peaks, method="open", **spacing, **_WHOLE)
    return np.asarray(found["open_search"], dtype=np.float32)


def _peaks(bins: NDArray[Any], heights: Bins) -> Bins:
    return np.stack([bins, heights], axis=1).astype(np.float32)
