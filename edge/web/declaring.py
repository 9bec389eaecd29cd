"""The document check: what the papers declare, field by field, and then beside what was found."""

from typing import Annotated

from fastapi import APIRouter, Depends, Form, Request, Response

from edge.access import signed_in, station_of
from edge.comparisons import counted
from edge.declared import FIELDS, NUMBERS, Found, inconsistencies, tidy_field
from edge.station import Station
from edge.views import OperatorView, ReadingView
from edge.web import forms
from edge.web.concluded import NAMED, is_held
from edge.web.declared_words import INCONSISTENT, LABELS
from edge.web.papers import Fact
from edge.web.readings import is_early, reader_of
from edge.web.results import Result
from edge.web.screen import Page, screens_of, see
from models.conclusion import Reason
from sync.contract.ids import ScreeningId
from sync.contract.papers import DeclaredPart, PapersRecord
from sync.contract.records import HitPart

PREFIX = "papers_"
REFUSED = 409


router = APIRouter(prefix="/screenings/{screening}/papers", route_class=Page, include_in_schema=False)
Officer = Annotated[OperatorView, Depends(signed_in)]
TheStation = Annotated[Station, Depends(station_of)]


@router.get("")
def papers(request: Request, station: TheStation, operator: Officer, screening: ScreeningId) -> Response:
    """Show each field of the papers, with what was entered."""
    return _papers(request, station, operator, screening)


@router.post("")
def compare(
    request: Request,
    station: TheStation,
    operator: Officer,
    screening: ScreeningId,
    none: Annotated[str, Form(max_length=8)] = "",
) -> Response:
    """Put the papers on record beside what was found; with none at all, only once the officer says that it has none."""
    reading, result = _newest(request, station, screening)
    found = _found(reading, result) if reading and result else None
    declared, catalogue = _declared(station, screening), station.identifier.catalogue
    if not any(declared.model_dump().values()) and not none:
        problem = screens_of(request).language(request).say("Enter at least one field, or “It has no papers”.")
        return _papers(request, station, operator, screening, problem)
    wrong = inconsistencies(declared, found, catalogue)
    named = (reading.id, found.name) if reading and found else None
    station.subjects.declare(operator, screening, declared, named, wrong)
    return see(f"/screenings/{screening}/papers/compared")


@router.get("/compared")
def compared(request: Request, station: TheStation, operator: Officer, screening: ScreeningId) -> Response:
    """Show the papers beside what was found, and every inconsistency."""
    records = station.casework.dossier(screening).of(PapersRecord)
    if not records:
        return see(f"/screenings/{screening}/papers")
    language, record = screens_of(request).language(request), records[-1]
    reading, result = _newest(request, station, screening)
    declared = record.declared
    facts = [Fact(language.say(LABELS[name]), getattr(declared, name)) for name in FIELDS if getattr(declared, name)]
    return screens_of(request).show(
        request,
        "declared.html",
        operator,
        screening=screening,
        facts=facts,
        found=result.substance if result else language.say("Nothing was found yet"),
        wrong=[language.say(INCONSISTENT[code]) for code in record.inconsistencies],
        back=f"/readings/{reading.id}" if reading else f"/screenings/{screening}",
    )


@router.get("/{name}")
def field(request: Request, station: TheStation, operator: Officer, screening: ScreeningId, name: str) -> Response:
    """Offer keys for one field."""
    if name not in FIELDS:
        return see(f"/screenings/{screening}/papers")
    label, value = screens_of(request).language(request).say(LABELS[name]), getattr(_declared(station, screening), name)
    return screens_of(request).show(
        request, "declare_field.html", operator, screening=screening, name=name, label=label, value=value,
        digits=name in NUMBERS,
    )  # fmt: skip


@router.post("/{name}")
def keep(
    station: TheStation,
    operator: Officer,
    screening: ScreeningId,
    name: str,
    value: Annotated[str, Form(max_length=120)] = "",
) -> Response:
    """Keep one field."""
    if name in FIELDS:
        station.drafts.keep(operator, screening, **{PREFIX + name: tidy_field(name, value)})
    return see(f"/screenings/{screening}/papers")


def _papers(
    request: Request, station: Station, operator: OperatorView, screening: ScreeningId, problem: str = ""
) -> Response:
    screens, now = screens_of(request), _declared(station, screening)
    label = screens.language(request).say
    fields = [(name, label(LABELS[name]), getattr(now, name) or forms.NOTHING) for name in FIELDS]
    empty = not any(now.model_dump().values())
    status = REFUSED if problem else 200
    return screens.show(
        request, "declare.html", operator, status, screening=screening, fields=fields, empty=empty, problem=problem
    )


def _declared(station: Station, screening: ScreeningId) -> DeclaredPart:
    drafts = station.drafts.of(screening)
    return DeclaredPart.model_validate({name: drafts.get(PREFIX + name, "") for name in FIELDS})


def _newest(
    request: Request, station: Station, screening: ScreeningId
) -> tuple[ReadingView, Result] | tuple[None, None]:
    """Return the newest reading that may be shown and named something."""
    for reading in reversed(counted(station.casework.dossier(screening))):
        if not is_early(station, reading):
            result = reader_of(request).result(reading)
            if result.kind in NAMED:
                return reading, result
    return None, None


def _found(reading: ReadingView, result: Result) -> Found | None:
    hit = _first(reading)
    if hit is None or result.suspected or {Reason.FAMILY_ONLY, Reason.AMBIGUOUS} & set(result.codes):
        return None
    needs = Reason.PRECURSOR_DOCUMENT_CHECK in result.codes
    return Found(hit.name, hit.inchikey, frozenset(hit.isomers), needs)


def _first(reading: ReadingView) -> HitPart | None:
    identification = reading.record.readings[0].identification if reading.record else None
    return identification.hits[0] if identification and identification.hits and not is_held(reading) else None
