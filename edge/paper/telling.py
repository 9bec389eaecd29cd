"""One record of a dossier in words: title, when, by whom, what it says. A kind that is not here is not printed."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from babel.lists import format_list

from edge.dossier import Dossier, Numbered, Voided
from edge.paper.sheet import Block, Line
from edge.views import OperatorView
from edge.web import case_words, declared_words, forms, subject_words, words
from edge.web.comparing import Whole, accepted_words
from edge.web.scale_words import scale_words
from edge.web.sights import DOUBTS, KINDS, code_text, place, symbology
from edge.web.translations import Language
from edge.web.translations import mark as _
from sync.contract.approval import ApprovalRecord
from sync.contract.attachment import AttachmentPart
from sync.contract.casework import (
    AmendmentRecord,
    ChangePart,
    Concerned,
    ExhibitCore,
    ExhibitRecord,
    OccasionalWeight,
    PhotoRecord,
    SealCheckRecord,
    SealRecord,
    SignedTransfer,
    TransferCore,
    TransferRecord,
    VoidRecord,
    WeightCore,
    WeightRecord,
)
from sync.contract.comparison import ComparisonCore
from sync.contract.ids import Seq
from sync.contract.observations import ObservationRecord, SecondTechniqueRecord
from sync.contract.papers import PapersRecord
from sync.contract.record import Record, Timestamp
from sync.contract.seizure import MissingPart, ReferenceRecord, ReviewRecord, SignatureRecord, UndoRecord, WitnessRecord
from sync.contract.subject import InspectionRecord, NumberPart, SubjectRecord

WEIGHTS: Mapping[str, str] = {"gross": _("Gross weight"), "net": _("Net weight"), "tare": _("Tare")}
SEALS: Mapping[str, str] = {"applied": _("Seal applied"), "broken": _("Seal broken")}

METHODS: Mapping[str, str] = {
    "token": _("with the signer's token"),
    "hold": _("the button was held for 1.5 s in the signer's session"),
    "pin": _("with the signer's PIN"),
    "demonstration_pin": _("with the PIN of a demonstration"),
}
FIELDS: Mapping[str, str] = {name: said for fields in case_words.AMENDABLE.values() for name, said in fields.items()}
INSTRUMENTS: Mapping[str, str] = {
    "weight": _("a scale that does not say which it is"),
    "position": _("a satellite receiver that does not say which it is"),
    "code": _("a code reader that does not say which it is"),
}
CORRECTIONS = (AmendmentRecord, ApprovalRecord, VoidRecord)


@dataclass(frozen=True)
class Teller:
    """Puts records into words of one language; `names` are the people of the station by id."""

    language: Language
    names: Mapping[str, OperatorView]
    voided: Mapping[Seq, Voided]
    said: Mapping[Seq, str] = field(default_factory=dict[Seq, str])
    """What each entry is and says, in one line."""
    amended: Mapping[Seq, Sequence[tuple[Seq, AmendmentRecord]]] = field(
        default_factory=dict[Seq, Sequence[tuple[Seq, AmendmentRecord]]]
    )
    exhibits: Mapping[str, int] = field(default_factory=dict[str, int])
    """The numbers of the exhibits, by id."""

    def block(self, seq: Seq, record: Record) -> Block | None:
        """Return what paper says of a record; None for a kind that it does not know."""
        tell = next((told for kind, told in TOLD.items() if isinstance(record, kind)), None)
        if tell is None:
            return None
        title, *lines = tell(self, record)
        lines += [self.corrected(*each) for each in self.amended.get(seq, ())]
        return Block(title.name, self.signed(record), lines, self.void(seq), list(pictures_of(seq, record)))

    def corrections(self, dossier: Dossier) -> list[Block]:
        """Return what was amended or voided, with both texts."""
        told = [self.block(seq, each) for seq, each in dossier.records if isinstance(each, CORRECTIONS)]
        return [block for block in told if block]

    def counting(self, dossier: Dossier) -> Dossier:
        """Return the dossier without what was voided: for forms, which show what counts."""
        files = [replace(each, records=self._counting(each.records)) for each in dossier.exhibits]
        readings = [each for each in dossier.readings if each.seq and each.seq not in self.voided]
        return replace(dossier, readings=readings, exhibits=files, records=self._counting(dossier.records))

    def _counting(self, records: Sequence[Numbered]) -> list[Numbered]:
        return [each for each in records if each[0] not in self.voided]

    def corrected(self, seq: Seq, record: AmendmentRecord) -> Line:
        """Return what an entry should have said instead, and by which one."""
        fields = [(self.say(FIELDS.get(each.field, each.field)), *self.changed(each)) for each in record.changes]
        changes = "; ".join(f"{name}: {was} → {right}" for name, was, right in fields)
        why = self.reason(record.reason)
        return Line(self.say("CORRECTED by entry %(seq)s", seq=seq), f"{changes} ({why})", "strong")

    def changed(self, change: ChangePart) -> tuple[str, str]:
        """Return what a field said and what it should say, in the language of the paper where it was picked."""
        again = {"reason": case_words.reason, "receiver": case_words.receiver}.get(change.field)
        if again is None:
            return change.was, change.should_be
        return again(self.language, change.was), again(self.language, change.should_be)

    def void(self, seq: Seq) -> str:
        """Return what is said of an entry that counts no more; nothing of any other."""
        void = self.voided.get(seq)
        if void is None:
            return ""
        said = self.say("VOID: %(reason)s", reason=self.reason(void.reason))
        return f"{said} ({self.moment(void.record.recorded)}, {self.behind(void)})"

    def behind(self, void: Voided) -> str:
        """Return the two who stand behind a void, as far as the station keeps who they are."""
        named = [self.person(each) for each in void.persons]
        if len(named) < 2:  # noqa: PLR2004 - a void takes two
            named.append(self.say("a second person, whom entry %(seq)s names", seq=void.seq - 1))
        return self.say("%(first)s and %(second)s", first=named[0], second=named[1])

    def say(self, message: str, **values: object) -> str:
        """Say a message in the language of the paper."""
        return self.language.say(message, **values)

    def reason(self, text: str) -> str:
        """Return why something was done, in the language of the paper where it was picked."""
        return case_words.reason(self.language, text)

    def person(self, operator: str | None) -> str:
        """Return a person's name, role and id."""
        known = self.names.get(operator or "")
        if known is None:
            return operator or self.say("the station itself")
        return f"{known.name} ({self.role(known)}, {known.id})"

    def role(self, person: OperatorView) -> str:
        """Return what a person is here."""
        return self.say(words.ROLES[person.role])

    def weighed(self, record: WeightCore) -> str:
        """Return which weight it is, and whether it was taken before or after sampling."""
        occasion = record.occasion if isinstance(record, OccasionalWeight) else "found"
        kind = self.say(WEIGHTS[record.kind])
        return f"{kind}, {self.say(case_words.OCCASIONS[occasion])}" if occasion in case_words.OCCASIONS else kind

    def sealing(self, record: SealRecord) -> str:
        """Return what was done with the seal."""
        return self.say(SEALS[record.action])

    def moment(self, when: Timestamp) -> str:
        """Return a moment, with a word where the clock cannot be trusted."""
        said = forms.moment(self.language, forms.wall(when.wall))
        return said if when.trust == "synchronised" else f"{said} ({self.say(words.CLOCK[when.trust][0])})"

    def signed(self, record: Record) -> str:
        """Return when a record was made and by whom."""
        return f"{self.moment(record.recorded)} · {self.person(record.operator)}"


