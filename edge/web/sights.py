"""What an instrument beside the analyzer tells, in words: now, and as it stands on record."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import TypeVar

from drivers.code_reader.codes import Symbology
from drivers.documents.recognition import CHECK_DIGIT, CONTAINER, PERSONAL, POSTAL_ITEM
from drivers.errors import (
    BadFrame,
    DriverError,
    InstrumentFault,
    NoResponse,
    PortAmbiguous,
    PortLost,
    PortUnavailable,
    WrongInstrument,
)
from drivers.nmea.fix import NoFix
from drivers.scales.weight import Load, Weight, WeightRefused
from edge.companions import Companions
from edge.observation_records import code_part, code_text, position_part
from edge.positioning import Located
from edge.subject_records import seal_number
from edge.web import forms
from edge.web.subject_words import WRONG_DIGIT
from edge.web.translations import Language
from edge.web.translations import mark as _
from edge.weighing import Kind, require_kind
from sync.contract.observations import CodePart, ObservationCore, PositionPart

LONGEST = 60
LINES = 5
Told = TypeVar("Told")

FAULTS: Mapping[type[DriverError], str] = {
    PortAmbiguous: _("Two instruments have the same name here. Unplug the one that was added, or call the technician."),
    PortUnavailable: _("It cannot be reached. Check its cable, and that it is on."),
    PortLost: _("Its cable was pulled. Plug it in again."),
    NoResponse: _("It does not answer. Check its cable, and that it is on."),
    WrongInstrument: _("Another instrument is on its port. Plug each cable into its own, or call the technician."),
    BadFrame: _("It sends what cannot be understood. Check its cable; then call the technician."),
    InstrumentFault: _("It reports a fault of its own. Look at its own display."),
}
REFUSALS: Mapping[str, str] = {
    "unstable": _("The load does not come to rest. Keep wind and hands off the pan, and weigh again."),
    "overload": _("The load is too heavy for the scale."),
    "underload": _("The pan is lifted or missing. Put it back, set the scale to zero, and weigh again."),
    "not-a-mass": _("The scale shows a count or another unit. Set it to grams."),
    "zero-in-doubt": _("The zero is in doubt. Empty the pan, touch Set to zero, and weigh again."),
    "changed": _("The scale shows another weight now. Look at it, and take it again."),
    "other-scale": _("Another scale answers now. Look at its weight, and take it again."),
    "restarted": _("The scale was switched on anew. Look at its weight, and take it again."),
    "empty": _("The scale shows zero. Lay the exhibit on the pan."),
    "below-zero": _("The scale shows less than nothing. Empty the pan, and touch Set to zero."),
    "tared": _("The scale has a tare: what it shows is net. Take it as net; or empty the pan, and touch Set to zero."),
    "stopped": _("Weighing was stopped."),
}
NO_FIXES: Mapping[str, str] = {
    "no-fix": _("The receiver has no position yet. Its antenna must see the sky."),
    "stale": _("The receiver's last position is too old. Wait, or move the antenna."),
    "untold": _("The receiver speaks, but tells no position. Call the technician: it must send GGA and RMC."),
    "silent": _("The receiver says nothing. Check its cable, and that it is on."),
}
DOUBTS: Mapping[str, str] = {
    "estimated": _("The receiver estimates: it does not measure now."),
    "manual": _("The position was entered by hand."),
    "simulator": _("The receiver is a simulator."),
    "one-sentence": _("Only one message tells it: nothing confirms it."),
    "weak": _("Too few satellites, or badly placed ones."),
    "no-date": _("The receiver tells no date."),
    "dates-differ": _("The receiver tells two dates."),
    "before-build": _("The receiver's date cannot be right."),
    "week-rollover": _("The receiver's date is years back: its week counter has run over."),
    "station-date": _("The receiver's date is not this station's."),
    "jump": _("Its place or time has jumped, faster than anyone travels."),
}
ELEMENTS: Mapping[str, str] = {
    "00": _("Pallet number"),
    "01": _("Product number"),
    "10": _("Lot"),
    "11": _("Made on"),
    "15": _("Best before"),
    "17": _("Use by"),
    "21": _("Serial number"),
    "37": _("Count"),
    "310": _("Net weight in kg"),
}
"""What an officer reads for the elements of a GS1 code that stand on boxes; the others keep their title."""
SYSTEMS: Mapping[str, str] = {
    "GP": "GPS",
    "GL": "GLONASS",
    "GA": "Galileo",
    "GB": "BeiDou",
    "BD": "BeiDou",
    "GQ": "QZSS",
    "GN": _("several systems"),
}
"""Who sends, by the first letters of a receiver's sentence."""

