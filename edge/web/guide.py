"""Help for each screen, and what is not as it should be: both one tap away from everywhere."""

from urllib.parse import urlsplit

from fastapi import APIRouter, Request, Response

from edge.web.help_words import topic_of
from edge.web.screen import Page, here, own_place, screens_of

router = APIRouter(route_class=Page, include_in_schema=False)


@router.get("/help")
def help_for(request: Request, place: str = "/") -> Response:
    """Tell what a screen is for; it needs no session and no network."""
    back = own_place(place)
    return screens_of(request).show(request, "help.html", here(request), topic=topic_of(urlsplit(back).path), back=back)


@router.get("/troubles")
def troubles(request: Request, place: str = "/") -> Response:
    """Tell what is not as it should be, and what to do about each."""
    return screens_of(request).show(request, "troubles.html", here(request), back=own_place(place))


@router.get("/strip")
def strip(request: Request, place: str = "/", practice: bool = False) -> Response:
    """Answer what changes around a screen; it needs no session, so a screen left alone keeps nobody signed in."""
    return screens_of(request).show(request, "fresh.html", None, place=own_place(place), practice=practice)
