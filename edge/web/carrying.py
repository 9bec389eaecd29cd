"""A file onto a USB stick: which one, and that it lies there; and what waits for the centre, carried to it by hand."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Depends, Form, Request, Response

from edge.access import signed_in, station_of
from edge.courier import Carried
from edge.errors import NotCarried
from edge.station import Station
from edge.views import OperatorView
from edge.web import forms
from edge.web.problems import explain, status
from edge.web.screen import Page, screens_of
from edge.web.translations import Language

SHOWN = 4

router = APIRouter(route_class=Page, include_in_schema=False)
Officer = Annotated[OperatorView, Depends(signed_in)]
TheStation = Annotated[Station, Depends(station_of)]
Stick = Annotated[str, Form(max_length=200)]


@dataclass(frozen=True)
class Parcel:
    """A file for a stick; its screens lead `back`, and to its `download` without one."""

    file: str
    data: bytes
    back: str
    download: str


@router.get("/sync/stick")
def choose_stick(request: Request, operator: Officer) -> Response:
    """Offer the sticks that are plugged in, for what waits for the centre."""
    return offer(request, operator, "/sync")


@router.post("/sync/stick")
def fill_stick(request: Request, station: TheStation, operator: Officer, stick: Stick) -> Response:
    """Take the centre's answers from a stick, and write all that waits onto it."""
    try:
        done = station.courier.carry(stick)
    except NotCarried as error:
        return offer(request, operator, "/sync", problem=error)
    lines = list(_told(screens_of(request).language(request), done))
    return screens_of(request).show(request, "carried.html", operator, stick=stick, lines=lines, back="/sync")


def offer(
    request: Request, operator: OperatorView, back: str, download: str = "", problem: NotCarried | None = None
) -> Response:
    """Show the sticks that are plugged in; whichever is touched is posted to this same address.

    `problem` is why the one before did not take it.
    """
    screens = screens_of(request)
    choices = [(each.name, forms.size(each.free)) for each in station_of(request).sticks.plugged()[:SHOWN]]
    told = explain(screens.language(request), problem) if problem else None
    values = {"choices": choices, "here": request.url.path, "back": back, "download": download, "problem": told}
    return screens.show(request, "sticks.html", operator, status(problem) if problem else 200, **values)


def keep(request: Request, operator: OperatorView, stick: str, parcel: Parcel) -> Response:
    """Write a file onto a stick and say so, or why not."""
    try:
        station_of(request).sticks.write(stick, parcel.file, parcel.data)
    except NotCarried as error:
        return offer(request, operator, parcel.back, parcel.download, error)
    screens = screens_of(request)
    lines = [parcel.file, screens.language(request).say("It was read back from the stick: every byte is there.")]
    return screens.show(request, "carried.html", operator, stick=stick, lines=lines, back=parcel.back)


def _told(language: Language, done: Carried) -> Iterator[str]:
    if done.released:
        yield language.count(
            "%(number)s record arrived, as the stick proves.",
            "%(number)s records arrived, as the stick proves.",
            done.released,
        )
    if done.entries or done.attachments:
        yield language.count("%(number)s record is on it.", "%(number)s records are on it.", done.entries)
        yield language.say("Take it to the national centre, then bring it back here: it returns with the receipts.")
    else:
        yield language.say("Nothing waits to be sent.")
    if done.problems:
        yield language.say("An answer on it proves nothing and was left out. Call the technician.")
