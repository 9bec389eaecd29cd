"""An entry about another on paper: what was taken back, reviewed, voided or amended, and who allowed it."""

from collections.abc import Iterator

from edge.paper.sheet import Line
from edge.paper.teller import METHODS, Teller
from edge.web import forms, record_words
from sync.contract.approval import ApprovalRecord
from sync.contract.casework import (
    AmendmentRecord,
    Concerned,
    VoidRecord,
)
from sync.contract.seizure import ReviewRecord, UndoRecord


def concerned(teller: Teller, concerns: Concerned) -> Iterator[Line]:
    """Return which entry is meant, and of what kind it is and what it said where it is one of this case."""
    yield Line(teller.say("Entry"), f"{forms.number(concerns.seq)} · {concerns.digest.hex()[:16]}")
    if said := teller.said.get(concerns.seq):
        yield Line(teller.say("Which is"), said)


def tell_undo(teller: Teller, record: UndoRecord) -> Iterator[Line]:
    yield Line(teller.say("Taken back before the signature"))
    yield from concerned(teller, record.concerns)


def tell_review(teller: Teller, record: ReviewRecord) -> Iterator[Line]:
    yield Line(teller.say("Review: %(decision)s", decision=teller.say(record_words.DECISIONS[record.decision])))
    yield from concerned(teller, record.concerns)
    if record.reason:
        yield Line(teller.say("Reason"), teller.reason(record.reason))


def tell_void(teller: Teller, record: VoidRecord) -> Iterator[Line]:
    yield Line(teller.say("Counts no more"))
    yield from concerned(teller, record.concerns)
    yield Line(teller.say("Reason"), teller.reason(record.reason))


def tell_approval(teller: Teller, record: ApprovalRecord) -> Iterator[Line]:
    yield Line(teller.say("Approved by two persons"))
    for each, what in zip(record.persons, (teller.say("Who asked"), teller.say("Who allowed it")), strict=True):
        yield Line(what, f"{teller.person(each.operator)}, {teller.say(METHODS[each.method])}")


def tell_amendment(teller: Teller, record: AmendmentRecord) -> Iterator[Line]:
    yield Line(teller.say("Amendment"))
    yield from concerned(teller, record.concerns)
    for field, was, right in teller.changes(record):
        yield Line(teller.say("%(field)s: it said", field=field), was)
        yield Line(teller.say("%(field)s: it should say", field=field), right, "strong")
    yield Line(teller.say("Reason"), teller.reason(record.reason))
