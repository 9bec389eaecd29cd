"""What tells whether something hides in a reading in which nothing listed was recognised."""

from enum import IntEnum

import numpy as np
from numpy.typing import NDArray

from models.components import PROBABLY, Parts
from models.conclusion import Weighing

NEVER, NOTHING = 0.02, 0.01
"""Probability, and part of the ion current or of a peak, under which there is no difference."""

Row = NDArray[np.float64]
Probabilities = NDArray[np.float64]


class Trace(IntEnum):
    """Columns of what is known of a reading: log odds of probabilities, logarithms of parts, and counts."""

    FIRST = 0
    BEST = 1
    UNSURE = 2
    UNLISTED = 3
    SUSPECTED = 4
    WATCHED = 5
    HINTED = 6
    DRUG_FAMILY = 7
    UNEXPLAINED = 8
    CLUSTERS = 9
    STRANGE = 10
    HEAVIER = 11
    HIDDEN = 12
    SHARE = 13
    FOUND = 14
    MIXTURE = 15
    CATALOGUED = 16


RISING = (
    Trace.SUSPECTED, Trace.WATCHED, Trace.HINTED, Trace.DRUG_FAMILY,
    Trace.UNEXPLAINED, Trace.CLUSTERS, Trace.STRANGE, Trace.HEAVIER, Trace.HIDDEN,
)  # fmt: skip
FALLING = (Trace.FIRST, Trace.UNLISTED)
"""Columns of which more, and of which less, never means that something hides less probably."""


def traces(weighing: Weighing, ranking: Probabilities, parts: Parts, catalogued: bool) -> Row:
    """Return the Trace columns of a reading.

    `ranking` [entries + 1] is the probability of each entry and of none where the reading is one substance;
    `catalogued`: all that was recognised is in the catalogue, and not only one of the library's many other compounds.
    """
    likely = ranking[ranking > 0]
    chances = (
        weighing.first_probability,
        float(ranking[:-1].max()),
        weighing.unlisted,
        max(weighing.controlled, weighing.suspected),
        weighing.watched,
        weighing.hinted,
        weighing.drug_family,
    )
    first, best, *others = (_log_odds(min(each, 1.0)) for each in chances)
    left = (weighing.unexplained, weighing.clusters, weighing.strange, weighing.heavier, weighing.hidden)
    parts_left = [float(np.log1p(each / NOTHING)) for each in left]
    sure = sum(each.share for each in parts.sure)
    unsure = -float((likely * np.log(likely)).sum())
    found = sum(each.answer.present >= PROBABLY for each in parts.found)
    counts = [_log_odds(min(sure, 1.0)), found, weighing.mixture, catalogued]
    return np.array([first, best, unsure, *others, *parts_left, *counts], dtype=np.float64)


def _log_odds(probability: float) -> float:
    return float(np.log((probability + NEVER) / (1 - probability + NEVER)))
