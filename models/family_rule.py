"""How much patterns, ions and structures say for each family: a small rule, fitted over how rare they are."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from itertools import combinations
from pathlib import Path
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

from models.catalogue import DATA, DRUG_FAMILIES
from models.errors import UnusableCatalogue
from models.families import Found, Patterns, wholes_of
from models.family_ions import FamilyIons, features_of, whole_of
from models.halogens import halogen_class
from models.library import Library
from models.nearest import Near, Structures
from models.predicted import Fitting, Match, PredictedSpectra
from models.preprocessing import Bins

RULE = DATA / "family_rule.json"
SHOWN = 3
MOST_SURPRISE = 12.0
MOST_RATIO = 7000.0
"""No evidence for a family outweighs a compound that is surely another."""
STRONG = 14.0
FEW_STRUCTURES = 2
BESIDE = 0.003
"""Share of what is left beside recognised substances that is taken to be of each one family: set so that of harmless
mixtures of laboratories left out about one in 100 is wrongly flagged, one in ten of their components unknown."""
MISLEADING = 0.5
"""Odds of a family, against all other unknown compounds, from which a harmless substance is taken for one of it."""
_TAILS = ("patterns", "nearest", "ions")

Values = NDArray[np.float64]


@dataclass(frozen=True)
class Tail:
    """How a strength is spread among substances of other families: `share` exceed `beyond`, on the mean by `scale`."""

    beyond: float
    share: float
    scale: float

    def surprise(self, strength: float) -> float:
        """Minus the logarithm of the share of other substances that show it this strongly; 0 where that is common."""
        if strength <= self.beyond:
            return 0.0
        return min(-float(np.log(self.share)) + (strength - self.beyond) / self.scale, MOST_SURPRISE)


@dataclass(frozen=True)
class Rule:
    """`weights` of the features and a bias, last, give the logarithm of a family's likelihood ratio against all others.

    `alone` are those for a family of which the library has no more than a few structures. `prior` is the share of
    unknown compounds that is taken to be of each one family: the operating point. `patterns` (by code), `nearest`
    and `ions` (by family) are the tails among other substances; `match` weighs the calculated spectra; `halogens` of
    each family the logarithm of how much likelier each class of halogens is there than among these.
    """

    weights: tuple[float, ...]
    alone: tuple[float, ...]
    prior: float
    patterns: Mapping[str, Tail]
    nearest: Mapping[str, Tail]
    ions: Mapping[str, Tail]
    match: Match
    halogens: Mapping[str, tuple[float, ...]]

    @classmethod
    def load(cls, path: Path = RULE) -> "Rule":
        """Read the fitted rule. Raises UnusableCatalogue."""
        try:
            value = cast("dict[str, Any]", json.loads(path.read_text("utf-8")))
            tails = {part: {name: Tail(*tail) for name, tail in value[part].items()} for part in _TAILS}
            halogens = {family: _ratios(*each) for family, each in value["halogens"].items()}
            weights, alone, prior = tuple(value["weights"]), tuple(value["alone"]), float(value["prior"])
            match = Match(tuple(map(float, value["match"])))
            return cls(weights, alone, prior, **tails, match=match, halogens=halogens)
        except (OSError, KeyError, ValueError, TypeError, AttributeError) as error:
            raise UnusableCatalogue(f"{path.name}: {error!r}; load the catalogue again") from error

    def to_json(self) -> str:
        """Write as JSON, a line for each tail."""
        value = asdict(self)
        for part in _TAILS:
            value[part] = {name: [round(number, 4) for number in tail.values()] for name, tail in value[part].items()}
        value["match"] = self.match.weights
        return json.dumps(value, indent=1, sort_keys=True) + "\n"


def _ratios(none: float, one: float, more: float) -> tuple[float, ...]:
    return float(none), float(one), float(more)


@dataclass(frozen=True)
class Learned:
    """What was learned of the families: the rule, what ions say, and what structures of drugs would leave."""

    rule: Rule
    ions: FamilyIons
    predicted: PredictedSpectra

    @classmethod
    def load(cls) -> "Learned":
        """Read what comes with the software. Raises UnusableCatalogue."""
        return cls(Rule.load(), FamilyIons.load(), PredictedSpectra.load())


@dataclass(frozen=True)
class FamilyEvidence:
    """What speaks for one family, and the likelihood ratio of it against all other families and substances.

    `predicted` are drugs of the reading's mass, and how alike it is to what their structures would leave.
    """

    family: str
    ratio: float
    patterns: tuple[Found, ...]
    nearest: tuple[Near, ...]
    predicted: tuple[Near, ...]


class Families:
    """Weighs a reading against every family of drugs that has published patterns or known structures."""

    def __init__(self, library: Library, learned: Learned, patterns: Patterns) -> None:
        places = [at for at, entry in enumerate(library.entries) if entry.family.startswith(DRUG_FAMILIES)]
        self.rule = learned.rule
        self._ions = learned.ions
        self._patterns = patterns
        self._structures = Structures(library, places)
        self._predicted = learned.predicted.without({entry.skeleton for entry in library.entries})
        self._of = np.array([library.entries[at].family for at in places], dtype=np.str_)
        self.names = tuple(sorted({*patterns.rows, *map(str, self._of)}))

    def evidence(self, bins: Bins) -> dict[str, FamilyEvidence]:
        """Weigh one reading [n, BINS], softest spectrum first, for each family."""
        wholes = wholes_of(bins)
        likeness, moved = self._structures.likeness(bins, wholes)
        found: dict[str, list[Found]] = {family: [] for family in self.names}
        for each in self._patterns.find(bins):
            found[each.pattern.family].append(each)
        told = self._ions.weigh(features_of(bins, wholes))
        predicted = self._predicted.fitting(bins, wholes, self.rule.match)
        isotopes = halogen_class(bins, whole_of(bins, wholes))
        return {
            family: self._weigh(
                family,
                found[family],
                (told.get(family), isotopes),
                self._nearest(family, likeness, moved),
                predicted.get(family, ())[:SHOWN],
            )
            for family in self.names
        }

    def _nearest(self, family: str, likeness: Values, moved: NDArray[np.int64]) -> tuple[Near, ...]:
        near = np.flatnonzero(self._of == family)
        near = near[np.argsort(-likeness[near], kind="stable")][:SHOWN]
        return tuple(self._structures.named(int(at), int(moved[at]), float(likeness[at])) for at in near)

    def _weigh(
        self,
        family: str,
        found: Sequence[Found],
        ions: tuple[float | None, int | None],
        nearest: tuple[Near, ...],
        predicted: tuple[Fitting, ...],
    ) -> FamilyEvidence:
        alike = (_most_alike(nearest), predicted[0].said if predicted else 0.0)
        features = np.append(self.features(family, found, ions, *alike), 1.0)
        ratio = min(float(np.exp(features @ self._weights(family))), MOST_RATIO)
        strongest = sorted(found, key=self._surprise, reverse=True)[:SHOWN]
        said = tuple(each.near for each in predicted)
        return FamilyEvidence(family, round(ratio, 3), tuple(strongest), nearest, said)

    def features(
        self,
        family: str,
        found: Sequence[Found],
        ions: tuple[float | None, int | None],
        likeness: float,
        predicted: float,
    ) -> Values:
        """Say how surprising are the strongest pattern, two that share nothing, the nearest structure and the ions.

        `predicted` is what a calculated spectrum says; `ions` are what all of them tell, and the class of halogens.
        What goes beyond STRONG together counts once more; last is what the halogens say.
        """
        told, halogens = ions
        first = max(map(self._surprise, found), default=0.0)
        near = _surprise_of(self.rule.nearest.get(family), likeness)
        features = [first, self._together(found), near, predicted, _surprise_of(self.rule.ions.get(family), told)]
        ratios = self.rule.halogens.get(family)
        likelier = ratios[halogens] if ratios is not None and halogens is not None else 0.0
        return np.array([*features, max(sum(features) - STRONG, 0.0), likelier])

    def _together(self, found: Sequence[Found]) -> float:
        """Return the surprise of the strongest pattern, or of the two strongest that share no ion or loss."""
        surprises = [(self._surprise(each), each.pattern.members) for each in found]
        pairs = (one + two for (one, first), (two, second) in combinations(surprises, 2) if first.isdisjoint(second))
        return max((*(surprise for surprise, _ in surprises), *pairs), default=0.0)

    def _weights(self, family: str) -> Values:
        few = np.count_nonzero(self._of == family) <= FEW_STRUCTURES
        return np.array(self.rule.alone if few else self.rule.weights)

    def _surprise(self, found: Found) -> float:
        tail = self.rule.patterns.get(found.pattern.code)
        return tail.surprise(found.strength) if tail is not None else 0.0


def _most_alike(near: Sequence[Near]) -> float:
    """Likeness of the first, 0 where there is none."""
    return near[0].likeness if near else 0.0


def _surprise_of(tail: Tail | None, strength: float | None) -> float:
    return tail.surprise(strength) if tail is not None and strength is not None else 0.0


def by_chance(kin: Mapping[str, FamilyEvidence]) -> dict[str, FamilyEvidence]:
    """Let nothing speak for any family: what there is may be there by chance."""
    return {family: replace(each, ratio=min(each.ratio, 1.0)) for family, each in kin.items()}


def beside_its_own(kin: Mapping[str, FamilyEvidence], own: Mapping[str, FamilyEvidence]) -> dict[str, FamilyEvidence]:
    """Let of what speaks for each family count how much more it is than recognised substances' `own` ions say."""
    least = {family: max(own[family].ratio, 1.0) if family in own else 1.0 for family in kin}
    return {
        family: replace(each, ratio=round(max(each.ratio / least[family], min(each.ratio, 1.0)), 3))
        for family, each in kin.items()
    }


