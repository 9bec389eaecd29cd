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
from models.family_ions import whole_of
from models.halogens import AGREEMENT, CLASSES, halogen_class
from models.nearest import Near, weighed
from models.preprocessing import BINS, Bins

PREDICTED = DATA / "predicted.cbor"
WHOLES = 3
"""So many of the ions that may be the charged whole are taken for it, the heaviest first."""
STEPS = 255
MOST_PEAKS = 48
NOWHERE = 3e-4
"""Part of the ion current that any ion may have which no structure leaves."""
SEEN, COUNTED = 0.003, 0.01
"""Parts of the ion current from which an ion is there, and is one of those that tell a spectrum from another."""
LEAST_SAID, MOST_SAID = 1.0, 12.0
"""A match that is less than exp(1) times as likely for a drug as for others of its mass says nothing of a family."""
COMPARED = 5
GRID, ABOUT = np.arange(100, 700, 50), 30.0
"""What is usual is told for compounds of such wholes; one so much lighter or heavier counts for less."""

Values = NDArray[np.float64]


@dataclass(frozen=True)
class Calculated:
    """A compound, its key and family, the whole's nominal m/z, the class of its halogens.

    `peaks` are m/z and square root of the height, 1 to STEPS.
    """

    name: str
    inchikey: str
    family: str
    ion_mz: int
    halogens: int
    peaks: tuple[tuple[int, int], ...] = field(repr=False)

    @property
    def parts(self) -> Values:
        """Parts of the broken ion current [BINS]."""
        row = np.zeros(BINS)
        for mz, height in self.peaks:
            row[mz] = height * height
        return row / max(float(row.sum()), 1.0)


@dataclass(frozen=True, eq=False)
class Usual:
    """What structures leave on the mean, by m/z and by the mass that is lost: parts of the ion current [GRID, BINS].

    A row is of compounds about as heavy as one of GRID.
    """

    ions: Values = field(repr=False)
    losses: Values = field(repr=False)

    @classmethod
    def of(cls, compounds: Sequence[Calculated]) -> "Usual":
        """Take the mean of calculated spectra."""
        ions, losses = np.zeros((len(GRID), BINS)), np.zeros((len(GRID), BINS))
        total = np.zeros((len(GRID), 1))
        for each in compounds:
            near = np.exp(-0.5 * np.square((each.ion_mz - GRID) / ABOUT))[:, None]
            parts = each.parts
            ions += near * parts
            losses[:, : each.ion_mz] += near * parts[each.ion_mz : 0 : -1]
            total += near
        return cls(*((sums / np.maximum(total, 1e-9)).astype("<f2").astype(np.float64) for sums in (ions, losses)))

    def under(self, ion_mz: int) -> Values:
        """Return what a compound of that whole would leave if nothing more were known of it [BINS]."""
        row = int(np.abs(GRID - ion_mz).argmin())
        moved = np.zeros(BINS)
        moved[1 : ion_mz + 1] = self.losses[row, :ion_mz][::-1]
        either = [np.where(np.arange(BINS) < ion_mz - 1, each, 0.0) for each in (self.ions[row], moved)]
        return np.asarray(sum(each / max(float(each.sum()), 1e-9) for each in either) / len(either))


@dataclass(frozen=True)
class Match:
    """`weights` of what is compared and a bias, last: how much likelier it is for that drug than for another."""

    weights: tuple[float, ...]

    def __post_init__(self) -> None:
        """Refuse another number of weights: ValueError."""
        if len(self.weights) != COMPARED + 1:
            raise ValueError(f"match: expected {COMPARED + 1} numbers, got {len(self.weights)}")

    def of(self, compared: Values) -> Values:
        """Say how much each row [n, COMPARED] speaks for its drug: the logarithm beyond LEAST_SAID, 0 for nothing."""
        logarithm = compared @ np.array(self.weights[:-1]) + self.weights[-1]
        return np.clip(logarithm - LEAST_SAID, 0.0, MOST_SAID)


@dataclass(frozen=True)
class Fitting:
    """A drug whose structure would leave what a reading shows, and how much that says."""

    near: Near
    said: float


