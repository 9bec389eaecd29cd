"""Rows for the police report (Informe Policial Homologado): annexes C and D, and the paragraph about the test.

Annex A, about persons, is never filled.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from edge.dossier import Dossier
from edge.exhibit_file import ExhibitFile
from edge.marks import mark_of
from edge.paper.acta import codes, numbers
from edge.paper.exhibit_words import amount, closing, weighed
from edge.paper.inspection_words import number as number_line
from edge.paper.sheet import Block, Line, Table, box
from edge.paper.teller import Teller
from edge.paper.telling import corrections_of
from edge.retention import is_reduced
from edge.views import HealthView, ReadingView
from edge.web import forms, words
from edge.web.comparing import Whole, numbered
from edge.web.exhibit_words import described
from edge.web.hand_words import receiver
from edge.web.reader import Reader
from edge.web.results import Result
from edge.web.translations import mark as _
from models.conclusion import Reason
from sync.contract.casework import ExhibitCore
from sync.contract.ids import Seq, StationId

UNFINISHED = ("fault", "stopped")
VEHICLE = (
    _("Type of vehicle"), _("Make"), _("Model"), _("Year"), _("Colour"), _("Use"), _("Origin"), _("Destination"),
)  # fmt: skip


@dataclass(frozen=True)
class Annex:
    """What goes into the report: the vehicle where there is one, the objects, and the paragraph."""

    folio: str
    vehicle: Sequence[Line]
    objects: Table
    paragraph: Sequence[str]
    corrections: Sequence[Block]
    code: str


def annex(teller: Teller, reader: Reader, station: HealthView, dossier: Dossier, whole: Whole) -> Annex:
    """Return the rows of a screening for the police report."""
    mark, corrections = mark_of(StationId(station.station), dossier), corrections_of(teller, dossier)
    paragraph = list(_paragraph(teller, reader, station, dossier, whole))
    dossier = teller.counting(dossier)
    return Annex(
        folio=dossier.screening,
        vehicle=_vehicle(teller, dossier) if dossier.subject_kind == "vehicle" else [],
        objects=_objects(teller, dossier),
        paragraph=paragraph,
        corrections=corrections,
        code=mark.text if mark else "",
    )


def _vehicle(teller: Teller, dossier: Dossier) -> list[Line]:
    say = teller.say
    times, told = [each.started for each in dossier.readings], numbers(dossier)
    return [
        box(say("Date and time"), _day_and_hour(teller, times[0].wall) if times else ""),
        *(box(say(each)) for each in VEHICLE),
        box(say("Codes read on it"), ", ".join(codes(dossier))),
        box(say("Plate"), ", ".join(each.text for each in told if each.kind == "plate")),
        *(box(line.name, line.value) for line in (number_line(teller, each) for each in told if each.kind != "plate")),
        box(say("Serial number")),
        box(say("Objects found: yes or no"), say("yes, see annex D") if dossier.exhibits else ""),
    ]


def _objects(teller: Teller, dossier: Dossier) -> Table:
    say = teller.say
    heads = [say("No."), say("What it is"), say("Amount"), say("Found in"), say("Seal"), say("Destination")]
    rows = [list(_object(teller, each)) for each in dossier.exhibits]
    return Table(say("Annex D: objects"), heads, rows or [[""] * len(heads)])


def _object(teller: Teller, file: ExhibitFile) -> Iterator[str]:
    yield str(file.number)
    yield "; ".join(described(teller.language, *each) for each in file.stood(ExhibitCore))
    yield "; ".join(
        f"{weighed(teller, each)} {amount(teller, each, amended=amended)}" for each, amended in file.weights
    )
    yield ""
    yield closing(teller, file)
    yield receiver(teller.language, file.holder)


def _paragraph(teller: Teller, reader: Reader, station: HealthView, dossier: Dossier, whole: Whole) -> Iterator[str]:
    say, told = teller.say, numbered(dossier)
    if len(told) > 1:
        yield say("%(count)s readings were taken. %(said)s.", count=len(told), said=whole.said)
    if whole.doubt:
        yield whole.doubt
    for number, reading in told:
        yield say(
            "On %(moment)s, at %(post)s, %(person)s took reading %(number)s with %(instrument)s.",
            moment=teller.moment(reading.started), post=station.post, person=teller.person(reading.operator),
            number=number, instrument=_instrument(teller, reading),
        )  # fmt: skip
        if exhibit := dossier.exhibit_of(reading):
            yield say("It is a reading of exhibit %(number)s.", number=exhibit)
        void = dossier.voids.get(Seq(reading.seq or 0))
        if void:
            yield say(
                "Reading %(number)s was made void and counts no more: %(why)s.",
                number=number,
                why=teller.reason(void.reason),
            )
        yield from _said(teller, reader.result(reading), void=void is not None)
    if told:
        yield say("A reading is presumptive: it proves nothing by itself and requires laboratory confirmation.")
        yield say("The matter is for the competent authority.")


def _said(teller: Teller, result: Result, *, void: bool) -> Iterator[str]:
    """Return what a reading said; of one that counts no more, no more than that."""
    say = teller.say
    if result.kind in UNFINISHED:
        yield say("It gave no result: %(word)s. %(why)s", word=result.word, why=" ".join(result.why.lines))
        return
    what = "; ".join(filter(None, [result.substance, result.also.removesuffix(".")]))
    if void:
        yield say("It had said: %(word)s, %(what)s.", word=result.word, what=what)
        return
    yield say("The presumptive result was: %(word)s, %(what)s.", word=result.word, what=what)
    if result.doubt:
        yield result.doubt
    if Reason.STEREOISOMERS_NOT_TOLD_APART in result.codes:
        yield say(words.REASONS[Reason.STEREOISOMERS_NOT_TOLD_APART])
    if result.lists:
        yield f"{result.lists}."
    if result.sure:
        yield result.sure.tested


def _instrument(teller: Teller, reading: ReadingView) -> str:
    part = reading.record.readings[0] if reading.record else None
    if part and part.instrument:
        return f"{part.instrument.maker} {part.instrument.model} ({part.instrument.serial_number})"
    if part is None or not is_reduced(part):
        return teller.say("an analyzer that the record does not name")
    if part.outcome == "measured":
        return teller.say("an analyzer that the sealed record names")
    return teller.say("an analyzer that the station names no more")


def _day_and_hour(teller: Teller, wall: str) -> str:
    """Return a moment as the report's boxes ask for it, and once more with the month in letters."""
    when: datetime = forms.wall(wall)
    return f"{when.astimezone():%d/%m/%Y %H:%M} ({forms.moment(teller.language, when)})"
