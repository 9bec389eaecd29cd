"""A screening before its reading: what is screened, its numbers, why, and how the sample is taken."""

import time
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Annotated, Literal, cast

from fastapi import APIRouter, Depends, Form, Query, Request, Response

from drivers.documents.faults import BadDocument
from drivers.documents.mrz import read_mrz
from edge.access import signed_in, station_of
from edge.comparisons import counted, exhibits_of
from edge.errors import BadCasework
from edge.permissions import may
from edge.scanning import Scanned
from edge.station import Station
from edge.subject_records import MOST_NUMBERS, Told, number_part, tidy
from edge.views import OperatorView, ReadingView, SubjectKind
from edge.web import subject_words
from edge.web.comparing import Crosscheck, crosscheck, exhibit_name, seizure_name, told_by_files
from edge.web.comparing import Told as FileTold
from edge.web.preparation import steps_of
from edge.web.readings import is_early, reader_of, row_of
from edge.web.scans import scanned_at, taken_at
from edge.web.screen import Page, screens_of, see
from edge.web.sights import Sights
from edge.web.translations import Language
from models.agreement import Outcome
from sync.contract.ids import ScreeningId
from sync.contract.seizure import SignatureRecord
from sync.contract.subject import Cause, Mode, NumberPart

NUMBERS = "subject_numbers"
REFUSED = 409
SHOWN = 4
ZONE_LINES = 3

router = APIRouter(prefix="/screenings", route_class=Page, include_in_schema=False)
Officer = Annotated[OperatorView, Depends(signed_in)]
TheStation = Annotated[Station, Depends(station_of)]
Choice = Literal["cause", "mode"]
Next = Literal["seizure", "repeat", "accept", "back"]


@dataclass(frozen=True)
class Line:
    """One number of a subject: what it is, its text, what is wrong with it, and its place in the list."""

    name: str
    text: str
    problem: str | None
    place: int


@router.get("/new")
def new(request: Request, operator: Officer) -> Response:
    """Ask what is screened."""
    language = screens_of(request).language(request)
    return screens_of(request).show(request, "new.html", operator, kinds=kinds(language))


@router.post("")
def begin(station: TheStation, operator: Officer, kind: Annotated[SubjectKind, Form()]) -> Response:
    """Begin a screening of a subject; whatever was scanned before is not its. What waits for an answer comes first."""
    if open_ := station.subjects.unanswered(operator):
        return see(f"/readings/{open_}")
    return see(_here(station.screenings.open(operator, kind)))


@router.get("/{screening}")
def identify(request: Request, station: TheStation, operator: Officer, screening: ScreeningId) -> Response:
    """Show the numbers that the subject has so far, and take the next one."""
    return _identify(request, station, operator, screening)


@router.post("/{screening}")
def told(station: TheStation, operator: Officer, screening: ScreeningId) -> Response:
    """Put the subject on record as it stands, with what was scanned just now, and go on to the sample."""
    _take(station, operator, screening)
    station.subjects.tell(operator, screening, _told(station, screening))
    return see(f"/screenings/{screening}/prepare")


@router.post("/{screening}/codes")
def take(station: TheStation, operator: Officer, screening: ScreeningId) -> Response:
    """Take what was scanned just now."""
    _take(station, operator, screening)
    return see(_here(screening))


@router.get("/{screening}/keys")
def key_in(request: Request, station: TheStation, operator: Officer, screening: ScreeningId) -> Response:
    """Offer keys for a number that cannot be scanned."""
    language = screens_of(request).language(request)
    kind = subject_words.kind(language, station.subjects.kind(screening))
    return screens_of(request).show(request, "key_in.html", operator, screening=screening, kind=kind)


@router.post("/{screening}/keys")
def keyed_in(
    request: Request,
    station: TheStation,
    operator: Officer,
    screening: ScreeningId,
    number: Annotated[str, Form(max_length=200)] = "",
) -> Response:
    """Take a number that was keyed in."""
    try:
        text = tidy(number)
    except BadCasework:
        return _identify(request, station, operator, screening, REFUSED, personal=True)
    numbers = _numbers(station, screening)
    if text and text not in numbers:
        _keep(station, operator, screening, [*numbers, text])
    return see(_here(screening))


@router.post("/{screening}/drop")
def drop(station: TheStation, operator: Officer, screening: ScreeningId, place: Annotated[int, Form(ge=0)]) -> Response:
    """Leave one number out again."""
    numbers = _numbers(station, screening)
    _keep(station, operator, screening, [text for at, text in enumerate(numbers) if at != place])
    return see(_here(screening))


