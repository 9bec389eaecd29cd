"""Learning what ions say of families: a multinomial regression on measured readings and on published ions."""

from collections import Counter
from collections.abc import Sequence
from hashlib import sha256

import numpy as np
from numpy.typing import NDArray

from models.family_ions import FamilyIons, Values

STEPS = 60
RIDGE = 3e-4
OTHERS_WEIGH = 3.0
"""Readings of no drug family weigh so much beside those of all families together."""
FOLDS = 3


def learn_ions(features: Values, skeletons: Sequence[str], families: Sequence[str]) -> FamilyIons:
    """Learn from features [n, FEATURES] of readings, each of one compound and of one family of drugs, "" for none."""
    names = tuple(sorted({family for family in families if family}))
    places = np.array([names.index(family) + 1 if family else 0 for family in families])
    weights = _regression(features, places, _weights(skeletons, families), len(names) + 1)
    return FamilyIons(names, weights[:, 1:] - weights[:, :1])


def told_unseen(features: Values, skeletons: Sequence[str], families: Sequence[str]) -> list[dict[str, float]]:
    """Say what ions tell of each reading when its compound was not learned from."""
    fold = np.array([_fold(skeleton) for skeleton in skeletons])
    told: list[dict[str, float]] = [{} for _ in skeletons]
    for each in range(FOLDS):
        seen = [int(at) for at in np.flatnonzero(fold != each)]
        ions = learn_ions(features[seen], [skeletons[at] for at in seen], [families[at] for at in seen])
        for at in map(int, np.flatnonzero(fold == each)):
            told[at] = ions.weigh(features[at])
    return told


def _fold(skeleton: str) -> int:
    return sha256(skeleton.encode()).digest()[0] % FOLDS


def _weights(skeletons: Sequence[str], families: Sequence[str]) -> Values:
    """Weigh a family's compounds alike, and a large family less than as much as its compounds."""
    readings = Counter(skeletons)
    compounds = Counter(family for _, family in set(zip(skeletons, families, strict=True)))
    weights = np.array(
        [1 / readings[each] / compounds[family] ** 0.5 for each, family in zip(skeletons, families, strict=True)]
    )
    drugs = np.array([bool(family) for family in families])
    weights[~drugs] *= OTHERS_WEIGH * weights[drugs].sum() / weights[~drugs].sum()
    return (weights / weights.sum()).astype(np.float32)


def _regression(features: Values, places: NDArray[np.int64], weight: Values, classes: int) -> Values:
    """Fit by Nesterov's accelerated gradient: weights [FEATURES + 1, classes], the bias last."""
    table = np.column_stack([features, np.ones(len(features), dtype=np.float32)])
    right = np.zeros((len(table), classes), dtype=np.float32)
    right[np.arange(len(table)), places] = 1
    ridge = np.full((table.shape[1], 1), RIDGE, dtype=np.float32)
    ridge[-1] = 0
    step = 1 / np.float32(0.5 * (np.square(table).sum(axis=1) * weight).sum() + RIDGE)
    fitted: Values = np.zeros((table.shape[1], classes), dtype=np.float32)
    ahead = fitted
    pace = 1.0
    for _ in range(STEPS):
        stated = _softmax(table @ ahead)
        slope = table.T @ ((stated - right) * weight[:, None]) + ridge * ahead
        moved = np.asarray(ahead - step * slope, dtype=np.float32)
        faster = (1 + (1 + 4 * pace * pace) ** 0.5) / 2
        ahead = np.asarray(moved + (pace - 1) / faster * (moved - fitted), dtype=np.float32)
        fitted, pace = moved, faster
    return fitted


def _softmax(scores: Values) -> Values:
    powers = np.exp(scores - scores.max(axis=1, keepdims=True))
    return np.asarray(powers / powers.sum(axis=1, keepdims=True), dtype=np.float32)
