"""Families of substances that no library entry covers: published ions and losses, and the nearest known structures.

An analogue keeps the core of its family and changes at an edge: ions of the core stay where they are, ions with the
edge move by its mass, and the neutral parts that break off stay the same. `data/family_patterns.csv` tells which ions
and losses come together in each family, each with its source; how rare each is among other substances, and what it
weighs, is fitted by `models.training.families` (models.family_rule).
"""

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
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
    """Ions (m/z) and neutral losses from the charged whole that come together in a family, and who published them."""

    family: str
    ions: tuple[int, ...]
    losses: tuple[int, ...]
    what: str
    source: str

    @property
    def code(self) -> str:
        """Family, ions, and losses with a minus."""
        return " ".join([self.family, *map(str, self.ions), *(f"-{loss}" for loss in self.losses)])

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


def load_patterns(path: Path = PATTERNS) -> tuple[Pattern, ...]:
    """Read the published patterns. Raises UnusableCatalogue."""
    try:
        with path.open(encoding="utf-8", newline="") as file:
            return tuple(_pattern(row) for row in csv.DictReader(file, strict=True))
    except (OSError, UnicodeDecodeError, csv.Error, KeyError, ValueError, AttributeError) as error:
        raise UnusableCatalogue(f"{path.name}: {error!r}; load the catalogue again") from error


def _pattern(row: Mapping[str, str]) -> Pattern:
    members = [int(word) for word in row["pattern"].split()]
    if not members or not all(member < 0 or LOWEST_MZ <= member < BINS for member in members):
        raise ValueError(f"{row['pattern']!r}: expected ions from {LOWEST_MZ} to {BINS - 1}, losses with a minus")
    ions = tuple(member for member in members if member > 0)
    losses = tuple(-member for member in members if member < 0)
    return Pattern(row["family"], ions, losses, row["what"], row["source"])


def wholes_of(bins: Bins) -> tuple[int, ...]:
    """Return m/z that may be the charged whole: the heaviest strong ions of the softest spectrum, then of any."""
    height = np.sqrt(bins / np.maximum(bins.max(axis=1, keepdims=True), np.float32(1e-9)))
    soft = np.flatnonzero(height[0] > WHOLE_HEIGHT)[::-1][:3]
    any_spectrum = np.flatnonzero(height.max(axis=0) > WHOLE_HEIGHT)[::-1][:2]
    return tuple(dict.fromkeys(int(mz) for mz in (*soft, *any_spectrum)))[:MOST_WHOLES]


def broken(bins: Bins, wholes: Sequence[int]) -> Values:
    """Return the most that each m/z holds of the broken ions of any one spectrum [BINS]; the unbroken do not count."""
    rows = bins.astype(np.float64)
    for whole in wholes:
        if whole > WHOLE_REACH * wholes[0]:
            rows[:, max(whole - 1, 0) : whole + 3] = 0
    rows /= np.maximum(rows.sum(axis=1, keepdims=True), LEAST_BROKEN)
    return np.maximum(rows.max(axis=0), bins.mean(axis=0))


def find_patterns(patterns: Sequence[Pattern], bins: Bins) -> list[Found]:
    """Find in one reading [n, BINS], softest spectrum first, the patterns of which nothing is missing."""
    wholes = wholes_of(bins)
    parts = broken(bins, wholes)
    found = (_strongest(pattern, parts, wholes) for pattern in patterns)
    return [each for each in found if each is not None]


def _strongest(pattern: Pattern, parts: Values, wholes: Sequence[int]) -> Found | None:
    origins: Sequence[int | None] = wholes if pattern.losses else (None,)
    found = (Found(pattern, whole, _strength(pattern, parts, whole or 0)) for whole in origins)
    return max((each for each in found if each.strength > 0), key=lambda each: each.strength, default=None)


def _strength(pattern: Pattern, parts: Values, whole: int) -> float:
    """Say how much of the broken ions a pattern holds, less where one member is weak, 0 where one is missing."""
    at = [*pattern.ions, *(whole - loss for loss in pattern.losses)]
    held = [float(parts[mz]) if mz >= LOWEST_MZ else 0.0 for mz in at]
    if min(held) <= LEAST_PART:
        return 0.0
    return round(min(sum(held), 1.0) ** 0.5 * min(1.0, min(held) / EVEN_PART) ** 0.25, 4)
