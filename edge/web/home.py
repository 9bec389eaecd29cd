"""Home: what every screen leads back to."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response

from edge.access import signed_in, station_of
from edge.comparisons import counted, counted_files
from edge.encounters import may_act
from edge.station import Station
from edge.views import OperatorView, ReadingView
from edge.web import case_rows, subject_words, words
from edge.web.comparing import concluded
from edge.web.due import is_unchecked
from edge.web.loose_bags import loose_bags
from edge.web.reader import Reader
from edge.web.readings import MEASURING, Row, is_early, reader_of, row_of
from edge.web.screen import Page, screens_of
from edge.web.screening import kinds
from edge.web.translations import mark as _
from sync.contract.acts import Role
from sync.contract.records import CheckRecord

RECENT, LISTED = 1, 2
SEVERAL = 2
TASKS: Mapping[Role, tuple[str, str, str]] = {
    "technician": ("/device", "device", _("Device")),
    "auditor": ("/reviews", "sealed", _("Reviews")),
    "admin": ("/staff", "person", _("Persons")),
}
SEIZURES = ("/cases", "record", _("Seizures"))
"""Where the large button leads who measures nothing."""

router = APIRouter(route_class=Page, include_in_schema=False)
Officer = Annotated[OperatorView, Depends(signed_in)]
TheStation = Annotated[Station, Depends(station_of)]


@router.get("/")
def home(request: Request, station: TheStation, operator: Officer) -> Response:
    """Show the one big button, the kinds of subject, and what was done last.

    The daily check comes before everything else: until it passes a reading concludes nothing, save in practice. Who
    measures nothing is led to what is theirs.
    """
    screens, reader = screens_of(request), reader_of(request)
    language, state, begun = screens.language(request), station.health().analyzer, station.subjects.begun(operator)
    case = None if begun else station.cases.begun(operator)
    measures = may_act(operator, "measure")
    begun_name = subject_words.kind(language, station.subjects.kind(begun)) if begun else ""
    return screens.show(
        request,
        "home.html",
        operator,
        under_way=station.screenings.active(),
        readiness=language.say(words.ANALYZER[state][0]),
        loose=loose_bags(request, station, operator, language),
        begun=begun,
        begun_name=begun_name,
        case=case,
        case_told=case_rows.summary(station, reader, station.casework.dossier(case)) if case else "",
        task=None if measures else TASKS.get(operator.role, SEIZURES),
        kinds=kinds(language) if measures else [],
        unchecked=is_unchecked(station) and not operator.training,
        rows=[told(reader, station, reading) for reading in station.screenings.recent(RECENT if measures else LISTED)],
    )


def told(reader: Reader, station: Station, reading: ReadingView) -> Row:
    """Return the line for a reading; where its screening has several, it tells what all of them come to."""
    row = row_of(reader, station, reading)
    if reading.state == MEASURING or isinstance(reading.record, CheckRecord) or is_early(station, reading):
        return row
    dossier = station.casework.dossier(reading.screening)
    if len(counted(dossier)) + len(counted_files(dossier)) < SEVERAL:
        return row
    whole = concluded(station, reader, dossier)
    detail = whole.what or whole.short or whole.conflict.removesuffix(".")
    return replace(row, shape=whole.kind, word=whole.word, detail=detail, void=False)
