"""Home, language and theme: what every screen leads back to."""

from typing import Annotated

from fastapi import APIRouter, Depends, Form, Request, Response

from edge.access import signed_in, station_of
from edge.errors import NotSignedIn
from edge.station import Station
from edge.views import OperatorView
from edge.web import subject_words, words
from edge.web.readings import reader_of, row_of
from edge.web.screen import LANGUAGE_COOKIE, THEME_COOKIE, Page, screens_of, see
from edge.web.screening import kinds

RECENT = 1
_YEAR_S = 365 * 24 * 3600

router = APIRouter(route_class=Page, include_in_schema=False)
Officer = Annotated[OperatorView, Depends(signed_in)]
TheStation = Annotated[Station, Depends(station_of)]


@router.get("/")
def home(request: Request, station: TheStation, operator: Officer) -> Response:
    """Show the one big button, the kinds of subject, and what was done last."""
    screens, reader = screens_of(request), reader_of(request)
    language, state, begun = screens.language(request), station.health().analyzer, station.subjects.begun(operator)
    begun_name = subject_words.kind(language, station.subjects.kind(begun)) if begun else ""
    return screens.show(
        request,
        "home.html",
        operator,
        under_way=station.screenings.active(),
        readiness=language.say(words.ANALYZER[state][0]),
        begun=begun,
        begun_name=begun_name,
        kinds=kinds(language),
        rows=[row_of(reader, station, reading) for reading in station.screenings.recent(RECENT)],
    )


@router.get("/strip")
def strip(request: Request) -> Response:
    """Answer the status strip alone; it needs no session, so a screen left alone keeps nobody signed in."""
    return screens_of(request).show(request, "strip.html", None)


@router.get("/settings")
def settings(request: Request, back: str = "/") -> Response:
    """Offer the languages."""
    screens = screens_of(request)
    languages = list(screens.languages.values())
    return screens.show(request, "settings.html", _operator(request), languages=languages, back=_own(back))


@router.post("/settings")
def change_settings(
    request: Request,
    back: Annotated[str, Form()] = "/",
    language: Annotated[str | None, Form()] = None,
    theme: Annotated[str | None, Form()] = None,
) -> Response:
    """Keep a language or a theme in the browser, and go back to the screen it was chosen from."""
    answer = see(_own(back))
    if language in screens_of(request).languages:
        _keep(answer, LANGUAGE_COOKIE, language)
    if theme in ("day", "night"):
        _keep(answer, THEME_COOKIE, theme)
    return answer


def _keep(answer: Response, name: str, value: str) -> None:
    answer.set_cookie(name, value, max_age=_YEAR_S, httponly=True, samesite="strict")


def _operator(request: Request) -> OperatorView | None:
    try:
        return signed_in(request)
    except NotSignedIn:
        return None


def _own(place: str) -> str:
    """Return `place` if it is a path of this station, else home."""
    own = place.startswith("/") and not place.startswith(("//", "/\\")) and place.isprintable()
    return place if own else "/"
