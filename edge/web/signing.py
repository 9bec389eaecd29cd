"""A seizure is looked through and signed; after that nothing of it is edited."""

from collections.abc import Mapping, Sequence
from typing import Annotated

from fastapi import APIRouter, Form, Request, Response

from edge.approvals import Proof
from edge.consent import witnesses
from edge.errors import ChangedSince
from edge.received import Received
from edge.seizures import missing
from edge.station import Station
from edge.web import case_words as words
from edge.web import exhibit_words, seal_words, subject_words, weight_words, witness_words
from edge.web.amended_words import corrections
from edge.web.case_rows import UNTOLD
from edge.web.case_screen import Case, PinQuestion, Seen, TheCase, TheStation, method_of
from edge.web.checklist import Checklist
from edge.web.comparing import Whole, concluded
from edge.web.consent_words import answered, to_ask
from edge.web.file_words import attached
from edge.web.lacking_words import lacking
from edge.web.readings import reader_of
from edge.web.screen import Page, see
from edge.web.sheets import RUN, Line, Section, listed, run, sheet
from edge.web.translations import Language
from sync.contract.casework import ExhibitCore, PhotoRecord, SigningMethod
from sync.contract.ids import Seq
from sync.contract.seizure import ReferenceRecord
from sync.contract.subject import SubjectRecord

FEW = 2

router = APIRouter(prefix="/screenings/{screening_id}", route_class=Page, include_in_schema=False)


def signed_things(
    checklist: Checklist, whole: Whole, people: Mapping[str, str], files: Mapping[Seq, Received]
) -> list[Section]:
    """Return all that is signed: readings, subject, exhibits, corrections, what is missing, who stood beside it.

    `people` are the names of those who corrected, by id; `files` those of another technique, by their entries.
    """
    say = checklist.language.say
    corrected = list(corrections(checklist.language, checklist.dossier, people))
    against = [each for each in (whole.conflict, whole.void, whole.unsigned, whole.review) if each]
    doubtful = [
        say("Exhibit %(number)s: %(what)s", number=each.number, what=what)
        for each in checklist.dossier.exhibits
        for what in exhibit_words.doubts(checklist.language, each)
    ]
    readings = [Line(part.void, part.said) if part.void else Line(part.said) for part in whole.parts]
    alone, what = len(readings) == 1 and not against, [whole.what] if whole.what else []
    present, another = beside(checklist), list(attached(checklist.language, checklist.dossier, files))
    return [
        listed(whole.word, [*_screened(checklist), *(readings if alone else what)]),
        *([listed(say("Mind:"), [*against, *doubtful], "warning")] if against or doubtful else []),
        *([listed(say("Readings"), readings)] if readings and not alone else []),
        *([listed(say("Another technique"), another, "record")] if another else []),
        *exhibits(checklist),
        *([listed(say("Corrected"), corrected, "repeat")] if corrected else []),
        *_missing(checklist),
        *([listed(say("Present and on file"), present, "person")] if present else []),
    ]


@router.get("/review")
def review(
    request: Request, station: TheStation, case: TheCase, page: int = 1, incomplete: bool = False, changed: bool = False
) -> Response:
    """Show what will be signed, and what it lacks; who signs it `incomplete` asks for that first.

    `changed` says that it is no more what was shown when it was signed.
    """
    checklist = case.checklist
    if checklist.signature and not checklist.awaits_signature:
        return see(f"{checklist.here}/record")
    if not case.dossier.exhibits:
        return see(f"{checklist.here}/seizure")
    whole = concluded(station, reader_of(request), case.dossier)
    complete, files = not lacks(checklist), station.observations.files(case.dossier)
    return case.show(
        "review.html",
        sheet=sheet(signed_things(checklist, whole, people_of(station), files), page),
        last=case.checklist.language.say("Once signed, it is only amended, with a reason."),
        incomplete=incomplete,
        complete=complete,
        may_sign=incomplete or complete,
        next=checklist.next(),
        seen=case.seen(),
        changed=changed,
    )


@router.post("/sign")
def sign(
    case: TheCase, station: TheStation, seen: Seen = "", held: Annotated[str, Form(max_length=8)] = ""
) -> Response:
    """Sign what was held long enough; where nothing can be held, ask for the PIN."""
    if held != words.HELD:
        return see(f"{case.checklist.here}/sign?seen={seen}")
    return _sign(station, case, "hold", seen)


@router.get("/sign")
def ask_pin(case: TheCase, seen: Seen = "") -> Response:
    """Ask for the PIN of who signs."""
    return case.ask_pin(_question(case, seen))