def together(teller: Teller, whole: Whole) -> list[Line]:
    """Return what the readings come to where there is more to say than the only one does."""
    if len(whole.parts) < 2 and not whole.doubt:  # noqa: PLR2004 - the only one is told by itself
        return []
    said = " ".join(filter(None, [f"{whole.said}.", whole.doubt]))
    parts = [(f"{each.said} ({each.void})" if each.void else each.said, each.void) for each in whole.parts]
    return [
        Line(teller.say("What the readings come to"), said, "strong"),
        *(Line("", text, "struck" if void else "") for text, void in parts),
    ]


def pictures_of(seq: Seq, record: Record) -> dict[str, AttachmentPart]:
    """Return the pictures of an entry by what a page calls them: a photograph, or signatures that were drawn."""
    given = record.given_drawn if isinstance(record, TransferRecord) else None
    taken = record.photo if isinstance(record, PhotoRecord) else None
    drawn = record.drawn if isinstance(record, SignedTransfer) else None
    named = {f"entry-{seq}-giver": given, f"entry-{seq}": taken or drawn}
    return {name: part for name, part in named.items() if part}


def weight(teller: Teller, record: WeightCore, *, amended: bool = False) -> str:
    """Return a weight as the scale sent it, and which scale that was; a typed or amended one says so."""
    said = amount(teller, record, amended=amended)
    if record.source != "scale" or amended or not record.scale:
        return said
    return f"{said} · {scale_words(teller.language, record.scale)}"


