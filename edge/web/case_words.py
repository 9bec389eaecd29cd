"""Plain words for what a seizure is made of: looks, packings, steps, persons beside it."""

from collections.abc import Callable, Mapping
from contextlib import suppress
from decimal import Decimal, InvalidOperation
from types import MappingProxyType
from typing import Any, get_args

from drivers.scales.weight import GRAMS, in_grams
from edge.dossier import Dossier
from edge.exhibit_file import ExhibitFile
from edge.observation_records import code_text
from edge.web import forms
from edge.web.comparing import accepted_words
from edge.web.masses import masses
from edge.web.sights import place
from edge.web.subject_words import SEEN
from edge.web.translations import Language, spoken
from edge.web.translations import mark as _
from edge.web.words import CONCLUSIONS, ROLES
from sync.contract.approval import ApprovalRecord
from sync.contract.casework import (
    AmendmentRecord,
    ExhibitCore,
    GivenTransfer,
    MetricUnit,
    NumberRead,
    OccasionalWeight,
    PackedExhibit,
    PhotoRecord,
    SealCheckCore,
    SealCore,
    TransferCore,
    VoidRecord,
    WeightCore,
)
from sync.contract.comparison import ComparisonCore
from sync.contract.ids import Seq
from sync.contract.observations import ObservationCore, SecondTechniqueRecord
from sync.contract.record import Record
from sync.contract.records import ScreeningRecord
from sync.contract.seizure import ReferenceRecord, ReviewRecord, SignatureRecord, WitnessRecord
from sync.contract.subject import InspectionRecord, SubjectRecord

CATEGORIES: Mapping[str, str] = {
    "powder": _("Powder"),
    "crystals": _("Crystals"),
    "tablets": _("Tablets"),
    "plant": _("Plant"),
    "liquid": _("Liquid"),
    "resin": _("Paste or resin"),
    "paper": _("Blotter paper"),
    "machine": _("Machine or tool"),
    "other": _("Something else"),
}
PACKINGS: Mapping[str, str] = {
    "bag": _("Bag"),
    "box": _("Box"),
    "vessel": _("Bottle or jar"),
    "envelope": _("Envelope"),
    "wrapping": _("Wrapped parcel"),
    "other": _("Something else"),
}
STEPS: Mapping[str, str] = {
    "exhibit": _("Exhibit"),
    "weight": _("Weight"),
    "photo": _("Photograph"),
    "seal": _("Seal"),
    "witnesses": _("Witnesses and rights"),
    "review": _("Review and sign"),
}
WEIGHTS: Mapping[str, str] = {"gross": _("gross"), "net": _("net"), "tare": _("tare")}
WITNESSES: Mapping[str, str] = {
    "searched": _("Person searched"),
    "witness": _("Witness"),
    "colleague": _("Colleague"),
    "interpreter": _("Interpreter"),
    "counsel": _("Defence counsel"),
}
STANCES: Mapping[str, str] = {
    "agreed": _("agreed"),
    "refused": _("refused"),
    "absent": _("was not there"),
}
PRESENCES: Mapping[str, str] = {**STANCES, "agreed": _("was present"), "absent": _("not present")}
"""What it means of everybody else: they are asked for no consent."""
REFERENCES: Mapping[str, str] = {
    "detention": _("Detention register (RND)"),
    "case_file": _("Case file"),
    "report": _("Police report (IPH)"),
}
PLACES: Mapping[str, str] = {
    "laboratory": _("Laboratory"),
    "prosecutor": _("Prosecutor's office"),
    "store": _("Evidence store"),
    "authority": _("Other authority"),
}
REASONS: Mapping[str, str] = {
    "analysis": _("Laboratory analysis"),
    "custody": _("Custody goes on"),
    "storage": _("Storage"),
    "transport": _("Transport"),
    "court": _("To be shown in court"),
    "return": _("Given back"),
}
RECIPIENTS: Mapping[str, str] = {
    "court": _("Court"),
    "prosecutor": _("Prosecutor's office"),
    "defence": _("Defence"),
    "laboratory": _("Laboratory"),
}
RETURNS: Mapping[str, str] = {
    "photo": _("The photograph does not show it"),
    "weight": _("The weight does not fit"),
    "description": _("The description does not fit"),
    "seal": _("The seal does not fit"),
    "witness": _("A witness or a right is missing"),
    "reference": _("A number is missing"),
    "other": _("Other reason"),
}
MISTAKES: Mapping[str, str] = {
    "misread": _("It was read wrongly"),
    "mistyped": _("It was typed wrongly"),
    "twice": _("It was entered twice"),
    "other-thing": _("It is about another thing"),
    "returned": _("The review returned it"),
    "practice": _("It was practice"),
}
OCCASIONS: Mapping[str, str] = {
    "before_sampling": _("before sampling"),
    "after_sampling": _("after sampling"),
}
"""When a weight was taken, where it was not when the thing was found."""
OPENINGS: Mapping[str, str] = {
    "sampling": _("A sample is taken"),
    "check": _("The content is checked"),
    "damaged": _("The bag is damaged"),
    "order": _("The authority orders it"),
}
PAPERS: Mapping[str, str] = {
    "acta": _("record of a screening"),
    "custody": _("chain of custody"),
    "annex": _("rows for the report"),
    "slip": _("slip"),
    "label": _("bag label"),
}
CLOSED = _("The bag was closed")
UNFIT: Mapping[str, str] = {
    "value": _("%(value)s is no weight. Enter digits with one point, as 1250.40."),
    "unit": _("%(value)s is no unit. Enter mg, g or kg."),
    "count": _("%(value)s is no number of pieces. Enter 1 or more, in digits."),
    "reference": _("%(value)s is no number of a badge or a file. Enter letters and digits, without spaces."),
    "number": _("%(value)s is no number of a file. Enter letters and digits, without spaces."),
    "": _("%(value)s cannot stand there. Enter it again."),
}
"""Why what somebody entered cannot stand in a field of an entry; `value` is what it was."""
UNREADABLE = _("%(value)s is no weight. One point at most.")
NO_WEIGHT = _("%(value)s is no weight. Weigh it again.")
TOO_LONG = _("%(value)s has too many digits.")
SAID_ALREADY = _("It says %(value)s already. Enter what is right.")
HELD = "yes"
"""What a form says of a button that was held long enough."""

