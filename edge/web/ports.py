"""How each instrument's port is doing."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response

from drivers.family import Role
from drivers.ports.health import PortHealth
from edge.access import signed_in, station_of
from edge.station import Station
from edge.views import OperatorView
from edge.web import forms, words
from edge.web.screen import Page, screens_of
from edge.web.translations import Language

router = APIRouter(prefix="/device/ports", route_class=Page, include_in_schema=False)
Officer = Annotated[OperatorView, Depends(signed_in)]
TheStation = Annotated[Station, Depends(station_of)]

TEN_KB = 10_000


@dataclass(frozen=True)
class Row:
    """One port: who is there, its cable and how often it went, and the counts in the order of the columns."""

    name: str
    place: str
    cable: str
    unplugs: str
    wants: bool
    counts: tuple[str, ...]


@router.get("")
def ports(request: Request, station: TheStation, operator: Officer) -> Response:
    """Show the ports with their health counters."""
    screens = screens_of(request)
    language = screens.language(request)
    rows = [_row(language, role, health) for role, health in station.ports().items()]
    return screens.show(request, "ports.html", operator, rows=rows)


def _row(language: Language, role: Role, health: PortHealth) -> Row:
    counts = (health.frames, health.checksum_failures, health.resyncs, health.stalls)
    passed = f"{_kilobytes(health.bytes_read)}, {_kilobytes(health.bytes_written)}"
    return Row(
        name=language.say(words.INSTRUMENTS[role]),
        place=health.port,
        cable=language.say("Plugged in") if health.attached else language.say("Unplugged"),
        unplugs=language.count("%(number)s cut", "%(number)s cuts", health.unplugs),
        wants=not health.attached,
        counts=(*map(forms.number, counts), passed),
    )


def _kilobytes(count: int) -> str:
    return forms.number(count / 1000, 1 if count < TEN_KB else 0)
