"""A seizure in one row: what it came to, how far it is and whose, what was screened, and what was seized."""

from collections.abc import Mapping
from dataclasses import dataclass

from edge.cases import CaseLine
from edge.dossier import Dossier
from edge.station import Station
from edge.web import forms, record_words, subject_words
from edge.web.checklist import Checklist
from edge.web.comparing import Whole, concluded
from edge.web.reader import Reader
from edge.web.translations import Language
from sync.contract.subject import SubjectRecord

PICTURES: Mapping[str, str] = {"approved": "done", "returned": "undo", "corrected": "repeat"}
UNTOLD = "unidentified"


@dataclass(frozen=True)
class Row:
    """One row of a list of seizures: a title and three lines, each of which may be empty."""

    href: str
    picture: str
    title: str
    state: str
    subject: str
    things: str
    moment: str


def row_of(station: Station, reader: Reader, line: CaseLine, part: str = "record", *, may_work: bool = True) -> Row:
    """Return the row of a seizure; one that is signed leads to `part` of it, another to its next step.

    Who may do none of its steps looks at its list of them.
    """
    language, dossier = reader.language, line.dossier
    checklist, whole = Checklist(language, dossier), whole_of(station, reader, dossier)
    begun = checklist.next().href if may_work else f"{checklist.here}/seizure"
    state = doubt_of(language, whole), open_bag(language, dossier), _state(language, checklist, line)
    return Row(
        href=f"{checklist.here}/{part}" if line.signed else begun,
        picture=PICTURES.get(line.decision or "", "sealed" if line.signed else "sign"),
        title=whole.named,
        state=" · ".join(filter(None, [*state, _whose(station, checklist)])),
        subject=subject_of(language, dossier),
        things=things_of(checklist) or language.say("Nothing on record yet"),
        moment=moment_of(language, dossier),
    )


def whole_of(station: Station, reader: Reader, dossier: Dossier) -> Whole:
    """Return what it came to; not before the officer said what they see."""
    if station.subjects.is_due(dossier.screening):
        return Whole(reader.language.say("Reading"), "")
    return concluded(station, reader, dossier)


def summary(station: Station, reader: Reader, dossier: Dossier) -> str:
    """Return what tells a seizure from the others, for one or two lines."""
    language, whole = reader.language, whole_of(station, reader, dossier)
    named = whole.word if whole.conflict else whole.named
    told = (named, subject_of(language, dossier), moment_of(language, dossier))
    return " · ".join(filter(None, told))


def doubt_of(language: Language, whole: Whole) -> str:
    """Return in a word what its readings are to one another, where they disagree."""
    return language.say("in conflict") if whole.conflict else ""


def open_bag(language: Language, dossier: Dossier) -> str:
    """Return that a bag lies open, where one does."""
    return language.say("bag open") if any(each.broken for each in dossier.exhibits) else ""


def subject_of(language: Language, dossier: Dossier) -> str:
    """Return what was screened and its numbers, or nothing of a quick reading that has none."""
    numbers = [each.text for record in dossier.of(SubjectRecord)[-1:] for each in record.numbers]
    kind = dossier.subject_kind
    return " ".join([] if kind == UNTOLD and not numbers else [subject_words.kind(language, kind), *numbers])


def things_of(checklist: Checklist) -> str:
    """Return the seal and the description of the first exhibit, and how many more there are; or nothing."""
    files, language = checklist.dossier.exhibits, checklist.language
    if not files:
        return ""
    steps = checklist.of(files[0])
    said = " · ".join(filter(None, [files[0].seal_number, steps[0].said]))
    more = len(files) - 1
    return language.say("%(named)s and %(more)s more", named=said, more=more) if more else said


def moment_of(language: Language, dossier: Dossier) -> str:
    """Return when it was last written to, or its last reading began, as `22 nov 18:42`; nothing where neither was."""
    times = [dossier.readings[-1].started.wall] if dossier.readings else []
    times += [dossier.records[-1][1].recorded.wall] if dossier.records else []
    when = forms.wall(times[-1]) if times else None
    return f"{forms.day(language, when)} {forms.hour(when)}".replace(" ", forms.SPACE) if when else ""


def _whose(station: Station, checklist: Checklist) -> str:
    """Return who signed it, or who began it."""
    if checklist.signature:
        return checklist.signature.name
    people: dict[str, str] = {each.operator.id: each.operator.name for each in station.accounts.everybody()}
    return people.get(checklist.dossier.operator, "")


def _state(language: Language, checklist: Checklist, line: CaseLine) -> str:
    if line.dossier.unsigned:
        return language.say("Sign again")
    if line.decision:
        return language.say(record_words.DECISIONS[line.decision])
    return language.say("Signed") if line.signed else progress(checklist)


def progress(checklist: Checklist) -> str:
    """Return how far a seizure that nobody signed is."""
    steps = checklist.everything()
    return checklist.language.say("Draft: %(done)s of %(all)s", done=sum(item.done for item in steps), all=len(steps))