def amount(teller: Teller, record: WeightCore, *, amended: bool = False) -> str:
    """Return a weight without the scale's name; a typed or amended one says so."""
    manual = record.source != "scale" or amended
    said = f"{case_words.digits(record)} · {teller.say('MANUAL')}" if manual else case_words.digits(record)
    return case_words.corrected(teller.language, said) if amended else said


def concerned(teller: Teller, concerns: Concerned) -> Iterator[Line]:
    """Return which entry is meant, and of what kind it is and what it said where it is one of this case."""
    yield Line(teller.say("Entry"), f"{forms.number(concerns.seq)} · {concerns.digest.hex()[:16]}")
    if said := teller.said.get(concerns.seq):
        yield Line(teller.say("Which is"), said)


def looks(teller: Teller, record: ExhibitCore) -> tuple[str, str, str]:
    """Return how an exhibit looks, how many pieces it is and what it is packed in; empty what was not told."""
    if not isinstance(record, ExhibitRecord):
        return "", "", ""
    category = teller.say(case_words.CATEGORIES[record.category]) if record.category else ""
    packing = teller.say(case_words.PACKINGS[record.packing]) if record.packing else ""
    pieces = teller.language.count("%(number)s piece", "%(number)s pieces", record.count) if record.count else ""
    return category, pieces, packing


def _exhibit(teller: Teller, record: ExhibitCore) -> Iterator[Line]:
    yield Line(teller.say("Exhibit %(number)s", number=record.number))
    said = case_words.described(teller.language, record, record)
    yield Line(teller.say("What it is"), said)
    told = [each for each in looks(teller, record) if each and each not in said]
    if told:
        yield Line(teller.say("How it looks"), " · ".join(told))


def _weight(teller: Teller, record: WeightCore) -> Iterator[Line]:
    yield Line(teller.weighed(record))
    if record.source == "typed":
        yield Line(teller.say("As it was typed"), weight(teller, record), "strong")
    elif isinstance(record, WeightRecord):
        yield Line(teller.say("As the scale sent it"), weight(teller, record), "strong")
        yield Line(teller.say("Tare on the scale"), _tare(teller, record))
    else:
        yield Line(teller.say("As it was put down"), weight(teller, record), "strong")


def _tare(teller: Teller, record: WeightRecord) -> str:
    if record.tare:
        return f"{record.tare.value}{forms.SPACE}{record.tare.unit}"
    return teller.say("some: the scale says net") if record.basis == "net" else teller.say("the scale does not tell")


def _photo(teller: Teller, record: PhotoRecord) -> Iterator[Line]:
    yield Line(teller.say("Photograph"))
    if record.caption:
        yield Line(teller.say("Shows"), record.caption)
    yield Line("SHA-256", forms.digest(record.photo.digest.hex()), "hash")
    yield Line(teller.say("Size"), f"{forms.number(record.photo.size)}{forms.SPACE}B")


def _seal(teller: Teller, record: SealRecord) -> Iterator[Line]:
    yield Line(teller.sealing(record))
    yield Line(teller.say("Seal number"), record.seal_number, "strong")
    yield Line(teller.say("Reason"), teller.reason(record.reason))


def _seal_check(teller: Teller, record: SealCheckRecord) -> Iterator[Line]:
    yield Line(teller.say("Another seal on the bag"))
    yield Line(teller.say("Found"), record.found, "strong")
    yield Line(teller.say("On record"), record.on_record)
    yield Line(teller.say("How"), teller.say("scanned") if record.source == "scanned" else teller.say("typed"))


def _transfer(teller: Teller, record: TransferCore) -> Iterator[Line]:
    yield Line(teller.say("Handed over"))
    yield Line(teller.say("Given by"), _given(teller, record))
    receiver = case_words.receiver(teller.language, record.receiver)
    yield Line(teller.say("Received by"), f"{receiver} ({_accepted(teller, record)})")
    yield Line(teller.say("Reason"), teller.reason(record.reason))
    yield Line(teller.say("Seal number"), record.seal_number, "strong")


def signed_for(teller: Teller, record: TransferCore) -> OperatorView | None:
    """Return who signed for a giver who was absent."""
    known = teller.names.get(record.given_by or "") if isinstance(record, TransferRecord) else None
    return known if known and known.name != record.giver else None


