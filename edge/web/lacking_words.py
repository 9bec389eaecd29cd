"""What a signed seizure lacks, in words: by its signature, and what today's list asks for beyond that."""

from collections.abc import Iterator, Mapping, Sequence

from edge.consent import is_outdated, is_unasked
from edge.dossier import Dossier
from edge.seizures import missing
from edge.web.case_words import STEPS
from edge.web.consent_words import of_exhibits
from edge.web.translations import Language
from edge.web.translations import mark as _
from sync.contract.ids import Seq
from sync.contract.seizure import MissingPart, SignatureRecord, WitnessRecord

ANSWER = _("The answer of the person searched")
LATER_ANSWER = _("The answer of the person searched to what was done last")


def lacked(language: Language, found: Dossier) -> Mapping[Seq, Sequence[str]]:
    """Return what each signature says that was not there, by its entry."""
    return {
        seq: list(_named(language, found, found.before(seq), each.missing))
        for seq, each in found.records
        if isinstance(each, SignatureRecord)
    }


def lacking(language: Language, found: Dossier) -> list[tuple[str, Sequence[str]]]:
    """Return under their names what the newest signature says that was not there, and what it would name today."""
    by_entry, [signature] = lacked(language, found), found.of(SignatureRecord)[-1:]
    today = [each for each in missing(found) if each not in signature.missing]
    told = [
        (language.say("Lacked when signed"), by_entry[max(by_entry)]),
        (language.say("Today's list, also"), list(_named(language, found, found, today))),
    ]
    return [(name, what) for name, what in told if what]


def _named(language: Language, found: Dossier, then: Dossier, parts: Sequence[MissingPart]) -> Iterator[str]:
    """Yield each step that is missing, and of which exhibits; `then` is what was there."""
    numbers = {each.id: str(each.number) for each in found.exhibits}
    steps: dict[str, list[str]] = {}
    for each in parts:
        steps.setdefault(each.step, []).extend([numbers[each.exhibit]] if each.exhibit else [])
    for step, of in steps.items():
        if of:
            yield of_exhibits(language, language.say(STEPS[step]), of)
        else:
            yield from _beside(language, found, then)


def _beside(language: Language, found: Dossier, then: Dossier) -> list[str]:
    """Return who did not stand beside it, or was not asked."""
    answer = ANSWER if is_unasked(then) else LATER_ANSWER if is_outdated(found) else ""
    nobody = "" if then.of(WitnessRecord) and answer else STEPS["witnesses"]
    return [language.say(each) for each in (nobody, answer) if each]
