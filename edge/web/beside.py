"""What other instruments add to a screening: a weight, the position, a code, a second technique."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Depends, Form, Request, Response

from drivers.errors import DriverError
from edge.access import signed_in, station_of
from edge.comparisons import counted_files
from edge.errors import EdgeError, FileOfAnother
from edge.observation_records import Observed
from edge.observations import ReceivedFile
from edge.station import Station
from edge.views import OperatorView, ReadingView
from edge.web import forms
from edge.web.readings import is_early, reader_of
from edge.web.scans import taken_at
from edge.web.screen import Page, left, screens_of, see
from edge.web.sights import Sight, Sights
from edge.web.translations import Language
from edge.web.voiding import void_words
from sync.contract.ids import ReadingId, Seq
from sync.contract.observations import SecondTechniqueRecord

FILES_SHOWN = 2
LONGEST_SEEN = 32
REFUSED = 409

router = APIRouter(prefix="/readings/{reading_id}/beside", route_class=Page, include_in_schema=False)
Officer = Annotated[OperatorView, Depends(signed_in)]
TheStation = Annotated[Station, Depends(station_of)]


@dataclass(frozen=True)
class Tile:
    """One instrument on the page of all of them."""

    name: str
    picture: str
    title: str
    now: str
    note: str


@dataclass(frozen=True)
class FileRow:
    """A file that can become the second technique."""

    seq: Seq
    name: str
    instrument: str
    note: str


@dataclass(frozen=True)
class Linked:
    """What a file says that is the second technique; `void` why it is that no more, and who says so."""

    said: str
    void: str


class NotTold(EdgeError):
    """Nothing that can go on record was told; the words are already those of the screen."""


@router.get("")
def beside(request: Request, station: TheStation, operator: Officer, reading_id: str) -> Response:
    """Show what each instrument tells now and how much of it is on record."""
    reading = station.screenings.view(ReadingId(reading_id))
    if is_early(station, reading):
        return see(f"/readings/{reading_id}")
    screens = screens_of(request)
    language, sights = screens.language(request), _sights(request, station)
    records = [record for _, record in station.observations.of(reading.screening)]
    tiles = [
        _tile(language, name, look(), sum(bool(getattr(record, name)) for record in records))
        for name, look in _looks(sights, _here(reading)).items()
    ]
    linked = len(counted_files(station.casework.dossier(reading.screening)))
    received = len(station.observations.offered(reading.screening, FILES_SHOWN))
    files = language.count("%(number)s file received lately", "%(number)s files received lately", received)
    tiles.append(Tile("file", "record", language.say("Another technique"), files, _on_record(language, linked)))
    result = reader_of(request).result(reading)
    return screens.show(request, "beside.html", operator, reading=reading, tiles=tiles, result=result)


@router.get("/file")
def files(request: Request, station: TheStation, operator: Officer, reading_id: str) -> Response:
    """Offer the files received lately as a second technique."""
    return _files(request, station, operator, station.screenings.view(ReadingId(reading_id)))


@router.post("/file")
def link(
    request: Request, station: TheStation, operator: Officer, reading_id: str, file: Annotated[int, Form()]
) -> Response:
    """Make a received file the second technique."""
    reading = station.screenings.view(ReadingId(reading_id))
    try:
        station.observations.link(operator, reading.screening, Seq(file), reading.exhibit)
    except FileOfAnother:
        problem = screens_of(request).language(request).say("That file is evidence of another case. Choose another.")
        return _files(request, station, operator, reading, problem)
    return see(request.url.path)


@router.get("/{name}")
def sight(request: Request, station: TheStation, operator: Officer, reading_id: str, name: str) -> Response:
    """Show what one instrument tells now."""
    reading = station.screenings.view(ReadingId(reading_id))
    if name not in _looks(_sights(request, station), _here(reading)):
        return see(_here(reading))
    return _sight(request, station, operator, reading, name)


@router.post("/weight/zero")
def zero(request: Request, station: TheStation, operator: Officer, reading_id: str) -> Response:
    """Set the empty scale to zero."""
    reading = station.screenings.view(ReadingId(reading_id))
    try:
        if station.companions.scale:
            station.companions.scale.zero()
    except DriverError as error:
        return _sight(request, station, operator, reading, "weight", _sights(request, station).fault(error))
    return see(f"{_here(reading)}/weight")


@router.post("/{name}")
def add(
    request: Request,
    station: TheStation,
    operator: Officer,
    reading_id: str,
    name: str,
    number: Annotated[int, Form()] = 0,
    seen: Annotated[str, Form(max_length=LONGEST_SEEN)] = "",
) -> Response:
    """Put on record what one instrument tells."""
    reading = station.screenings.view(ReadingId(reading_id))
    try:
        observed = _observed(request, station, reading, name, number, seen)
        station.observations.add(operator, reading.screening, observed)
    except DriverError as error:
        problem = _sights(request, station).fault(error)
        return _sight(request, station, operator, reading, name, problem)
    except NotTold as error:
        return _sight(request, station, operator, reading, name, str(error))
    return see(request.url.path)


def _observed(request: Request, station: Station, reading: ReadingView, name: str, number: int, seen: str) -> Observed:
    companions = station.companions
    if name == "weight" and companions.scale:
        return companions.scale.weigh(seen, left(request))
    if name == "position" and companions.receiver:
        return companions.receiver.locate()
    taken = taken_at(station, _here(reading)) if name == "code" else []
    for scanned in taken:
        if scanned.number == number:
            return scanned
    raise NotTold(screens_of(request).language(request).say("It is not there any more. Scan or weigh it again."))


def _here(reading: ReadingView) -> str:
    return f"/readings/{reading.id}/beside"


def _sights(request: Request, station: Station) -> Sights:
    return Sights(screens_of(request).language(request), station.companions, time.monotonic)


def _looks(sights: Sights, here: str) -> dict[str, Callable[[], Sight]]:
    return {"weight": sights.weight, "position": sights.position, "code": lambda: sights.code(here)}


def _tile(language: Language, name: str, now: Sight, count: int) -> Tile:
    note = _on_record(language, count) if count else now.lines[0]
    return Tile(name, now.picture, now.title, now.value, note)


def _on_record(language: Language, count: int) -> str:
    return language.count("%(number)s on record", "%(number)s on record", count) if count else ""


def _sight(
    request: Request,
    station: Station,
    operator: OperatorView,
    reading: ReadingView,
    name: str,
    problem: str | None = None,
) -> Response:
    screens, sights = screens_of(request), _sights(request, station)
    recorded = [
        sights.recorded(record)
        for _, record in station.observations.of(reading.screening)
        if getattr(record, name) is not None
    ]
    now = _looks(sights, _here(reading))[name]()
    status = REFUSED if problem else 200
    return screens.show(
        request,
        "sight.html",
        operator,
        status,
        reading=reading,
        here=f"{_here(reading)}/{name}",
        sight=now,
        recorded=recorded[-2:],
        problem=problem,
    )


def _files(
    request: Request, station: Station, operator: OperatorView, reading: ReadingView, problem: str = ""
) -> Response:
    screens = screens_of(request)
    language = screens.language(request)
    voids = station.casework.dossier(reading.screening).voids
    rows = [_row(language, file) for file in station.observations.offered(reading.screening, FILES_SHOWN)]
    linked = [
        Linked(_said(language, each), void_words(station, language, voids[seq]) if seq in voids else "")
        for seq, each in station.observations.second_techniques(reading.screening)
    ]
    status = REFUSED if problem else 200
    shown = {"files": rows, "linked": linked[-2:], "problem": problem}
    return screens.show(request, "files.html", operator, status, reading=reading, **shown)


def _said(language: Language, link: SecondTechniqueRecord) -> str:
    if link.verdict:
        return language.say("%(instrument)s says: %(verdict)s", instrument=link.instrument, verdict=link.verdict)
    return language.say("%(instrument)s told no verdict of its own", instrument=link.instrument)


def _row(language: Language, file: ReceivedFile) -> FileRow:
    said = language.say("It says: %(verdict)s", verdict=file.verdict) if file.verdict else ""
    alike = language.say("Library: %(hit)s", hit=file.alike) if file.alike else ""
    when = forms.wall(file.received.wall) if file.received else None
    moment = f"{forms.whole_day(language, when)} {forms.hour(when)}" if when else language.say("not told")
    received = language.say("Received: %(moment)s", moment=moment)
    return FileRow(file.seq, file.name, file.instrument, ". ".join(filter(None, (received, said, alike))))
