"""How much patterns and nearest structures say for each family: a small rule, fitted over how rare they are."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from itertools import combinations
from pathlib import Path
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

from models.catalogue import DATA, DRUG_FAMILIES
from models.errors import UnusableCatalogue
from models.families import Found, Pattern, find_patterns, wholes_of
from models.library import Library
from models.nearest import Near, Structures
from models.preprocessing import Bins

RULE = DATA / "family_rule.json"
SHOWN = 3
MOST_SURPRISE = 12.0
STRONG = 8.0
FEW_STRUCTURES = 2

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
    unknown compounds that is taken to be of each one family: the operating point. `patterns` (by code) and `nearest`
    (by family) are the tails among other substances.
    """

    weights: tuple[float, ...]
    alone: tuple[float, ...]
    prior: float
    patterns: Mapping[str, Tail]
    nearest: Mapping[str, Tail]

    @classmethod
    def load(cls, path: Path = RULE) -> "Rule":
        """Read the fitted rule. Raises UnusableCatalogue."""
        try:
            value = cast("dict[str, Any]", json.loads(path.read_text("utf-8")))
            patterns = {code: Tail(*tail) for code, tail in value["patterns"].items()}
            nearest = {family: Tail(*tail) for family, tail in value["nearest"].items()}
            weights, alone = tuple(value["weights"]), tuple(value["alone"])
            return cls(weights, alone, float(value["prior"]), patterns, nearest)
        except (OSError, KeyError, ValueError, TypeError, AttributeError) as error:
            raise UnusableCatalogue(f"{path.name}: {error!r}; load the catalogue again") from error

    def to_json(self) -> str:
        """Write as JSON, a line for each tail."""
        value = asdict(self)
        for part in ("patterns", "nearest"):
            value[part] = {name: [round(number, 4) for number in tail.values()] for name, tail in value[part].items()}
        return json.dumps(value, indent=1, sort_keys=True) + "\n"


@dataclass(frozen=True)
class FamilyEvidence:
    """What speaks for one family, and the likelihood ratio of it against all other families and substances."""

    family: str
    ratio: float
    patterns: tuple[Found, ...]
    nearest: tuple[Near, ...]


class Families:
    """Weighs a reading against every family of drugs that has published patterns or known structures."""

    def __init__(self, library: Library, rule: Rule, patterns: Sequence[Pattern]) -> None:
        places = [at for at, entry in enumerate(library.entries) if entry.family.startswith(DRUG_FAMILIES)]
        self.rule = rule
        self._patterns = patterns
        self._structures = Structures(library, places)
        self._of = np.array([library.entries[at].family for at in places], dtype=np.str_)
        self.names = tuple(sorted({pattern.family for pattern in patterns} | set(map(str, self._of))))

    def evidence(self, bins: Bins) -> dict[str, FamilyEvidence]:
        """Weigh one reading [n, BINS], softest spectrum first, for each family."""
        found = find_patterns(self._patterns, bins)
        likeness, moved = self._structures.likeness(bins, wholes_of(bins))
        return {family: self._weigh(family, found, likeness, moved) for family in self.names}

    def _weigh(self, family: str, found: Sequence[Found], likeness: Values, moved: NDArray[np.int64]) -> FamilyEvidence:
        mine = [each for each in found if each.pattern.family == family]
        mine.sort(key=self._surprise, reverse=True)
        near = np.flatnonzero(self._of == family)
        near = near[np.argsort(-likeness[near], kind="stable")][:SHOWN]
        features = self.features(family, mine, float(likeness[near[0]]) if near.size else 0.0)
        ratio = float(np.exp(np.append(features, 1.0) @ self._weights(family)))
        named = (self._structures.named(int(at), int(moved[at]), float(likeness[at])) for at in near)
        return FamilyEvidence(family, round(ratio, 3), tuple(mine[:SHOWN]), tuple(named))

    def features(self, family: str, found: Sequence[Found], likeness: float) -> Values:
        """Say how surprising are the patterns, two where they share nothing, and the nearest structure.

        The first pattern is one of as many as the family has. What goes beyond STRONG together counts once more.
        """
        tried = sum(pattern.family == family for pattern in self._patterns)
        near = self.rule.nearest.get(family)
        shown = max(self._together(found) - float(np.log(max(tried, 1))), 0.0)
        like = near.surprise(likeness) if near is not None else 0.0
        return np.array([shown, like, max(shown + like - STRONG, 0.0)])

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
