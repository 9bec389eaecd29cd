"""How the station is, and how its records travel."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response

from edge.access import signed_in, station_of
from edge.station import Station
from edge.views import HealthView, OperatorView
from edge.web import forms, words
from edge.web.screen import Page, screens_of
from edge.web.translations import Language
from edge.web.troubles import LITTLE_DISK
from sync.losses import Loss
from sync.outbox import OutboxState

router = APIRouter(route_class=Page, include_in_schema=False)
Officer = Annotated[OperatorView, Depends(signed_in)]
TheStation = Annotated[Station, Depends(station_of)]


@dataclass(frozen=True)
class Card:
    """One state: a picture, what it is, and what to know or do; `wants` somebody to act."""

    picture: str
    title: str
    text: str
    wants: bool = False


@router.get("/device")
def device(request: Request, station: TheStation, operator: Officer) -> Response:
    """Show how the station is."""
    screens, health = screens_of(request), station.health()
    language = screens.language(request)
    cards = [_analyzer(language, health), _clock(language, health), _disk(language, health), _key(language, health)]
    return screens.show(request, "device.html", operator, cards=cards, health=health)


@router.get("/sync")
def sync(request: Request, station: TheStation, operator: Officer) -> Response:
    """Show what waits to be sent, why, and what arrived last."""
    screens, state = screens_of(request), station.sending.state()
    language, now = screens.language(request), station.health().now
    loss = station.sending.loss()
    cards = [_waiting(language, state, now), _lost(language, loss) if loss else _last(language, state)]
    steps = _steps(language, state, unsent=_unsent(station) or _over(station, now))
    return screens.show(request, "sync.html", operator, cards=cards, steps=steps)


def _analyzer(language: Language, health: HealthView) -> Card:
    title, text = (language.say(each) for each in words.ANALYZER[health.analyzer])
    return Card("analyzer", title, text, health.analyzer in ("absent", "not-configured"))


def _clock(language: Language, health: HealthView) -> Card:
    title, text = (language.say(each) for each in words.CLOCK[health.clock])
    return Card("clock", title, f"{forms.moment(language, health.now)}. {text}", health.clock != "synchronised")


def _disk(language: Language, health: HealthView) -> Card:
    little = health.disk_free < LITTLE_DISK
    title = language.say("%(size)s free", size=forms.size(health.disk_free))
    if little:
        return Card(
            "disk", title, language.say("Little room is left. Connect the station so that it can send."), wants=True
        )
    return Card("disk", title, language.say("There is room for more records."))


def _key(language: Language, health: HealthView) -> Card:
    if health.demo_key:
        text = language.say("The key lies in a plain file: for demonstrations only. Nothing here is evidence.")
        return Card("key", language.say("Demonstration key"), text, wants=True)
    return Card("key", language.say("Key kept by the device"), language.say("Whoever takes the disk cannot read it."))


def _waiting(language: Language, state: OutboxState, now: datetime) -> Card:
    if not state.waiting:
        return Card("done", language.say("Everything was sent"), language.say("The national centre has every record."))
    title = language.count("%(number)s record waits", "%(number)s records wait", state.waiting)
    lines = [language.say("Nothing is lost: records stay here until a receipt comes.")]
    if state.oldest and now - state.oldest >= timedelta(minutes=1):
        lines.append(language.say("The oldest has waited %(time)s.", time=forms.span(language, now - state.oldest)))
    if state.attempts:
        lines.append(language.count("%(number)s attempt so far.", "%(number)s attempts so far.", state.attempts))
    if state.next_attempt:
        lines.append(language.say("Next attempt at %(hour)s.", hour=forms.hour(state.next_attempt)))
    return Card("queue", title, " ".join(lines), state.refused > 0)


def _last(language: Language, state: OutboxState) -> Card:
    if state.last_receipt is None or state.last_log_index is None:
        return Card(
            "record", language.say("No receipt yet"), language.say("The first one comes with the first sending.")
        )
    index = forms.number(state.last_log_index)
    return Card(
        "record", language.say("Last receipt: entry %(index)s", index=index), forms.moment(language, state.last_receipt)
    )


def _lost(language: Language, loss: Loss) -> Card:
    title = language.count("The centre lost %(number)s record", "The centre lost %(number)s records", loss.entries)
    if not loss.entries:
        title = language.say("The centre lost attachments of records")
    return Card("warning", title, language.say(words.CENTRE_WENT_BACK), wants=True)


def _unsent(station: Station) -> str | None:
    """Return why there is no way to a centre."""
    if station.sending.relay:
        return None
    return words.NO_CENTRE if station.settings.central is None else words.NO_CERTIFICATE


def _over(station: Station, now: datetime) -> str | None:
    end = station.sending.certificate_end()
    return words.CERTIFICATE_OVER if end and end <= now else None


def _steps(language: Language, state: OutboxState, *, unsent: str | None) -> list[str]:
    if state.refusal and not unsent:
        return [language.say(words.REFUSALS.get(state.refusal, words.REFUSED_UNREAD))]
    if not state.waiting:
        return []
    if unsent:
        return [language.say(unsent)]
    if state.attempts:
        return [
            language.say("The national centre does not answer."),
            language.say("Check the network cable or the radio. Sending goes on by itself, without end."),
        ]
    return [language.say("It is on its way. You need to do nothing.")]
