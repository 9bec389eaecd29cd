"""Both sign a hand-over: first who gives, then who receives. Each signs what was shown, in one session."""

from typing import Annotated

from fastapi import APIRouter, Form, Response

from edge.access import token_of
from edge.approvals import Proof
from edge.errors import BadCasework, ChangedSince
from edge.hands import GIVEN, Given
from edge.views import OperatorView
from edge.web import case_words as words
from edge.web import hand_words
from edge.web.case_screen import PinQuestion, Seen, method_of
from edge.web.drawn import MAX_DRAWN, read_drawn
from edge.web.handing import Handing
from edge.web.handover import TheHanding, begin_anew
from edge.web.screen import Page, see
from sync.contract.ids import OperatorId

REFUSED = 409

router = APIRouter(prefix="/exhibits/{exhibit_id}/handover", route_class=Page, include_in_schema=False)

Pin = Annotated[str, Form(max_length=64)]
Person = Annotated[str, Form(max_length=64)]
Strokes = Annotated[str, Form(max_length=MAX_DRAWN)]


@router.get("/give")
def ask_giver(handing: TheHanding, changed: bool = False) -> Response:
    """Show what is signed, and let who gives sign it; `changed` says that it is no more what was shown."""
    if handing.lacks:
        return see(handing.here)
    operator = handing.case.operator
    own = handing.giver(operator.id)
    holder = next((each for each in handing.givers if each.name == handing.file.holder), None)
    return handing.case.show(
        "handover_give.html",
        exhibit=handing.file,
        told=handing.facts,
        seen=handing.seen,
        changed=changed,
        cut_off=handing.cut_off,
        outside=handing.is_outside,
        own=own,
        holder=holder,
        holds=holder is not None and own == holder,
    )


@router.post("/give")
def give(handing: TheHanding, seen: Seen = "", held: Annotated[str, Form(max_length=8)] = "") -> Response:
    """Let who is signed in give it by a hold; where nothing can be held, by their PIN."""
    operator = handing.case.operator
    if held != words.HELD:
        return see(f"{handing.here}/give/pin?person={operator.id}&seen={seen}")
    giver = handing.giver(operator.id)
    return _given(handing, seen, Given(giver, "hold")) if giver else see(f"{handing.here}/give")


@router.get("/give/pin")
def ask_giver_pin(handing: TheHanding, person: str = "", seen: Seen = "") -> Response:
    """Ask for the PIN of who gives."""
    giver = None if handing.lacks else handing.giver(person)
    return handing.case.ask_pin(_giving(handing, giver, seen)) if giver else see(f"{handing.here}/give")


@router.post("/give/pin")
def give_by_pin(handing: TheHanding, person: str = "", seen: Seen = "", pin: Pin = "") -> Response:
    """Let who has it, or a supervisor for them, give it by their PIN."""
    giver = None if handing.lacks else handing.giver(person)
    if giver is None:
        return see(f"{handing.here}/give")
    proof = handing.case.prove(handing.station, _giving(handing, giver, seen), pin)
    return _given(handing, seen, Given(proof.operator, method_of(proof))) if isinstance(proof, Proof) else proof


@router.get("/give/drawn")
def ask_giver_drawn(handing: TheHanding, seen: Seen = "") -> Response:
    """Ask a giver who is not of this station for their signature."""
    draws = handing.is_outside and not handing.lacks
    return _draw(handing, "give", seen) if draws else see(f"{handing.here}/give")


@router.post("/give/drawn")
def give_by_hand(handing: TheHanding, seen: Seen = "", drawn: Strokes = "") -> Response:
    """Let somebody from outside give it, by a signature that is kept with the record."""
    if handing.lacks or not handing.is_outside:
        return see(f"{handing.here}/give")
    png = _read(drawn)
    return _given(handing, seen, Given(None, drawn=png)) if png else _draw(handing, "give", seen, drawn=False)


@router.get("/accept")
def ask_receiver(handing: TheHanding) -> Response:
    """Ask who receives it to sign, once who gives did."""
    if handing.lacks or _offered(handing, handing.seen) is None:
        return see(handing.here)
    person = handing.person(handing.told["receiver"])
    if person is None:
        return _draw(handing, "accept", handing.seen)
    return handing.case.ask_pin(_accepting(handing, person))


