"""An exhibit is to change hands: the number read from its bag, to whom, and why; then who gives signs it over."""

from typing import Annotated

from fastapi import APIRouter, Depends, Form, Response

from edge.access import token_of
from edge.hands import GIVEN
from edge.web import hand_words
from edge.web.case_screen import CaseOfExhibit, KeysQuestion, TheStation
from edge.web.handing import OUTSIDE, Handing
from edge.web.scans import TYPED
from edge.web.screen import Page, see
from edge.web.seal_reading import ask_keys, ask_seal, read

router = APIRouter(prefix="/exhibits/{exhibit_id}/handover", route_class=Page, include_in_schema=False)


def handing_of(station: TheStation, case: CaseOfExhibit, exhibit_id: str) -> Handing:
    """Return the hand-over of the exhibit that the address names."""
    return Handing.of(station, case, exhibit_id)


TheHanding = Annotated[Handing, Depends(handing_of)]


@router.get("")
def ask(handing: TheHanding, ask: str = "") -> Response:
    """Ask for what is not told yet; then let both sign."""
    if not handing.file.seal_number:
        return see(f"/exhibits/{handing.file.id}/seal")
    asked = ask if ask in ("number", "receiver", "name", "reason") else handing.lacks
    if asked:
        return _question(handing, asked)
    offers, token = handing.station.casework.offers, token_of(handing.case.request)
    given = None if ask == "given" else offers.of(token, handing.file.id, handing.seen)
    return see(f"{handing.here}/{'accept' if given else 'give'}")


@router.post("")
def tell(
    handing: TheHanding,
    number: Annotated[str, Form(max_length=64)] = "",
    scan: Annotated[int, Form()] = TYPED,
    receiver: Annotated[str, Form(max_length=64)] = "",
    name: Annotated[str, Form(max_length=60)] = "",
    reason: Annotated[str, Form(max_length=16)] = "",
) -> Response:
    """Save one answer; what is read from the bag is no draft: see `seal_reading.read`."""
    station, case = handing.station, handing.case
    written = name.title() if name.isupper() else name
    told = {"receiver": receiver, "name": written.strip(), "reason": reason}
    fields, signed_to = {handing.draft(field): value for field, value in told.items() if value}, handing.half_given
    station.drafts.keep(case.operator, case.dossier.screening, "transfer", **fields)
    if handing.half_given != signed_to:
        _take_back(handing)
    if number.strip():
        station.casework.offers.forget(handing.file.id)
        return read(station, case, handing.file, "handover", number.strip(), scan)
    return see(handing.here)


@router.get("/number")
def ask_number(handing: TheHanding) -> Response:
    """Ask for the number by keys."""
    return ask_keys(handing.station, handing.case, handing.file, "handover")


@router.post("/again")
def again(handing: TheHanding) -> Response:
    """Begin anew: of it nothing but a scan of the bag is on record yet."""
    begin_anew(handing)
    return see(handing.here)


def begin_anew(handing: Handing) -> None:
    """Forget what was read and told of it and who gave it."""
    handing.station.seals_read.forget(handing.file.id)
    handing.station.drafts.forget(handing.case.dossier.screening, handing.draft(""))
    handing.station.casework.offers.forget(handing.file.id)


def _take_back(handing: Handing) -> None:
    """Forget that who gives signed: it was for somebody else."""
    handing.station.drafts.forget(handing.case.dossier.screening, f"{handing.file.id}{GIVEN}")
    handing.station.casework.offers.forget(handing.file.id)


def _question(handing: Handing, asked: str) -> Response:
    case, file = handing.case, handing.file
    if asked == "number":
        return ask_seal(handing.station, case, file, "handover", cut_off=handing.cut_off)
    if asked == "name":
        return _ask_name(handing)
    title, choices = _choices(handing, asked)
    values = {"exhibit": file, "way": "handover", "title": title, "field": asked, "choices": choices}
    return case.show("handover_pick.html", 200, **values)


def _ask_name(handing: Handing) -> Response:
    say, here = handing.case.checklist.language.say, handing.here
    title, back = say("Name or badge of who receives it"), f"{here}?ask=receiver"
    question = KeysQuestion(title, here, back, say("Continue"), handing.draft("spelt"), "name", most=60)
    return handing.case.ask_keys(handing.station, question)


def _choices(handing: Handing, asked: str) -> tuple[str, list[tuple[str, str]]]:
    say = handing.case.checklist.language.say
    if asked == "reason":
        return say("What for?"), [(name, say(text)) for name, text in hand_words.REASONS.items()]
    people = [(str(each.id), each.name) for each in handing.receivers]
    places = [(f"{OUTSIDE}{place}", say(text)) for place, text in hand_words.PLACES.items()]
    return say("Who receives it?"), [*people, *places]
