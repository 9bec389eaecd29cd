"""What was screened on paper: its kind and numbers, what the officer saw, and its documents."""

from collections.abc import Iterator

from edge.paper.sheet import Line
from edge.paper.teller import Teller
from edge.web import declared_words, forms, subject_words
from sync.contract.papers import PapersRecord
from sync.contract.subject import InspectionRecord, NumberPart, SubjectRecord


def tell_subject(teller: Teller, record: SubjectRecord) -> Iterator[Line]:
    yield Line(teller.say("What was screened"))
    yield Line(teller.say("Kind"), subject_words.kind(teller.language, record.subject_kind), "strong")
    yield from (number(teller, each) for each in record.numbers)
    yield Line(teller.say("How it travels"), teller.say(subject_words.MODES[record.mode]))
    yield Line(teller.say("Cause of the inspection"), teller.say(subject_words.CAUSES[record.cause]))


def number(teller: Teller, part: NumberPart) -> Line:
    """Return a number of the subject, with what is wrong with it."""
    told = subject_words.marked(teller.language, part)
    return Line(teller.say(subject_words.NUMBERS[part.kind]), told, "strong")


def tell_inspection(teller: Teller, record: InspectionRecord) -> Iterator[Line]:
    yield Line(teller.say("What the officer saw before the result"))
    yield Line(teller.say("Seen"), teller.say(subject_words.SEEN[record.seen]), "strong")


def tell_papers(teller: Teller, record: PapersRecord) -> Iterator[Line]:
    yield Line(teller.say("Document check"))
    for name, value in record.declared.model_dump().items():
        if value:
            yield Line(teller.say(declared_words.LABELS[name]) if name in declared_words.LABELS else name, value)
    yield Line(teller.say("Found, presumptively"), record.found or forms.NOTHING)
    for code in record.inconsistencies:
        yield Line(teller.say("Inconsistency"), teller.say(declared_words.INCONSISTENT[code]), "strong")