def beyond(
    kin: Mapping[str, FamilyEvidence], own: Mapping[str, FamilyEvidence], prior: float
) -> dict[str, FamilyEvidence]:
    """Let of what speaks for a family only that count which harmless substances' `own` ions do not say by themselves.

    It holds for families of which those alone would be taken; `prior` of each is the rule's.
    """
    misleading = {family for family, each in own.items() if prior * each.ratio >= MISLEADING}
    return {
        family: replace(each, ratio=round(each.ratio / own[family].ratio, 3)) if family in misleading else each
        for family, each in kin.items()
    }


def shares_beside(kin: Mapping[str, FamilyEvidence]) -> dict[str, float]:
    """Probability of each family of drugs by what speaks for it in what recognised substances leave of a reading."""
    shares = {family: BESIDE * each.ratio for family, each in kin.items()}
    total = 1 - BESIDE * len(kin) + sum(shares.values())
    return {family: share / total for family, share in shares.items()}


def family_shares(
    known: Mapping[str, float],
    none: float,
    kin: Mapping[str, FamilyEvidence],
    guess: Mapping[str, float],
    prior: float,
) -> dict[str, float]:
    """Weigh what the library says with what speaks for each family of drugs: a probability for each family.

    `known` is what the entries of each family have, those of no family with them; `none` what is left for a compound
    that is not in the library. Of that, each family in `kin` has `prior` and its likelihood ratio; the rest goes as
    the network's `guess` to the other families.
    """
    rest = sum(share for family, share in guess.items() if family not in kin) or 1.0
    unknown = none * (1 - prior * len(kin))
    shares = {
        family: share * max(kin[family].ratio, 1.0) + none * prior * kin[family].ratio
        if family in kin
        else share + unknown * guess[family] / rest
        for family, share in known.items()
    }
    total = sum(shares.values()) or 1.0
    return {family: share / total for family, share in shares.items()}
