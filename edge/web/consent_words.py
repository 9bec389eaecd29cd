"""What the person searched agreed to, or did not, and what others were there for, in words: the steps done by then."""

from collections.abc import Mapping, Sequence

from babel.lists import format_list

from edge.consent import Answer, Steps, answers, is_outdated, is_unasked
from edge.dossier import Dossier
from edge.web.case_words import STEPS
from edge.web.translations import Language
from edge.web.translations import mark as _
from edge.web.witness_words import PRESENCES
from sync.contract.seizure import WitnessRecord

WHOLE: Mapping[str, str] = {
    "agreed": _("agreed with the weighing, photographs and seal"),
    "refused": _("did not agree to the weighing, photographs and seal"),
}
PARTLY: Mapping[str, str] = {
    "agreed": _("agreed with: %(what)s"),
    "refused": _("did not agree to: %(what)s"),
}
TOO_EARLY: Mapping[str, str] = {
    "agreed": _("agreed before anything was weighed, photographed or sealed"),
    "refused": _("did not agree, before anything was weighed, photographed or sealed"),
}
PRESENT_PARTLY = _("was present: %(what)s")
PRESENT_TOO_EARLY = _("was present before anything was weighed, photographed or sealed")
ASK = _("Ask the person searched whether they agree")
ASK_AGAIN = _("Ask the person searched again: more was done since")


def to_ask(language: Language, found: Dossier) -> str:
    """Return that the person searched is to be asked, for the first time or again; or nothing."""
    if is_unasked(found):
        return language.say(ASK)
    return language.say(ASK_AGAIN) if is_outdated(found) else ""


def answered(language: Language, found: Dossier) -> dict[WitnessRecord, str]:
    """Return what each answer of the person searched means, and what each of the others was there for."""
    return {each.record: _answer(language, each) for each in answers(found)}


def steps(language: Language, about: Steps) -> str:
    """Return which steps of which exhibits are meant."""
    numbers: dict[str, list[str]] = {}
    for number, done in about.items():
        what = format_list([language.say(STEPS[step]) for step in done], locale=language.locale)
        numbers.setdefault(what, []).append(str(number))
    return "; ".join(of_exhibits(language, what, each) for what, each in numbers.items())


def of_exhibits(language: Language, what: str, numbers: Sequence[str]) -> str:
    """Return of which exhibits something is."""
    of = _("%(what)s of exhibits %(number)s") if len(numbers) > 1 else _("%(what)s of exhibit %(number)s")
    return language.say(of, what=what, number=format_list(numbers, locale=language.locale))


def _answer(language: Language, answer: Answer) -> str:
    stance, others = answer.record.stance, answer.record.role != "searched"
    if answer.whole:
        return language.say(PRESENCES[stance] if others else WHOLE[stance])
    if not answer.about:
        return language.say(PRESENT_TOO_EARLY if others else TOO_EARLY[stance])
    return language.say(PRESENT_PARTLY if others else PARTLY[stance], what=steps(language, answer.about))