TOO_HEAVY = _("the net weight or the bag is above the gross weight")
GREW = _("it weighs more than on the occasion before")
MANUAL = _("manual")
DECISIONS: Mapping[str, str] = {
    "approved": _("Approved"),
    "returned": _("Returned"),
    "corrected": _("Review again"),
}


def description(language: Language, category: str, count: int, packing: str) -> str:
    """Return how an exhibit is described, from what was picked."""
    pieces = language.count("%(number)s piece", "%(number)s pieces", count)
    return f"{language.say(CATEGORIES[category])} · {pieces} · {language.say(PACKINGS[packing])}"


def described(language: Language, now: ExhibitCore, was: ExhibitCore) -> str:
    """Return what an exhibit is, as it should have said: in this language where it was picked, else as it was written.

    `was` is its record as it was made, the same object where nobody amended it.
    """
    said = now.description
    if said == was.description and isinstance(now, PackedExhibit) and _was_picked(was) and str(now.count).isdecimal():
        said = description(language, now.category or "", int(now.count or 0), now.packing or "")
    return said if now is was else corrected(language, said)


def _was_picked(record: ExhibitCore) -> bool:
    if not isinstance(record, PackedExhibit) or not (record.category and record.count and record.packing):
        return False
    picked = record.category, record.count, record.packing
    return record.description in {description(each, *picked) for each in spoken()}


def corrected(language: Language, said: str) -> str:
    """Return what an amendment left standing, and that it did."""
    return language.say("corrected: %(what)s", what=said)


def closing(language: Language, exhibit: ExhibitFile, manual: str = MANUAL) -> str:
    """Return the number of the seal that closes an exhibit's bag now, and how it was told; or nothing."""
    found = exhibit.closing
    return seal(language, found[0], manual, amended=found[1]) if found else exhibit.seal_number or ""


def seal(language: Language, record: SealCore, manual: str = MANUAL, *, amended: bool = False) -> str:
    """Return the number of a seal; what a person typed, or amended, says so by `manual`."""
    said = read(language, record.seal_number, manual, typed=amended or is_typed(record))
    return corrected(language, said) if amended else said


def read(language: Language, number: str, manual: str = MANUAL, *, typed: bool) -> str:
    """Return the number of a seal; one that was typed by hand says so by `manual`."""
    return f"{number} · {language.say(manual)}" if typed else number


def is_typed(record: Record) -> bool:
    """Tell whether a record says that the number of a seal was typed by hand."""
    return isinstance(record, NumberRead | SealCheckCore) and record.source == "typed"


def found_seal(language: Language, record: SealCheckCore, manual: str = MANUAL) -> str:
    """Return the number that was found on a bag in place of the one on record."""
    return read(language, record.found, manual, typed=is_typed(record))


def other_seal(language: Language, record: SealCheckCore, manual: str = MANUAL) -> str:
    """Return what was found on a bag, and what is on record."""
    number = found_seal(language, record, manual)
    return language.say("%(found)s; on record: %(number)s", found=number, number=record.on_record)