SYMBOLOGIES: Mapping[str, str] = {
    Symbology.CODE_39: "Code 39",
    Symbology.CODE_128: "Code 128",
    Symbology.EAN_UPC: "EAN/UPC",
    Symbology.CODABAR: "Codabar",
    Symbology.CODE_93: "Code 93",
    Symbology.ITF: "ITF",
    Symbology.PDF417: "PDF417",
    Symbology.MAXICODE: "MaxiCode",
    Symbology.QR: "QR",
    Symbology.DATA_MATRIX: "Data Matrix",
    Symbology.DATABAR: "GS1 DataBar",
    Symbology.AZTEC: "Aztec",
    Symbology.DOT_CODE: "DotCode",
}
"""Names of what was printed, alike in every language."""

KINDS: Mapping[str, str] = {
    CONTAINER: _("Container number, its check digit is right"),
    POSTAL_ITEM: _("Postal item, its check digit is right"),
    PERSONAL: _("A person's document: no personal data are kept"),
}


@dataclass(frozen=True)
class Sight:
    """One instrument on its screen.

    `ready`: what it tells may go on record, with `hidden` to say which it was; `zeroes`: it can be set to zero.
    """

    picture: str
    title: str
    value: str
    lines: tuple[str, ...]
    verb: str
    ready: bool = False
    zeroes: bool = False
    hidden: dict[str, str] = field(default_factory=dict[str, str])


