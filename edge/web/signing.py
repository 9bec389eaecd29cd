"""A seizure is looked through and signed; after that nothing of it is edited."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Form, Request, Response

from edge.approvals import Proof
from edge.seizures import missing
from edge.web import case_words as words
from edge.web.case_screen import Case, PinQuestion, TheCase, TheStation, method_of
from edge.web.checklist import Checklist
from edge.web.comparing import concluded
from edge.web.readings import reader_of
from edge.web.screen import Page, see
from sync.contract.casework import ExhibitCore, PhotoRecord, SigningMethod
from sync.contract.seizure import ReferenceRecord, WitnessRecord

PER_PAGE = 3

router = APIRouter(prefix="/screenings/{screening_id}", route_class=Page, include_in_schema=False)


@dataclass(frozen=True)
class Line:
    """One thing that is signed: its title, and what is on record of it."""

    title: str
    said: tuple[str, ...]


@router.get("/review")
def review(request: Request, station: TheStation, case: TheCase, page: int = 1) -> Response:
    """Show what will be signed, and what it lacks."""
    checklist = case.checklist
    if checklist.signature and not checklist.is_returned:
        return see(f"{checklist.here}/record")
    if not case.dossier.exhibits:
        return see(f"{checklist.here}/seizure")
    exhibits = exhibit_lines(checklist)
    pages = -(-len(exhibits) // PER_PAGE)
    page = min(max(page, 1), pages)
    return case.show(
        "review.html",
        conclusion=concluded(station, reader_of(request), case.dossier),
        exhibits=exhibits[(page - 1) * PER_PAGE : page * PER_PAGE],
        page=page,
        pages=pages,
        beside=beside(checklist),
        lacks=lacks(checklist),
        next=checklist.next(),
    )


@router.post("/sign")
def sign(case: TheCase, station: TheStation, held: Annotated[str, Form(max_length=8)] = "") -> Response:
    """Sign what was held long enough; where nothing can be held, ask for the PIN."""
    if held != words.HELD:
        return see(f"{case.checklist.here}/sign")
    return _sign(station, case, "hold")


@router.get("/sign")
def ask_pin(case: TheCase) -> Response:
    """Ask for the PIN of who signs."""
    return case.ask_pin(_question(case))


@router.post("/sign/pin")
def sign_by_pin(case: TheCase, station: TheStation, pin: Annotated[str, Form(max_length=64)] = "") -> Response:
    """Sign with the PIN."""
    proof = case.prove(station, _question(case), pin)
    return _sign(station, case, method_of(proof)) if isinstance(proof, Proof) else proof


def exhibit_lines(checklist: Checklist) -> list[Line]:
    """Return one line for each exhibit."""
    language = checklist.language
    return [
        Line(
            language.say("Exhibit %(number)s", number=each.number),
            (
                *(record.description for record in each.of(ExhibitCore)),
                *(words.weight(language, record, amended=amended) for record, amended in each.weights),
                *_seal_and_photos(checklist, each.seal_number, len(each.of(PhotoRecord))),
            ),
        )
        for each in checklist.dossier.exhibits
    ]


def beside(checklist: Checklist) -> list[str]:
    """Return who stood beside it, and the numbers of others."""
    language, dossier = checklist.language, checklist.dossier
    numbers = [f"{language.say(words.REFERENCES[each.kind])}: {each.number}" for each in dossier.of(ReferenceRecord)]
    return [*(words.witness(language, each) for each in dossier.of(WitnessRecord)), *numbers]


def lacks(checklist: Checklist) -> list[str]:
    """Return what a whole seizure has and this one has not."""
    numbers = {each.id: each.number for each in checklist.dossier.exhibits}
    say = checklist.language.say
    return [
        say("%(what)s of exhibit %(number)s", what=say(words.STEPS[part.step]), number=numbers[part.exhibit])
        if part.exhibit
        else say(words.STEPS[part.step])
        for part in missing(checklist.dossier)
    ]


def _seal_and_photos(checklist: Checklist, seal: str | None, photos: int) -> list[str]:
    language = checklist.language
    taken = language.count("%(number)s photograph", "%(number)s photographs", photos) if photos else ""
    return [each for each in (language.say("Seal %(number)s", number=seal) if seal else "", taken) if each]


def _sign(station: TheStation, case: Case, method: SigningMethod) -> Response:
    station.seizures.sign(case.operator, case.dossier.screening, method)
    return see(f"{case.checklist.here}/record")


def _question(case: Case) -> PinQuestion:
    here, say = case.checklist.here, case.checklist.language.say
    about = say("It signs every record of this seizure.")
    return PinQuestion(case.operator, f"{here}/sign/pin", f"{here}/review", about, say("Sign"))
