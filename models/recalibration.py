"""Fitting the calibration to readings of known substances, and how far stated probabilities are from what was right."""

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from models.calibration import Calibration
from models.grouping import grouped
from models.library import Library
from models.preprocessing import Values

Scored = Sequence[tuple[NDArray[np.float32], int]]
"""Of each reading the scores of every entry and, last, of none of them; and the right entry's place, -1 for none."""
Curve = tuple[tuple[float, float, int], ...]
"""For each tenth of probability: mean probability stated, share that was right, number of readings."""

TEMPERATURE_SPREAD, BIAS_SPREAD = 0.15, 0.5
"""How far instruments' calibrations are apart."""
UNKNOWN_SHARE = 0.35
"""Share of readings whose compound is not in the library, taken for calibration: about that of the laboratories."""
LOOKED_AT = 10
TINY = 1e-12


def shared(unknown: NDArray[np.bool_]) -> Values:
    """Weigh readings so that unknown compounds make UNKNOWN_SHARE of all; the mean weight is 1."""
    share = float(unknown.mean())
    return np.where(unknown, UNKNOWN_SHARE / max(share, 1e-9), (1 - UNKNOWN_SHARE) / max(1 - share, 1e-9))


def recalibrated(scored: Scored, before: Calibration, weights: Values | None = None) -> Calibration:
    """Fit temperature and bias to a new instrument's few readings, which must speak against those of `before`.

    Normal priors around these, of deviations TEMPERATURE_SPREAD (of the logarithm) and BIAS_SPREAD.
    """

    def unlikely(found: Calibration) -> float:
        warmer = np.log(found.temperature / before.temperature) / TEMPERATURE_SPREAD
        shifted = (found.none_bias - before.none_bias) / BIAS_SPREAD
        return float(warmer**2 + shifted**2) / 2

    return least_surprise(scored, np.ones(len(scored)) if weights is None else weights, unlikely)


def least_surprise(scored: Scored, weights: Values, unlikely: Callable[[Calibration], float]) -> Calibration:
    """Search the grid; where the right one was not compared closely, none of those that were is right."""
    unknown = _unknown(scored)
    best = Calibration(1.0, 0.0), np.inf
    for temperature in np.arange(60, 301, 5) / 100:
        right, candidates, none = _logits(scored, float(temperature))
        for bias in np.arange(-30, 31) / 10:
            chosen: Values = np.where(unknown, none + bias, right)
            found = Calibration(float(temperature), float(bias))
            surprise = float((weights * (np.logaddexp(candidates, none + bias) - chosen)).sum()) + unlikely(found)
            if surprise < best[1]:
                best = found, surprise
    return best[0]


def _logits(scored: Scored, temperature: float) -> tuple[Values, Values, Values]:
    """Per reading: logit of the right candidate (0 for an unknown one), of all candidates together, of none."""
    cooled = [(scores.astype(np.float64) / temperature, right) for scores, right in scored]
    together = np.array([np.logaddexp.reduce(logits[:-1]) for logits, _ in cooled])
    return (
        np.array([logits[right] if right >= 0 else 0.0 for logits, right in cooled]),
        together,
        np.array([logits[-1] for logits, _ in cooled]),
    )


def _unknown(scored: Scored) -> NDArray[np.bool_]:
    return np.array([right < 0 or scores[right] == -np.inf for scores, right in scored])


def surprises(scored: Scored, calibration: Calibration) -> Values:
    """Return of each reading minus the logarithm of the probability that what was right had."""
    said = [calibration.probabilities(scores) for scores, _ in scored]
    places = np.where(_unknown(scored), -1, [right for _, right in scored])
    return -np.log([max(float(each[at]), TINY) for each, at in zip(said, places, strict=True)])


def stated(library: Library, scored: Scored, calibration: Calibration) -> tuple[Values, NDArray[np.bool_]]:
    """Return the probability of each reading's first group of isomers, and whether the right entry is in it."""
    first = [grouped(library, calibration.probabilities(scores)[:-1], LOOKED_AT)[0] for scores, _ in scored]
    right = [at in group.members for group, (_, at) in zip(first, scored, strict=True)]
    return np.array([group.probability for group in first]), np.array(right, dtype=np.bool_)


def weighed_error(stated: Values, right: NDArray[np.bool_], weights: Values) -> float:
    """Return the expected calibration error of readings that do not count alike, by tenths."""
    tenth = np.minimum((stated * 10).astype(int), 9)
    apart = np.bincount(tenth, weights * (stated - right))
    return float(np.abs(apart).sum() / weights.sum())


def reliability(stated: NDArray[np.float64], right: NDArray[np.bool_]) -> Curve:
    """Sort statements into tenths of probability."""
    tenth = np.minimum((stated * 10).astype(int), 9)
    return tuple(
        (
            round(float(stated[tenth == at].mean()), 4),
            round(float(right[tenth == at].mean()), 4),
            int((tenth == at).sum()),
        )
        for at in range(10)
        if (tenth == at).any()
    )


def error_of(curve: Curve) -> float:
    """Return the expected calibration error: mean distance between stated and right, by number of readings."""
    total = sum(count for _, _, count in curve)
    return sum(abs(stated - right) * count for stated, right, count in curve) / max(total, 1)