@router.get("/{screening}/choose")
def choose(
    request: Request,
    station: TheStation,
    operator: Officer,
    screening: ScreeningId,
    what: Annotated[Choice, Query()],
) -> Response:
    """Ask why it is screened, or how it travels."""
    now, language = _told(station, screening), screens_of(request).language(request)
    title = language.say("Why is it screened?") if what == "cause" else language.say("How does it travel?")
    return screens_of(request).show(
        request,
        "choose.html",
        operator,
        screening=screening,
        what=what,
        title=title,
        chosen=getattr(now, what),
        choices=subject_words.table(language, what),
    )


@router.post("/{screening}/choose")
def chosen(
    station: TheStation,
    operator: Officer,
    screening: ScreeningId,
    cause: Annotated[Cause | None, Form()] = None,
    mode: Annotated[Mode | None, Form()] = None,
) -> Response:
    """Keep why it is screened, or how it travels."""
    fields = {name: value for name, value in (("subject_cause", cause), ("subject_mode", mode)) if value}
    station.drafts.keep(operator, screening, **fields)
    return see(_here(screening))


@router.get("/{screening}/prepare")
def prepare(request: Request, station: TheStation, operator: Officer, screening: ScreeningId) -> Response:
    """Show what to wear, and how the sample is taken for the instrument in use."""
    language = screens_of(request).language(request)
    record = station.subjects.of(screening)
    kind = station.subjects.kind(screening)
    subject = subject_words.subject(language, record) if record else subject_words.kind(language, kind)
    steps = steps_of(language, station.settings.analyzer)
    return screens_of(request).show(
        request, "prepare.html", operator, screening=screening, subject=subject, steps=steps
    )


