"""The custody form: fields of CNPP article 227 and of the Registro de Cadena de Custodia.

What the station knows stands there; what it does not is an empty box for the hand of who knows.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from edge.dossier import Dossier
from edge.exhibit_file import ExhibitFile
from edge.marks import mark_of
from edge.paper.exhibit_words import MANUAL, closing, looks, seal, sealing, weighed, weight
from edge.paper.observation_words import readings_of, together
from edge.paper.sheet import Block, Line, Table, Tick, box
from edge.paper.teller import Teller
from edge.paper.telling import corrections_of
from edge.paper.transfer_words import signed_for
from edge.views import HealthView
from edge.web import forms
from edge.web.case_words import corrected, reason
from edge.web.comparing import Whole
from edge.web.exhibit_words import described, doubts
from edge.web.hand_words import giver, receiver
from edge.web.seal_words import handed, other_seal
from edge.web.sights import place
from sync.contract.casework import (
    ExhibitCore,
    OccasionalWeight,
    PhotoRecord,
    SealCheckCore,
    SealCore,
    TransferCore,
    WeightCore,
)
from sync.contract.ids import Seq, StationId
from sync.contract.observations import ObservationCore
from sync.contract.record import Record
from sync.contract.seizure import ReferenceRecord

EMPTY_ROWS = 3


@dataclass(frozen=True)
class Custody:
    """The form: its parts in their order, and for each exhibit what article 227 asks for."""

    folio: str
    head: Sequence[Line]
    readings: Sequence[Line]
    identity: Table
    documentation: Sequence[Tick]
    collection: Sequence[Tick]
    packing: Sequence[Tick]
    people: Table
    transfer: Sequence[Tick]
    continuity: Sequence[Table]
    law: Sequence[tuple[str, Sequence[Line]]]
    corrections: Sequence[Block]
    code: str


def custody(teller: Teller, station: HealthView, dossier: Dossier, whole: Whole) -> Custody:
    """Return the custody form of a screening."""
    say, mark, corrections = teller.say, mark_of(StationId(station.station), dossier), corrections_of(teller, dossier)
    read = {each.id: readings_of(teller, dossier, each) for each in dossier.exhibits}
    dossier = teller.counting(dossier)
    ways = (say("by land"), say("by air"), say("by sea"))
    return Custody(
        folio=dossier.screening,
        head=_head(teller, station, dossier),
        readings=together(teller, whole),
        identity=_identity(teller, dossier),
        documentation=_documentation(teller, dossier),
        collection=[Tick(say("by hand")), Tick(say("with an instrument"))],
        packing=_packing(teller, dossier),
        people=_people(teller, dossier),
        transfer=[Tick(each) for each in ways],
        continuity=[_continuity(teller, each) for each in dossier.exhibits],
        law=[
            (say("Exhibit %(number)s", number=each.number), list(_law(teller, each, read[each.id])))
            for each in dossier.exhibits
        ],
        corrections=corrections,
        code=mark.text if mark else "",
    )


def _head(teller: Teller, station: HealthView, dossier: Dossier) -> list[Line]:
    say = teller.say
    times = [record.recorded for each in dossier.exhibits for record in each.of(ExhibitCore)]
    references = dossier.of(ReferenceRecord)
    where = [place(teller.language, each.position) for each in dossier.of(ObservationCore) if each.position]
    return [
        box(say("Call or folio number")),
        box(say("Investigation file"), ", ".join(each.number for each in references if each.kind == "case_file")),
        box(say("Institution")),
        box(say("Unit")),
        box(say("State")),
        box(say("Municipality")),
        Line(say("Place"), " · ".join([station.post, *where[-1:]])),
        box(say("Date and time"), teller.moment(times[0]) if times else ""),
    ]


def _identity(teller: Teller, dossier: Dossier) -> Table:
    say = teller.say
    heads = [say("No."), say("Type"), say("Description"), say("Where it was found"), say("Time of collection")]
    rows = [
        [str(each.number), looks(teller, was)[0], described(teller.language, now, was), "", teller.moment(was.recorded)]
        for each in dossier.exhibits
        for now, was in each.stood(ExhibitCore)
    ]
    return Table(say("Identity"), heads, rows or [[""] * len(heads)])


def _documentation(teller: Teller, dossier: Dossier) -> list[Tick]:
    say, photos = teller.say, sum(len(each.of(PhotoRecord)) for each in dossier.exhibits)
    return [
        Tick(say("in writing"), ticked=True),
        Tick(say("photographs: %(count)s", count=photos), ticked=photos > 0),
        Tick(say("video")),
        Tick(say("sketch")),
    ]


def _packing(teller: Teller, dossier: Dossier) -> list[Tick]:
    """Return how exhibits were packed: a seal closed a bag; what they came in is part of what they are."""
    say = teller.say
    bagged = any(now.action == "applied" for file in dossier.exhibits for now, _ in file.stood(SealCore))
    return [Tick(say("bag"), ticked=bagged), Tick(say("box")), Tick(say("vessel")), Tick(say("other"))]


def _people(teller: Teller, dossier: Dossier) -> Table:
    """Everybody in contact with an exhibit, in the order in which they come up: at which stage of which exhibits."""
    say = teller.say
    found: dict[tuple[str, str], dict[str, list[int]]] = {}
    for file in dossier.exhibits:
        for name, role, stage in _in_contact(teller, file):
            numbers = found.setdefault((name, role), {}).setdefault(stage, [])
            if file.number not in numbers:
                numbers.append(file.number)
    heads = [say("Name"), say("Institution"), say("Post held"), say("Stage (exhibit)"), say("Signature")]
    rows = [[name, "", role, _stages(stages), ""] for (name, role), stages in found.items()]
    return Table(say("People in contact with it"), heads, [*rows, [""] * len(heads)])


def _stages(found: Mapping[str, Sequence[int]]) -> str:
    return "; ".join(f"{stage} ({', '.join(map(str, numbers))})" for stage, numbers in found.items())


def _in_contact(teller: Teller, file: ExhibitFile) -> Iterator[tuple[str, str, str]]:
    is_open = False
    for seq, was in file.records:
        record, _ = file.stated(seq, was)
        if isinstance(record, TransferCore):
            yield (*_named(teller, record.giver), teller.say("hands over"))
            if absent := signed_for(teller, record):
                name = receiver(teller.language, record.giver)
                yield absent.name, teller.role(absent), teller.say("hands over for %(name)s", name=name)
            yield (*_named(teller, record.receiver), teller.say("receives"))
            continue
        if isinstance(record, SealCore):
            is_open = record.action == "broken"
        if known := teller.names.get(record.operator or ""):
            yield known.name, teller.role(known), _stage(teller, record, is_open=is_open)


def _stage(teller: Teller, record: Record, *, is_open: bool) -> str:
    """Return at which stage a record was made; `is_open` says that the bag was opened and not closed since."""
    if isinstance(record, SealCheckCore):
        return teller.say("check of the seal")
    if isinstance(record, SealCore):
        return teller.say("opening") if is_open else teller.say("packing")
    if isinstance(record, WeightCore) and _is_of_sampling(record):
        return teller.say("sampling")
    return teller.say("opening") if is_open else teller.say("collection")


def _named(teller: Teller, name: str) -> tuple[str, str]:
    known = next((each for each in teller.names.values() if each.name == name), None)
    return receiver(teller.language, name), teller.role(known) if known else ""


def _giver(teller: Teller, record: TransferCore) -> str:
    absent = signed_for(teller, record)
    return giver(teller.language, record.giver, absent.name if absent else record.giver)


def _received(teller: Teller, now: TransferCore, was: TransferCore) -> Iterator[str]:
    """Yield who received an exhibit and what for; a purpose that was amended says so."""
    yield receiver(teller.language, now.receiver)
    told = reason(teller.language, now.reason)
    yield told if now.reason == was.reason else corrected(teller.language, told)


def _continuity(teller: Teller, file: ExhibitFile) -> Table:
    say = teller.say
    heads = [
        say("Date and time"), say("Given by"), say("Received by"), say("Purpose"), say("Where it stays"),
        say("Observations"), say("Signatures"),
    ]  # fmt: skip
    rows = [
        [
            teller.moment(now.recorded), _giver(teller, now), *_received(teller, now, was), "",
            say("seal %(number)s", number=handed(teller.language, now, MANUAL)), "",
        ]
        for now, was in file.stood(TransferCore)
    ]  # fmt: skip
    return Table(say("Exhibit %(number)s", number=file.number), heads, [*rows, *[[""] * len(heads)] * EMPTY_ROWS])


def _law(teller: Teller, file: ExhibitFile, read: Sequence[str]) -> Iterator[Line]:
    """Yield what article 227 names, one after the other; and what was read of it."""
    say = teller.say
    things = [described(teller.language, *each) for each in file.stood(ExhibitCore)]
    yield Line(say("Identity"), " · ".join([file.id, *things]))
    yield box(say("Original state"), "; ".join(_state(teller, file)))
    if read:
        yield Line(say("Readings of it"), "; ".join(read))
    yield box(say("Conditions of collection"))
    yield box(say("Conditions of preservation"))
    yield box(say("Packing"), say("seal %(number)s", number=closing(teller, file)) if file.seal_number else "")
    yield box(say("Conditions of transfer"))
    yield box(say("Places and dates of stay"), "; ".join(_stays(teller, file)))
    yield box(say("Changes in each custody"), "; ".join(_changes(teller, file)))
    yield Line(say("Now in the hands of"), receiver(teller.language, file.holder))
    yield from (Line(say("Mind:"), each, "strong") for each in doubts(teller.language, file))


def _state(teller: Teller, file: ExhibitFile) -> Iterator[str]:
    for each, amended in file.weights:
        if not _is_of_sampling(each):
            yield f"{weighed(teller, each)} {weight(teller, each, amended=amended)}"
    for each in file.of(PhotoRecord):
        yield f"{teller.say('Photograph')} {forms.digest(each.photo.digest.hex())}"


def _stays(teller: Teller, file: ExhibitFile) -> Iterator[str]:
    for each, _ in file.stood(TransferCore):
        yield f"{teller.moment(each.recorded)}: {receiver(teller.language, each.receiver)}"


def _changes(teller: Teller, file: ExhibitFile) -> Iterator[str]:
    """Yield what was done with the bag and at its sampling, each with who did it."""
    for seq, each in file.records:
        told = _change(teller, file, seq, each)
        if told:
            known = teller.names.get(each.operator or "")
            yield " · ".join([f"{teller.moment(each.recorded)} {told}", *([known.name] if known else [])])


def _change(teller: Teller, file: ExhibitFile, seq: Seq, record: Record) -> str:
    now, amended = file.stated(seq, record)
    if isinstance(now, SealCore):
        number, why = seal(teller, now, amended=amended), reason(teller.language, now.reason)
        return f"{sealing(teller, now)} {number}: {why}"
    if isinstance(now, SealCheckCore):
        return f"{teller.say('Another seal on the bag')}: {other_seal(teller.language, now, MANUAL)}"
    if isinstance(now, WeightCore) and _is_of_sampling(now):
        return f"{weighed(teller, now)} {weight(teller, now, amended=amended)}"
    return ""


def _is_of_sampling(record: WeightCore) -> bool:
    return isinstance(record, OccasionalWeight) and record.occasion != "found"
