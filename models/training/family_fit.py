"""Fitting the rule of families: how rare each published pattern is among other substances, and what it weighs."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from models.catalogue import DRUG_FAMILIES, Catalogue
from models.families import Found, Patterns, wholes_of
from models.family_ions import FEATURES, FamilyIons, features_of, whole_of
from models.family_rule import Families, Learned, Rule, Tail
from models.halogens import halogen_class
from models.library import Library
from models.nearest import Structures
from models.predicted import Match, PredictedSpectra, Usual
from models.preprocessing import Values
from models.training.family_ions import learn_ions, told_unseen
from models.training.readings import Reading

Halogens = Mapping[str, tuple[float, ...]]

COMMON_PATTERN = 0.96
COMMON_LIKENESS = 0.9
"""Quantiles among other substances from which on a strength begins to say something."""
LEAST_SCALE = 0.03
FEW = 4
OTHER_FAMILIES_WEIGH = 0.05
RIDGE = 1e-3
PRIOR = 0.0028
"""Share of unknown compounds taken to be of each one family: set so that false family alarms stay at 1 %."""


@dataclass(frozen=True)
class Shown:
    """What one reading shows: patterns, the likeness of the nearest structure of each family, what ions tell.

    `predicted` is what a calculated spectrum says for each family. `told` and `predicted` are by rule and network that
    did not learn from its compound; `halogens` is their class.
    """

    skeleton: str
    family: str
    found: tuple[Found, ...]
    nearest: Mapping[str, float]
    halogens: int | None
    told: Mapping[str, float]
    predicted: Mapping[str, float]


def drug_family(catalogue: Catalogue, inchikey: str) -> str:
    """Family of a substance if it is one of drugs, else nothing."""
    substance = catalogue.find(inchikey)
    return substance.family if substance and substance.family.startswith(DRUG_FAMILIES) else ""


def learn(
    readings: Sequence[Reading],
    families: Sequence[str],
    library: Library,
    predicted: tuple[PredictedSpectra, Match],
    halogens: Halogens,
) -> Learned:
    """Learn from readings, each of a family of drugs, "" for none.

    `predicted` are drugs' spectra as networks calculated them that saw none of them measured, and what it says that a
    reading matches one. Each drug counts twice: with its own among them, and as one that no list knows.
    """
    skeletons = [reading.skeleton for reading in readings]
    features = np.stack([features_of(reading.rows, wholes_of(reading.rows)) for reading in readings])
    patterns = Patterns.load()
    told = told_unseen(features, skeletons, families)
    listed, unlisted = (_predicted(readings, library, *predicted, own=own) for own in (True, False))
    shown = _show(readings, families, list(zip(told, listed, strict=True)), library, patterns)
    as_unlisted = [replace(one, predicted=alike) for one, alike in zip(shown, unlisted, strict=True) if one.family]
    rule = fit_rule([*shown, *as_unlisted], library, patterns, predicted[1], halogens)
    return Learned(rule, learn_ions(features, skeletons, families), predicted[0])


def _predicted(
    readings: Sequence[Reading], library: Library, predicted: PredictedSpectra, match: Match, *, own: bool
) -> list[dict[str, float]]:
    """Say how much each reading speaks for a drug of each family that the library lacks, `own` among them or not."""
    held = {entry.skeleton for entry in library.entries}
    of = [(drug.inchikey[:14], drug.family) for drug in predicted.drugs]
    families = sorted({family for _, family in of})
    shown: list[dict[str, float]] = []
    for reading in readings:
        places, _, compared = predicted.compare(reading.rows, wholes_of(reading.rows))
        best = dict.fromkeys(families, 0.0)
        for at, said in zip(map(int, places), match.of(compared).tolist(), strict=True):
            skeleton, family = of[at]
            if own if skeleton == reading.skeleton else skeleton not in held:
                best[family] = max(best[family], said)
        shown.append(best)
    return shown


def _show(
    readings: Sequence[Reading],
    families: Sequence[str],
    said: Sequence[tuple[Mapping[str, float], Mapping[str, float]]],
    library: Library,
    patterns: Patterns,
) -> list[Shown]:
    """Find patterns and nearest structures in readings; a reading's own compound is not among the structures."""
    places = [at for at, entry in enumerate(library.entries) if entry.family.startswith(DRUG_FAMILIES)]
    of = np.array([library.entries[at].family for at in places])
    skeletons = np.array([library.entries[at].skeleton for at in places])
    structures = Structures(library, places)
    shown: list[Shown] = []
    for reading, family, each in zip(readings, families, said, strict=True):
        wholes = wholes_of(reading.rows)
        likeness, _ = structures.likeness(reading.rows, wholes)
        halogens = halogen_class(reading.rows, whole_of(reading.rows, wholes))
        likeness[skeletons == reading.skeleton] = 0
        nearest = {name: float(likeness[of == name].max()) for name in sorted(set(of.tolist()))}
        found = tuple(patterns.find(reading.rows))
        shown.append(Shown(reading.skeleton, family, found, nearest, halogens, *each))
    return shown


