"""What is done with an exhibit before it is signed for, besides its weight: photographed, sealed."""

import time
from typing import Annotated

from fastapi import APIRouter, File, Form, Request, Response, UploadFile
from starlette.concurrency import run_in_threadpool

from edge.errors import BadCasework
from edge.pictures import media_of
from edge.seals import is_beside, is_number, is_of_subject
from edge.station import Station
from edge.web.case_screen import Case, CaseOfExhibit, KeysQuestion, TheStation, closed, go_on
from edge.web.case_words import reason
from edge.web.scans import GONE, TYPED, scan_at
from edge.web.screen import Page, screens_of, see
from edge.web.sights import Sights
from edge.web.translations import mark as _
from sync.attachments import MAX_ATTACHMENT

REFUSED = 409

router = APIRouter(prefix="/exhibits/{exhibit_id}", route_class=Page, include_in_schema=False)


@router.get("/photo")
def photo(case: CaseOfExhibit, exhibit_id: str) -> Response:
    """Offer the camera, while the thing itself can be seen."""
    if case.checklist.signature and case.exhibit(exhibit_id).seal_number:
        return closed(exhibit_id)
    return case.show("photo.html", exhibit=case.exhibit(exhibit_id), problem="")


@router.post("/photo")
async def photograph(
    station: TheStation, case: CaseOfExhibit, exhibit_id: str, photo: Annotated[UploadFile, File()]
) -> Response:
    """Put a picture on record, as the camera gave it."""
    data = await photo.read(MAX_ATTACHMENT + 1)
    try:
        media = media_of(data)
    except BadCasework:
        media = ""
    if not media or len(data) > MAX_ATTACHMENT:
        problem = case.checklist.language.say("That is no picture of the camera. Take it again.")
        return case.show("photo.html", REFUSED, exhibit=case.exhibit(exhibit_id), problem=problem)
    await run_in_threadpool(station.casework.photograph, case.operator, exhibit_id, data, media)
    return go_on(case, station, exhibit_id)


@router.get("/seal")
def seal(request: Request, station: TheStation, case: CaseOfExhibit, exhibit_id: str) -> Response:
    """Show the number that was scanned since."""
    return _seal(request, station, case, exhibit_id)


@router.post("/seal")
def apply_seal(
    request: Request,
    station: TheStation,
    case: CaseOfExhibit,
    exhibit_id: str,
    number: Annotated[str, Form(max_length=64)],
    scan: Annotated[int, Form()] = TYPED,
) -> Response:
    """Put on record that the bag was closed with this seal; `scan` is which of what was scanned here says so."""
    say, number = case.checklist.language.say, number.strip()
    scanned = scan_at(station, f"/exhibits/{exhibit_id}/seal", scan)
    if scan and scanned is None:
        return _seal(request, station, case, exhibit_id, say(GONE))
    try:
        station.casework.apply_seal(case.operator, exhibit_id, number, _why_closed(case, exhibit_id), scanned)
    except BadCasework:
        return _seal(request, station, case, exhibit_id, say(_why_not(case, number), number=number))
    station.drafts.forget(case.dossier.screening, f"{exhibit_id}_seal")
    return see(f"/exhibits/{exhibit_id}") if case.checklist.signature else go_on(case, station, exhibit_id)


@router.get("/seal/typed")
def ask_seal(station: TheStation, case: CaseOfExhibit, exhibit_id: str) -> Response:
    """Ask for the number by keys, where no reader tells it."""
    say, at = case.checklist.language.say, f"/exhibits/{exhibit_id}/seal"
    question = KeysQuestion(
        say("Number of the seal"),
        at,
        at,
        say("The bag has this seal"),
        f"{exhibit_id}_seal",
        note=say("The record and the paper say: manual."),
        most=24,
    )
    return case.ask_keys(station, question)


def _why_not(case: Case, number: str) -> str:
    """Return why a bag cannot be closed with the seal of this number."""
    records = dict((*case.dossier.records, *case.dossier.undone))
    if not is_number(number):
        return _("%(number)s is no number of a seal: letters, digits and - / . alone. Scan or type the number.")
    if is_of_subject(number, records.values()):
        return _("%(number)s is the number of what is screened. Scan the seal on the bag.")
    if is_beside(number, records):
        return _("%(number)s was scanned beside a reading: it is on record as a code. Scan the seal, or take another.")
    return _("Seal %(number)s cannot close this bag: it was used before. Take a new one.")


def _why_closed(case: Case, exhibit_id: str) -> str:
    """Return why a bag is closed: for the first time, or again after it was opened."""
    opened = case.exhibit(exhibit_id).broken
    if not opened:
        return case.checklist.language.say("The bag was closed")
    why = reason(case.checklist.language, opened[0].reason)
    return case.checklist.language.say("The bag was closed again: %(why)s", why=why)


def _seal(request: Request, station: Station, case: Case, exhibit_id: str, problem: str = "") -> Response:
    at = f"/exhibits/{exhibit_id}/seal"
    sight = Sights(screens_of(request).language(request), station.companions, time.monotonic).seal(at)
    return case.show(
        "seal.html",
        REFUSED if problem else 200,
        exhibit=case.exhibit(exhibit_id),
        sight=sight,
        has_reader=station.companions.reader is not None,
        problem=problem,
    )