def _given(teller: Teller, record: TransferCore) -> str:
    """Return who gave it, and how they signed; of older versions nobody knows who signed."""
    giver = case_words.receiver(teller.language, record.giver)
    if not isinstance(record, TransferRecord):
        return giver
    absent = signed_for(teller, record)
    how = teller.say(METHODS[record.given]) if record.given else teller.say("in their own session")
    if record.given_drawn:
        how = teller.say("with a drawn signature")
    if absent:
        who = teller.person(absent.id)
        return teller.say("%(name)s, absent; %(person)s signed for them: %(how)s", name=giver, person=who, how=how)
    return f"{giver} ({how})"


def _accepted(teller: Teller, record: TransferCore) -> str:
    if record.accepted_by:
        return teller.say("with the PIN of %(person)s", person=teller.person(record.accepted_by))
    drawn = isinstance(record, SignedTransfer) and record.drawn
    return teller.say("with a drawn signature") if drawn else teller.say("without a PIN at this station")


def _witness(teller: Teller, record: WitnessRecord) -> Iterator[Line]:
    yield Line(teller.say(case_words.WITNESSES[record.role]))
    asked = teller.say("Agreed or not") if record.role == "searched" else teller.say("Present or not")
    yield Line(asked, teller.say(case_words.stance(record)), "strong")
    if record.reference:
        yield Line(teller.say("Badge or file"), record.reference)


def _reference(teller: Teller, record: ReferenceRecord) -> Iterator[Line]:
    yield Line(teller.say(case_words.REFERENCES[record.kind]))
    yield Line(teller.say("Number"), record.number, "strong")


def _signature(teller: Teller, record: SignatureRecord) -> Iterator[Line]:
    yield Line(teller.say("Signed"))
    yield Line(teller.say("Name"), record.name, "strong")
    yield Line(teller.say("How"), teller.say(METHODS[record.method]))
    yield Line(teller.say("Entries"), ", ".join(forms.number(each.seq) for each in record.concerns))
    if record.missing:
        yield Line(teller.say("Not there when it was signed"), "; ".join(lacking(teller, record.missing)), "strong")


def lacking(teller: Teller, missing: Sequence[MissingPart]) -> Iterator[str]:
    """Yield each step that is missing, and of which exhibits."""
    steps: dict[str, list[int]] = {}
    for each in missing:
        numbers = steps.setdefault(each.step, [])
        if each.exhibit:
            numbers.append(teller.exhibits[each.exhibit])
    for step, numbers in steps.items():
        what, several = teller.say(case_words.STEPS[step]), len(numbers) > 1
        listed = format_list([str(number) for number in numbers], locale=teller.language.locale)
        of = _("%(what)s of exhibits %(number)s") if several else _("%(what)s of exhibit %(number)s")
        yield teller.say(of, what=what, number=listed) if numbers else what


def _undo(teller: Teller, record: UndoRecord) -> Iterator[Line]:
    yield Line(teller.say("Taken back before the signature"))
    yield from concerned(teller, record.concerns)


def _review(teller: Teller, record: ReviewRecord) -> Iterator[Line]:
    yield Line(teller.say("Review: %(decision)s", decision=teller.say(case_words.DECISIONS[record.decision])))
    yield from concerned(teller, record.concerns)
    if record.reason:
        yield Line(teller.say("Reason"), teller.reason(record.reason))


def _void(teller: Teller, record: VoidRecord) -> Iterator[Line]:
    yield Line(teller.say("Counts no more"))
    yield from concerned(teller, record.concerns)
    yield Line(teller.say("Reason"), teller.reason(record.reason))


def _approval(teller: Teller, record: ApprovalRecord) -> Iterator[Line]:
    yield Line(teller.say("Approved by two persons"))
    for each, what in zip(record.persons, (teller.say("Who asked"), teller.say("Who allowed it")), strict=True):
        yield Line(what, f"{teller.person(each.operator)}, {teller.say(METHODS[each.method])}")


def _amendment(teller: Teller, record: AmendmentRecord) -> Iterator[Line]:
    yield Line(teller.say("Amendment"))
    yield from concerned(teller, record.concerns)
    for change in record.changes:
        field, (was, right) = teller.say(FIELDS.get(change.field, change.field)), teller.changed(change)
        yield Line(teller.say("%(field)s: it said", field=field), was)
        yield Line(teller.say("%(field)s: it should say", field=field), right, "strong")
    yield Line(teller.say("Reason"), teller.reason(record.reason))


