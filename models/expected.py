"""Spectra that the structures of the library's compounds would give, soft, middle and hard: calculated, not measured.

They speak where nobody measured a compound as hard as a reading was. `models.training.expected` calculates them.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, cast

import cbor2
import numpy as np
from numpy.typing import NDArray

from models.errors import UnusableBundle
from models.library import LibraryEntry, Packed
from models.preprocessing import BINS, Bins

FORMAT = "garita.expected/1"
SOFTNESSES = 3
"""Soft, middle and hard spectrum of each compound."""
MOST_PEAKS = 40


@dataclass(frozen=True, eq=False)
class Expected:
    """Spectra of the compounds, SOFTNESSES of each, one compound after the other."""

    skeletons: tuple[str, ...]
    packed: Packed = field(repr=False)

    @classmethod
    def of(cls, spectra: Mapping[str, Bins]) -> "Expected":
        """Keep the highest peaks of spectra [SOFTNESSES, BINS], by skeleton."""
        skeletons = tuple(sorted(spectra))
        rows = np.zeros((BINS, SOFTNESSES * len(skeletons)), dtype=np.float32)
        for at, skeleton in enumerate(skeletons):
            rows[:, SOFTNESSES * at : SOFTNESSES * (at + 1)] = _highest(spectra[skeleton]).T
        return cls(skeletons, Packed.of(rows))

    @classmethod
    def from_bytes(cls, data: bytes) -> "Expected":
        """Read what to_bytes wrote. Raises UnusableBundle."""
        try:
            value = cast("dict[str, Any]", cbor2.loads(data))
            if value["format"] != FORMAT:
                raise UnusableBundle(f"the expected spectra are {value['format']!r}; this software reads {FORMAT!r}")
            skeletons = tuple(map(str, value["skeletons"]))
            return cls(skeletons, Packed.of_arrays(value["spectra"], SOFTNESSES * len(skeletons)))
        except (cbor2.CBORDecodeError, KeyError, ValueError, TypeError, IndexError, AttributeError) as error:
            raise UnusableBundle(f"the expected spectra cannot be read ({error!r}); load the bundle again") from error

    def to_bytes(self) -> bytes:
        """Write the byte form: deterministic CBOR, `docs/formats/bundle.md`."""
        value = {"format": FORMAT, "skeletons": list(self.skeletons), "spectra": self.packed.arrays()}
        return cbor2.dumps(value, canonical=True)

    def of_entries(self, entries: Sequence[LibraryEntry]) -> Packed:
        """Return the spectra of some entries, SOFTNESSES of each; those of a compound without structure are empty."""
        place = {skeleton: at for at, skeleton in enumerate(self.skeletons)}
        at = np.array([place.get(entry.skeleton, len(place)) for entry in entries], dtype=np.int64)
        empty = np.zeros(SOFTNESSES, dtype=self.packed.counts.dtype)
        counts = np.concatenate([self.packed.counts, empty])
        return Packed(counts, self.packed.bins, self.packed.levels).take(rows_of(at))

    def of_compounds(self, places: NDArray[np.int64]) -> "Expected":
        """Keep the compounds at some places."""
        return Expected(tuple(self.skeletons[at] for at in map(int, places)), self.packed.take(rows_of(places)))


def rows_of(places: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return where the spectra of compounds stand, SOFTNESSES of each."""
    return (SOFTNESSES * places[:, None] + np.arange(SOFTNESSES)).reshape(-1)


def _highest(spectra: Bins) -> Bins:
    least = np.partition(spectra, -MOST_PEAKS, axis=1)[:, -MOST_PEAKS, None]
    return np.where(spectra >= least, spectra, np.float32(0))