@dataclass(frozen=True)
class Sights:
    """Looks at a post's companions in one language. Looking never raises for what an instrument does."""

    language: Language
    companions: Companions
    seconds: Callable[[], float]

    def weight(self, kind: Kind | None = None) -> Sight:
        """Look at the scale; `kind` is which weight of a thing is asked for, if one is."""
        say = self.language.say
        title, verb = say("Weight"), say("Take this weight")
        if self.companions.scale is None:
            return Sight("weight", title, forms.NOTHING, (say("No scale is set up at this station."),), verb)
        told = self._told(self.companions.scale.look)
        if isinstance(told, str):
            return Sight("weight", title, forms.NOTHING, (told,), verb, zeroes=True)
        wrong = self._wrong(told, kind)
        tare = (say("Tare on the scale: %(weight)s", weight=told.tare.shown),) if told.tare and told.tare.value else ()
        lines, hidden = (wrong or say("At rest"), *tare), {"seen": told.shown}
        return Sight("weight", title, _shown(told), lines, verb, not wrong, zeroes=True, hidden=hidden)

    def position(self) -> Sight:
        """Look at the satellite receiver."""
        say = self.language.say
        title, verb = say("Position"), say("Put this position on record")
        if self.companions.receiver is None:
            return Sight("post", title, forms.NOTHING, (say("No satellite receiver is set up at this station."),), verb)
        told = self._told(self.companions.receiver.locate)
        if isinstance(told, str):
            return Sight("post", title, forms.NOTHING, (told,), verb)
        part = position_part(told.fix, told.age_s)
        return Sight("post", title, place(self.language, part), tuple(self._position(told, part)), verb, ready=True)

    def code(self, place: str) -> Sight:
        """Look at what was scanned last for the screen at `place`."""
        say = self.language.say
        title, verb = say("Code"), say("Put this code on record")
        reader = self.companions.reader
        if reader is None:
            return Sight("code", title, forms.NOTHING, (say("No code reader is set up at this station."),), verb)
        trouble, scanned = self.unread(), reader.scanned(place)
        wrong = (trouble,) if trouble else ()
        if not scanned:
            return Sight("code", title, forms.NOTHING, wrong or (say("Scan a code with the reader."),), verb)
        latest = scanned[-1]
        part = code_part(latest.code)
        since = self.seconds() - latest.at
        ago = say("Scanned just now") if since < 1 else say("Scanned %(time)s ago", time=self._ago(since))
        lines = (*wrong, *self._code(part), ago)
        ready, hidden = part.kind != PERSONAL, {"number": str(latest.number)}
        value = _short(latest.code.text) if ready else forms.NOTHING
        return Sight("code", title, value, lines, verb, ready, hidden=hidden)

    def seal(self, place: str) -> Sight:
        """Look at what was scanned last for the screen at `place`, as the number of a seal."""
        sight, reader = self.code(place), self.companions.reader
        scanned, trouble = reader.scanned(place) if reader else [], self.unread()
        number = seal_number(scanned[-1].code.text) if scanned and not trouble else ""
        unfit = self.language.say("That is no seal number. Scan the one printed on the seal.")
        note = trouble or (unfit if scanned and not number else sight.lines[-1])
        hidden = {"number": number, "scan": str(scanned[-1].number)} if number else {}
        return replace(sight, value=number, lines=(note,), ready=bool(number), hidden=hidden)

    def unread(self) -> str:
        """Return why nothing can be scanned, or what was wrong with the last scan."""
        problem = self.companions.reader.problem if self.companions.reader else None
        if isinstance(problem, BadFrame) and not isinstance(problem, WrongInstrument):
            return self.language.say("The code did not come whole. Scan it again, one code at a time.")
        return self.fault(problem) if problem else ""

    def recorded(self, record: ObservationCore) -> str:
        """Return one line for what is on record."""
        when = forms.hour(forms.wall(record.recorded.wall))
        if record.weight:
            return f"{when}  {record.weight.value}{forms.SPACE}{record.weight.unit}"
        if record.position:
            doubt = f" ({self.language.say('doubtful')})" if record.position.doubts else ""
            return f"{when}  {place(self.language, record.position)}{doubt}"
        return f"{when}  {_short(code_text(record.code))}" if record.code else when

    def fault(self, error: DriverError) -> str:
        """Return what is wrong with an instrument, and what to do."""
        if isinstance(error, WeightRefused):
            return self.language.say(REFUSALS.get(error.code, REFUSALS["unstable"]))
        if isinstance(error, NoFix):
            return self.language.say(NO_FIXES.get(error.code, NO_FIXES["no-fix"]))
        known = next((words for kind, words in FAULTS.items() if isinstance(error, kind)), FAULTS[BadFrame])
        return self.language.say(known)

    def _told(self, look: Callable[[], Told]) -> Told | str:
        try:
            return look()
        except DriverError as error:
            return self.fault(error)

    def _wrong(self, weight: Weight, kind: Kind | None) -> str:
        """Return why a weight cannot be taken yet; nothing where it can."""
        if weight.load is Load.WITHIN and not weight.stable:
            return self.language.say("Not at rest yet")
        try:
            weight.require_stable()
            if kind:
                require_kind(weight, kind)
        except WeightRefused as error:
            return self.fault(error)
        return ""

    def _position(self, told: Located, part: PositionPart) -> list[str]:
        say = self.language.say
        satellites = forms.NOTHING if part.satellites is None else part.satellites
        system = say(SYSTEMS.get(part.source, SYSTEMS["GN"]))
        lines = [say("%(count)s satellites of %(system)s", count=satellites, system=system)]
        if told.fix.at:
            lines.append(say("Its own clock: %(moment)s", moment=forms.moment(self.language, told.fix.at)))
        doubts = [say("Doubtful: %(why)s", why=say(DOUBTS[doubt])) for doubt in part.doubts]
        return [*doubts, *lines][:LINES]

    def _code(self, part: CodePart) -> list[str]:
        say = self.language.say
        kind = say(KINDS[part.kind]) if part.kind and not part.problem else ""
        wrong = wrong_with(self.language, part)
        wrong = say("Something is wrong with it: %(what)s", what=wrong) if wrong else ""
        elements = [f"{say(ELEMENTS.get(each.ai, each.title))}: {each.value}" for each in part.elements]
        return [line for line in (wrong, kind, *elements, symbology(self.language, part)) if line][: LINES - 1]

    def _ago(self, seconds: float) -> str:
        if seconds < 60:  # noqa: PLR2004 - a minute
            return self.language.count("%(number)s second", "%(number)s seconds", int(seconds))
        return forms.span(self.language, timedelta(seconds=seconds))


def _shown(weight: Weight) -> str:
    return forms.NOTHING if weight.value is None else f"{weight.value:f}{forms.SPACE}{weight.unit}"


def place(language: Language, part: PositionPart) -> str:
    """Return a position in degrees, with the letters that this language has for the points of the compass."""
    north = language.say("N") if part.latitude >= 0 else language.say("S")
    east = language.say("E") if part.longitude >= 0 else language.say("W")
    return f"{abs(part.latitude):.5f}°{forms.SPACE}{north}, {abs(part.longitude):.5f}°{forms.SPACE}{east}"


def symbology(language: Language, part: CodePart) -> str:
    """Return the name of what was printed."""
    return SYMBOLOGIES.get(part.symbology) or language.say("no symbology told")


def wrong_with(language: Language, part: CodePart) -> str:
    """Return what is wrong with a code, or nothing; its record has that in English, and in detail."""
    if not part.problem:
        return ""
    if part.problem.startswith(CHECK_DIGIT):
        return language.say(WRONG_DIGIT)
    return language.say("its content is not as GS1 asks")


def _short(text: str) -> str:
    """Return `text` on one line, printable, cut where it is long."""
    plain = "".join(mark if mark.isprintable() else "·" for mark in text)
    return plain if len(plain) <= LONGEST else f"{plain[:LONGEST]}..."
