"""An exhibit changes hands: the number read from its bag, to whom, why; who gives signs, and who receives signs."""

from typing import Annotated, cast

from fastapi import APIRouter, Form, Response

from edge.errors import BadCasework, Locked, WrongPin
from edge.permissions import PERMISSIONS
from edge.station import Station
from edge.views import OperatorView
from edge.web import case_words as words
from edge.web.case_screen import Case, CaseOfExhibit, TheStation
from edge.web.drawn import MAX_DRAWN, read_drawn
from edge.web.exhibits import scanned
from edge.web.screen import Page, see
from edge.web.sign_in import refusal
from sync.contract.casework import SigningMethod
from sync.contract.ids import OperatorId

REFUSED = 409
FIELDS = ("number", "receiver", "name", "reason", "given")
MOST_PEOPLE = 4
OUTSIDE = "outside-"

router = APIRouter(prefix="/exhibits/{exhibit_id}/handover", route_class=Page, include_in_schema=False)


@router.get("")
def ask(station: TheStation, case: CaseOfExhibit, exhibit_id: str, ask: str = "") -> Response:
    """Ask for what is not told yet; then let both sign."""
    return _ask(station, case, exhibit_id, ask)


@router.post("")
def tell(
    station: TheStation,
    case: CaseOfExhibit,
    exhibit_id: str,
    number: Annotated[str, Form(max_length=64)] = "",
    receiver: Annotated[str, Form(max_length=64)] = "",
    name: Annotated[str, Form(max_length=60)] = "",
    reason: Annotated[str, Form(max_length=16)] = "",
) -> Response:
    """Save one answer; a number that is not the bag's is no answer."""
    if number and number.strip() != case.exhibit(exhibit_id).seal_number:
        problem = case.checklist.language.say("The record has another seal for this bag. Look at the bag again.")
        return _ask(station, case, exhibit_id, "number", problem)
    written = name.title() if name.isupper() else name
    told = {"number": number.strip(), "receiver": receiver, "name": written.strip(), "reason": reason}
    fields = {_draft(exhibit_id, field): value for field, value in told.items() if value}
    station.drafts.keep(case.operator, case.dossier.screening, **fields)
    return see(_here(exhibit_id))


@router.get("/number")
def ask_number(station: TheStation, case: CaseOfExhibit, exhibit_id: str) -> Response:
    """Ask for the number by keys."""
    name = _draft(exhibit_id, "typed")
    kept = station.drafts.of(case.dossier.screening).get(name, "")
    return case.show("handover_typed.html", exhibit=case.exhibit(exhibit_id), draft=name, value=kept)


@router.post("/again")
def again(station: TheStation, case: CaseOfExhibit, exhibit_id: str) -> Response:
    """Begin anew: nothing of it is on record yet."""
    station.drafts.forget(case.dossier.screening, _draft(exhibit_id, ""))
    return see(_here(exhibit_id))


@router.post("/give")
def give(
    station: TheStation, case: CaseOfExhibit, exhibit_id: str, held: Annotated[str, Form(max_length=8)] = ""
) -> Response:
    """Let who gives sign by a hold; where nothing can be held, by their PIN."""
    if held != words.HELD:
        return see(f"{_here(exhibit_id)}/give")
    return _given(station, case, exhibit_id, "hold")


@router.get("/give")
def ask_giver(case: CaseOfExhibit, exhibit_id: str) -> Response:
    """Ask for the PIN of who gives."""
    return _pin(case, exhibit_id, case.operator, "give")


@router.post("/give/pin")
def give_by_pin(
    station: TheStation, case: CaseOfExhibit, exhibit_id: str, pin: Annotated[str, Form(max_length=64)] = ""
) -> Response:
    """Let who gives sign by their PIN."""
    try:
        proof = station.operators.prove(case.operator.id, pin)
    except (WrongPin, Locked) as error:
        return _pin(case, exhibit_id, case.operator, "give", refusal(case.checklist.language, error))
    return _given(station, case, exhibit_id, "pin" if proof.method == "pin" else "demonstration_pin")


@router.post("/accept/pin")
def accept_by_pin(
    station: TheStation, case: CaseOfExhibit, exhibit_id: str, pin: Annotated[str, Form(max_length=64)] = ""
) -> Response:
    """Let somebody of this station receive it, by their PIN."""
    told = _told(station, case, exhibit_id)
    person = _person(station, told.get("receiver", ""))
    if person is None or "given" not in told:
        return see(_here(exhibit_id))
    try:
        proof = station.operators.prove(person.id, pin)
    except (WrongPin, Locked) as error:
        return _pin(case, exhibit_id, person, "accept", refusal(case.checklist.language, error))
    return _transfer(station, case, exhibit_id, told, person.name, accepted_by=proof.operator.id)


@router.post("/accept")
def accept_by_hand(
    station: TheStation, case: CaseOfExhibit, exhibit_id: str, drawn: Annotated[str, Form(max_length=MAX_DRAWN)] = ""
) -> Response:
    """Let somebody from outside receive it, by a signature that is kept with the record."""
    told = _told(station, case, exhibit_id)
    if "given" not in told or "name" not in told:
        return see(_here(exhibit_id))
    language = case.checklist.language
    try:
        png = read_drawn(drawn).png
    except BadCasework:
        return _draw(case, exhibit_id, told, language.say("Draw the signature with a finger."))
    where = words.PLACES[told["receiver"].removeprefix(OUTSIDE)]
    place = language.say(where)
    return _transfer(station, case, exhibit_id, told, f"{told['name']}, {place}", drawn=png)


