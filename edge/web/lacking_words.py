"""What a signed seizure lacks, in words: by its signature, and what today's list asks for beyond that."""

from collections.abc import Callable, Iterator, Mapping, Sequence

from edge.consent import is_outdated, is_unasked, witnesses
from edge.dossier import Dossier
from edge.seizures import missing
from edge.web.case_words import STEPS
from edge.web.consent_words import of_exhibits
from edge.web.translations import Language
from edge.web.translations import mark as _
from sync.contract.ids import Seq
from sync.contract.seizure import MissingPart, SignatureRecord

ANSWER = _("The answer of the person searched")
LATER_ANSWER = _("The answer of the person searched to what was done last")


Lists = Sequence[tuple[str, Sequence[str]]]
"""What is missing, by which list: each under its name."""


def lacked(language: Language, found: Dossier) -> Mapping[Seq, Lists]:
    """Return what each signature says that was not there, by its entry; at the newest, what it would name today too."""
    return _told(language, found, _by_step)


def lacking(language: Language, found: Dossier) -> Lists:
    """Return the same of the newest signature, each step of each exhibit by itself."""
    return [*_told(language, found, _by_exhibit).values()][-1]


Name = Callable[[Language, Dossier, Dossier, Sequence[MissingPart]], Iterator[str]]
"""Names what is missing; of the two dossiers the second is what was there."""


def _told(language: Language, found: Dossier, name: Name) -> Mapping[Seq, Lists]:
    signed = [(seq, each) for seq, each in found.records if isinstance(each, SignatureRecord)]
    then = language.say("Lacked when signed")
    told = {seq: [(then, [*name(language, found, found.before(seq), each.missing)])] for seq, each in signed}
    for seq, each in signed[-1:]:
        today = [part for part in missing(found) if part not in each.missing]
        told[seq].append((language.say("Today's list also asks for"), [*name(language, found, found, today)]))
    return {seq: [each for each in lists if each[1]] for seq, lists in told.items()}


def _by_step(language: Language, found: Dossier, then: Dossier, parts: Sequence[MissingPart]) -> Iterator[str]:
    numbers, steps = _numbers(found), dict[str, list[str]]()
    for each in parts:
        steps.setdefault(each.step, []).extend([numbers[each.exhibit]] if each.exhibit else [])
    for step, of in steps.items():
        yield from [of_exhibits(language, language.say(STEPS[step]), of)] if of else _beside(language, found, then)


def _by_exhibit(language: Language, found: Dossier, then: Dossier, parts: Sequence[MissingPart]) -> Iterator[str]:
    for each in parts:
        if each.exhibit:
            yield of_exhibits(language, language.say(STEPS[each.step]), [_numbers(found)[each.exhibit]])
        else:
            yield from _beside(language, found, then)


def _numbers(found: Dossier) -> Mapping[str, str]:
    return {each.id: str(each.number) for each in found.exhibits}


def _beside(language: Language, found: Dossier, then: Dossier) -> list[str]:
    """Return who did not stand beside it, or was not asked."""
    answer = ANSWER if is_unasked(then) else LATER_ANSWER if is_outdated(found) else ""
    nobody = "" if witnesses(then) and answer else STEPS["witnesses"]
    return [language.say(each) for each in (nobody, answer) if each]
