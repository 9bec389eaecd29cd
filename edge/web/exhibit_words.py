"""Plain words for an exhibit: its looks, its packing, and what of it does not fit."""

from collections.abc import Mapping

from edge.exhibit_file import ExhibitFile
from edge.web.case_words import corrected
from edge.web.seal_words import seal_doubts
from edge.web.translations import Language, spoken
from edge.web.translations import mark as _
from edge.web.weight_words import weight_doubts
from sync.contract.casework import ExhibitCore, PackedExhibit

CATEGORIES: Mapping[str, str] = {
    "powder": _("Powder"),
    "crystals": _("Crystals"),
    "tablets": _("Tablets"),
    "plant": _("Plant"),
    "liquid": _("Liquid"),
    "resin": _("Paste or resin"),
    "paper": _("Blotter paper"),
    "machine": _("Machine or tool"),
    "other": _("Something else"),
}
PACKINGS: Mapping[str, str] = {
    "bag": _("Bag"),
    "box": _("Box"),
    "vessel": _("Bottle or jar"),
    "envelope": _("Envelope"),
    "wrapping": _("Wrapped parcel"),
    "other": _("Something else"),
}


def description(language: Language, category: str, count: int, packing: str) -> str:
    """Return how an exhibit is described, from what was picked."""
    pieces = language.count("%(number)s piece", "%(number)s pieces", count)
    return f"{language.say(CATEGORIES[category])} · {pieces} · {language.say(PACKINGS[packing])}"


def described(language: Language, now: ExhibitCore, was: ExhibitCore) -> str:
    """Return what an exhibit is, as it should have said: in this language where it was picked, else as it was written.

    `was` is its record as it was made, the same object where nobody amended it.
    """
    said = now.description
    if said == was.description and isinstance(now, PackedExhibit) and _was_picked(was) and str(now.count).isdecimal():
        said = description(language, now.category or "", int(now.count or 0), now.packing or "")
    return said if now is was else corrected(language, said)


def _was_picked(record: ExhibitCore) -> bool:
    if not isinstance(record, PackedExhibit) or not (record.category and record.count and record.packing):
        return False
    picked = record.category, record.count, record.packing
    return record.description in {description(each, *picked) for each in spoken()}


def doubts(language: Language, exhibit: ExhibitFile) -> list[str]:
    """Return what who signs or reads it must mind of an exhibit: other seals, an open bag, weights that do not fit."""
    return [*seal_doubts(language, exhibit), *weight_doubts(language, exhibit)]
