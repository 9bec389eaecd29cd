"""Two persons at one screen: who asks proves, then somebody else does, and then it is done."""

import json
from collections.abc import Mapping
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Form, Query, Request, Response

from edge.access import signed_in, station_of
from edge.desk import Act
from edge.errors import Locked, TokenRefused, UnknownOperator, WrongPin
from edge.station import Station
from edge.tokens import Options
from edge.views import OperatorView
from edge.web.screen import Page, screens_of, see
from edge.web.sign_in import refusal

MAX_ANSWER = 16 * 1024
TILES = 6

router = APIRouter(prefix="/acts", route_class=Page, include_in_schema=False)
Operator = Annotated[OperatorView, Depends(signed_in)]
TheStation = Annotated[Station, Depends(station_of)]


@router.get("/{act_id}")
def act(
    request: Request,
    station: TheStation,
    operator: Operator,
    act_id: str,
    person: str = "",
    page: Annotated[int, Query(ge=1, le=1000)] = 1,
) -> Response:
    """Ask who asks for the act, then let the second person choose themselves, then ask them."""
    return _show(request, station, operator, station.desk.act(act_id), person, page=page)


@router.post("/{act_id}")
def prove(
    request: Request,
    station: TheStation,
    operator: Operator,
    act_id: str,
    person: Annotated[str, Form(max_length=64)],
    answer: Annotated[str, Form(max_length=MAX_ANSWER)] = "",
    pin: Annotated[str, Form(max_length=64)] = "",
) -> Response:
    """Take a token's answer, or a PIN where one counts, and go on to the next person, or home to what was done."""
    waiting = station.desk.act(act_id)
    who = _turn(station, waiting, person)
    try:
        prove_it = station.desk.touch if answer else station.desk.enter
        done = prove_it(waiting, who, answer or pin)
    except (WrongPin, Locked) as error:
        problem = refusal(screens_of(request).language(request), error)
        return _show(request, station, operator, waiting, person, problem, 403)
    except TokenRefused:
        problem = screens_of(request).language(request).say("That token was not accepted")
        return _show(request, station, operator, waiting, person, problem, 403)
    if done:
        return screens_of(request).show(request, "act_done.html", operator, waiting=waiting)
    return see(f"/acts/{act_id}")


def _show(
    request: Request,
    station: Station,
    operator: OperatorView,
    waiting: Act,
    person: str,
    problem: str = "",
    status: int = 200,
    page: int = 1,
) -> Response:
    desk, first = station.desk, not waiting.proofs
    beside = [] if first else desk.beside(waiting)
    who = waiting.asker if first else next((each for each in beside if each.id == person), None)
    takes_pin = desk.takes_pin(waiting)
    options = "" if who is None or takes_pin else json.dumps(plain(desk.options(waiting, who)))
    values = {"waiting": waiting, "first": first, "who": who, "beside": beside, "takes_pin": takes_pin}
    pages = max(1, -(-len(beside) // TILES))
    values |= {"page": min(page, pages), "pages": pages}
    return screens_of(request).show(request, "act.html", operator, status, **values, options=options, problem=problem)


def _turn(station: Station, waiting: Act, person: str) -> OperatorView:
    for each in (waiting.asker, *station.desk.beside(waiting)):
        if each.id == person:
            return each
    raise UnknownOperator("nobody of that id may stand beside this")


def plain(options: Options) -> dict[str, Any]:
    """Return a token's options as JSON values."""
    return {name: dict(value) if isinstance(value, Mapping) else value for name, value in options.items()}  # pyright: ignore[reportUnknownArgumentType] - fido2's own mappings
