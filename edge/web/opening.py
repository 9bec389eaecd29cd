"""A bag is opened by who has it: its number, why, a hold or a PIN; then it is weighed and closed with a new seal."""

from typing import Annotated

from fastapi import APIRouter, Depends, Form, Response

from edge.approvals import Proof
from edge.station import Station
from edge.web import case_words as words
from edge.web import seal_words
from edge.web.case_screen import Case, CaseOfExhibit, PinQuestion, TheStation
from edge.web.other_seal import forget_told
from edge.web.scans import TYPED
from edge.web.screen import NotYetError, Page, see
from edge.web.seal_reading import ask_keys, ask_seal, read, read_of

SAMPLING = "sampling"

router = APIRouter(prefix="/exhibits/{exhibit_id}/open", route_class=Page, include_in_schema=False)


def case_of_holder(case: CaseOfExhibit, exhibit_id: str) -> Case:
    """Return the seizure of the exhibit, where who is signed in has it; others see who does."""
    if case.exhibit(exhibit_id).holder != case.operator.name:
        raise NotYetError(f"/exhibits/{exhibit_id}")
    return case


CaseOfHolder = Annotated[Case, Depends(case_of_holder)]


@router.get("")
def ask(station: TheStation, case: CaseOfHolder, exhibit_id: str, ask: str = "") -> Response:
    """Ask for what is not told yet; then show what breaking it means."""
    return _ask(station, case, exhibit_id, ask)


@router.post("")
def tell(
    station: TheStation,
    case: CaseOfHolder,
    exhibit_id: str,
    number: Annotated[str, Form(max_length=64)] = "",
    scan: Annotated[int, Form()] = TYPED,
    why: Annotated[str, Form(max_length=16)] = "",
) -> Response:
    """Save why; what is read from the bag is no draft: see `seal_reading.read`."""
    if why:
        station.drafts.keep(case.operator, case.dossier.screening, **{_draft(exhibit_id, "why"): why})
    if number.strip():
        return read(station, case, case.exhibit(exhibit_id), "open", number.strip(), scan)
    return see(_here(exhibit_id))


@router.get("/number")
def ask_number(station: TheStation, case: CaseOfHolder, exhibit_id: str) -> Response:
    """Ask for the number by keys."""
    return ask_keys(station, case, case.exhibit(exhibit_id), "open")


@router.post("/break")
def break_by_hold(
    station: TheStation, case: CaseOfHolder, exhibit_id: str, held: Annotated[str, Form(max_length=8)] = ""
) -> Response:
    """Break the seal by a hold; where nothing can be held, by a PIN."""
    return _broken(station, case, exhibit_id) if held == words.HELD else see(f"{_here(exhibit_id)}/break")


@router.get("/break")
def ask_pin(case: CaseOfHolder, exhibit_id: str) -> Response:
    """Ask for the PIN of who breaks it."""
    return case.ask_pin(_question(case, exhibit_id))


@router.post("/break/pin")
def break_by_pin(
    station: TheStation, case: CaseOfHolder, exhibit_id: str, pin: Annotated[str, Form(max_length=64)] = ""
) -> Response:
    """Break the seal by a PIN."""
    proof = case.prove(station, _question(case, exhibit_id), pin)
    return _broken(station, case, exhibit_id) if isinstance(proof, Proof) else proof


def _ask(station: Station, case: Case, exhibit_id: str, wanted: str = "") -> Response:
    file, language = case.exhibit(exhibit_id), case.checklist.language
    found, why, say = read_of(station, case, file, "open"), _why(station, case, exhibit_id), language.say
    if not file.seal_number:
        return see(f"/exhibits/{exhibit_id}")
    if found is None or wanted == "number":
        return ask_seal(station, case, file, "open")
    if not why or wanted == "why":
        choices = [(name, say(text)) for name, text in words.OPENINGS.items()]
        return case.show("handover_pick.html", exhibit=file, way="open", title=say("Why is it opened?"), field="why",
                         choices=choices)  # fmt: skip
    mind = seal_words.found(language, file)
    facts = [
        *([(say("Mind:"), mind)] if mind else []),
        (say("Seal"), seal_words.read(language, found.number, typed=found.scan is None)),
        (say("Why"), say(words.OPENINGS[why])),
        (say("By"), case.operator.name),
    ]
    return case.show("open_confirm.html", exhibit=file, told=facts)


def _broken(station: Station, case: Case, exhibit_id: str) -> Response:
    found, why = read_of(station, case, case.exhibit(exhibit_id), "open"), _why(station, case, exhibit_id)
    if found is None or not why:
        return see(_here(exhibit_id))
    reason = case.checklist.language.say(words.OPENINGS[why])
    station.casework.break_seal(case.operator, exhibit_id, found.number, reason, found.scan)
    forget_told(station, case.dossier.screening, exhibit_id)
    return see(f"/exhibits/{exhibit_id}{'/weight?occasion=before_sampling' if why == SAMPLING else ''}")


def _why(station: Station, case: Case, exhibit_id: str) -> str:
    """Return why it is opened, where that is told; or nothing."""
    told = station.drafts.of(case.dossier.screening).get(_draft(exhibit_id, "why"), "")
    return told if told in words.OPENINGS else ""


def _question(case: Case, exhibit_id: str) -> PinQuestion:
    file, here, say = case.exhibit(exhibit_id), _here(exhibit_id), case.checklist.language.say
    about = say("Exhibit %(number)s, seal %(seal)s", number=file.number, seal=file.seal_number)
    return PinQuestion(case.operator, f"{here}/break/pin", here, about, say("I break the seal"))


def _here(exhibit_id: str) -> str:
    return f"/exhibits/{exhibit_id}/open"


def _draft(exhibit_id: str, what: str) -> str:
    return f"{exhibit_id}_open_{what}"