def handed(language: Language, record: TransferCore, manual: str = MANUAL) -> str:
    """Return the number of the seal under which an exhibit changed hands."""
    return read(language, record.seal_number, manual, typed=is_typed(record))


def reason(language: Language, text: str) -> str:
    """Return why something was done in this language, where it was picked; else as it was written."""
    return language.again(text, [*RETURNS.values(), *MISTAKES.values(), *OPENINGS.values(), *REASONS.values(), CLOSED])


def receiver(language: Language, text: str) -> str:
    """Return who received an exhibit: a name, and the place in this language where it was picked."""
    name, comma, place = text.rpartition(", ")
    return f"{name}{comma}{language.again(place, PLACES.values())}"


def hands(language: Language, record: TransferCore, people: Mapping[str, str] = MappingProxyType({})) -> str:
    """Return from whom to whom an exhibit went; `people` names by id who may have signed for an absent giver."""
    signed = people.get(record.given_by or "", record.giver) if isinstance(record, GivenTransfer) else record.giver
    return f"{giver(language, record.giver, signed)} → {receiver(language, record.receiver)}"


def giver(language: Language, name: str, signed: str) -> str:
    """Return who gives an exhibit, and who signs for them where they are absent."""
    said = receiver(language, name)
    return said if signed == name else language.say("%(name)s; for them: %(other)s", name=said, other=signed)


def weight(language: Language, record: WeightCore, *, amended: bool = False) -> str:
    """Return a weight as it stands on record: its digits, unit and kind; what a person typed, or amended, says so."""
    kind = language.say(WEIGHTS[record.kind])
    marks = [MANUAL] if record.source == "typed" or amended else []
    if isinstance(record, OccasionalWeight) and record.occasion in OCCASIONS:
        marks.append(OCCASIONS[record.occasion])
    said = " · ".join([f"{digits(record)} {kind}", *map(language.say, marks)])
    return corrected(language, said) if amended else said


def weights(language: Language, exhibit: ExhibitFile) -> list[str]:
    """Return the weights of an exhibit as they stand; before them what of them does not fit."""
    said = [weight(language, record, amended=amended) for record, amended in exhibit.weights]
    return [*_weight_doubts(language, exhibit), *said]


def doubts(language: Language, exhibit: ExhibitFile) -> list[str]:
    """Return what who signs or reads it must mind of an exhibit: other seals, an open bag, weights that do not fit."""
    return [*seal_doubts(language, exhibit), *_weight_doubts(language, exhibit)]


def seal_doubts(language: Language, exhibit: ExhibitFile) -> list[str]:
    """Return each report of another seal that nobody else answered; and that the bag lies open, if it does."""
    found = [
        language.say("found with another seal: %(number)s", number=each) for each in found_seals(language, exhibit)
    ]
    number = _broken(language, exhibit)
    return [*found, language.say("the bag is open: seal %(number)s was broken", number=number)] if number else found


def found(language: Language, exhibit: ExhibitFile) -> str:
    """Return all of those reports in one line, for who has the bag in hand; or nothing."""
    told = ", ".join(found_seals(language, exhibit))
    return language.say("found with another seal: %(number)s", number=told) if told else ""


def found_seals(language: Language, exhibit: ExhibitFile) -> list[str]:
    """Return each number of those reports once, and what was on record then, where that is another one now."""
    records = [each.record for each in exhibit.reports]
    told = ((found_seal if it.on_record == exhibit.seal_number else other_seal)(language, it) for it in records)
    return list(dict.fromkeys(told))


def broken(language: Language, exhibit: ExhibitFile) -> str:
    """Return that its seal was broken and which it was, where the bag lies open; or nothing."""
    number = _broken(language, exhibit)
    return language.say("broken: %(seal)s", seal=number) if number else ""


def _broken(language: Language, exhibit: ExhibitFile) -> str:
    found = exhibit.broken
    return seal(language, found[0], amended=found[1]) if found else ""


def _weight_doubts(language: Language, exhibit: ExhibitFile) -> list[str]:
    """Return what of an exhibit's weights does not fit: two differ, a part outweighs the whole, or matter was added."""
    known = masses(exhibit).values()
    differ = [_("the weights differ")] if any(one.differs(other) for one in known for other in known) else []
    heavy = [TOO_HEAVY] if any(each.outweighs(known) for each in known) else []
    grew = [GREW] if any(each.outgrows(known) for each in known) else []
    return [language.say(each) for each in (*differ, *heavy, *grew)]


def digits(record: WeightCore) -> str:
    """Return a weight in its own digits and unit; where that is no metric one, in grams besides."""
    told = f"{record.value}{forms.SPACE}{record.unit}"
    if record.unit in get_args(MetricUnit) or record.unit not in GRAMS:
        return told
    with suppress(InvalidOperation):  # an old amendment may say anything
        told += f" ({in_grams(Decimal(record.value), record.unit):f}{forms.SPACE}g)"
    return told


