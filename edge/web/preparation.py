"""How a sample is taken: a few steps, each with a picture, for the instrument in use."""

from collections.abc import Mapping
from dataclasses import dataclass

from edge.web.translations import Language
from edge.web.translations import mark as _


@dataclass(frozen=True)
class Step:
    """A picture and what it shows."""

    picture: str
    text: str


_SWAB = (
    ("swab", _("Wipe the surface once with a new swab.")),
    ("insert", _("Put the swab into the analyzer.")),
    ("wait", _("Start, and leave it in place.")),
)
_GAS = (
    ("hose", _("Hold the inlet at the opening.")),
    ("still", _("Keep it still; let no wind in.")),
    ("wait", _("Start, and hold it until the end.")),
)
STEPS: Mapping[str, tuple[tuple[str, str], ...]] = {"analyzer-link": _SWAB, "srs-rga": _GAS}


def steps_of(language: Language, analyzer: str | None) -> list[Step]:
    """Return the steps for an analyzer, told as its setting: family and port; for any unknown one, with a swab."""
    family = (analyzer or "").partition(":")[0]
    return [Step(picture, language.say(text)) for picture, text in STEPS.get(family, _SWAB)]
