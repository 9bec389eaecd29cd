"""How sure a reading is: a word and a frequency that was measured, or nothing."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from edge.web.forms import number
from edge.web.translations import Language

HIGH, MEDIUM = 0.9, 0.7


@dataclass(frozen=True)
class Sure:
    """A word, how often such readings were right, and where that was measured."""

    word: str
    frequency: str
    source: str


def sure(language: Language, probability: float | None, source: str) -> Sure | None:
    """Put a calibrated probability into words; None where there is no calibration to speak from."""
    if probability is None or not source:
        return None
    right, of = frequency(probability)
    if right:
        said = language.say("about %(right)s in %(of)s right", right=right, of=of)
    else:
        said = language.say("under 1 in %(of)s right", of=of)
    return Sure(_word(language, probability), said, source)


def calibration_source(language: Language, manifest: Mapping[str, Any]) -> str:
    """Return where the frequencies were measured, as the bundle's manifest says; empty where it says nothing."""
    readings = manifest.get("calibration", {}).get("readings")
    return language.say("measured on %(count)s readings", count=number(readings)) if readings else ""


def frequency(probability: float) -> tuple[int, int]:
    """Return a probability as so many in so many, rounded down: nothing is ever "10 in 10"."""
    if probability >= 0.99:
        return 99, 100
    if probability >= 0.95:
        return 19, 20
    return int(probability * 10 + 1e-9), 10


def _word(language: Language, probability: float) -> str:
    if probability >= HIGH:
        return language.say("High")
    return language.say("Medium") if probability >= MEDIUM else language.say("Low")
