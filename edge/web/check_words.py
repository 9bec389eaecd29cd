"""A check of the analyzer in words."""

from collections.abc import Mapping

from edge.checking import NOT_EMPTY
from edge.views import ReadingView
from edge.web import words
from edge.web.concluded import NAMED
from edge.web.reader import Reader
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


def found_words(reader: Reader, reading: ReadingView) -> str:
    """Return what stands in a blank that is not empty, as far as the station recognises it, and how to touch it."""
    if not isinstance(reading.record, CheckRecord) or NOT_EMPTY not in reading.record.problems:
        return ""
    result, say = reader.result(reading), reader.language.say
    found = say("Found in it: %(what)s", what=result.substance) if result.kind in NAMED else result.also
    found = found.removesuffix(".") or say("Found in it: ions that the station does not recognise")
    return " ".join([f"{found}.", *(say(words.HAZARDS[key][1]) for key in [result.hazard] if key)])