def _ask(station: Station, case: Case, exhibit_id: str, wanted: str = "", problem: str = "") -> Response:
    file, told = case.exhibit(exhibit_id), _told(station, case, exhibit_id)
    if not file.seal_number:
        return see(f"/exhibits/{exhibit_id}/seal")
    asked = wanted if wanted in FIELDS else next((field for field in FIELDS if field not in told), "")
    match asked:
        case "number":
            status = REFUSED if problem else 200
            return case.show("handover_scan.html", status, exhibit=file, number=scanned(station), problem=problem)
        case "receiver" | "reason":
            title, choices = _choices(station, case, exhibit_id, asked)
            return case.show("handover_pick.html", exhibit=file, title=title, field=asked, choices=choices)
        case "name":
            draft = _draft(exhibit_id, "spelt")
            kept = station.drafts.of(case.dossier.screening).get(draft, "")
            return case.show("handover_name.html", exhibit=file, draft=draft, value=kept)
        case "given":
            return case.show("handover_give.html", exhibit=file, told=_shown(station, case, told))
        case _:
            person = _person(station, told["receiver"])
            return _pin(case, exhibit_id, person, "accept") if person else _draw(case, exhibit_id, told)


def _choices(station: Station, case: Case, exhibit_id: str, asked: str) -> tuple[str, list[tuple[str, str]]]:
    say = case.checklist.language.say
    if asked == "reason":
        return say("What for?"), [(name, say(text)) for name, text in words.REASONS.items()]
    people = [(str(each.id), each.name) for each in _receivers(station, case, exhibit_id)]
    places = [(f"{OUTSIDE}{place}", say(text)) for place, text in words.PLACES.items()]
    return say("Who receives it?"), [*people, *places]


def _told(station: Station, case: Case, exhibit_id: str) -> dict[str, str]:
    """Return what is told of a hand-over, as far as it still fits; who is of this station needs no name by hand."""
    prefix, drafts = _draft(exhibit_id, ""), station.drafts.of(case.dossier.screening)
    told = {name.removeprefix(prefix): value for name, value in drafts.items() if name.startswith(prefix)}
    if told.get("number") != case.exhibit(exhibit_id).seal_number:
        told.pop("number", None)
    receiver, reason = told.get("receiver", ""), told.get("reason", "")
    person = _person(station, receiver)
    if person:
        told["name"] = person.name
    elif receiver.removeprefix(OUTSIDE) not in words.PLACES:
        told.pop("receiver", None)
    if reason not in words.REASONS:
        told.pop("reason", None)
    return told


def _given(station: Station, case: Case, exhibit_id: str, method: SigningMethod) -> Response:
    fields = {_draft(exhibit_id, "given"): method}
    station.drafts.keep(case.operator, case.dossier.screening, **fields)
    return see(_here(exhibit_id))


def _transfer(
    station: Station,
    case: Case,
    exhibit_id: str,
    told: dict[str, str],
    receiver: str,
    *,
    accepted_by: OperatorId | None = None,
    drawn: bytes | None = None,
) -> Response:
    why = words.REASONS[told["reason"]]
    reason = case.checklist.language.say(why)
    given = cast("SigningMethod", told["given"])
    station.casework.transfer(case.operator, exhibit_id, receiver, reason, told["number"], accepted_by, given, drawn)
    station.drafts.forget(case.dossier.screening, _draft(exhibit_id, ""))
    return see(f"/exhibits/{exhibit_id}")


def _receivers(station: Station, case: Case, exhibit_id: str) -> list[OperatorView]:
    """Return people of this station who may have an exhibit and do not have this one."""
    holder = case.exhibit(exhibit_id).holder
    return [each for each in _people(station) if each.name != holder][:MOST_PEOPLE]


def _person(station: Station, receiver: str) -> OperatorView | None:
    return next((each for each in _people(station) if each.id == receiver), None)


def _people(station: Station) -> list[OperatorView]:
    return [each for each in station.operators.list() if each.role in PERMISSIONS["transfer"].may]


def _shown(station: Station, case: Case, told: dict[str, str]) -> list[tuple[str, str]]:
    say, place, why = case.checklist.language.say, told["receiver"].removeprefix(OUTSIDE), words.REASONS[told["reason"]]
    receiver = told["name"] if _person(station, told["receiver"]) else f"{told['name']}, {say(words.PLACES[place])}"
    return [
        (say("Seal"), told["number"]),
        (say("Gives"), case.operator.name),
        (say("Receives"), receiver),
        (say("What for"), say(why)),
    ]


def _pin(case: Case, exhibit_id: str, person: OperatorView, turn: str, problem: str = "") -> Response:
    file = case.exhibit(exhibit_id)
    status = 403 if problem else 200
    return case.show("handover_pin.html", status, exhibit=file, person=person, turn=turn, problem=problem)


def _draw(case: Case, exhibit_id: str, told: dict[str, str], problem: str = "") -> Response:
    status = REFUSED if problem else 200
    return case.show("handover_draw.html", status, exhibit=case.exhibit(exhibit_id), name=told["name"], problem=problem)


def _here(exhibit_id: str) -> str:
    return f"/exhibits/{exhibit_id}/handover"


def _draft(exhibit_id: str, what: str) -> str:
    return f"{exhibit_id}_to_{what}"
