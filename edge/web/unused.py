"""What lies at the station and is not used, each with what to do: for the technician."""

from collections.abc import Mapping
from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response

from edge.access import signed_in, station_of
from edge.left_out import LeftOut, Part, Why
from edge.station import Station
from edge.views import OperatorView
from edge.web import words
from edge.web.screen import Page, screens_of
from edge.web.translations import Language
from edge.web.translations import mark as _

router = APIRouter(route_class=Page, include_in_schema=False)
SHOWN = 4
PARTS: Mapping[Part, str] = {
    "bundle": _("Model"),
    "library": _("Library"),
    "schedules": _("Lists of the law"),
    "vibrational": _("Library of infrared and Raman"),
    "sending": _("Sending"),
    "receipts": _("Key of the national log"),
    "witnesses": _("Witnesses of the national log"),
}
REMEDIES: Mapping[Why, str] = {
    Why.DAMAGED: _("It is damaged, or not as the state signed it. Bring the same file again."),
    Why.MISSING: _("It was in use here and is gone. Bring it again."),
    Why.UNFIT: _("This software cannot use it. Ask the state for a new one."),
}


@router.get("/device/unused")
def unused(
    request: Request,
    station: Annotated[Station, Depends(station_of)],
    operator: Annotated[OperatorView, Depends(signed_in)],
) -> Response:
    """Show what is not used, and why."""
    screens = screens_of(request)
    language = screens.language(request)
    rows = [_row(language, each) for each in station.left_out]
    return screens.show(request, "unused.html", operator, rows=rows[:SHOWN], more=max(0, len(rows) - SHOWN))


def _row(language: Language, left_out: LeftOut) -> tuple[str, str]:
    """Return what it is, and what to do."""
    name = language.say(PARTS[left_out.part])
    if left_out.version:
        name = language.say("%(part)s, release %(version)s", part=name, version=left_out.version)
    title = ": ".join(filter(None, (name, left_out.substance)))
    text = words.NO_CERTIFICATE if left_out.part == "sending" else REMEDIES[left_out.why]
    return title, language.say(text)