class PredictedSpectra:
    """Calculated spectra, laid out to be compared with a reading all at once."""

    def __init__(self, drugs: Sequence[Calculated], usual: Usual) -> None:
        self.drugs = tuple(drugs)
        self.usual = usual
        self._ion_mz = np.array([drug.ion_mz for drug in drugs], dtype=np.int64)
        self._halogens = np.array([drug.halogens for drug in drugs], dtype=np.int64)
        self._parts = np.array([drug.parts for drug in drugs], dtype=np.float32).reshape(-1, BINS)
        under = {ion: np.log(usual.under(ion) + NOWHERE) for ion in {drug.ion_mz for drug in drugs}}
        usually = np.array([under[drug.ion_mz] for drug in drugs], dtype=np.float32).reshape(-1, BINS)
        self._rarity = np.log(self._parts + np.float32(NOWHERE)) - usually

    @classmethod
    def load(cls, path: Path = PREDICTED) -> "PredictedSpectra":
        """Read what was calculated. Raises UnusableCatalogue."""
        try:
            value = cast("dict[str, Any]", cbor2.loads(path.read_bytes()))
            usual = [
                np.frombuffer(value[part], dtype="<f2").reshape(len(GRID), BINS).astype(np.float64) for part in _USUAL
            ]
            return cls([_read(*row) for row in value["drugs"]], Usual(*usual))
        except (OSError, cbor2.CBORDecodeError, KeyError, ValueError, TypeError, IndexError) as error:
            raise UnusableCatalogue(f"{path.name}: {error!r}; load the catalogue again") from error

    def to_bytes(self) -> bytes:
        """Write the byte form."""
        usual = {part: getattr(self.usual, part).astype("<f2").tobytes() for part in _USUAL}
        return cbor2.dumps({"drugs": [_written(drug) for drug in self.drugs], **usual}, canonical=True)

    def without(self, skeletons: Collection[str]) -> "PredictedSpectra":
        """Leave out those of which there is better: a measured spectrum."""
        return PredictedSpectra([drug for drug in self.drugs if drug.inchikey[:14] not in skeletons], self.usual)

    def compare(self, bins: Bins, wholes: Sequence[int]) -> tuple[NDArray[np.int64], Values, Values]:
        """Compare a reading [n, BINS], softest first, with the drugs that have a whole for their mass.

        A drug without chlorine or bromine is left out where the likeliest whole has their isotope.

        Returns places, the likeness of each, 0 to 1, and [k, COMPARED]: likeness, more where more ions tell it; how
        much likelier its ions are from that structure than from any of that mass; how much of what the structure would
        leave is there; how high the whole stands in the softest spectrum; whether the whole's isotopes are right.
        """
        likeliest = whole_of(bins, wholes)
        seen = halogen_class(bins, likeliest)
        refused = (self._ion_mz == likeliest) & (self._halogens == 0) & bool(seen)
        at = np.flatnonzero(np.isin(self._ion_mz, wholes[:WHOLES]) & ~refused)
        ions, parts = self._ion_mz[at], self._parts[at].astype(np.float64)
        rest = broken(bins, wholes).mean(axis=0)
        likeness = weighed(self._parts[at]) @ weighed(rest.astype(np.float32))
        root = np.sqrt(np.where(np.arange(BINS) < ions[:, None] - 1, rest, 0.0))
        rarity = (root * self._rarity[at]).sum(axis=1) / np.maximum(root.sum(axis=1), 1e-9)
        there = parts[:, bins.max(axis=0) > SEEN].sum(axis=1)
        height = np.sqrt(bins[0, ions] / max(float(bins[0].max()), 1e-9))
        telling = np.log1p(np.count_nonzero(rest > COUNTED))
        isotopes = np.where(ions == likeliest, 0.0 if seen is None else AGREEMENT[self._halogens[at], seen], 0.0)
        compared = (likeness * telling, rarity, there, height, isotopes)
        return at, likeness.astype(np.float64), np.column_stack(compared)

    def fitting(self, bins: Bins, wholes: Sequence[int], match: Match) -> dict[str, tuple[Fitting, ...]]:
        """Sort the drugs of a whole's mass that a reading speaks for by family, those first that it says most of."""
        at, likeness, compared = self.compare(bins, wholes)
        said = match.of(compared)
        found: dict[str, tuple[Fitting, ...]] = {}
        for place in map(int, np.argsort(-said, kind="stable")[: np.count_nonzero(said)]):
            drug = self.drugs[int(at[place])]
            near = Near(drug.name, drug.inchikey, 0, round(float(likeness[place]), 3))
            found[drug.family] = (*found.get(drug.family, ()), Fitting(near, float(said[place])))
        return found


_USUAL = ("ions", "losses")


def _written(drug: Calculated) -> list[Any]:
    mz, heights = zip(*drug.peaks, strict=True)
    return [drug.name, drug.inchikey, drug.family, drug.ion_mz, drug.halogens, list(mz), bytes(heights)]


def _read(
    name: str, inchikey: str, family: str, ion_mz: int, halogens: int, mz: Sequence[int], heights: bytes
) -> Calculated:
    if not all(0 <= each < BINS for each in mz) or not 0 < ion_mz < BINS or halogens not in range(CLASSES):
        raise ValueError(f"{name}: expected ions under m/z {BINS} and a class of halogens under {CLASSES}")
    return Calculated(name, inchikey, family, ion_mz, halogens, tuple(zip(mz, heights, strict=True)))
