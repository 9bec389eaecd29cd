"""A reading on screen: live, its result, the detail behind it, and its record."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Annotated

from fastapi import APIRouter, Depends, Form, Query, Request, Response
from markupsafe import Markup

from edge.access import signed_in, station_of
from edge.early import waits
from edge.errors import Busy
from edge.explanations import explanation_of
from edge.sampling import standing
from edge.station import Station
from edge.views import OperatorView, ReadingView
from edge.web import forms, subject_words, words
from edge.web.check_words import NAMES, check_words
from edge.web.coaching import coach_of
from edge.web.comparing import crosscheck, exhibit_name, seizure_name
from edge.web.concluded import is_held
from edge.web.confidence import Curve
from edge.web.due import is_unchecked
from edge.web.first_aid import FIRST, first_aid, hazard_card
from edge.web.naming import Naming
from edge.web.papers import Fact, own_words, record_facts, technical_facts
from edge.web.reader import Reader
from edge.web.results import Result
from edge.web.sampling import NO_EXHIBIT
from edge.web.screen import Page, screens_of, see
from edge.web.sticks import all_peaks, apart, stick_plot, telling
from edge.web.translations import Language
from edge.web.voiding import void_of
from edge.web.why import why_of
from models.agreement import Outcome
from sync.contract.ids import ReadingId, ScreeningId
from sync.contract.records import CheckRecord
from sync.contract.spectrum import SpectrumPart
from sync.contract.subject import Seen

ROWS_PER_PAGE = 6

router = APIRouter(prefix="/readings", route_class=Page, include_in_schema=False)
Officer = Annotated[OperatorView, Depends(signed_in)]
TheStation = Annotated[Station, Depends(station_of)]
MEASURING = "measuring"
HAZARD_COOKIE = "garita_hazard"


@dataclass(frozen=True)
class Row:
    """One line of a list of readings."""

    id: ReadingId
    shape: str
    word: str
    detail: str
    wall: str
    hour: str
    day: str
    void: bool = False


@dataclass(frozen=True)
class Plot:
    """One spectrum of a reading as a picture, its text alternative, and the way to the others."""

    svg: Markup
    tabs: Sequence[tuple[str, bool]]
    peaks: Sequence[tuple[str, str]]


def reader_of(request: Request) -> Reader:
    """Return who puts readings into the words of this browser's language."""
    language, identifier = screens_of(request).language(request), station_of(request).identifier
    return Reader(language, identifier.catalogue, Curve.of(identifier.bundle), identifier.reach)


def row_of(reader: Reader, station: Station, reading: ReadingView) -> Row:
    """Return the line for a reading; one whose question waits for its answer tells nothing yet."""
    when = forms.wall(reading.started.wall)
    kind, word, detail = "stopped", reader.language.say("UNDER WAY"), reader.language.say("Reading the sample")
    if reading.state != MEASURING and is_early(station, reading):
        kind_of = subject_words.kind(reader.language, station.subjects.kind(reading.screening))
        word, detail = reader.language.say("TO ANSWER"), f"{kind_of}: {reader.language.say('What do you see?')}"
    elif isinstance(reading.record, CheckRecord):
        kind = "passed" if reading.record.passed else "fault"
        word, detail = check_words(reader.language, reading.record)[0], reader.language.say(NAMES[reading.record.check])
    elif reading.state != MEASURING:
        result = reader.result(reading)
        kind, word, detail = result.kind, result.word, result.brief
    void = reading.seq is not None and station.casework.is_void(reading.seq)
    if void:
        kind, word, detail = "stopped", reader.language.say("VOID"), f"{word}: {detail}"
    wall, day = reading.started.wall, forms.day(reader.language, when)
    return Row(reading.id, kind, word, detail, wall, forms.hour(when), day, void)


def is_early(station: Station, reading: ReadingView) -> bool:
    """Tell whether nothing of what a reading came to may be shown yet."""
    return reading.state == MEASURING or (waits(reading) and station.subjects.is_due(reading.screening))


@router.get("")
def readings(
    request: Request, station: TheStation, operator: Officer, page: Annotated[int, Query(ge=1, le=100_000)] = 1
) -> Response:
    """Show the readings, newest first, a few on a page."""
    found = station.screenings.recent(ROWS_PER_PAGE + 1, (page - 1) * ROWS_PER_PAGE)
    rows = [row_of(reader_of(request), station, reading) for reading in found[:ROWS_PER_PAGE]]
    more = len(found) > ROWS_PER_PAGE
    return screens_of(request).show(request, "readings.html", operator, rows=rows, page=page, more=more)


@router.post("")
def start(
    station: TheStation,
    operator: Officer,
    screening: Annotated[str, Form(max_length=64)] = "",
    exhibit: Annotated[str, Form(max_length=64)] = "",
) -> Response:
    """Start a reading of a screening, or a quick one; a second tap leads to the one that the first started.

    What an earlier one came to is answered first, and of what it is where the screening has exhibits.
    """
    if not screening and (open_ := station.subjects.unanswered(operator)):
        return see(f"/readings/{open_}")
    of = ScreeningId(screening) if screening else None
    if of and not exhibit and standing(station.casework.dossier(of).exhibits):
        return see(f"/screenings/{of}/sample")
    sample = exhibit if exhibit != NO_EXHIBIT else None
    try:
        return see(f"/readings/{station.screenings.start(operator, screening=of, exhibit=sample)}")
    except Busy:
        return see(f"/readings/{active}" if (active := station.screenings.active()) else "/")