@router.post("/accept/pin")
def accept_by_pin(handing: TheHanding, seen: Seen = "", pin: Pin = "") -> Response:
    """Let somebody of this station receive it, by their PIN."""
    given, person = _offered(handing, seen), handing.person(handing.told.get("receiver", ""))
    if given is None or person is None:
        return _changed(handing)
    proof = handing.case.prove(handing.station, _accepting(handing, person), pin)
    return _transfer(handing, given, accepted_by=proof.operator.id) if isinstance(proof, Proof) else proof


@router.post("/accept")
def accept_by_hand(handing: TheHanding, seen: Seen = "", drawn: Strokes = "") -> Response:
    """Let somebody from outside receive it, by a signature that is kept with the record."""
    given = _offered(handing, seen)
    if given is None or handing.person(handing.told.get("receiver", "")):
        return _changed(handing)
    png = _read(drawn)
    return _transfer(handing, given, drawn=png) if png else _draw(handing, "accept", seen, drawn=False)


def _offered(handing: Handing, seen: str) -> Given | None:
    """Return how the giver signed what is shown now, in this session."""
    if handing.lacks or seen != handing.seen:
        return None
    return handing.station.casework.offers.of(token_of(handing.case.request), handing.file.id, seen)


def _given(handing: Handing, seen: str, given: Given) -> Response:
    if handing.lacks or seen != handing.seen:
        return _changed(handing)
    station, case, exhibit = handing.station, handing.case, handing.file.id
    station.casework.offers.make(token_of(case.request), exhibit, seen, given)
    station.drafts.keep(case.operator, case.dossier.screening, "transfer", **{f"{exhibit}{GIVEN}": "yes"})
    return see(f"{handing.here}/accept")


def _changed(handing: Handing) -> Response:
    """Show it again: it is no more what was signed, so that counts for nothing."""
    handing.station.casework.offers.forget(handing.file.id)
    return see(f"{handing.here}/give?changed=yes")


def _transfer(
    handing: Handing, given: Given, *, accepted_by: OperatorId | None = None, drawn: bytes | None = None
) -> Response:
    case, exhibit, read = handing.case, handing.file.id, handing.read
    if read is None:
        return _changed(handing)
    told = handing.receiver, handing.reason, read.number
    try:
        handing.station.casework.transfer(
            case.operator, exhibit, *told, accepted_by, given, drawn, case.seen(), read.scan
        )
    except ChangedSince:
        return _changed(handing)
    begin_anew(handing)
    return see(f"/exhibits/{exhibit}")


def _giving(handing: Handing, giver: OperatorView, seen: str) -> PinQuestion:
    say, here = handing.case.checklist.language.say, handing.here
    action = f"{here}/give/pin?person={giver.id}&seen={seen}"
    return PinQuestion(giver, action, f"{here}/give", handing.about(giver), say("I give it"))


def _accepting(handing: Handing, person: OperatorView) -> PinQuestion:
    say, here = handing.case.checklist.language.say, handing.here
    action, back = f"{here}/accept/pin?seen={handing.seen}", f"{here}?ask=given"
    return PinQuestion(person, action, back, _offer(handing), say("I receive it"))


def _offer(handing: Handing) -> str:
    """Return what who receives it signs, with who signed to give it."""
    given = _offered(handing, handing.seen)
    return handing.about(given.by if given else None)


def _read(drawn: str) -> bytes | None:
    try:
        return read_drawn(drawn).png
    except BadCasework:
        return None


def _draw(handing: Handing, turn: str, seen: str, *, drawn: bool = True) -> Response:
    language, file = handing.case.checklist.language, handing.file
    say = language.say
    problem = "" if drawn else say("Draw the signature with a finger.")
    if turn == "give":
        way = "give/drawn"
        title = say("%(name)s gives and signs", name=hand_words.receiver(language, file.holder))
        about, label, verb = handing.about(), say("Signature of who gives it"), say("I give it")
    else:
        way = "accept"
        title = say("%(name)s receives and signs", name=handing.told["name"])
        about, label, verb = _offer(handing), say("Signature of who receives it"), say("I receive it")
    values = {"exhibit": file, "action": f"{handing.here}/{way}?seen={seen}", "title": title, "label": label}
    status = REFUSED if problem else 200
    return handing.case.show(
        "handover_draw.html", status, **values, verb=verb, about=about, problem=problem, back=handing.here
    )
