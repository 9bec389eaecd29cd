"""What the ions of a reading say of its family: a linear rule, learned from measured spectra and published ions.

Beside the ions themselves it sees what the charged whole lost, how far ions lie from one another, which stays where a
substituent moves both, and the whole's mass, odd or even by the number of its nitrogens. `models.training.family_ions`
learns it.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast

import cbor2
import numpy as np
from numpy.typing import NDArray

from models.catalogue import DATA
from models.errors import UnusableCatalogue
from models.families import WHOLE_REACH, broken
from models.preprocessing import BINS, Bins

FAMILY_IONS = DATA / "family_ions.cbor"
LOSSES, APART, STEPS, STEP = 400, 200, 12, 50
FEATURES = BINS + LOSSES + APART + 2 * STEPS
WHOLES = 3
LESS_LIKELY = 0.8
"""What a loss from another than the likeliest whole counts."""
STRONGEST = 14
"""So many ions are looked at in pairs."""
ISOTOPE = 0.9
"""An ion that is no more than this part of the one two below is that one's isotope, and not the whole."""
MASS_WEIGHT = 0.5

Values = NDArray[np.float32]


def features_of(bins: Bins, wholes: Sequence[int]) -> Values:
    """Square roots of ions, of losses from the whole, of pairs by their distance, and the whole's mass: [FEATURES]."""
    height = np.sqrt(broken(bins, wholes).max(axis=0))
    ions = np.flatnonzero(height)
    features = [height, _losses(height, ions, wholes), _pairs(height, ions), _mass(whole_of(bins, wholes))]
    return np.concatenate(features).astype(np.float32)


def whole_of(bins: Bins, wholes: Sequence[int]) -> int:
    """Return the likeliest charged whole: of the heaviest ions the strongest of the softest spectrum, 0 for none."""
    soft = bins[0]
    heavy = [mz for mz in wholes if mz > WHOLE_REACH * wholes[0] and soft[mz - 2] <= ISOTOPE * soft[mz]]
    return max(heavy or wholes[:1], key=lambda mz: float(soft[mz]), default=0)


def _losses(height: NDArray[np.float64], ions: NDArray[np.int64], wholes: Sequence[int]) -> NDArray[np.float64]:
    losses = np.zeros(LOSSES)
    for place, whole in enumerate(wholes[:WHOLES]):
        lost = whole - ions
        within = (lost > 0) & (lost < LOSSES)
        np.maximum.at(losses, lost[within], height[ions[within]] * (LESS_LIKELY if place else 1.0))
    return losses


def _pairs(height: NDArray[np.float64], ions: NDArray[np.int64]) -> NDArray[np.float64]:
    apart = np.zeros(APART)
    strong = ions[np.argsort(-height[ions], kind="stable")[:STRONGEST]]
    distance = strong - strong[:, None]
    within = (distance > 0) & (distance < APART)
    np.maximum.at(apart, distance[within], np.sqrt(height[strong] * height[strong][:, None])[within])
    return apart


def _mass(whole: int) -> NDArray[np.float64]:
    mass = np.zeros(2 * STEPS)
    mass[min(whole // STEP, STEPS - 1) + STEPS * (whole % 2)] = MASS_WEIGHT
    return mass


@dataclass(frozen=True, eq=False)
class FamilyIons:
    """`weights` [FEATURES + 1, families], the bias last, give the logarithm of how much likelier each family is."""

    families: tuple[str, ...]
    weights: Values = field(repr=False)

    @classmethod
    def load(cls, path: Path = FAMILY_IONS) -> "FamilyIons":
        """Read what was learned. Raises UnusableCatalogue."""
        try:
            value = cast("dict[str, Any]", cbor2.loads(path.read_bytes()))
            families = tuple(str(family) for family in value["families"])
            weights = np.frombuffer(value["weights"], dtype="<f2").reshape(FEATURES + 1, len(families))
        except (OSError, cbor2.CBORDecodeError, KeyError, ValueError, TypeError) as error:
            raise UnusableCatalogue(f"{path.name}: {error!r}; load the catalogue again") from error
        return cls(families, weights.astype(np.float32))

    def to_bytes(self) -> bytes:
        """Write the byte form."""
        value = {"families": list(self.families), "weights": self.weights.astype("<f2").tobytes()}
        return cbor2.dumps(value, canonical=True)

    def weigh(self, features: Values) -> dict[str, float]:
        """Weigh the features of one reading [FEATURES] for each family."""
        told = features @ self.weights[:-1] + self.weights[-1]
        return dict(zip(self.families, told.tolist(), strict=True))
