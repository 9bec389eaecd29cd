"""What a screen says of a record: number and digest, who can open it, how far it travelled, what measured it."""

from dataclasses import dataclass

from edge.listings import listing_of
from edge.raw import TRANSCRIPT
from edge.station import Station
from edge.views import Interruption, ReadingView
from edge.web import forms, words
from edge.web.translations import Language
from sync.contract.records import ReadingPart

_SAID_BY_ITSELF = {
    Interruption.NOT_READY,
    Interruption.INSTRUMENT_FAULT,
    Interruption.OVERLOAD,
    Interruption.BATTERY_LOW,
    Interruption.TOO_HOT,
    Interruption.NO_SAMPLE,
}


@dataclass(frozen=True)
class Fact:
    """A name and what stands beside it; `kind` tells the template how to set it."""

    name: str
    value: str
    kind: str = ""


def record_facts(language: Language, station: Station, reading: ReadingView) -> list[Fact]:
    """Return what to show of the sealed record of `reading`."""
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


def own_words(reading: ReadingView) -> str:
    """Return what the analyzer itself said went wrong, with its code, without its port; empty where it said nothing."""
    if reading.record is None or reading.problem not in _SAID_BY_ITSELF:
        return ""
    said = reading.record.readings[0].problem or ""
    return said.partition(": ")[2] or said


def technical_facts(language: Language, reading: ReadingView) -> list[Fact]:
    """Return what an expert needs to do the reading again."""
    if reading.record is None:
        return [Fact(language.say("Record"), language.say("Not sealed: nothing was saved"))]
    part = reading.record.readings[0]
    identification, transcript = part.identification, part.attachment(TRANSCRIPT)
    listing = listing_of(identification)
    digests = (identification.library, identification.bundle) if identification else ("", "")
    return [
        Fact(language.say("Analyzer"), _instrument(part)),
        Fact(language.say("Raw bytes"), forms.digest(transcript.digest.hex()) if transcript else forms.NOTHING, "hash"),
        Fact(language.say("Library"), forms.digest(digests[0]), "hash"),
        Fact(language.say("Model"), forms.digest(digests[1]), "hash"),
        Fact(language.say("Lists"), forms.digest(listing.digest if listing else ""), "hash"),
        Fact(language.say("Software"), reading.record.software),
    ]


def _instrument(part: ReadingPart) -> str:
    found = part.instrument
    return f"{found.maker} {found.model} · {found.serial_number} · {found.firmware}" if found else forms.NOTHING
