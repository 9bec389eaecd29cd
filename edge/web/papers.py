"""What a screen says of a sealed record: its number, its digest, who can open it, and how far it has travelled."""

from dataclasses import dataclass

from edge.station import Station
from edge.views import ReadingView
from edge.web import forms, words
from edge.web.translations import Language


@dataclass(frozen=True)
class Fact:
    """A name and what stands beside it; `kind` tells the template how to set it."""

    name: str
    value: str
    kind: str = ""


@dataclass(frozen=True)
class Paper:
    """The record, and the technical data behind it."""

    record: tuple[Fact, ...]
    technical: tuple[Fact, ...]


def paper(language: Language, station: Station, reading: ReadingView) -> Paper:
    """Return what to show of the record of `reading`."""
    return Paper(tuple(_record(language, station, reading)), tuple(_technical(language, reading)))


def _record(language: Language, station: Station, reading: ReadingView) -> list[Fact]:
    facts = [Fact(language.say("Measured"), forms.moment(language, forms.wall(reading.started.wall)))]
    if reading.seq is None:
        return [*facts, Fact(language.say("Record"), language.say("Not sealed: nothing was saved"))]
    envelope, sending = station.envelope(reading.seq), words.SENDING[reading.sync or "waiting"]
    recipients = [
        f"{language.say(words.PURPOSES[purpose]) if purpose in words.PURPOSES else purpose} {kid[:8]}"
        for purpose, kid in envelope.sealed_to
    ]
    return [
        *facts,
        Fact(language.say("Number"), f"{station.settings.station} · {forms.number(reading.seq)}"),
        Fact(language.say("Digest"), forms.digest(envelope.digest), "hash"),
        Fact(language.say("Sealed to"), " · ".join(recipients)),
        Fact(language.say("Sending"), language.say(sending)),
        Fact(language.say("National log"), _log(language, reading)),
    ]


def _log(language: Language, reading: ReadingView) -> str:
    if reading.log_index is None:
        return language.say("no receipt yet")
    return language.say("entry %(index)s, receipt verified", index=forms.number(reading.log_index))


def _technical(language: Language, reading: ReadingView) -> list[Fact]:
    part = reading.record.readings[0] if reading.record else None
    if part is None:
        return []
    instrument = part.instrument
    named = f"{instrument.maker} {instrument.model}, {instrument.serial_number}" if instrument else "–"
    identification = part.identification
    facts = [
        Fact(language.say("Analyzer"), named),
        Fact(language.say("Firmware"), instrument.firmware if instrument else "–"),
        Fact(language.say("Raw bytes"), forms.digest(part.transcript_digest.hex()[:16]), "hash"),
    ]
    if identification:
        facts += [
            Fact(language.say("Library"), forms.digest(identification.library[:16]), "hash"),
            Fact(language.say("Model"), forms.digest(identification.bundle[:16]), "hash"),
        ]
    return [*facts, Fact(language.say("Software"), reading.record.software if reading.record else "–")]

