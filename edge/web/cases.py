"""Seizures in a list, to go on with, to look up, and for a supervisor to review."""

from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Form, Query, Request, Response

from edge.access import signed_in
from edge.approvals import Proof
from edge.encounters import may_act
from edge.errors import ChangedSince
from edge.permissions import check, may
from edge.seizures import is_party, is_signer
from edge.station import Station
from edge.views import OperatorView
from edge.web import case_words as words
from edge.web.case_rows import row_of
from edge.web.case_screen import Case, Officer, PinQuestion, Seen, TheCase, TheStation
from edge.web.comparing import concluded
from edge.web.readings import reader_of
from edge.web.screen import Page, screens_of, see
from edge.web.sheets import sheet
from edge.web.signing import people_of, signed_things

ROWS = 6
Decision = Literal["approved", "returned"]
LONGEST = 40

router = APIRouter(route_class=Page, include_in_schema=False)


def reviewer(operator: Annotated[OperatorView, Depends(signed_in)]) -> OperatorView:
    """Return who is signed in; raises NotAllowed unless reviews are theirs."""
    check(operator, "review")
    return operator


@router.get("/cases")
def cases(
    request: Request,
    station: TheStation,
    operator: Officer,
    q: Annotated[str, Query(max_length=LONGEST)] = "",
    page: Annotated[int, Query(ge=1, le=100_000)] = 1,
) -> Response:
    """Show seizures, drafts first."""
    text = q.strip().upper()
    found = station.cases.find(ROWS + 1, (page - 1) * ROWS, text)
    reader = reader_of(request)
    may_work = may_act(operator, "casework")
    rows = [row_of(station, reader, line, may_work=may_work) for line in found[:ROWS]]
    return screens_of(request).show(
        request,
        "cases.html",
        operator,
        rows=rows,
        page=page,
        more=len(found) > ROWS,
        text=text,
        can_review=may(operator, "review"),
    )


@router.get("/cases/search")
def search(request: Request, operator: Officer) -> Response:
    """Ask for a seal, a plate or a number."""
    return screens_of(request).show(request, "cases_search.html", operator)


@router.get("/reviews")
def reviews(
    request: Request,
    station: TheStation,
    operator: Annotated[OperatorView, Depends(reviewer)],
    page: Annotated[int, Query(ge=1, le=100_000)] = 1,
) -> Response:
    """Show the signed seizures that nobody approved: those to review, and those returned until they come again."""
    found = station.cases.find(ROWS + 1, (page - 1) * ROWS, unapproved=True)
    reader = reader_of(request)
    rows = [row_of(station, reader, line, "decision") for line in found[:ROWS]]
    return screens_of(request).show(request, "reviews.html", operator, rows=rows, page=page, more=len(found) > ROWS)


@router.get("/screenings/{screening_id}/decision", dependencies=[Depends(reviewer)])
def look(request: Request, station: TheStation, case: TheCase, page: int = 1, changed: bool = False) -> Response:
    """Show a signed seizure to who reviews it; `changed` says that it is no more what was approved."""
    whole = concluded(station, reader_of(request), case.dossier)
    signature, say = case.checklist.signature, case.checklist.language.say
    last = say("Signed by %(name)s", name=signature.name) if signature else say("Not signed yet")
    party = is_party(case.dossier, case.operator)
    signer = is_signer(case.dossier, case.operator)
    if signer:
        last = say("You signed it: somebody else reviews it.")
    elif party:
        last = say("You changed it since it was signed, or reported another seal: somebody else approves it.")
    elif whole.unsigned:
        last = say("It is signed again before it is approved.")
    files = station.observations.files(case.dossier)
    return case.show(
        "decision.html",
        sheet=sheet(signed_things(case.checklist, whole, people_of(station), files), page),
        last=last,
        may_approve=not (party or signer or whole.unsigned),
        may_return=not signer,
        seen=case.seen(),
        changed=changed,
    )


@router.get("/screenings/{screening_id}/decision/return", dependencies=[Depends(reviewer)])
def ask_reason(case: TheCase) -> Response:
    """Ask why it is returned."""
    say = case.checklist.language.say
    return case.show("decision_return.html", choices=[(name, say(text)) for name, text in words.RETURNS.items()])


@router.post("/screenings/{screening_id}/decision/return")
def send_back(station: TheStation, case: TheCase, why: Annotated[str, Form(max_length=16)]) -> Response:
    """Return it with a reason."""
    said = words.RETURNS.get(why)
    return _decide(station, case, "returned", said) if said else see(f"{case.checklist.here}/decision/return")


@router.post("/screenings/{screening_id}/decision")
def approve(
    station: TheStation, case: TheCase, seen: Seen = "", held: Annotated[str, Form(max_length=8)] = ""
) -> Response:
    """Approve it by a hold; where nothing can be held, by a PIN."""
    if held != words.HELD:
        return see(f"{case.checklist.here}/decision/approve?seen={seen}")
    return _decide(station, case, "approved", seen=seen)


@router.get("/screenings/{screening_id}/decision/approve")
def ask_pin(case: TheCase, seen: Seen = "") -> Response:
    """Ask for the PIN of who approves."""
    return case.ask_pin(_question(case, seen))


@router.post("/screenings/{screening_id}/decision/pin")
def approve_by_pin(
    case: TheCase, station: TheStation, seen: Seen = "", pin: Annotated[str, Form(max_length=64)] = ""
) -> Response:
    """Approve it by a PIN."""
    proof = case.prove(station, _question(case, seen), pin)
    return _decide(station, case, "approved", seen=seen) if isinstance(proof, Proof) else proof


def _question(case: Case, seen: str) -> PinQuestion:
    here, say = f"{case.checklist.here}/decision", case.checklist.language.say
    about = say("It approves this seizure as signed.")
    return PinQuestion(case.operator, f"{here}/pin?seen={seen}", here, about, say("Approve"))


def _decide(station: Station, case: Case, decision: Decision, reason: str = "", seen: str | None = None) -> Response:
    said = case.checklist.language.say(reason) if reason else ""
    try:
        station.seizures.review(case.operator, case.dossier.screening, decision, said, seen)
    except ChangedSince:
        return see(f"{case.checklist.here}/decision?changed=yes")
    return see("/reviews")
