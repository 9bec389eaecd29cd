"""Whose a scanned code is: it belongs to the screen that was shown when it came."""

from fastapi import Request

from edge.scanning import Scanned
from edge.station import Station
from edge.web.translations import mark as _

TYPED = 0
"""Names no scan: a person typed."""

GONE = _("It is not there any more. Scan it again.")

STEPS = ("/keys", "/choose", "/code", "/other")
"""Screens that are steps of the one before them: what is scanned there is for that one."""


def comes(request: Request) -> bool:
    """Tell whether somebody comes to a screen: scripts of one that is shown ask too (Sec-Fetch-Mode tells, W3C)."""
    return request.method == "GET" and request.headers.get("sec-fetch-mode", "navigate") == "navigate"


def place_of(path: str) -> str:
    """Return the screen that takes what is scanned at an address."""
    return next((path.removesuffix(step) for step in STEPS if path.endswith(step)), path)


def attend(request: Request, station: Station) -> None:
    """Let what is scanned from now on be for the screen that somebody comes to."""
    reader = station.companions.reader
    if reader and comes(request):
        reader.attend(place_of(request.url.path))


def scanned_at(station: Station, place: str) -> list[Scanned]:
    """Return what was scanned while a screen is shown, oldest first."""
    reader = station.companions.reader
    return reader.scanned(place) if reader else []


def scan_at(station: Station, place: str, number: int) -> Scanned | None:
    """Return which of what was scanned while a screen is shown has this number; None where it is not there."""
    return next((each for each in scanned_at(station, place) if each.number == number), None)


def taken_at(station: Station, place: str) -> list[Scanned]:
    """Return what was scanned while a screen is shown, once."""
    reader = station.companions.reader
    return reader.take(place) if reader else []
