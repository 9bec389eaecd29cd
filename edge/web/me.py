"""What everybody does with their own account: PINs, practice, and a letter to the outside body."""

from typing import Annotated

from fastapi import APIRouter, Depends, Form, Request, Response

from edge.access import signed_in, station_of, token_of
from edge.errors import BadEnrolment, BadLetter, Locked, WrongPin
from edge.permissions import PERMISSIONS
from edge.station import Station
from edge.views import OperatorView
from edge.web.screen import Page, own_place, screens_of, see
from edge.web.sign_in import refusal
from sync.contract.letter import MAX_TEXT

router = APIRouter(route_class=Page, include_in_schema=False)
Operator = Annotated[OperatorView, Depends(signed_in)]
TheStation = Annotated[Station, Depends(station_of)]
Pin = Annotated[str, Form(max_length=64)]


@router.get("/me")
def me(request: Request, operator: Operator) -> Response:
    """Offer what a person may do with their account."""
    allowed = {action for action, permission in PERMISSIONS.items() if operator.role in permission.may}
    return screens_of(request).show(request, "me.html", operator, person=operator, allowed=allowed)


@router.get("/me/pin")
@router.get("/me/duress")
def pins(request: Request, operator: Operator) -> Response:
    """Ask for the PIN and for the new one."""
    return _ask(request, operator)


@router.post("/me/pin")
@router.post("/me/duress")
def change(request: Request, station: TheStation, operator: Operator, current: Pin = "", new: Pin = "") -> Response:
    """Change the PIN, or set the one that says that its owner is being forced."""
    accounts, language = station.accounts, screens_of(request).language(request)
    try:
        (accounts.set_duress_pin if _is_duress(request) else accounts.change_pin)(operator, current, new)
    except (WrongPin, Locked) as error:
        return _ask(request, operator, refusal(language, error))
    except BadEnrolment:
        problem = language.say("Take six digits in no row, pattern or date, unlike your other PIN.")
        return _ask(request, operator, problem)
    return screens_of(request).show(request, "me_done.html", operator)


@router.post("/me/practice")
def practice(request: Request, station: TheStation, operator: Operator, back: Annotated[str, Form()] = "/") -> Response:
    """Begin practice, or end it."""
    station.operators.train(token_of(request), training=not operator.training)
    return see(own_place(back))


@router.get("/letter")
def letter(request: Request, station: TheStation, sent: bool = False) -> Response:
    """Offer a letter to the outside body; nobody needs to be signed in, and a session is not looked at."""
    return _letter(request, station, sent=sent)


@router.post("/letter")
def send(request: Request, station: TheStation, text: Annotated[str, Form(max_length=8 * MAX_TEXT)] = "") -> Response:
    """Take a letter."""
    try:
        station.letterbox.put(text)
    except BadLetter:
        problem = screens_of(request).language(request).say("Write something, and not more than a page.")
        return _letter(request, station, 422, problem=problem, text=text)
    return see("/letter?sent=true")


def _letter(
    request: Request, station: Station, status: int = 200, *, sent: bool = False, problem: str = "", text: str = ""
) -> Response:
    there = station.letterbox.is_there
    return screens_of(request).show(
        request, "letter.html", None, status, is_there=there, sent=sent, problem=problem, text=text, most=MAX_TEXT
    )


def _ask(request: Request, operator: OperatorView, problem: str = "") -> Response:
    status, duress = 403 if problem else 200, _is_duress(request)
    return screens_of(request).show(request, "pins.html", operator, status, duress=duress, problem=problem)


def _is_duress(request: Request) -> bool:
    return request.url.path.endswith("/duress")
