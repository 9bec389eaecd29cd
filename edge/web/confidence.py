"""How sure a reading is: a word and a frequency that was measured, or nothing."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self, cast

from edge.web import forms
from edge.web.translations import Language
from models.bundle import Bundle

HIGH, MEDIUM = 0.9, 0.7
FEWEST = 30
"""A frequency measured on fewer readings than this is not shown."""
_OF = ((0.985, 100), (0.945, 20), (0.0, 10))


@dataclass(frozen=True)
class Sure:
    """A word, how often such readings were right (also in short), and on how many that was measured.

    `tested` tells all of it in one sentence, for who signs it and for who doubts it.
    """

    word: str
    frequency: str
    short: str
    source: str
    tested: str


@dataclass(frozen=True)
class Bin:
    """Readings of like probability: the mean that was said, the part of them that was right, and how many they were."""

    said: float
    right: float
    readings: int


@dataclass(frozen=True)
class Curve:
    """How often readings of each probability were right in the tests of a bundle; empty where it measured nothing.

    `bundle` is its digest: of readings by another it says nothing.
    """

    bins: Sequence[Bin]
    bundle: str

    @classmethod
    def of(cls, bundle: Bundle) -> Self:
        """Read the curve of a bundle."""
        rows = cast("Sequence[tuple[float, float, int]]", bundle.manifest.get("calibration_curve", ()))
        return cls([Bin(*row) for row in rows], bundle.digest)

    def sure(self, language: Language, probability: float | None) -> Sure | None:
        """Put a probability into words; None where nothing was measured that speaks of it."""
        if probability is None or not self.bins:
            return None
        like = min(self.bins, key=lambda each: abs(each.said - probability))
        if like.readings < FEWEST:
            return None
        count, (said, short) = forms.number(like.readings), _frequency(language, like.right)
        source = language.say("measured on %(count)s readings", count=count)
        tested = language.say(
            "In tests of this model such a result was %(frequency)s, "
            "measured on %(count)s readings of known substances in laboratories, not at this station.",
            frequency=said, count=count,
        )  # fmt: skip
        return Sure(_word(language, like.right), said, short, source, tested)


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
