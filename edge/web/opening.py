"""A bag is opened: the number read from it, why, and a hold or a PIN; then it is weighed and closed with a new seal."""

from typing import Annotated

from fastapi import APIRouter, Form, Response

from edge.approvals import Proof
from edge.seals import same
from edge.station import Station
from edge.web import case_words as words
from edge.web.case_screen import Case, CaseOfExhibit, PinQuestion, TheStation
from edge.web.handing import SCAN
from edge.web.other_seal import ask_seal, other_seal
from edge.web.scans import GONE, TYPED, scan_at, taken_at
from edge.web.screen import Page, see
from sync.contract.ids import Seq

FIELDS = ("number", "why")
SAMPLING = "sampling"

router = APIRouter(prefix="/exhibits/{exhibit_id}/open", route_class=Page, include_in_schema=False)


@router.get("")
def ask(station: TheStation, case: CaseOfExhibit, exhibit_id: str, ask: str = "") -> Response:
    """Ask for what is not told yet; then show what breaking it means."""
    return _ask(station, case, exhibit_id, ask)


@router.post("")
def tell(
    station: TheStation,
    case: CaseOfExhibit,
    exhibit_id: str,
    number: Annotated[str, Form(max_length=64)] = "",
    scan: Annotated[int, Form()] = TYPED,
    why: Annotated[str, Form(max_length=16)] = "",
) -> Response:
    """Save one answer; a number that is not the bag's is no answer, and a scan of the one that is goes on record."""
    if number.strip() and not same(number, case.exhibit(exhibit_id).seal_number):
        station.drafts.forget(case.dossier.screening, _draft(exhibit_id, "typed"))
        return see(other_seal(exhibit_id, "open", number.strip(), scan))
    told = {"why": why} if why else {}
    if number.strip():
        scanned, entry = scan_at(station, _here(exhibit_id), scan), ""
        if scan and scanned is None:
            return ask_seal(station, case, case.exhibit(exhibit_id), "open", case.checklist.language.say(GONE))
        taken_at(station, _here(exhibit_id))
        if scanned:
            entry = str(station.casework.scan_seal(case.operator, exhibit_id, scanned))
        told |= {"number": number.strip(), SCAN: entry}
    fields = {_draft(exhibit_id, name): value for name, value in told.items()}
    station.drafts.keep(case.operator, case.dossier.screening, **fields)
    return see(_here(exhibit_id))


@router.get("/number")
def ask_number(station: TheStation, case: CaseOfExhibit, exhibit_id: str) -> Response:
    """Ask for the number by keys."""
    name = _draft(exhibit_id, "typed")
    kept = station.drafts.of(case.dossier.screening).get(name, "")
    return case.show("handover_typed.html", exhibit=case.exhibit(exhibit_id), way="open", draft=name, value=kept)


@router.post("/break")
def break_by_hold(
    station: TheStation, case: CaseOfExhibit, exhibit_id: str, held: Annotated[str, Form(max_length=8)] = ""
) -> Response:
    """Break the seal by a hold; where nothing can be held, by a PIN."""
    return _broken(station, case, exhibit_id) if held == words.HELD else see(f"{_here(exhibit_id)}/break")


@router.get("/break")
def ask_pin(case: CaseOfExhibit, exhibit_id: str) -> Response:
    """Ask for the PIN of who breaks it."""
    return case.ask_pin(_question(case, exhibit_id))


@router.post("/break/pin")
def break_by_pin(
    station: TheStation, case: CaseOfExhibit, exhibit_id: str, pin: Annotated[str, Form(max_length=64)] = ""
) -> Response:
    """Break the seal by a PIN."""
    proof = case.prove(station, _question(case, exhibit_id), pin)
    return _broken(station, case, exhibit_id) if isinstance(proof, Proof) else proof


def _ask(station: Station, case: Case, exhibit_id: str, wanted: str = "") -> Response:
    file, told, say = case.exhibit(exhibit_id), _told(station, case, exhibit_id), case.checklist.language.say
    if not file.seal_number:
        return see(f"/exhibits/{exhibit_id}")
    asked = wanted if wanted in FIELDS else next((field for field in FIELDS if field not in told), "")
    if asked == "number":
        return ask_seal(station, case, file, "open")
    if asked == "why":
        choices = [(name, say(text)) for name, text in words.OPENINGS.items()]
        return case.show("handover_pick.html", exhibit=file, way="open", title=say("Why is it opened?"), field="why",
                         choices=choices)  # fmt: skip
    why = words.OPENINGS[told["why"]]
    seal = words.read(case.checklist.language, told["number"], typed=_scan(station, case, exhibit_id) is None)
    facts = [(say("Seal"), seal), (say("Why"), say(why)), (say("By"), case.operator.name)]
    return case.show("open_confirm.html", exhibit=file, told=facts)


def _broken(station: Station, case: Case, exhibit_id: str) -> Response:
    told = _told(station, case, exhibit_id)
    if not told.keys() >= set(FIELDS):
        return see(_here(exhibit_id))
    why = words.OPENINGS[told["why"]]
    reason = case.checklist.language.say(why)
    scan = _scan(station, case, exhibit_id)
    station.casework.break_seal(case.operator, exhibit_id, told["number"], reason, scan)
    station.drafts.forget(case.dossier.screening, _draft(exhibit_id, ""))
    sampled = told["why"] == SAMPLING
    return see(f"/exhibits/{exhibit_id}{'/weight?occasion=before_sampling' if sampled else ''}")


def _told(station: Station, case: Case, exhibit_id: str) -> dict[str, str]:
    """Return what is told of an opening, as far as it still fits."""
    prefix, drafts = _draft(exhibit_id, ""), station.drafts.of(case.dossier.screening)
    told = {name.removeprefix(prefix): value for name, value in drafts.items() if name.startswith(prefix)}
    if not same(told.get("number"), case.exhibit(exhibit_id).seal_number):
        told.pop("number", None)
    if told.get("why") not in words.OPENINGS:
        told.pop("why", None)
    return {name: told[name] for name in FIELDS if name in told}


def _scan(station: Station, case: Case, exhibit_id: str) -> Seq | None:
    """Return the entry in which the number was scanned from the bag; None where a person typed it."""
    entry = station.drafts.of(case.dossier.screening).get(_draft(exhibit_id, SCAN))
    return Seq(int(entry)) if entry else None


def _question(case: Case, exhibit_id: str) -> PinQuestion:
    file, here, say = case.exhibit(exhibit_id), _here(exhibit_id), case.checklist.language.say
    about = say("Exhibit %(number)s, seal %(seal)s", number=file.number, seal=file.seal_number)
    return PinQuestion(case.operator, f"{here}/break/pin", here, about, say("I break the seal"))


def _here(exhibit_id: str) -> str:
    return f"/exhibits/{exhibit_id}/open"


def _draft(exhibit_id: str, what: str) -> str:
    return f"{exhibit_id}_open_{what}"
