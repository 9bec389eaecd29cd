"""Families of substances that no library entry covers: published ions and losses, and the nearest known structures.

An analogue keeps the core of its family and changes at an edge: ions of the core stay where they are, ions with the
edge move by its mass, and the neutral parts that break off stay the same. `data/family_patterns.csv` tells which ions
and losses come together in each family, each with its source; how rare each is among other substances, and what it
weighs, is fitted by `models.training.families` (models.family_rule).
"""

import csv
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from models.catalogue import DATA
from models.errors import UnusableCatalogue
from models.preprocessing import BINS, LOWEST_MZ, Bins

PATTERNS = DATA / "family_patterns.csv"

MOST_WHOLES = 5
WHOLE_HEIGHT = 0.2
"""Least height, as the square root of the part of the base peak, of an ion that may be the charged whole."""
WHOLE_REACH = 0.7
"""An ion this near to the heaviest one (ratio of m/z) may be the unbroken whole and is not held against a pattern."""
LEAST_BROKEN = 0.3
"""Least part of a spectrum that the broken ions are taken to be."""
LEAST_PART = 0.004
EVEN_PART = 0.05
"""Every member of a pattern must hold LEAST_PART of the broken ions; with one under EVEN_PART it counts for less."""

Values = NDArray[np.float64]


@dataclass(frozen=True)
class Pattern:
    """Ions (m/z) and neutral losses from the charged whole that come together in a family, and who published them.

    `code` names the row that it stands in: a row with alternatives, as 105|119, is a pattern for each choice of them.
    """

    family: str
    ions: tuple[int, ...]
    losses: tuple[int, ...]
    what: str
    source: str
    code: str = ""

    @property
    def members(self) -> frozenset[int]:
        """Ions, and losses as negative numbers."""
        return frozenset(self.ions) | {-loss for loss in self.losses}


@dataclass(frozen=True)
class Found:
    """A pattern that a reading shows, from which charged whole (None where it has no loss), how strongly, 0 to 1."""

    pattern: Pattern
    whole: int | None
    strength: float


def _patterns(row: Mapping[str, str]) -> Iterator[Pattern]:
    """Read a row: ions, losses with a minus, alternatives with a bar; +83 is an ion so far above the first one."""
    words = [word.split("|") for word in row["pattern"].split()]
    for chosen in product(*words):
        ions = tuple(_ion(word, chosen[0]) for word in chosen if not word.startswith("-"))
        losses = tuple(-int(word) for word in chosen if word.startswith("-"))
        if not chosen or chosen[0].startswith("+") or not all(LOWEST_MZ <= ion < BINS for ion in ions):
            raise ValueError(f"{row['pattern']!r}: expected ions from {LOWEST_MZ} to {BINS - 1}, losses with a minus")
        yield Pattern(row["family"], ions, losses, row["what"], row["source"], f"{row['family']} {row['pattern']}")


def _ion(word: str, first: str) -> int:
    return int(first) + int(word) if word.startswith("+") else int(word)


def wholes_of(bins: Bins) -> tuple[int, ...]:
    """Return m/z that may be the charged whole: the heaviest strong ions of the softest spectrum, then of any."""
    height = np.sqrt(bins / np.maximum(bins.max(axis=1, keepdims=True), np.float32(1e-9)))
    soft = np.flatnonzero(height[0] > WHOLE_HEIGHT)[::-1][:3]
    any_spectrum = np.flatnonzero(height.max(axis=0) > WHOLE_HEIGHT)[::-1][:2]
    return tuple(dict.fromkeys(int(mz) for mz in (*soft, *any_spectrum)))[:MOST_WHOLES]


def broken(bins: Bins, wholes: Sequence[int]) -> Values:
    """Return how much each m/z holds of the broken ions of each spectrum [n, BINS]; the unbroken do not count."""
    rows = bins.astype(np.float64)
    for whole in wholes:
        if whole > WHOLE_REACH * wholes[0]:
            rows[:, max(whole - 1, 0) : whole + 3] = 0
    return rows / np.maximum(rows.sum(axis=1, keepdims=True), LEAST_BROKEN)


class Patterns:
    """Published patterns, laid out to be looked for all at once."""

    def __init__(self, patterns: Sequence[Pattern]) -> None:
        self.codes = {pattern.code: pattern.family for pattern in patterns}
        self.rows = Counter(self.codes.values())
        self._patterns = patterns
        most = max((len(pattern.members) for pattern in patterns), default=1)
        self._ions = np.zeros((len(patterns), most), dtype=np.int64)
        for at, pattern in enumerate(patterns):
            members = [*pattern.ions, *(-loss for loss in pattern.losses)]
            self._ions[at] = [*members, *[members[0]] * (most - len(members))]
        self._lost = self._ions < 0

    def __iter__(self) -> Iterator[Pattern]:
        return iter(self._patterns)

    @classmethod
    def load(cls, path: Path = PATTERNS) -> "Patterns":
        """Read the published patterns. Raises UnusableCatalogue."""
        try:
            with path.open(encoding="utf-8", newline="") as file:
                return cls([pattern for row in csv.DictReader(file, strict=True) for pattern in _patterns(row)])
        except (OSError, UnicodeDecodeError, csv.Error, KeyError, ValueError, AttributeError) as error:
            raise UnusableCatalogue(f"{path.name}: {error!r}; load the catalogue again") from error

    def find(self, bins: Bins) -> list[Found]:
        """Find in one reading [n, BINS], softest spectrum first, the patterns of which nothing is missing.

        Of a row with alternatives the strongest is found.
        """
        wholes = wholes_of(bins) or (0,)
        parts = np.maximum(broken(bins, wholes).max(axis=0), bins.mean(axis=0))
        strengths = np.stack([self._strengths(parts, whole) for whole in wholes])
        found: dict[str, Found] = {}
        for at in map(int, np.flatnonzero(strengths.any(axis=0))):
            pattern, best = self._patterns[at], int(strengths[:, at].argmax())
            strength = round(float(strengths[best, at]), 4)
            if pattern.code not in found or strength > found[pattern.code].strength:
                found[pattern.code] = Found(pattern, wholes[best] if pattern.losses else None, strength)
        return list(found.values())

    def _strengths(self, parts: Values, whole: int) -> Values:
        """Say how much of the broken ions each pattern holds, less where one is weak, 0 where one is missing."""
        members = np.where(self._lost, whole + self._ions, self._ions)
        held = np.where(members >= LOWEST_MZ, parts[np.maximum(members, 0)], 0.0)
        least = held.min(axis=1)
        there = np.flatnonzero(least > LEAST_PART)
        order = members[there].argsort(axis=1, kind="stable")
        mz, held = (np.take_along_axis(each[there], order, axis=1) for each in (members, held))
        again = np.zeros_like(mz, dtype=np.bool_)
        again[:, 1:] = mz[:, 1:] == mz[:, :-1]
        together = np.minimum(np.where(again, 0.0, held).sum(axis=1), 1.0)
        strengths = np.zeros(len(members))
        strengths[there] = np.sqrt(together) * np.minimum(1.0, least[there] / EVEN_PART) ** 0.25
        return strengths