def witness(
    language: Language, record: WitnessRecord, answered: Mapping[WitnessRecord, str] = MappingProxyType({})
) -> str:
    """Return who stood beside it and what they said; `answered` tells what the person searched answered about."""
    said = f"{language.say(WITNESSES[record.role])}: {answered.get(record) or language.say(stance(record))}"
    return f"{said} ({record.reference})" if record.reference else said


def observed(language: Language, record: ObservationCore) -> str:
    """Return what an instrument measured."""
    if record.weight:
        return f"{record.weight.value}{forms.SPACE}{record.weight.unit}"
    if record.position:
        return place(language, record.position)
    return code_text(record.code) if record.code else ""


def approvers(language: Language, record: ApprovalRecord) -> str:
    """Return what the two who approved an act are here."""
    return ", ".join(language.say(ROLES[each.role]) if each.role in ROLES else each.role for each in record.persons)


def stance(record: WitnessRecord) -> str:
    """Return what somebody said, or whether they were there, in a word or two."""
    return (STANCES if record.role == "searched" else PRESENCES)[record.stance]


def said(language: Language, record: Record) -> tuple[str, str]:
    """Return the name and the content of a record of a seizure, in one line each."""
    say = language.say

    def why(it: ReviewRecord | AmendmentRecord | VoidRecord) -> str:
        return reason(language, it.reason)

    lines: dict[type[Record], Callable[[Any], tuple[str, str]]] = {
        ScreeningRecord: lambda it: (say("Reading"), say(CONCLUSIONS[it.conclusion])),
        SubjectRecord: lambda it: (say("What is screened?"), ", ".join(each.text for each in it.numbers)),
        InspectionRecord: lambda it: (say("Seen by the officer"), say(SEEN[it.seen])),
        SecondTechniqueRecord: lambda it: (say("Another technique"), it.instrument),
        ObservationCore: lambda it: (say("Told by an instrument"), observed(language, it)),
        ExhibitCore: lambda it: (say("Exhibit %(number)s", number=it.number), described(language, it, it)),
        WeightCore: lambda it: (say("Weight"), weight(language, it)),
        PhotoRecord: lambda it: (say("Photograph"), forms.digest(it.photo.digest.hex()[:16])),
        SealCore: lambda it: (say("Seal") if it.action == "applied" else say("Seal broken"), seal(language, it)),
        SealCheckCore: lambda it: (say("Another seal on the bag"), other_seal(language, it)),
        TransferCore: lambda it: (say("Hand-over"), f"{hands(language, it)} · {handed(language, it)}"),
        ComparisonCore: lambda it: (say("Comparison of readings"), accepted_words(language, it)),
        WitnessRecord: lambda it: (say("Witness"), witness(language, it)),
        ReferenceRecord: lambda it: (say(REFERENCES[it.kind]), it.number),
        SignatureRecord: lambda it: (say("Signature"), it.name),
        ReviewRecord: lambda it: (say(DECISIONS[it.decision]), why(it)),
        AmendmentRecord: lambda it: (say("Amendment of entry %(seq)s", seq=it.concerns.seq), why(it)),
        VoidRecord: lambda it: (say("Entry %(seq)s is void", seq=it.concerns.seq), why(it)),
        ApprovalRecord: lambda it: (say("Two persons approved it"), approvers(language, it)),
    }
    line = next((line for kind, line in lines.items() if isinstance(record, kind)), None)
    return line(record) if line else (record.schema_name, "")


def undone(language: Language, dossier: Dossier, seq: Seq, record: Record) -> str:
    """Return what an undo takes back, in a word or two: of who stood beside it, who; of several exhibits, which."""
    if isinstance(record, WitnessRecord):
        return language.say(WITNESSES[record.role])
    name = said(language, record)[0]
    number = next((each.number for each in dossier.exhibits if seq in dict(each.records)), None)
    if number is None or len(dossier.exhibits) == 1 or isinstance(record, ExhibitCore):
        return name
    return language.say("%(what)s, exhibit %(number)s", what=name, number=number)


FIELDS: Mapping[str, str] = {
    "description": _("What it is"),
    "count": _("Number of pieces"),
    "value": _("Weight"),
    "unit": _("Unit"),
    "seal_number": _("Number of the seal"),
    "receiver": _("Who received it"),
    "reason": _("What for"),
    "reference": _("Badge or reference"),
    "number": _("Number"),
}
"""What the fields of an amendment are; that of a receiver is of an earlier program, and changes nothing."""
