"""The nearest known structures: library entries as they are, or with their heavy part moved by a change of mass."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from models.families import broken
from models.library import Band, Library
from models.preprocessing import BINS, Bins

MOST_MOVED = 150
"""Largest change of mass that leaves a structure comparable."""

AS_IT_IS = 0.05
"""An entry that is alike within this without being moved is taken as it is."""

Values = NDArray[np.float64]


@dataclass(frozen=True)
class Near:
    """A known structure, by how much its mass is changed (0: not at all), and how alike the reading is then, 0 to 1."""

    name: str
    inchikey: str
    moved: int
    likeness: float


class Structures:
    """Some entries of a library, weighed for the search of analogues.

    After Moorthy et al., Anal. Chem. 89 (2017) 13261 (hybrid similarity search): a peak of the entry counts where it
    stands, or moved by the difference between the charged wholes of reading and entry.
    """

    def __init__(self, library: Library, places: Sequence[int]) -> None:
        self._entries = [library.entries[at] for at in places]
        self._ion_mz = library.ion_mz[list(places)]
        fragments = np.arange(BINS) < self._ion_mz[:, None] - 1
        self._spectra = weighed(np.where(fragments, library.band(Band.ALL).T[list(places)], np.float32(0))).T

    def likeness(self, bins: Bins, wholes: Sequence[int]) -> tuple[Values, NDArray[np.int64]]:
        """Compare a reading's broken ions [n, BINS]: likeness of each entry, and the change of mass it is best with.

        The whole does not count: moved by the difference it would always be alike.
        """
        query = weighed(broken(bins, wholes).mean(axis=0).astype(np.float32))
        at = np.flatnonzero(query)
        direct = self._spectra[at]
        rows, moves = [query[at] @ direct], [np.zeros_like(self._ion_mz)]
        for whole in wholes:
            moved = whole - self._ion_mz
            rows.append(query[at] @ np.maximum(direct, self._moved(at, moved)))
            moves.append(moved)
        best = np.argmax(rows, axis=0)
        entries = np.arange(len(self._entries))
        likeness = np.minimum(np.stack(rows)[best, entries], 1.0).astype(np.float64)
        return likeness, np.where(rows[0] >= likeness - AS_IT_IS, 0, np.stack(moves)[best, entries])

    def named(self, entry: int, moved: int, likeness: float) -> Near:
        """Name one of the entries."""
        return Near(self._entries[entry].name, self._entries[entry].inchikey, moved, round(likeness, 3))

    def _moved(self, at: NDArray[np.int64], moved: NDArray[np.int64]) -> Bins:
        """Heights of each entry, moved, at the bins `at`: [bins, entries]."""
        place = at[:, None] - moved[None]
        inside = (place >= 0) & (place < BINS) & (np.abs(moved) <= MOST_MOVED)
        heights = self._spectra[np.clip(place, 0, BINS - 1), np.arange(len(moved))]
        return np.where(inside, heights, np.float32(0))


def weighed(spectra: Bins) -> Bins:
    """Weigh spectra [.., BINS] by sqrt(intensity) x sqrt(m/z), each of length 1."""
    weighed = np.sqrt(spectra * np.arange(BINS, dtype=np.float32))
    return weighed / np.maximum(np.linalg.norm(weighed, axis=-1, keepdims=True), np.float32(1e-9))
