"""A file onto a USB stick: which one, and that it lies there; and what waits for the centre, carried to it by hand."""

from collections.abc import Iterator
from typing import Annotated

from fastapi import APIRouter, Depends, Form, Request, Response

from edge.access import signed_in, station_of
from edge.courier import Carried
from edge.station import Station
from edge.views import OperatorView
from edge.web import forms
from edge.web.screen import Page, screens_of
from edge.web.translations import Language

SHOWN = 4

router = APIRouter(route_class=Page, include_in_schema=False)
Officer = Annotated[OperatorView, Depends(signed_in)]
TheStation = Annotated[Station, Depends(station_of)]
Stick = Annotated[str, Form(max_length=200)]


@router.get("/sync/stick")
def choose_stick(request: Request, operator: Officer) -> Response:
    """Offer the sticks that are plugged in, for what waits for the centre."""
    return offer(request, operator, "/sync")


@router.post("/sync/stick")
def fill_stick(request: Request, station: TheStation, operator: Officer, stick: Stick) -> Response:
    """Take the centre's answers from a stick, and write all that waits onto it."""
    done = station.courier.carry(stick)
    lines = list(_told(screens_of(request).language(request), done))
    return screens_of(request).show(request, "carried.html", operator, stick=stick, lines=lines, back="/sync")


def offer(request: Request, operator: OperatorView, back: str, download: str = "") -> Response:
    """Show the sticks that are plugged in; whichever is touched is posted to this same address."""
    sticks = station_of(request).sticks.plugged()
    choices = [(each.name, forms.size(each.free)) for each in sticks[:SHOWN]]
    return screens_of(request).show(
        request, "sticks.html", operator, choices=choices, here=request.url.path, back=back, download=download
    )


def carried(request: Request, operator: OperatorView, stick: str, file: str, back: str) -> Response:
    """Show that a file lies on a stick."""
    language = screens_of(request).language(request)
    lines = [language.say("It was read back from the stick: every byte is there.")]
    return screens_of(request).show(request, "carried.html", operator, stick=stick, lines=[file, *lines], back=back)


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
