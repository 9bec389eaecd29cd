"""The story of a shift: a few sentences, as one officer tells them to the next."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from edge.checking import failed_of
from edge.shifts import Shift
from edge.views import OperatorView
from edge.web import forms, words
from edge.web.case_words import PAPERS
from edge.web.hand_words import receiver
from edge.web.reader import Reader
from edge.web.seal_words import handed, seal
from sync.contract.casework import AmendmentRecord, ExhibitCore, SealCore, TransferCore, VoidRecord
from sync.contract.printing import PrintRecord
from sync.contract.record import Record
from sync.contract.records import CheckRecord
from sync.contract.seizure import SignatureRecord, UndoRecord


@dataclass(frozen=True)
class Story:
    """Who tells it, since when, and the sentences."""

    teller: str
    since: str
    until: str
    sentences: Sequence[str]


def story(reader: Reader, person: OperatorView, shift: Shift, until: str, waiting: int) -> Story:
    """Return the story of a shift; `waiting` is how many records are still to be sent."""
    language = reader.language
    back = {record.concerns.seq for _, (_, record) in shift.records if isinstance(record, UndoRecord)}
    stands = [(screening, record) for screening, (seq, record) in shift.records if seq not in back]
    sentences = [*_readings(reader, shift), *_seizures(reader, stands), *_hands(reader, [each for _, each in stands])]
    sentences += _printed(reader, [each for _, each in stands])
    if waiting:
        sentences.append(
            language.count("%(number)s record waits to be sent.", "%(number)s records wait to be sent.", waiting)
        )
    return Story(
        f"{person.name} ({language.say(words.ROLES[person.role])})",
        forms.moment(language, shift.since),
        until,
        sentences,
    )


def _readings(reader: Reader, shift: Shift) -> Iterator[str]:
    language, done = (
        reader.language,
        [each for each in shift.readings if each.seq and not isinstance(each.record, CheckRecord)],
    )
    if not done:
        yield language.say("No readings.")
        return
    said = Counter(reader.result(each).word for each in done)
    parts = ", ".join(f"{times} {word}" for word, times in said.most_common())
    number = language.count("%(number)s reading", "%(number)s readings", len(done))
    yield f"{number}: {parts}."
    checks = [each.record for each in shift.readings if isinstance(each.record, CheckRecord)]
    if wrong := sum(not each.passed for each in checks):
        yield language.count(
            "%(number)s check of the analyzer did not pass.", "%(number)s checks of the analyzer did not pass.", wrong
        )
    if after := sum(bool(each.record and failed_of(each.record)) for each in done):
        yield language.count(
            "%(number)s reading was made after that.", "%(number)s readings were made after that.", after
        )


def _seizures(reader: Reader, stands: Sequence[tuple[str, Record]]) -> Iterator[str]:
    language = reader.language
    things = Counter(screening for screening, record in stands if isinstance(record, ExhibitCore))
    signed = {screening for screening, record in stands if isinstance(record, SignatureRecord)}
    if signed:
        exhibits = language.count("%(number)s exhibit", "%(number)s exhibits", sum(things[each] for each in signed))
        number = language.count("%(number)s seizure signed", "%(number)s seizures signed", len(signed))
        yield f"{number}: {exhibits}."
    if open_ := len(things.keys() - signed):
        yield language.count("%(number)s seizure is not signed yet.", "%(number)s seizures are not signed yet.", open_)


def _printed(reader: Reader, records: Sequence[Record]) -> Iterator[str]:
    language, copies = reader.language, Counter[str]()
    for each in records:
        if isinstance(each, PrintRecord):
            copies[each.paper] += each.copies
    if copies:
        parts = ", ".join(f"{language.say(PAPERS[paper])} {number}" for paper, number in copies.items())
        yield language.say("Papers made, with their copies: %(parts)s.", parts=parts)


def _hands(reader: Reader, records: Sequence[Record]) -> Iterator[str]:
    say = reader.language.say
    for each in records:
        hour = forms.hour(forms.wall(each.recorded.wall))
        if isinstance(each, TransferCore):
            yield say(
                "Seal %(seal)s changed hands at %(hour)s: from %(giver)s to %(receiver)s.",
                seal=handed(reader.language, each),
                hour=hour,
                giver=receiver(reader.language, each.giver),
                receiver=receiver(reader.language, each.receiver),
            )
        elif isinstance(each, SealCore) and each.action == "broken":
            yield say("Seal %(seal)s was broken at %(hour)s.", seal=seal(reader.language, each), hour=hour)
    corrected = sum(isinstance(each, AmendmentRecord | VoidRecord) for each in records)
    if corrected:
        yield reader.language.count("%(number)s correction.", "%(number)s corrections.", corrected)
