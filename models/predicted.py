"""What the structures of drugs would leave that nobody shared a spectrum of: spectra calculated, not measured.

They name nothing: a reading that shows such ions, and the whole of that mass, speaks for the family of the drug.
`models.training.fragmentation` calculates them.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast

import cbor2
import numpy as np
from numpy.typing import NDArray

from models.catalogue import DATA
from models.errors import UnusableCatalogue
from models.families import broken
from models.nearest import Near, weighed
from models.preprocessing import BINS, Bins

PREDICTED = DATA / "predicted.cbor"
WHOLES = 3
"""So many of the ions that may be the charged whole are taken for it, the heaviest first."""
STEPS = 255
MOST_PEAKS = 48

Values = NDArray[np.float64]


@dataclass(frozen=True)
class Calculated:
    """A drug, its key and family, and the whole's nominal m/z; `peaks` are m/z and height, 1 to STEPS."""

    name: str
    inchikey: str
    family: str
    ion_mz: int
    peaks: tuple[tuple[int, int], ...] = field(repr=False)


class PredictedSpectra:
    """Calculated spectra, laid out to be compared with a reading all at once."""

    def __init__(self, drugs: Sequence[Calculated]) -> None:
        self.drugs = tuple(drugs)
        self._ion_mz = np.array([drug.ion_mz for drug in drugs], dtype=np.int64)
        rows = np.zeros((len(drugs), BINS), dtype=np.float32)
        for row, drug in zip(rows, drugs, strict=True):
            for mz, height in drug.peaks:
                row[mz] = height
        self._spectra = weighed(np.square(rows))

    @classmethod
    def load(cls, path: Path = PREDICTED) -> "PredictedSpectra":
        """Read what was calculated. Raises UnusableCatalogue."""
        try:
            rows = cast("list[Any]", cbor2.loads(path.read_bytes()))
            return cls([_read(*row) for row in rows])
        except (OSError, cbor2.CBORDecodeError, ValueError, TypeError, IndexError) as error:
            raise UnusableCatalogue(f"{path.name}: {error!r}; load the catalogue again") from error

    def to_bytes(self) -> bytes:
        """Write the byte form."""
        return cbor2.dumps([_written(drug) for drug in self.drugs], canonical=True)

    def without(self, skeletons: Collection[str]) -> "PredictedSpectra":
        """Leave out those of which there is better: a measured spectrum."""
        return PredictedSpectra([drug for drug in self.drugs if drug.inchikey[:14] not in skeletons])

    def likeness(self, bins: Bins, wholes: Sequence[int]) -> Values:
        """Compare a reading's broken ions [n, BINS] with each drug of the mass of a whole: 0 to 1, 0 for the others."""
        alike = np.zeros(len(self.drugs))
        near = np.flatnonzero(np.isin(self._ion_mz, wholes[:WHOLES]))
        if near.size:
            alike[near] = self._spectra[near] @ weighed(broken(bins, wholes).mean(axis=0).astype(np.float32))
        return alike

    def nearest(self, bins: Bins, wholes: Sequence[int]) -> dict[str, tuple[Near, ...]]:
        """Sort the drugs of the mass of a whole by family, those first that a reading is most like."""
        alike = self.likeness(bins, wholes)
        found: dict[str, tuple[Near, ...]] = {}
        for at in map(int, np.argsort(-alike, kind="stable")[: int((alike > 0).sum())]):
            drug = self.drugs[at]
            near = Near(drug.name, drug.inchikey, 0, round(float(alike[at]), 3))
            found[drug.family] = (*found.get(drug.family, ()), near)
        return found


def _written(drug: Calculated) -> list[Any]:
    mz, heights = zip(*drug.peaks, strict=True)
    return [drug.name, drug.inchikey, drug.family, drug.ion_mz, list(mz), bytes(heights)]


def _read(name: str, inchikey: str, family: str, ion_mz: int, mz: Sequence[int], heights: bytes) -> Calculated:
    if not all(0 <= each < BINS for each in mz) or ion_mz >= BINS:
        raise ValueError(f"{name}: expected ions under m/z {BINS}")
    return Calculated(name, inchikey, family, ion_mz, tuple(zip(mz, heights, strict=True)))
