"""One record of a dossier in words: title, when, by whom, what it says. A kind that is not here is not printed."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from edge.paper.sheet import Block, Line
from edge.views import OperatorView
from edge.web import forms, words
from edge.web.sights import DOUBTS, KINDS, code_text, place
from edge.web.translations import Language
from edge.web.translations import mark as _
from sync.contract.casework import (
    AmendmentRecord,
    Concerned,
    ExhibitRecord,
    PhotoRecord,
    SealRecord,
    TransferRecord,
    VoidRecord,
    WeightRecord,
)
from sync.contract.ids import Seq
from sync.contract.observations import ObservationRecord, SecondTechniqueRecord
from sync.contract.record import Record, Timestamp

SUBJECTS: Mapping[str, str] = {
    "unidentified": _("Unidentified"),
    "vehicle": _("Vehicle"),
    "parcel": _("Parcel"),
    "container": _("Container"),
    "luggage": _("Luggage"),
    "person": _("Person"),
    "cargo": _("Cargo"),
}
WEIGHTS: Mapping[str, str] = {"gross": _("Gross weight"), "net": _("Net weight"), "tare": _("Tare")}
SEALS: Mapping[str, str] = {"applied": _("Seal applied"), "broken": _("Seal broken")}


@dataclass(frozen=True)
class Teller:
    """Puts records into words of one language; `names` are the people of the station by id."""

    language: Language
    names: Mapping[str, OperatorView]
    voided: Mapping[Seq, VoidRecord]

    def block(self, seq: Seq, record: Record) -> Block | None:
        """Return what paper says of a record; None for a kind that it does not know."""
        tell = TOLD.get(type(record))
        if tell is None:
            return None
        title, *lines = tell(self, record)
        picture = f"photo-{seq}" if isinstance(record, PhotoRecord) else None
        return Block(title.name, self.signed(record), lines, self.void(seq), picture)

    def void(self, seq: Seq) -> str:
        """Return what is said of an entry that counts no more; nothing of any other."""
        void = self.voided.get(seq)
        return self.say("VOID: %(reason)s", reason=void.reason) if void else ""

    def say(self, message: str, **values: object) -> str:
        """Say a message in the language of the paper."""
        return self.language.say(message, **values)

    def person(self, operator: str | None) -> str:
        """Return a person's name, role and id."""
        known = self.names.get(operator or "")
        if known is None:
            return operator or self.say("the station itself")
        return f"{known.name} ({self.say(words.ROLES[known.role])}, {known.id})"

    def moment(self, when: Timestamp) -> str:
        """Return a moment, with a word where the clock cannot be trusted."""
        said = forms.moment(self.language, forms.wall(when.wall))
        return said if when.trust == "synchronised" else f"{said} ({self.say(words.CLOCK[when.trust][0])})"

    def signed(self, record: Record) -> str:
        """Return when a record was made and by whom."""
        return f"{self.moment(record.recorded)} · {self.person(record.operator)}"


def weight(teller: Teller, record: WeightRecord) -> str:
    """Return a weight as the scale sent it; a typed one says so."""
    source = record.scale if record.source == "scale" and record.scale else teller.say("MANUAL")
    return f"{record.value}{forms.SPACE}{record.unit} · {source}"


def concerned(teller: Teller, concerns: Concerned) -> Line:
    """Return which entry is meant."""
    return Line(teller.say("Entry"), f"{forms.number(concerns.seq)} · {concerns.digest.hex()[:16]}")


def _exhibit(teller: Teller, record: ExhibitRecord) -> Iterator[Line]:
    yield Line(teller.say("Exhibit %(number)s", number=record.number))
    yield Line(teller.say("What it is"), record.description)


def _weight(teller: Teller, record: WeightRecord) -> Iterator[Line]:
    yield Line(teller.say(WEIGHTS[record.kind]))
    yield Line(teller.say("As the scale sent it"), weight(teller, record), "strong")


def _photo(teller: Teller, record: PhotoRecord) -> Iterator[Line]:
    yield Line(teller.say("Photograph"))
    if record.caption:
        yield Line(teller.say("Shows"), record.caption)
    yield Line("SHA-256", forms.digest(record.photo.digest.hex()), "hash")
    yield Line(teller.say("Size"), f"{forms.number(record.photo.size)}{forms.SPACE}B")


def _seal(teller: Teller, record: SealRecord) -> Iterator[Line]:
    yield Line(teller.say(SEALS[record.action]))
    yield Line(teller.say("Seal number"), record.seal_number, "strong")
    yield Line(teller.say("Reason"), record.reason)


def _transfer(teller: Teller, record: TransferRecord) -> Iterator[Line]:
    yield Line(teller.say("Handed over"))
    yield Line(teller.say("Given by"), record.giver)
    accepted = teller.person(record.accepted_by) if record.accepted_by else teller.say("without a PIN at this station")
    yield Line(teller.say("Received by"), f"{record.receiver} ({accepted})")
    yield Line(teller.say("Reason"), record.reason)
    yield Line(teller.say("Seal number"), record.seal_number, "strong")


def _void(teller: Teller, record: VoidRecord) -> Iterator[Line]:
    yield Line(teller.say("Counts no more"))
    yield concerned(teller, record.concerns)
    yield Line(teller.say("Reason"), record.reason)


def _amendment(teller: Teller, record: AmendmentRecord) -> Iterator[Line]:
    yield Line(teller.say("Amendment"))
    yield concerned(teller, record.concerns)
    for change in record.changes:
        yield Line(teller.say("%(field)s: it said", field=change.field), change.was)
        yield Line(teller.say("%(field)s: it should say", field=change.field), change.should_be, "strong")
    yield Line(teller.say("Reason"), record.reason)


def _observation(teller: Teller, record: ObservationRecord) -> Iterator[Line]:
    device = " ".join(filter(None, (record.device.maker, record.device.model, record.device.serial_number)))
    if record.weight:
        yield Line(teller.say("Weight"))
        yield Line(
            teller.say("As the scale sent it"), f"{record.weight.value}{forms.SPACE}{record.weight.unit}", "strong"
        )
    elif record.position:
        yield Line(teller.say("Position"))
        yield Line(teller.say("Where"), place(record.position), "strong")
        for doubt in record.position.doubts:
            yield Line(teller.say("Doubt"), teller.say(DOUBTS.get(doubt, doubt)))
    elif record.code:
        yield Line(teller.say("Code"))
        yield Line(record.code.symbology, code_text(record.code), "strong")
        if known := KINDS.get(record.code.kind or ""):
            yield Line(teller.say("It is"), teller.say(known))
        if record.code.problem:
            yield Line(teller.say("What is wrong"), record.code.problem)
    else:
        yield Line(teller.say("Observation"))
    yield Line(teller.say("Instrument"), device or record.device.port)


def _second(teller: Teller, record: SecondTechniqueRecord) -> Iterator[Line]:
    yield Line(teller.say("Second technique"))
    yield Line(teller.say("Instrument"), record.instrument)
    yield Line(teller.say("In its own words"), record.verdict or forms.NOTHING)
    yield concerned(teller, record.concerns)


Tell = Callable[[Teller, Any], Iterator[Line]]
TOLD: Mapping[type[Record], Tell] = {
    ExhibitRecord: _exhibit,
    WeightRecord: _weight,
    PhotoRecord: _photo,
    SealRecord: _seal,
    TransferRecord: _transfer,
    VoidRecord: _void,
    AmendmentRecord: _amendment,
    ObservationRecord: _observation,
    SecondTechniqueRecord: _second,
}
"""How each kind is told: first a line whose name is the title, then what it says."""
