"""How sure a reading is: a word and a frequency that was measured, or nothing."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Self, cast

from edge.web import forms
from edge.web.translations import Language

HIGH, MEDIUM = 0.9, 0.7
FEWEST = 30
"""A frequency measured on fewer readings than this is not shown."""
_OF = ((0.985, 100), (0.945, 20), (0.0, 10))


@dataclass(frozen=True)
class Sure:
    """A word, how often such readings were right (also in short), and on how many that was measured."""

    word: str
    frequency: str
    short: str
    source: str


@dataclass(frozen=True)
class Bin:
    """Readings of like probability: the mean that was said, the part of them that was right, and how many they were."""

    said: float
    right: float
    readings: int


@dataclass(frozen=True)
class Curve:
    """How often readings of each probability were right, as the bundle measured it; empty where it measured nothing."""

    bins: Sequence[Bin]

    @classmethod
    def of(cls, manifest: Mapping[str, Any]) -> Self:
        """Read the curve of a bundle's manifest."""
        rows = cast("Sequence[tuple[float, float, int]]", manifest.get("calibration_curve", ()))
        return cls([Bin(*row) for row in rows])

    def sure(self, language: Language, probability: float | None) -> Sure | None:
        """Put a probability into words; None where nothing was measured that speaks of it."""
        if probability is None or not self.bins:
            return None
        like = min(self.bins, key=lambda each: abs(each.said - probability))
        if like.readings < FEWEST:
            return None
        source = language.say("measured on %(count)s readings", count=forms.number(like.readings))
        return Sure(_word(language, like.right), *_frequency(language, like.right), source)


def so_many(part: float) -> tuple[int, int]:
    """Return a part as so many in so many, rounded down: nothing is ever "10 in 10"."""
    of = next(of for least, of in _OF if part >= least)
    return min(int(part * of + 1e-9), of - 1), of


def _frequency(language: Language, part: float) -> tuple[str, str]:
    right, of = so_many(part)
    if not right:
        return language.say("right less than once in %(of)s", of=of), language.say("under 1 in %(of)s", of=of)
    said = language.say("right about %(right)s times in %(of)s", right=right, of=of)
    return said, language.say("%(right)s in %(of)s", right=right, of=of)


def _word(language: Language, part: float) -> str:
    if part >= HIGH:
        return language.say("High")
    return language.say("Medium") if part >= MEDIUM else language.say("Low")