@router.get("/{reading_id}")
def reading(request: Request, station: TheStation, operator: Officer, reading_id: str) -> Response:
    """Show a reading: live while it lasts, then its result."""
    found = station.screenings.view(ReadingId(reading_id))
    screens = screens_of(request)
    language = screens.language(request)
    seen = subject_words.seen(language) if station.subjects.is_due(found.screening) else {}
    if found.state == MEASURING:
        stages = words.stages(language)
        stage = stages.get(found.stage, stages[""])
        number = station.casework.dossier(found.screening).exhibit_of(found) if found.exhibit else None
        return screens.show(
            request,
            "live.html",
            operator,
            reading=found,
            stages=stages,
            stage=stage,
            seen=seen,
            exhibit=exhibit_name(language, number) if number else "",
        )
    if seen and is_early(station, found):
        return _asked(request, station, operator, found, seen)
    if isinstance(found.record, CheckRecord):
        return see(f"/shift/{found.id}")
    return _result(request, station, operator, found)


@router.post("/{reading_id}/hazard")
def hazard_seen(station: TheStation, operator: Officer, reading_id: str) -> Response:  # noqa: ARG001 - only who is signed in
    """Go on from the hazard card to the rest of the result; this browser shows it first no more."""
    found = station.screenings.view(ReadingId(reading_id))
    answer = see(f"/readings/{found.id}")
    answer.set_cookie(HAZARD_COOKIE, found.id, httponly=True, samesite="strict")
    return answer


@router.get("/{reading_id}/hazard")
def hazard(request: Request, station: TheStation, operator: Officer, reading_id: str) -> Response:
    """Show what to wear and what helps."""
    found = station.screenings.view(ReadingId(reading_id))
    if is_early(station, found):
        return see(f"/readings/{reading_id}")
    reader = reader_of(request)
    void = void_of(station, reader.language, found)
    return _hazard(request, operator, found, reader.result(found), first=False, void=void)


@router.get("/{reading_id}/coach")
def coach(request: Request, station: TheStation, operator: Officer, reading_id: str) -> Response:
    """Show what to do about a reading that concluded nothing."""
    found = station.screenings.view(ReadingId(reading_id))
    if is_early(station, found):
        return see(f"/readings/{reading_id}")
    reader = reader_of(request)
    result = _now(station, reader.result(found))
    shown = coach_of(reader.language, result.codes)
    if result.primary == "repeat":
        shown = replace(shown, primary="repeat")
    seizure = seizure_name(reader.language, station.casework.dossier(found.screening))
    values = {"reading": found, "result": result, "coach": shown, "seizure": seizure}
    return screens_of(request).show(request, "coach.html", operator, 200, **values)


@router.post("/{reading_id}/seen")
def saw(station: TheStation, operator: Officer, reading_id: str, seen: Annotated[Seen, Form()]) -> Response:
    """Put on record what the officer sees; a second tap changes nothing."""
    found = station.screenings.view(ReadingId(reading_id))
    if station.subjects.is_due(found.screening):
        station.subjects.saw(operator, found.id, seen)
        if found.state != MEASURING and not station.hazard_to_life(found):
            station.announce(found.id)
    return see(f"/readings/{reading_id}")


@router.post("/{reading_id}/stop")
def stop(station: TheStation, operator: Officer, reading_id: str) -> Response:  # noqa: ARG001 - only who is signed in stops
    """Stop a reading; its page goes on to what came of it."""
    station.screenings.stop(ReadingId(reading_id))
    return see(f"/readings/{reading_id}")


@router.get("/{reading_id}/detail")
def detail(
    request: Request,
    station: TheStation,
    operator: Officer,
    reading_id: str,
    spectrum: Annotated[int | None, Query(ge=1, le=1000)] = None,
) -> Response:
    """Show one spectrum of a reading."""
    found, reader = station.screenings.view(ReadingId(reading_id)), reader_of(request)
    if is_early(station, found):
        return see(f"/readings/{reading_id}")
    spectra = station.screenings.spectra(ReadingId(reading_id))
    plot = _plot(reader.language, spectra, spectrum) if spectra else None
    values = {"reading": found, "result": reader.result(found), "plot": plot, "own": own_words(found)}
    return screens_of(request).show(request, "detail.html", operator, 200, **values)


@router.get("/{reading_id}/why")
def why(request: Request, station: TheStation, operator: Officer, reading_id: str) -> Response:
    """Show why it came to what it came to: the reading against the library, in a picture and in words."""
    found, reader = station.screenings.view(ReadingId(reading_id)), reader_of(request)
    if is_early(station, found):
        return see(f"/readings/{reading_id}")
    identification = found.record.readings[0].identification if found.record else None
    part = None if is_held(found) else explanation_of(identification)
    result, said = reader.result(found), None
    if part and identification:
        named = [*identification.hits[:1], *identification.components]
        said = why_of(Naming(reader.language, reader.catalogue), part, named, concluded=result.named)
    return screens_of(request).show(request, "why.html", operator, reading=found, result=result, why=said)


