"""What to wear and what helps, by hazard key: NIOSH's advice, in plain words and without fear."""

from collections.abc import Mapping

from edge.web import words
from edge.web.notes import Notes
from edge.web.translations import Language
from edge.web.translations import mark as _

FIRST = frozenset({"H1-ULTRA"})
"""Hazards whose card comes before the rest of the result."""

_SKIN = _("Skin: soap and water. No gel, no bleach.")
_EYES = _("Eyes: rinse with water.")
_UNWELL = _("Unwell: fresh air, and call for help.")
_OPIOID = (
    _SKIN,
    _EYES,
    _("Drowsy or breathing slowly: call for help, give naloxone, help breathing."),
    _("Touching the skin briefly is not expected to harm once washed off."),
)
_USUAL = (_SKIN, _EYES, _UNWELL)

FIRST_AID: Mapping[str, tuple[str, ...]] = {
    "H1-ULTRA": _OPIOID,
    "H2-OPIOID": _OPIOID,
    "H6-SED": (_SKIN, _EYES, _("Drowsy or breathing slowly: call for help, give naloxone, help breathing.")),
    "H7-CORR": (
        _("Skin or eyes: much water for 15 minutes. Take off what is wet."),
        _("Swallowed: do not make them vomit; call for help."),
        _UNWELL,
    ),
    "H10-EXPL": (_("Go away from it, and keep others away."), _("Hurt: call for help from a distance.")),
    "H11-TOX": (
        _("Fresh air, upwind. Do not go back in."),
        _("Skin or eyes: much water for 15 minutes. Take off what is wet."),
        _("Call the emergency service."),
    ),
}

AFTERWARDS = (
    _("New gloves for each sample."),
    _("Wash your hands before you eat or touch your face."),
)


def first_aid(language: Language, hazard: str, *, whole: bool) -> Notes:
    """Return what to do where it touched somebody or somebody is unwell.

    Not `whole`: without what comes afterwards, and without what the hazard's own card says of the skin.
    """
    lines = FIRST_AID.get(hazard, _USUAL)
    lines = (*lines, *AFTERWARDS) if whole else tuple(line for line in lines if line != _SKIN)
    return Notes("first-aid", language.say("If it touched somebody"), tuple(language.say(line) for line in lines))


def hazard_card(language: Language, hazard: str) -> Notes:
    """Return what to wear and do where something is of this hazard."""
    title, *lines = words.HAZARDS[hazard]
    return Notes("hand", language.say(title), tuple(language.say(line) for line in lines))
