"""The start of a shift: how the station is, and the daily check of the analyzer."""

from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Request, Response

from drivers.family import Role
from edge.access import signed_in, station_of
from edge.checking import CHECKS, Standing, stands
from edge.clock import format_wall
from edge.encounters import may_act
from edge.errors import Busy
from edge.station import Station
from edge.views import HealthView, OperatorView, ReadingView
from edge.web import forms, words
from edge.web.check_words import NAMES, START, check_words, found_words
from edge.web.coaching import coach_of
from edge.web.due import due_check
from edge.web.readings import reader_of
from edge.web.screen import Page, screens_of, see
from edge.web.state import Card
from edge.web.translations import Language
from edge.web.troubles import LOW_BATTERY
from sync.contract.ids import ReadingId
from sync.contract.records import Check, CheckRecord

router = APIRouter(prefix="/shift", route_class=Page, include_in_schema=False)
Officer = Annotated[OperatorView, Depends(signed_in)]
TheStation = Annotated[Station, Depends(station_of)]


@router.get("")
def shift(request: Request, station: TheStation, operator: Officer) -> Response:
    """Show what a shift begins with, and the next thing to do."""
    language, health, checks = screens_of(request).language(request), station.health(), station.screenings.checks()
    off = station.settings.demo and not station.settings.daily_check
    cards = [
        *_battery(language, station),
        _clock(language, health),
        _instruments(language, station, health),
        *([_no_check(language)] if off else [_check(language, checks, check, health) for check in CHECKS]),
    ]
    measures = may_act(operator, "measure")
    due = None if off or not measures else due_check(checks, health)
    start = language.say(START[due]) if due else ""
    values = {"cards": cards, "due": due, "start": start, "measures": measures, "off": off}
    return screens_of(request).show(request, "shift.html", operator, 200, **values)


@router.post("/{check}")
def measure(station: TheStation, operator: Officer, check: Literal["blank", "reference"]) -> Response:
    """Measure a blank or the reference sample; a second tap leads to what the first started."""
    try:
        return see(f"/readings/{station.screenings.start(operator, check)}")
    except Busy:
        return see(f"/readings/{active}" if (active := station.screenings.active()) else "/shift")


@router.get("/{reading_id}")
def checked(request: Request, station: TheStation, operator: Officer, reading_id: str) -> Response:
    """Show whether a check passed, and what to do next."""
    found = station.screenings.view(ReadingId(reading_id))
    if not isinstance(found.record, CheckRecord):
        return see(f"/readings/{reading_id}")
    language, record = screens_of(request).language(request), found.record
    word, detail = check_words(language, record)
    inside = found_words(reader_of(request), found)
    checks, health = station.screenings.checks(), station.health()
    due = due_check(checks, health)
    since = _since(language, checks, found, health)
    return screens_of(request).show(
        request,
        "check.html",
        operator,
        reading=found,
        passed=record.passed,
        word=word,
        detail=language.say(NAMES[record.check]) if inside else detail,
        found=inside,
        steps=[] if record.passed or since else coach_of(language, record.problems).steps,
        since=since,
        due=due,
        measures=may_act(operator, "measure"),
        start=language.say(START[due]) if due else "",
    )


def _since(language: Language, checks: Standing, found: ReadingView, health: HealthView) -> str:
    """Return how a check stands where another of its kind was measured since, or where it counts no more."""
    record = found.record
    if found.training or not isinstance(record, CheckRecord):
        return ""
    newest = checks.get(record.check)
    told = _check(language, checks, record.check, health).text
    if newest and newest.screening != record.screening:
        return language.say("Measured again since. %(told)s", told=told)
    return told if record.passed and not stands(newest, format_wall(health.now)) else ""


def _check(language: Language, checks: Standing, check: Check, health: HealthView) -> Card:
    name, record = language.say(NAMES[check]), checks.get(check)
    if record is None:
        return Card("sample", name, language.say("Not measured yet."), wants=True)
    when = forms.moment(language, forms.wall(record.recorded.wall))
    if not record.passed:
        return Card("warning", name, words.reason(language, record.problems[0]), wants=True)
    if not stands(record, format_wall(health.now)):
        return Card("clock", name, language.say("Too old: %(when)s.", when=when), wants=True)
    return Card("done", name, language.say("Passed, %(when)s.", when=when))


def _no_check(language: Language) -> Card:
    """Return that a demonstration's analyzer plays its samples in turn, so that none of them can be a blank."""
    text = language.say("Demonstration: the virtual analyzer has no blank.")
    return Card("sample", language.say("No daily check"), text)


def _battery(language: Language, station: Station) -> list[Card]:
    battery = station.surroundings.battery()
    if battery is None:
        return []
    title = language.say("Battery at %(share)s", share=forms.share(battery.percent / 100))
    if battery.percent < LOW_BATTERY and not battery.charging:
        return [Card("battery", title, language.say("Plug it in before the shift begins."), wants=True)]
    return [Card("battery", title, language.say("It is enough to begin."))]


def _clock(language: Language, health: HealthView) -> Card:
    title, text = (language.say(each) for each in words.CLOCK[health.clock])
    return Card("clock", title, text, health.clock != "synchronised")


def _instruments(language: Language, station: Station, health: HealthView) -> Card:
    title, text = (language.say(each) for each in words.ANALYZER[health.analyzer])
    gone = [role for role, port in station.ports().items() if role is not Role.ANALYZER and not port.attached]
    if gone:
        text = language.count(
            "%(number)s other instrument is not there.", "%(number)s other instruments are not there.", len(gone)
        )
    return Card("analyzer", title, text, wants=bool(gone) or health.analyzer in ("absent", "not-configured"))