@router.get("/{reading_id}/others")
def others(request: Request, station: TheStation, operator: Officer, reading_id: str) -> Response:
    """Show what else it may be."""
    found = station.screenings.view(ReadingId(reading_id))
    if is_early(station, found):
        return see(f"/readings/{reading_id}")
    result = reader_of(request).result(found)
    return screens_of(request).show(request, "others.html", operator, reading=found, result=result)


@router.get("/{reading_id}/record")
@router.get("/{reading_id}/technical")
def record(request: Request, station: TheStation, operator: Officer, reading_id: str) -> Response:
    """Show the sealed record of a reading and how far it has travelled, or the technical data behind it."""
    found = station.screenings.view(ReadingId(reading_id))
    if is_early(station, found):
        return see(f"/readings/{reading_id}")
    reader, technical = reader_of(request), request.url.path.endswith("/technical")
    facts = technical_facts(reader.language, found) if technical else record_facts(reader.language, station, found)
    void = void_of(station, reader.language, found)
    doubt = reader.result(found).doubt
    if number := station.casework.dossier(found.screening).exhibit_of(found):
        facts = [Fact(reader.language.say("Exhibit"), str(number)), *facts]
    facts = [Fact(reader.language.say("Daily check"), doubt), *facts] if doubt else facts
    facts = [Fact(reader.language.say("Void"), void), *facts] if void else facts
    values = {"reading": found, "result": reader.result(found), "facts": facts, "technical": technical, "void": void}
    return screens_of(request).show(request, "record.html", operator, 200, **values)


def _asked(
    request: Request, station: Station, operator: OperatorView, reading: ReadingView, seen: Mapping[str, str]
) -> Response:
    """Ask what the officer sees; before that, tell them of a hazard to life, and of nothing else."""
    hazard, screens = station.hazard_to_life(reading), screens_of(request)
    if hazard and request.cookies.get(HAZARD_COOKIE) != reading.id:
        language = screens.language(request)
        card, aid = hazard_card(language, hazard), first_aid(language, hazard, whole=False)
        return screens.show(request, "hazard_first.html", operator, reading=reading, card=card, aid=aid)
    return screens.show(request, "question.html", operator, reading=reading, seen=seen)


def _result(request: Request, station: Station, operator: OperatorView, reading: ReadingView) -> Response:
    reader = reader_of(request)
    result = _now(station, reader.result(reading))
    if void := void_of(station, reader.language, reading):
        return screens_of(request).show(request, "voided.html", operator, reading=reading, result=result, void=void)
    if result.hazard in FIRST and request.cookies.get(HAZARD_COOKIE) != reading.id:
        return _hazard(request, operator, reading, result, first=True)
    dossier = station.casework.dossier(reading.screening)
    cross = crosscheck(station, reader.language, dossier, dossier.exhibit_of(reading))
    if cross.outcome == Outcome.CONFLICT:
        result = result.contradicted(cross.conflict)
    values = {"reading": reading, "result": result, "cross": cross}
    seizure = seizure_name(reader.language, dossier)
    return screens_of(request).show(request, "result.html", operator, 200, **values, seizure=seizure)


def _now(station: Station, result: Result) -> Result:
    """Return a result as it stands now: once the daily check was made, another reading comes next."""
    return replace(result, primary="repeat") if result.primary == "shift" and not is_unchecked(station) else result


def _hazard(
    request: Request, operator: OperatorView, reading: ReadingView, result: Result, *, first: bool, void: str = ""
) -> Response:
    aid = first_aid(screens_of(request).language(request), result.hazard, whole=not first)
    values = {"reading": reading, "result": result, "aid": aid, "first": first, "void": void}
    return screens_of(request).show(request, "hazard.html", operator, 200, **values)


def _plot(language: Language, spectra: Sequence[SpectrumPart], wanted: int | None) -> Plot:
    drawn = [all_peaks(each) for each in spectra]
    chosen = min(wanted, len(drawn)) - 1 if wanted else max(range(len(drawn)), key=lambda index: telling(drawn[index]))
    peaks = drawn[chosen]
    top = forms.number(peaks[0].mz, 1) if peaks else forms.NOTHING
    title = language.say("Spectrum at %(energy)s; highest peak at m/z %(mz)s", energy=_energy(spectra[chosen]), mz=top)
    return Plot(
        svg=stick_plot(peaks, title),
        tabs=[(_energy(each), index == chosen) for index, each in enumerate(spectra)],
        peaks=[(forms.number(peak.mz, 1), forms.share(peak.share)) for peak in apart(peaks)[:10]],
    )


def _energy(spectrum: SpectrumPart) -> str:
    energy = spectrum.collision_energy
    return "?" if energy is None else f"{forms.number(energy, 1).removesuffix('.0')}{forms.SPACE}V"