@router.get("/{screening}/compare")
def compare(
    request: Request,
    station: TheStation,
    operator: Officer,
    screening: ScreeningId,
    page: int = 1,
    exhibit: int | None = None,
) -> Response:
    """Show the readings of one exhibit, or of none, a few on a page, and what they are to one another.

    `exhibit` is its number, 0 stands for none; where it is not told, it is that of the newest reading.
    """
    reader, dossier = reader_of(request), station.casework.dossier(screening)
    readings, exhibits = counted(dossier), exhibits_of(dossier)
    if not readings or any(is_early(station, reading) for reading in readings):
        return see(f"/readings/{readings[-1].id}" if readings else f"/screenings/{screening}")
    of = (exhibit or None) if exhibit in {each or 0 for each in exhibits} else dossier.exhibit_of(readings[-1])
    read = [each for each in readings if dossier.exhibit_of(each) == of]
    told = [*read, *told_by_files(reader.language, dossier, of)]
    pages = -(-len(told) // SHOWN)
    page = min(max(page, 1), pages)
    shown = told[(page - 1) * SHOWN : page * SHOWN]
    cross = crosscheck(station, reader.language, dossier, of)
    other = exhibits[(exhibits.index(of) + 1) % len(exhibits)]
    open_ = may(operator, "casework") and not dossier.of(SignatureRecord)
    acceptable = open_ and cross.count > 1 and not cross.accepted and cross.outcome != Outcome.NOTHING
    return screens_of(request).show(
        request,
        "compare.html",
        operator,
        screening=screening,
        cross=cross,
        acceptable=acceptable,
        next=_next(cross, open_=open_, acceptable=acceptable),
        rows=[row_of(reader, station, each) for each in shown if isinstance(each, ReadingView)],
        files=[each for each in shown if isinstance(each, FileTold)],
        page=page,
        pages=pages,
        newest=(read or readings)[-1].id,
        seizure=seizure_name(reader.language, dossier),
        other=(other or 0, exhibit_name(reader.language, other)) if other != of else None,
    )


@router.post("/{screening}/compare")
def accept(station: TheStation, operator: Officer, screening: ScreeningId, exhibit: int = 0) -> Response:
    """Put on record what the readings of one exhibit, or of none, come to together."""
    station.comparisons.accept(operator, screening, exhibit or None)
    return see(f"/screenings/{screening}/compare?exhibit={exhibit}")


def _next(cross: Crosscheck, *, open_: bool, acceptable: bool) -> Next:
    """Return what the one filled button does: where readings contradict one another it accepts nothing."""
    if open_ and cross.contradicts:
        return "seizure" if cross.alarms else "repeat"
    return "accept" if acceptable else "back"


def kinds(language: Language) -> list[tuple[str, str]]:
    """Return the kinds that can be told, each with its name."""
    return [(code, subject_words.kind(language, code)) for code in subject_words.TILES]


def _identify(
    request: Request,
    station: Station,
    operator: OperatorView,
    screening: ScreeningId,
    status: int = 200,
    *,
    personal: bool = False,
) -> Response:
    language, kind, now = (
        screens_of(request).language(request),
        station.subjects.kind(screening),
        _told(station, screening),
    )
    parts = [number_part(text, kind) for text in now.numbers]
    values = {
        "screening": screening,
        "kind": subject_words.kind(language, kind),
        "picture_of": kind,
        "asked": subject_words.asked(language, kind),
        "lines": [_line(language, part, place) for place, part in enumerate(parts)],
        "document": _document(language, station, screening, keyed=personal),
        "pending": bool(_pending(scanned_at(station, _here(screening)))) and not _is_signed(station, screening),
        "trouble": Sights(language, station.companions, time.monotonic).unread(),
        "full": len(parts) >= MOST_NUMBERS,
        "reader": station.companions.reader is not None,
        "cause_of": now.cause,
        "mode_of": now.mode,
        "cause": subject_words.table(language, "cause")[now.cause],
        "mode": subject_words.table(language, "mode")[now.mode],
    }
    return screens_of(request).show(request, "identify.html", operator, status, **values)


def _line(language: Language, part: NumberPart, place: int) -> Line:
    name = language.say(subject_words.NUMBERS[part.kind])
    problem = language.say("Check digit wrong: look at it again.") if part.problem else None
    return Line(name, part.text, problem, place)


def _told(station: Station, screening: ScreeningId) -> Told:
    drafts, record = station.drafts.of(screening), station.subjects.of(screening)
    mode = drafts.get("subject_mode") or (record.mode if record else station.settings.mode)
    cause = drafts.get("subject_cause") or (record.cause if record else "routine")
    return Told(cast("Mode", mode), cast("Cause", cause), tuple(_numbers(station, screening)))


def _numbers(station: Station, screening: ScreeningId) -> list[str]:
    return station.drafts.of(screening).get(NUMBERS, "").splitlines()


def _keep(station: Station, operator: OperatorView, screening: ScreeningId, numbers: list[str]) -> None:
    station.drafts.keep(operator, screening, **{NUMBERS: "\n".join(numbers[:MOST_NUMBERS])})


def _here(screening: ScreeningId) -> str:
    return f"/screenings/{screening}"


def _pending(scanned: Iterable[Scanned]) -> dict[str, Scanned]:
    """Return the codes that can be numbers of a subject, by their text."""
    return {text: each for each in scanned if (text := _text(each))}


def _is_signed(station: Station, screening: ScreeningId) -> bool:
    return bool(station.casework.dossier(screening).of(SignatureRecord))


def _text(scanned: Scanned) -> str:
    """Return what a code says, on one line; nothing for a person's document."""
    try:
        return tidy(scanned.code.text)
    except BadCasework:
        return ""


def _take(station: Station, operator: OperatorView, screening: ScreeningId) -> None:
    """Put on record what was scanned at its screen; it joins the numbers, of which any can be left out."""
    taken, numbers = _pending(taken_at(station, _here(screening))), _numbers(station, screening)
    fresh = {text: each for text, each in taken.items() if text not in numbers}
    if not fresh or _is_signed(station, screening):
        return
    for each in fresh.values():
        station.observations.add(operator, screening, each)
    _keep(station, operator, screening, [*numbers, *fresh])


def _document(language: Language, station: Station, screening: ScreeningId, *, keyed: bool) -> str:
    """Tell of a person's document whether its check digits hold, and that nothing of it is kept."""
    scanned = scanned_at(station, _here(screening))
    if not keyed and (not scanned or _text(scanned[-1])):
        return ""
    kept, wrong = language.say("A person's document: nothing of it is kept."), None if keyed else _wrong(scanned)
    if wrong is None:
        return kept
    if not wrong:
        return " ".join([kept, language.say("Its check digits hold.")])
    return " ".join([kept, language.say("Its check digits do not hold: %(fields)s.", fields=", ".join(wrong))])


def _wrong(scanned: list[Scanned]) -> list[str] | None:
    """Return what is wrong with the newest zone, whose lines may come one by one; None where none came whole."""
    for lines in range(1, ZONE_LINES + 1):
        text = "\n".join(each.code.text.upper() for each in scanned[-lines:])
        try:
            read_mrz("".join(mark if mark.isprintable() else "\n" for mark in text), keep=())
        except BadDocument as error:
            fields = [fault.field for fault in error.faults]
            if not {"lines", "text"}.intersection(fields):
                return list(dict.fromkeys(fields))
        else:
            return []
    return None
