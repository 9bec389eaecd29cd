"""Who works here now: choose a name, enter a PIN."""

from typing import Annotated

from fastapi import APIRouter, Depends, Form, Query, Request, Response

from edge.access import give_token, station_of, take_token, token_of
from edge.errors import Locked, NotSignedIn, UnknownOperator, WrongPin
from edge.station import Station
from edge.views import OperatorView
from edge.web import forms, words
from edge.web.screen import Page, screens_of, see
from edge.web.translations import Language
from sync.contract.ids import OperatorId

PEOPLE_PER_PAGE = 6
USUAL_COOKIE = "garita_usual"
_MONTH_S = 30 * 24 * 3600

router = APIRouter(route_class=Page, include_in_schema=False)
TheStation = Annotated[Station, Depends(station_of)]


@router.get("/sign-in")
def people(request: Request, station: TheStation, page: Annotated[int, Query(ge=1, le=1000)] = 1) -> Response:
    """Show a tile for each person; whoever came last is one tap away."""
    screens, everybody = screens_of(request), station.operators.list()
    language = screens.language(request)
    pages = max(1, -(-len(everybody) // PEOPLE_PER_PAGE))
    start = (min(page, pages) - 1) * PEOPLE_PER_PAGE
    shown = [
        {
            "id": each.id,
            "name": each.name,
            "initials": _initials(each.name),
            "role": language.say(words.ROLES[each.role]),
        }
        for each in everybody[start : start + PEOPLE_PER_PAGE]
    ]
    usual = next((each for each in everybody if each.id == request.cookies.get(USUAL_COOKIE)), None)
    usual = usual or next(iter(everybody), None)
    return screens.show(request, "people.html", None, people=shown, usual=usual, page=min(page, pages), pages=pages)


@router.get("/sign-in/{operator}")
def pin(request: Request, station: TheStation, operator: str) -> Response:
    """Ask for the PIN."""
    return screens_of(request).show(
        request, "pin.html", None, person=_person(station, operator), problem="", locked=False
    )


@router.post("/sign-in/{operator}")
def sign_in(
    request: Request, station: TheStation, operator: str, pin: Annotated[str, Form(max_length=64)] = ""
) -> Response:
    """Let the person in, or say why not."""
    person = _person(station, operator)
    try:
        token = station.operators.sign_in(person.id, pin)
    except (WrongPin, Locked) as error:
        return _refuse(request, person, error)
    answer = see("/")
    give_token(answer, token)
    answer.set_cookie(USUAL_COOKIE, person.id, max_age=_MONTH_S, httponly=True, samesite="strict")
    return answer


@router.post("/sign-out")
def sign_out(request: Request, station: TheStation) -> Response:
    """End the session."""
    answer = see("/sign-in")
    try:
        station.operators.sign_out(token_of(request))
    except NotSignedIn:
        return answer
    take_token(answer)
    return answer


def _initials(name: str) -> str:
    return "".join(word[0] for word in name.split()[:2]).upper()


def _person(station: Station, operator: str) -> OperatorView:
    for each in station.operators.list():
        if each.id == OperatorId(operator):
            return each
    raise UnknownOperator("nobody of that id is enrolled at this station")


def _refuse(request: Request, person: OperatorView, error: WrongPin | Locked) -> Response:
    screens = screens_of(request)
    problem, locked = refusal(screens.language(request), error), isinstance(error, Locked)
    status = 429 if locked else 403
    return screens.show(request, "pin.html", None, status, person=person, problem=problem, locked=locked)


def refusal(language: Language, error: WrongPin | Locked) -> str:
    """Return why a PIN was not taken."""
    if isinstance(error, Locked):
        return language.say("Locked after too many wrong PINs. Try again at %(hour)s.", hour=forms.hour(error.until))
    return language.count(
        "Wrong PIN. %(number)s attempt is left.", "Wrong PIN. %(number)s attempts are left.", error.attempts_left
    )
