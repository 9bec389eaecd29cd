"""A check of the analyzer in words."""

from collections.abc import Mapping

from edge.web import words
from edge.web.translations import Language
from edge.web.translations import mark as _
from sync.contract.records import CheckRecord

NAMES: Mapping[str, str] = {"blank": _("Blank"), "reference": _("Reference sample")}
START: Mapping[str, str] = {"blank": _("Measure the blank"), "reference": _("Measure the reference sample")}


def check_words(language: Language, record: CheckRecord) -> tuple[str, str]:
    """Return whether a check passed, and which one it was or why it did not."""
    name = language.say(NAMES[record.check])
    if record.passed:
        return language.say("PASSED"), name
    why = words.reason(language, record.problems[0]).removesuffix(".")
    return language.say("NOT PASSED"), why if name.lower() in why.lower() else f"{name}: {why}"
