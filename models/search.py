"""Library search: how alike a reading and each entry are, over all entries at once."""

import numpy as np
from numpy.typing import NDArray

from models.library import Band, Library
from models.preprocessing import BINS, Bins, Prepared

Scores = NDArray[np.float32]

MZ_WEIGHTS = np.sqrt(np.arange(BINS, dtype=np.float32))


def weigh(spectra: Bins) -> Bins:
    """Weigh bins [..., BINS] by sqrt(intensity) x sqrt(m/z) and bring each spectrum to length 1."""
    weighed = np.sqrt(spectra) * MZ_WEIGHTS
    length = np.linalg.norm(weighed, axis=-1, keepdims=True)
    return weighed / np.where(length > 0, length, np.float32(1))


class Index:
    """A library weighed once for search."""

    def __init__(self, library: Library) -> None:
        weighed = np.sqrt(library.bands) * MZ_WEIGHTS[:, None]
        length = np.linalg.norm(weighed, axis=1, keepdims=True)
        self._weighed: Bins = weighed / np.where(length > 0, length, np.float32(1))

    def cosines(self, spectra: Bins) -> Scores:
        """Weighted cosine of each spectrum [n, BINS] with each band of each entry: [n, 4, entries]."""
        weighed = weigh(spectra)
        bins = np.flatnonzero(weighed.any(axis=0))
        return np.stack([weighed[:, bins] @ self._weighed[band][bins] for band in Band], axis=1)


def search(index: Index, reading: Prepared) -> Scores:
    """Score every entry: the mean over the reading's spectra of the best cosine among the entry's bands, 0 to 1."""
    return index.cosines(reading.bins).max(axis=1).mean(axis=0)
