"""Plain words for weights: their digits, kind and occasion, and what of them does not fit."""

from collections.abc import Mapping
from contextlib import suppress
from decimal import Decimal, InvalidOperation
from typing import get_args

from drivers.scales.weight import GRAMS, in_grams
from edge.exhibit_file import ExhibitFile
from edge.web import forms
from edge.web.case_words import MANUAL, corrected
from edge.web.masses import masses
from edge.web.translations import Language
from edge.web.translations import mark as _
from sync.contract.casework import MetricUnit, OccasionalWeight, WeightCore

WEIGHTS: Mapping[str, str] = {"gross": _("gross"), "net": _("net"), "tare": _("tare")}
OCCASIONS: Mapping[str, str] = {
    "before_sampling": _("before sampling"),
    "after_sampling": _("after sampling"),
}
"""When a weight was taken, where it was not when the thing was found."""
UNREADABLE = _("%(value)s is no weight. One point at most.")
NO_WEIGHT = _("%(value)s is no weight. Weigh it again.")
TOO_LONG = _("%(value)s has too many digits.")
TOO_HEAVY = _("the net weight or the bag is above the gross weight")
GREW = _("it weighs more than on the occasion before")


def weight(language: Language, record: WeightCore, *, amended: bool = False) -> str:
    """Return a weight as it stands on record: its digits, unit and kind; what a person typed, or amended, says so."""
    kind = language.say(WEIGHTS[record.kind])
    marks = [MANUAL] if record.source == "typed" or amended else []
    if isinstance(record, OccasionalWeight) and record.occasion in OCCASIONS:
        marks.append(OCCASIONS[record.occasion])
    said = " · ".join([f"{digits(record)} {kind}", *map(language.say, marks)])
    return corrected(language, said) if amended else said


def weights(language: Language, exhibit: ExhibitFile) -> list[str]:
    """Return the weights of an exhibit as they stand; before them what of them does not fit."""
    said = [weight(language, record, amended=amended) for record, amended in exhibit.weights]
    return [*weight_doubts(language, exhibit), *said]


def weight_doubts(language: Language, exhibit: ExhibitFile) -> list[str]:
    """Return what of an exhibit's weights does not fit: two differ, a part outweighs the whole, or matter was added."""
    known = masses(exhibit).values()
    differ = [_("the weights differ")] if any(one.differs(other) for one in known for other in known) else []
    heavy = [TOO_HEAVY] if any(each.outweighs(known) for each in known) else []
    grew = [GREW] if any(each.outgrows(known) for each in known) else []
    return [language.say(each) for each in (*differ, *heavy, *grew)]


def digits(record: WeightCore) -> str:
    """Return a weight in its own digits and unit; where that is no metric one, in grams besides."""
    told = f"{record.value}{forms.SPACE}{record.unit}"
    if record.unit in get_args(MetricUnit) or record.unit not in GRAMS:
        return told
    with suppress(InvalidOperation):  # an old amendment may say anything
        told += f" ({in_grams(Decimal(record.value), record.unit):f}{forms.SPACE}g)"
    return told