def fit_rule(shown: Sequence[Shown], library: Library, patterns: Patterns, match: Match, halogens: Halogens) -> Rule:
    """Fit tails on the readings of other substances, then the weights on all."""
    others = [each for each in shown if not each.family]
    tails = {code: tail_of(values, COMMON_PATTERN) for code, values in _strengths(others, patterns).items()}
    near = _tails([each.nearest for each in others], COMMON_LIKENESS)
    ions = _tails([each.told for each in others], COMMON_PATTERN)
    none = FamilyIons((), np.zeros((FEATURES + 1, 0), dtype=np.float32))
    blank = Learned(Rule((), (), PRIOR, tails, near, ions, match, halogens), none, PredictedSpectra((), Usual.of(())))
    families = Families(library, blank, patterns)
    weights = _logistic(*_table(shown, families))
    alone = _logistic(*_table([replace(each, nearest={}) for each in shown], families))
    return Rule(weights, alone, PRIOR, tails, near, ions, match, halogens)


def _tails(values: Sequence[Mapping[str, float]], quantile: float) -> dict[str, Tail]:
    names = sorted({name for each in values for name in each})
    return {name: tail_of([each[name] for each in values if name in each], quantile) for name in names}


def tail_of(values: Sequence[float], quantile: float) -> Tail:
    """Describe the upper tail of strengths by an exponential beyond a quantile."""
    spread = np.array(values)
    beyond = float(np.quantile(spread, quantile))
    excess = spread[spread > beyond] - beyond
    scale = float(excess.mean()) if excess.size >= FEW else LEAST_SCALE
    return Tail(beyond, (excess.size + 1) / (spread.size + 1), max(scale, LEAST_SCALE))


def _strengths(shown: Sequence[Shown], patterns: Patterns) -> dict[str, list[float]]:
    strengths = {code: [0.0] * len(shown) for code in patterns.codes}
    for at, each in enumerate(shown):
        for found in each.found:
            strengths[found.pattern.code][at] = found.strength
    return strengths


def _table(shown: Sequence[Shown], families: Families) -> tuple[Values, NDArray[np.bool_], Values]:
    """Features of every reading for every family, whether it is the right one, and weights: both answers weigh alike.

    Within a family its compounds weigh alike, whatever the number of their readings.
    """
    readings = Counter(each.skeleton for each in shown)
    compounds = Counter(family for _, family in {(each.skeleton, each.family) for each in shown})
    rows: list[Values] = []
    right: list[bool] = []
    weights: list[float] = []
    for each in shown:
        for family in families.names:
            mine = [found for found in each.found if found.pattern.family == family]
            alike = (each.nearest.get(family, 0.0), each.predicted.get(family, 0.0))
            rows.append(families.features(family, mine, (each.told.get(family), each.halogens), *alike))
            right.append(family == each.family)
            share = 1 / readings[each.skeleton] / compounds[each.family] ** 0.5
            weights.append(share if right[-1] or not each.family else OTHER_FAMILIES_WEIGH * share)
    is_right, weight = np.array(right), np.array(weights)
    for answer in (is_right, ~is_right):
        weight[answer] /= weight[answer].sum()
    return np.array(rows), is_right, weight


def _logistic(features: Values, right: NDArray[np.bool_], weight: Values) -> tuple[float, ...]:
    """Weighted logistic regression, the bias last; a feature that would speak against a family is left out."""
    kept = list(range(features.shape[1]))
    while True:
        fitted = newton(np.column_stack([features[:, kept], np.ones(len(features))]), right, weight)
        if (fitted[:-1] >= 0).all():
            break
        del kept[int(fitted[:-1].argmin())]
    weights = np.zeros(features.shape[1] + 1)
    weights[[*kept, -1]] = fitted
    return tuple(round(float(each), 4) for each in weights)


def newton(table: Values, right: NDArray[np.bool_], weight: Values) -> Values:
    """Fit a weighted logistic regression by Newton's method; a column of ones in `table` is its bias, last."""
    fitted = np.zeros(table.shape[1])
    ridge = RIDGE * np.diag([*[1.0] * (table.shape[1] - 1), 0.0])
    for _ in range(25):
        stated = 1 / (1 + np.exp(-table @ fitted))
        slope = table.T @ (weight * (stated - right)) + ridge @ fitted
        curvature = (table * (weight * stated * (1 - stated))[:, None]).T @ table + ridge
        fitted -= np.linalg.solve(curvature, slope)
    return fitted
