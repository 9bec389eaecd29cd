"""From scores to probabilities that were measured, and from probabilities to a decision."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from models.errors import UnusableBundle

OTHER = "other"
"""The network's name for what belongs to no family of the catalogue."""

LEAST_TEMPERATURE, MOST_LOGIT = 0.01, 100.0
NEEDED = ("alarm", "caution", "component", "family", "unknown")
"""Thresholds that every bundle tells; the others came later, and one that does not tell them has what stands here."""
RETIRED = (
    "beyond", "certain", "doubted", "faint", "fragments", "hinted", "kin", "no_alarm",
    "unnamed", "vague",
)  # fmt: skip
"""What bundles told before one rule said whether something hides (decision 0049); they are still read."""

Scores = NDArray[np.float32]


@dataclass(frozen=True)
class Calibration:
    """`temperature` and `none_bias` were fitted on laboratories that neither library nor training had seen."""

    temperature: float
    none_bias: float

    def probabilities(self, scores: Scores) -> NDArray[np.float64]:
        """Turn scores [k + 1], the last of none of them, into probabilities that sum to 1."""
        logits = scores.astype(np.float64) / self.temperature
        logits[-1] += self.none_bias
        weights = np.exp(logits - logits.max())
        return weights / weights.sum()


@dataclass(frozen=True)
class Thresholds:
    """Least probability for each conclusion.

    `cleared` is the most that the probability of something hidden may be where a reading is concluded to be nothing
    listed, `tolerated` that of anything controlled or of a family of drugs. Nothing that breaks up gives an ion heavier
    than itself: with one heavier than anything recognised that is `heavier` or more of the highest of the softest
    spectrum, it is not; nor with `unexplained` or more of the ion current at masses where nothing recognised has a
    peak, or an ion there that is `strange` or more of the highest. `component` is what a component of a mixture needs
    to count as surely there.

    With `partly` or more of the ion current at masses where nothing recognised has a peak, or in a component that is
    not recognised, a reading is partly unexplained, as with such an ion.

    Where a listed substance that is no medicine has `medicine` or more of its ions at such masses it is not said that a
    medicine is all there is. Nothing is called controlled by a name under `component` that leaves `mostly` or more of
    the ion current at masses where it has no peak; it is suspected.
    """

    alarm: float = 0.5
    caution: float = 0.5
    cleared: float = 0.4
    tolerated: float = 0.1
    unexplained: float = 0.3
    strange: float = 0.5
    family: float = 0.6
    unknown: float = 0.5
    component: float = 0.9
    partly: float = 0.1
    heavier: float = 0.1
    mostly: float = 0.5
    medicine: float = 0.4


@dataclass(frozen=True)
class Decision:
    """What the bundle's decision part holds: calibration, thresholds, and the families in the order of the network."""

    calibration: Calibration
    thresholds: Thresholds
    families: tuple[str, ...]

    def to_bytes(self) -> bytes:
        """Write as JSON."""
        return json.dumps(asdict(self), indent=1, sort_keys=True).encode()

    @classmethod
    def from_bytes(cls, data: bytes) -> "Decision":
        """Read what to_bytes wrote. Raises UnusableBundle."""
        try:
            value: Mapping[str, Any] = json.loads(data)
            calibration = Calibration(**value["calibration"])
            told = {name: limit for name, limit in value["thresholds"].items() if name not in RETIRED}
            thresholds = Thresholds(**{name: told[name] for name in NEEDED} | told)
            families = tuple(value["families"])
        except (KeyError, ValueError, TypeError, RecursionError) as error:
            raise UnusableBundle(f"decision.json cannot be read ({error!r}); load the signed bundle again") from error
        _check(asdict(calibration), -MOST_LOGIT, MOST_LOGIT)
        _check({"temperature": calibration.temperature}, LEAST_TEMPERATURE, MOST_LOGIT)
        _check(asdict(thresholds), 0.0, 1.0)
        if not all(isinstance(each, str) for each in families) or families.count(OTHER) != 1:
            raise UnusableBundle(f"decision.json, families: expected names, {OTHER!r} once, came {families!r:.60}")
        return cls(calibration, thresholds, families)


def _check(numbers: Mapping[str, object], least: float, most: float) -> None:
    for name, value in numbers.items():
        if isinstance(value, bool) or not isinstance(value, int | float) or not least <= value <= most:
            raise UnusableBundle(
                f"decision.json, {name}: expected a number from {least:g} to {most:g}, came {value!r:.60}"
            )
