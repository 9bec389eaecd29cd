"""An exhibit changes hands: the number read from its bag, to whom, why; who gives signs, and who receives signs."""

import time
from typing import Annotated, cast

from fastapi import APIRouter, Form, Response

from edge.approvals import Proof
from edge.errors import BadCasework
from edge.permissions import PERMISSIONS
from edge.station import Station
from edge.views import OperatorView
from edge.web import case_words as words
from edge.web.case_screen import Case, CaseOfExhibit, KeysQuestion, PinQuestion, TheStation, method_of
from edge.web.drawn import MAX_DRAWN, read_drawn
from edge.web.scans import taken_at
from edge.web.screen import Page, see
from edge.web.sights import Sights
from sync.contract.casework import ExhibitCore, SigningMethod
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
    if number:
        taken_at(station, _here(exhibit_id))
    return see(_here(exhibit_id))


@router.get("/number")
def ask_number(station: TheStation, case: CaseOfExhibit, exhibit_id: str) -> Response:
    """Ask for the number by keys."""
    say, here = case.checklist.language.say, _here(exhibit_id)
    question = KeysQuestion(
        say("Number on the bag"),
        here,
        f"{here}?ask=number",
        say("The bag has this seal"),
        _draft(exhibit_id, "typed"),
    )
    return case.ask_keys(station, question)


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
    return case.ask_pin(_question(case, exhibit_id, case.operator, "give"))


@router.post("/give/pin")
def give_by_pin(
    station: TheStation, case: CaseOfExhibit, exhibit_id: str, pin: Annotated[str, Form(max_length=64)] = ""
) -> Response:
    """Let who gives sign by their PIN."""
    proof = case.prove(station, _question(case, exhibit_id, case.operator, "give"), pin)
    return _given(station, case, exhibit_id, method_of(proof)) if isinstance(proof, Proof) else proof


@router.post("/accept/pin")
def accept_by_pin(
    station: TheStation, case: CaseOfExhibit, exhibit_id: str, pin: Annotated[str, Form(max_length=64)] = ""
) -> Response:
    """Let somebody of this station receive it, by their PIN."""
    told = _told(station, case, exhibit_id)
    person = _person(station, told.get("receiver", ""))
    if person is None or not told.keys() >= set(FIELDS):
        return see(_here(exhibit_id))
    proof = case.prove(station, _question(case, exhibit_id, person, "accept"), pin)
    if not isinstance(proof, Proof):
        return proof
    return _transfer(station, case, exhibit_id, told, person.name, accepted_by=proof.operator.id)


@router.post("/accept")
def accept_by_hand(
    station: TheStation, case: CaseOfExhibit, exhibit_id: str, drawn: Annotated[str, Form(max_length=MAX_DRAWN)] = ""
) -> Response:
    """Let somebody from outside receive it, by a signature that is kept with the record."""
    told = _told(station, case, exhibit_id)
    if not told.keys() >= set(FIELDS) or _person(station, told["receiver"]):
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
    if asked == "given" and not told.keys() >= set(FIELDS[:-1]):
        return see(_here(exhibit_id))
    return _question_of(station, case, exhibit_id, asked, problem)


def _question_of(station: Station, case: Case, exhibit_id: str, asked: str, problem: str) -> Response:
    file, told = case.exhibit(exhibit_id), _told(station, case, exhibit_id)
    match asked:
        case "number":
            status = REFUSED if problem else 200
            has_reader = station.companions.reader is not None
            sight = Sights(case.checklist.language, station.companions, time.monotonic).seal(_here(exhibit_id))
            values = {"exhibit": file, "way": "handover", "sight": sight, "problem": problem}
            return case.show("handover_scan.html", status, has_reader=has_reader, **values)
        case "receiver" | "reason":
            title, choices = _choices(station, case, exhibit_id, asked)
            values = {"exhibit": file, "way": "handover", "title": title, "field": asked, "choices": choices}
            return case.show("handover_pick.html", 200, **values)
        case "name":
            return _ask_name(station, case, exhibit_id)
        case "given":
            return case.show("handover_give.html", exhibit=file, told=_shown(station, case, told))
        case _:
            person = _person(station, told["receiver"])
            if person:
                return case.ask_pin(_question(case, exhibit_id, person, "accept"))
            return _draw(case, exhibit_id, told)


def _ask_name(station: Station, case: Case, exhibit_id: str) -> Response:
    say, here, draft = case.checklist.language.say, _here(exhibit_id), _draft(exhibit_id, "spelt")
    title, back = say("Name or badge of who receives it"), f"{here}?ask=receiver"
    return case.ask_keys(station, KeysQuestion(title, here, back, say("Continue"), draft, "name", most=60))


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


def _question(case: Case, exhibit_id: str, person: OperatorView, turn: str) -> PinQuestion:
    file, here, say = case.exhibit(exhibit_id), _here(exhibit_id), case.checklist.language.say
    about = say("Exhibit %(number)s, seal %(seal)s", number=file.number, seal=file.seal_number)
    verb = say("I give it") if turn == "give" else say("I receive it")
    return PinQuestion(person, f"{here}/{turn}/pin", f"{here}?ask=given", about, verb)


def _draw(case: Case, exhibit_id: str, told: dict[str, str], problem: str = "") -> Response:
    status = REFUSED if problem else 200
    file, say, why = case.exhibit(exhibit_id), case.checklist.language.say, words.REASONS[told["reason"]]
    about = (
        say("Exhibit %(number)s, seal %(seal)s", number=file.number, seal=file.seal_number),
        *(words.described(case.checklist.language, *each) for each in file.stood(ExhibitCore)),
        say(why),
    )
    return case.show(
        "handover_draw.html", status, exhibit=file, name=told["name"], about=" · ".join(about), problem=problem
    )


def _here(exhibit_id: str) -> str:
    return f"/exhibits/{exhibit_id}/handover"


def _draft(exhibit_id: str, what: str) -> str:
    return f"{exhibit_id}_to_{what}"
