"""Who is asking: the station behind the screens, and the operator behind the cookie."""

from fastapi import Request, Response

from edge.errors import NotSignedIn
from edge.station import Station
from edge.views import OperatorView

COOKIE = "garita_session"


def station_of(request: Request) -> Station:
    """Return the station that this server is the face of."""
    station: Station = request.app.state.station
    return station


def signed_in(request: Request) -> OperatorView:
    """Return the operator behind the request; raises NotSignedIn."""
    return station_of(request).operators.session(token_of(request))


def token_of(request: Request) -> str:
    """Return the session token that came with the request; raises NotSignedIn where there is none."""
    token = request.cookies.get(COOKIE)
    if token is None:
        raise NotSignedIn("nobody is signed in; sign in first")
    return token


def give_token(response: Response, token: str) -> None:
    """Hand the token to the browser, out of reach of scripts and of other sites."""
    response.set_cookie(COOKIE, token, httponly=True, samesite="strict", path="/")


def take_token(response: Response) -> None:
    """Make the browser forget its token."""
    response.delete_cookie(COOKIE, httponly=True, samesite="strict", path="/")