@router.post("/sign/pin")
def sign_by_pin(
    case: TheCase, station: TheStation, seen: Seen = "", pin: Annotated[str, Form(max_length=64)] = ""
) -> Response:
    """Sign with the PIN."""
    proof = case.prove(station, _question(case, seen), pin)
    return _sign(station, case, method_of(proof), seen) if isinstance(proof, Proof) else proof


def exhibits(checklist: Checklist) -> list[Section]:
    """Return what is on record of each exhibit."""
    language = checklist.language
    return [
        run(
            language.say("Exhibit %(number)s", number=each.number),
            (
                *(exhibit_words.described(language, *thing) for thing in each.stood(ExhibitCore)),
                *(weight_words.weight(language, now, amended=amended) for now, amended in each.weights),
                *_seal_and_photos(checklist, seal_words.closing(language, each), len(each.stood(PhotoRecord))),
            ),
        )
        for each in checklist.dossier.exhibits
    ]


def people_of(station: Station) -> Mapping[str, str]:
    """Return the names of all who have or had an account, by id."""
    return {str(each.operator.id): each.operator.name for each in station.accounts.everybody()}


def beside(checklist: Checklist) -> list[str]:
    """Return who stood beside it, and the numbers of others."""
    language, dossier = checklist.language, checklist.dossier
    numbers = [f"{language.say(words.REFERENCES[each.kind])}: {each.number}" for each in dossier.of(ReferenceRecord)]
    told = answered(language, dossier)
    return [*(witness_words.witness(language, each, told) for each in witnesses(dossier)), *numbers]


def lacks(checklist: Checklist) -> list[str]:
    """Return what a whole seizure has and this one has not."""
    numbers = {each.id: each.number for each in checklist.dossier.exhibits}
    say, ask = checklist.language.say, to_ask(checklist.language, checklist.dossier)
    return [
        say("%(what)s of exhibit %(number)s", what=say(words.STEPS[part.step]), number=numbers[part.exhibit])
        if part.exhibit
        else ask or say(words.STEPS[part.step])
        for part in missing(checklist.dossier)
    ]


def _missing(checklist: Checklist) -> list[Section]:
    """Return what it lacks; once it is signed, what its signature says, and what today's list asks for beyond that."""
    language, signed = checklist.language, checklist.signature and not checklist.awaits_signature
    told = lacking(language, checklist.dossier) if signed else [(language.say("Missing:"), lacks(checklist))]
    found = [listed(name, what, "warning") for name, what in told if what]
    return found or [Section(language.say("Nothing is missing"), picture="done")]


def few(language: Language, lacking: Sequence[str]) -> str:
    """Return the first of what is missing, and how much more there is."""
    named, more = ", ".join(lacking[:FEW]), len(lacking) - FEW
    return language.say("%(named)s and %(more)s more", named=named, more=more) if more > 0 else named


def _screened(checklist: Checklist) -> list[str]:
    """Tell the kind of what was screened and its numbers; nothing of a quick reading that has none."""
    language, dossier = checklist.language, checklist.dossier
    told = dossier.of(SubjectRecord)[-1:]
    numbers = [subject_words.number(language, each) for record in told for each in record.numbers]
    if dossier.subject_kind == UNTOLD and not numbers:
        return []
    what = RUN.join([subject_words.kind(language, dossier.subject_kind), *numbers])
    return [language.say("What was screened: %(what)s", what=what)]


def _seal_and_photos(checklist: Checklist, seal: str, photos: int) -> list[str]:
    language = checklist.language
    taken = language.count("%(number)s photograph", "%(number)s photographs", photos) if photos else ""
    return [each for each in (language.say("Seal %(number)s", number=seal) if seal else "", taken) if each]


def _sign(station: TheStation, case: Case, method: SigningMethod, seen: str) -> Response:
    try:
        station.seizures.sign(case.operator, case.dossier.screening, method, seen)
    except ChangedSince:
        return see(f"{case.checklist.here}/review?changed=yes")
    return see(f"{case.checklist.here}/record")


def _question(case: Case, seen: str) -> PinQuestion:
    here, language, lacking = case.checklist.here, case.checklist.language, lacks(case.checklist)
    about = language.say("It signs every record of this seizure.")
    if lacking:
        about = language.say("It signs this seizure without: %(what)s.", what=few(language, lacking))
    return PinQuestion(case.operator, f"{here}/sign/pin?seen={seen}", f"{here}/review", about, language.say("Sign"))
