"""Settings: language, light, volume, discreet mode; and practice, which is the account's."""

from typing import Annotated, Literal
from urllib.parse import urlencode

from fastapi import APIRouter, Form, Request, Response

from edge.access import signed_in, station_of
from edge.permissions import PERMISSIONS
from edge.preferences import Volume
from edge.web.screen import LANGUAGE_COOKIE, THEME_COOKIE, THEMES, Page, here, own_place, screens_of, see

_YEAR_S = 365 * 24 * 3600

router = APIRouter(route_class=Page, include_in_schema=False)
Flag = Literal["yes", "no"]


@router.get("/settings")
def settings(request: Request, back: str = "/") -> Response:
    """Offer languages and light to everybody, sound and practice to who is signed in."""
    screens, operator, station = screens_of(request), here(request), station_of(request)
    return screens.show(
        request,
        "settings.html",
        operator,
        languages=list(screens.languages.values()),
        back=own_place(back),
        again=f"/settings?{urlencode({'back': own_place(back)})}",
        preferences=station.panel.now,
        person=operator,
        practises=operator is not None and operator.role in PERMISSIONS["train"].may,
        senses_light=station.surroundings.lux() is not None,
        chosen=request.cookies.get(THEME_COOKIE, ""),
    )


@router.post("/settings")
def change_settings(
    request: Request,
    back: Annotated[str, Form()] = "/",
    language: Annotated[str | None, Form()] = None,
    theme: Annotated[str | None, Form()] = None,
) -> Response:
    """Keep a language or a theme in the browser, and go back to the screen it was chosen from."""
    answer = see(own_place(back))
    if language in screens_of(request).languages:
        _keep(answer, LANGUAGE_COOKIE, language)
    if theme in (*THEMES, "auto"):
        _keep(answer, THEME_COOKIE, theme)
    return answer


@router.post("/settings/sound")
def change_sound(
    request: Request,
    back: Annotated[str, Form()] = "/",
    volume: Annotated[Volume | None, Form()] = None,
    discreet: Annotated[Flag | None, Form()] = None,
) -> Response:
    """Set how loud the station is, or keep it still; for everybody at this panel. Raises NotSignedIn."""
    signed_in(request)
    still = None if discreet is None else discreet == "yes"
    station = station_of(request)
    station.panel.set(volume=volume, discreet=still)
    if still:
        station.sound.pause()
    return see(own_place(back))


@router.post("/sound/pause")
def pause(request: Request, back: Annotated[str, Form()] = "/") -> Response:
    """Silence the alarm that sounds; whoever stands at the panel may, and the next alarm is heard again."""
    station_of(request).sound.pause()
    return see(own_place(back))


def _keep(answer: Response, name: str, value: str) -> None:
    answer.set_cookie(name, value, max_age=_YEAR_S, httponly=True, samesite="strict")