def _observation(teller: Teller, record: ObservationRecord) -> Iterator[Line]:
    if record.weight:
        yield Line(teller.say("Weight"))
        yield Line(
            teller.say("As the scale sent it"), f"{record.weight.value}{forms.SPACE}{record.weight.unit}", "strong"
        )
    elif record.position:
        yield Line(teller.say("Position"))
        yield Line(teller.say("Where"), place(teller.language, record.position), "strong")
        for doubt in record.position.doubts:
            yield Line(teller.say("Doubt"), teller.say(DOUBTS.get(doubt, doubt)))
    elif record.code:
        yield Line(teller.say("Code"))
        yield Line(symbology(teller.language, record.code), code_text(record.code), "strong")
        if known := KINDS.get(record.code.kind or ""):
            yield Line(teller.say("It is"), teller.say(known))
        if record.code.problem:
            yield Line(teller.say("What is wrong"), record.code.problem)
    else:
        yield Line(teller.say("Observation"))
    yield Line(teller.say("Instrument"), _device(teller, record))


def _device(teller: Teller, record: ObservationRecord) -> str:
    """Return who an instrument says that it is; of one that does not say, what it is, and no address of the machine."""
    device = " ".join(filter(None, (record.device.maker, record.device.model, record.device.serial_number)))
    if record.weight and device:
        return scale_words(teller.language, device)
    kind = "position" if record.position else "code" if record.code else "weight"
    return device or teller.say(INSTRUMENTS[kind])


def _second(teller: Teller, record: SecondTechniqueRecord) -> Iterator[Line]:
    yield Line(teller.say("Second technique"))
    yield Line(teller.say("Instrument"), record.instrument)
    yield Line(teller.say("In its own words"), record.verdict or forms.NOTHING)
    yield from concerned(teller, record.concerns)


def _subject(teller: Teller, record: SubjectRecord) -> Iterator[Line]:
    yield Line(teller.say("What was screened"))
    yield Line(teller.say("Kind"), subject_words.kind(teller.language, record.subject_kind), "strong")
    yield from (number(teller, each) for each in record.numbers)
    yield Line(teller.say("How it travels"), teller.say(subject_words.MODES[record.mode]))
    yield Line(teller.say("Cause of the inspection"), teller.say(subject_words.CAUSES[record.cause]))


def number(teller: Teller, part: NumberPart) -> Line:
    """Return a number of the subject, with what is wrong with it."""
    wrong = f" ({part.problem})" if part.problem else ""
    return Line(teller.say(subject_words.NUMBERS[part.kind]), f"{part.text}{wrong}", "strong")


def _inspection(teller: Teller, record: InspectionRecord) -> Iterator[Line]:
    yield Line(teller.say("What the officer saw before the result"))
    yield Line(teller.say("Seen"), teller.say(subject_words.SEEN[record.seen]), "strong")


def _papers(teller: Teller, record: PapersRecord) -> Iterator[Line]:
    yield Line(teller.say("Document check"))
    for name, value in record.declared.model_dump().items():
        if value:
            yield Line(teller.say(declared_words.LABELS[name]) if name in declared_words.LABELS else name, value)
    yield Line(teller.say("Found, presumptively"), record.found or forms.NOTHING)
    for code in record.inconsistencies:
        yield Line(teller.say("Inconsistency"), teller.say(declared_words.INCONSISTENT[code]), "strong")


def _comparison(teller: Teller, record: ComparisonCore) -> Iterator[Line]:
    yield Line(teller.say("Comparison of readings"))
    yield Line(teller.say("Accepted"), accepted_words(teller.language, record), "strong")
    yield Line(teller.say("Entries"), ", ".join(forms.number(each.concerns.seq) for each in record.findings))
    yield Line(teller.say("Rule"), record.rule)


Tell = Callable[[Teller, Any], Iterator[Line]]
TOLD: Mapping[type[Record], Tell] = {
    ExhibitCore: _exhibit,
    WeightCore: _weight,
    PhotoRecord: _photo,
    SealRecord: _seal,
    SealCheckRecord: _seal_check,
    TransferCore: _transfer,
    VoidRecord: _void,
    AmendmentRecord: _amendment,
    ApprovalRecord: _approval,
    ObservationRecord: _observation,
    SecondTechniqueRecord: _second,
    SubjectRecord: _subject,
    InspectionRecord: _inspection,
    PapersRecord: _papers,
    ComparisonCore: _comparison,
    WitnessRecord: _witness,
    ReferenceRecord: _reference,
    SignatureRecord: _signature,
    UndoRecord: _undo,
    ReviewRecord: _review,
}
"""How each kind is told: first a line whose name is the title, then what it says."""
