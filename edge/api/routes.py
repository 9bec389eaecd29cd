"""JSON routes. POST starts and stops; GET only observes."""

import json
from collections.abc import AsyncIterator
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Header, Query, Request, Response
from fastapi.concurrency import run_in_threadpool
from sse_starlette import EventSourceResponse, ServerSentEvent

from edge.access import give_token, signed_in, station_of, take_token, token_of
from edge.api import shapes
from edge.early import waits
from edge.feed import FINAL_ID
from edge.screenings import Screenings
from edge.station import Station
from edge.views import OperatorView, ReadingView
from sync.contract.ids import OperatorId, ReadingId

WAIT_S = 1.0
MAX_READINGS = 100

router = APIRouter(prefix="/api")
TheStation = Annotated[Station, Depends(station_of)]
SignedInOperator = Annotated[OperatorView, Depends(signed_in)]
OnlySignedIn = Depends(signed_in)


@router.get("/health")
def health(station: TheStation) -> dict[str, Any]:
    """Tell how the station is; open to everybody on this machine."""
    return shapes.health_body(station.health())


@router.get("/operators")
def operators(station: TheStation) -> list[dict[str, Any]]:
    """Tell who may sign in; open to everybody on this machine."""
    return [shapes.operator_body(each) for each in station.operators.list()]


@router.post("/sign-in")
def sign_in(station: TheStation, body: shapes.SignIn, response: Response) -> shapes.SignedIn:
    """Sign in; the token comes as a cookie."""
    give_token(response, station.operators.sign_in(OperatorId(body.operator), body.pin))
    return shapes.SignedIn()


@router.post("/sign-out", status_code=204, dependencies=[OnlySignedIn])
def sign_out(request: Request, station: TheStation, response: Response) -> None:
    """Sign out."""
    station.operators.sign_out(token_of(request))
    take_token(response)


@router.get("/session")
def session(operator: SignedInOperator) -> dict[str, Any]:
    """Tell who is signed in."""
    return shapes.operator_body(operator)


@router.get("/sync", dependencies=[OnlySignedIn])
def sync(station: TheStation) -> dict[str, Any]:
    """Tell what waits to be sent."""
    return shapes.sync_body(station.sending.state())


@router.post("/readings", status_code=202)
def start(station: TheStation, operator: SignedInOperator, body: shapes.StartReading) -> shapes.StartedReading:
    """Start a reading."""
    return shapes.StartedReading(reading=station.screenings.start(operator, body.subject_kind))


@router.get("/readings", dependencies=[OnlySignedIn])
def readings(
    station: TheStation,
    limit: Annotated[int, Query(ge=1, le=MAX_READINGS)] = 20,
    offset: Annotated[int, Query(ge=0)] = 0,
) -> list[dict[str, Any]]:
    """Tell the readings, newest first."""
    return [_reading(station, view) for view in station.screenings.recent(limit, offset)]


@router.get("/readings/{reading}", dependencies=[OnlySignedIn])
def reading(station: TheStation, reading: str) -> dict[str, Any]:
    """Tell one reading as it stands now."""
    return _reading(station, station.screenings.view(ReadingId(reading)))


@router.post("/readings/{reading}/stop", status_code=204, dependencies=[OnlySignedIn])
def stop(station: TheStation, reading: str) -> None:
    """Stop a reading."""
    station.screenings.stop(ReadingId(reading))


@router.get("/readings/{reading}/events", dependencies=[OnlySignedIn])
def events(station: TheStation, reading: str, last_event_id: Annotated[int, Header(ge=0)] = 0) -> Response:
    """Stream what happens in a reading, going on after the last event that the client saw; 204 after the last one."""
    station.screenings.view(ReadingId(reading))
    if last_event_id >= FINAL_ID:
        return Response(status_code=204)
    return EventSourceResponse(_stream(station.screenings, ReadingId(reading), last_event_id))


def _reading(station: Station, view: ReadingView) -> dict[str, Any]:
    early = station.subjects.is_due(view.screening) and waits(view)
    return shapes.reading_body(view, station.identifier.catalogue, early=early)


async def _stream(screenings: Screenings, reading: ReadingId, after: int) -> AsyncIterator[ServerSentEvent]:
    while after < FINAL_ID:
        for event in await run_in_threadpool(screenings.events, reading, after, WAIT_S):
            after = event.id
            yield ServerSentEvent(data=json.dumps(dict(event.data)), event=event.kind, id=str(event.id))
