"""From a reading to what its screen says: the conclusion in words, why, what to do, and how sure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from edge.views import ReadingView
from edge.web import words
from edge.web.confidence import Sure, sure
from edge.web.translations import Language
from models.catalogue import Catalogue, Substance
from sync.contract.records import FamilyPart, HitPart, IdentificationPart

Kind = Literal["alarm", "caution", "no_alarm", "inconclusive", "fault", "stopped"]
REFERRED = ("alarm", "caution")


@dataclass(frozen=True)
class Notes:
    """A heading and a few lines."""

    title: str
    lines: tuple[str, ...]


@dataclass(frozen=True)
class Possibility:
    """A substance offered, and how sure."""

    name: str
    isomers: str
    sure: Sure | None


@dataclass(frozen=True)
class Result:
    """All that the screen of a result says, in the language of the screen."""

    kind: Kind
    word: str
    substance: str
    also: str
    sure: Sure | None
    why: Notes
    steps: tuple[str, ...]
    hazard: Notes | None
    standing: tuple[tuple[str, str], ...]
    others: tuple[Possibility, ...]
    refer: bool
    primary: Literal["record", "repeat", "finish"]


@dataclass(frozen=True)
class Reader:
    """Puts readings into words of one language, with the names and standings of one catalogue."""

    language: Language
    catalogue: Catalogue
    calibration: str
    """How many readings the shown frequencies come from, as the bundle says; empty where it has no calibration."""

    def result(self, reading: ReadingView) -> Result:
        """Return what to show of a finished reading."""
        kind, identification = _kind(reading), _identification(reading)
        offered = identification.hits if identification and kind in (*REFERRED, "no_alarm") else []
        best = self.catalogue.find(offered[0].inchikey) if offered else None
        codes = _codes(reading, identification)
        return Result(
            kind=kind,
            word=self.language.say(words.CONCLUSIONS[kind]),
            substance=self.name(offered[0]) if offered else words.reason(self.language, codes[0]),
            also=self._isomers(offered[0]) if offered else "",
            sure=sure(self.language, offered[0].probability, self.calibration) if offered else None,
            why=Notes(self.language.say("Why"), self._why(kind, codes, identification)),
            steps=self._steps(kind, codes),
            hazard=self._hazard(best) if kind in REFERRED else None,
            standing=self._standing(best) if kind in REFERRED else (),
            others=tuple(self._possibilities(identification)),
            refer=kind in REFERRED,
            primary="record" if kind in REFERRED else "finish" if kind == "no_alarm" else "repeat",
        )

    def name(self, hit: HitPart) -> str:
        """Return the substance's name in the language of the screen."""
        return self._name(self.catalogue.find(hit.inchikey), hit.name)

    def _name(self, substance: Substance | None, otherwise: str) -> str:
        if substance is None:
            return otherwise
        return substance.name_es or substance.name if self.language.code == "es" else substance.name

    def _isomers(self, hit: HitPart) -> str:
        if not hit.isomers:
            return ""
        by_name = {substance.name: substance for substance in self.catalogue.substances}
        return ", ".join(self._name(by_name.get(name), name) for name in hit.isomers)

    def _why(self, kind: Kind, codes: Sequence[str], identification: IdentificationPart | None) -> tuple[str, ...]:
        lines = [words.reason(self.language, code) for code in codes]
        lines += [words.family(self.language, each.family) for each in _families(kind, identification)]
        if kind == "no_alarm":
            known = self.language.say(
                "Nothing of the list was recognised (%(count)s substances).", count=len(self.catalogue.substances)
            )
            lines += [known, self.language.say("It does not mean that it is safe.")]
        return tuple(lines)

    def _steps(self, kind: Kind, codes: Sequence[str]) -> tuple[str, ...]:
        if kind == "no_alarm":
            return (
                self.language.say("Go on with the inspection as the rules say."),
                self.language.say("If you still doubt, take another reading."),
            )
        steps = dict.fromkeys(step for code in codes for step in words.STEPS.get(code, ()))
        return tuple(self.language.say(step) for step in steps)

    def _hazard(self, substance: Substance | None) -> Notes:
        key = substance.hazard if substance and substance.hazard in words.HAZARDS else "H12-PREC"
        title, *lines = (self.language.say(line) for line in words.HAZARDS[key])
        return Notes(title, tuple(lines))

    def _standing(self, substance: Substance | None) -> tuple[tuple[str, str], ...]:
        united_nations, mexico = (substance.un_control, substance.mexico_control) if substance else ("unverified",) * 2
        return (
            (self.language.say("UN"), words.un_standing(self.language, united_nations)),
            (self.language.say("Mexico"), words.mexico_standing(self.language, mexico)),
        )

    def _possibilities(self, identification: IdentificationPart | None) -> Iterator[Possibility]:
        for hit in identification.hits if identification else ():
            yield Possibility(
                self.name(hit), self._isomers(hit), sure(self.language, hit.probability, self.calibration)
            )


def _kind(reading: ReadingView) -> Kind:
    if reading.state == "stopped":
        return "stopped"
    if reading.state == "done" and reading.record:
        return reading.record.conclusion
    return "fault"


def _identification(reading: ReadingView) -> IdentificationPart | None:
    return reading.record.readings[0].identification if reading.record else None


def _codes(reading: ReadingView, identification: IdentificationPart | None) -> Sequence[str]:
    if reading.problem:
        return [reading.problem]
    return identification.reasons if identification and identification.reasons else ["internal-error"]


def _families(kind: Kind, identification: IdentificationPart | None) -> Sequence[FamilyPart]:
    if identification is None or kind != "inconclusive" or "family-only" not in identification.reasons:
        return []
    return identification.families[:1]
