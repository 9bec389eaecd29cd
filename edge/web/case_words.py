"""Plain words for a seizure: its steps, why something was done, and what is asked of who corrects it."""

from collections.abc import Mapping

from edge.web.hand_words import REASONS
from edge.web.translations import Language
from edge.web.translations import mark as _

STEPS: Mapping[str, str] = {
    "exhibit": _("Exhibit"),
    "weight": _("Weight"),
    "photo": _("Photograph"),
    "seal": _("Seal"),
    "witnesses": _("Witnesses and rights"),
    "review": _("Review and sign"),
}
REFERENCES: Mapping[str, str] = {
    "detention": _("Detention register (RND)"),
    "case_file": _("Case file"),
    "report": _("Police report (IPH)"),
}
RECIPIENTS: Mapping[str, str] = {
    "court": _("Court"),
    "prosecutor": _("Prosecutor's office"),
    "defence": _("Defence"),
    "laboratory": _("Laboratory"),
}
RETURNS: Mapping[str, str] = {
    "photo": _("The photograph does not show it"),
    "weight": _("The weight does not fit"),
    "description": _("The description does not fit"),
    "seal": _("The seal does not fit"),
    "witness": _("A witness or a right is missing"),
    "reference": _("A number is missing"),
    "other": _("Other reason"),
}
MISTAKES: Mapping[str, str] = {
    "misread": _("It was read wrongly"),
    "mistyped": _("It was typed wrongly"),
    "twice": _("It was entered twice"),
    "other-thing": _("It is about another thing"),
    "returned": _("The review returned it"),
    "practice": _("It was practice"),
}
OPENINGS: Mapping[str, str] = {
    "sampling": _("A sample is taken"),
    "check": _("The content is checked"),
    "damaged": _("The bag is damaged"),
    "order": _("The authority orders it"),
}
PAPERS: Mapping[str, str] = {
    "acta": _("record of a screening"),
    "custody": _("chain of custody"),
    "annex": _("rows for the report"),
    "slip": _("slip"),
    "label": _("bag label"),
}
FIELDS: Mapping[str, str] = {
    "description": _("What it is"),
    "count": _("Number of pieces"),
    "value": _("Weight"),
    "unit": _("Unit"),
    "seal_number": _("Number of the seal"),
    "receiver": _("Who received it"),
    "reason": _("What for"),
    "reference": _("Badge or reference"),
    "number": _("Number"),
}
"""What the fields of an amendment are; that of a receiver is of an earlier program, and changes nothing."""
CLOSED = _("The bag was closed")
UNFIT: Mapping[str, str] = {
    "value": _("%(value)s is no weight. Enter digits with one point, as 1250.40."),
    "unit": _("%(value)s is no unit. Enter mg, g or kg."),
    "count": _("%(value)s is no number of pieces. Enter 1 or more, in digits."),
    "reference": _("%(value)s is no number of a badge or a file. Enter letters and digits, without spaces."),
    "number": _("%(value)s is no number of a file. Enter letters and digits, without spaces."),
    "": _("%(value)s cannot stand there. Enter it again."),
}
"""Why what somebody entered cannot stand in a field of an entry; `value` is what it was."""
SAID_ALREADY = _("It says %(value)s already. Enter what is right.")
HELD = "yes"
"""What a form says of a button that was held long enough."""
MANUAL = _("manual")


def corrected(language: Language, said: str) -> str:
    """Return what an amendment left standing, and that it did."""
    return language.say("corrected: %(what)s", what=said)


def reason(language: Language, text: str) -> str:
    """Return why something was done in this language, where it was picked; else as it was written."""
    return language.again(text, [*RETURNS.values(), *MISTAKES.values(), *OPENINGS.values(), *REASONS.values(), CLOSED])
