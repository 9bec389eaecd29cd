"""From a reading to what its screen says: the conclusion in words, why, what to do, and how sure."""

from collections.abc import Mapping
from dataclasses import dataclass

from edge.checking import MISSING, failed_of
from edge.hazards import hazard_of, hazard_of_family
from edge.views import ReadingView
from edge.web import law_words, stereo_words, words
from edge.web.coaching import fix_of, primary_of
from edge.web.concluded import NAMED, REFERRED, Concluded, is_held
from edge.web.confidence import Curve
from edge.web.first_aid import hazard_card
from edge.web.headline import Headline
from edge.web.naming import Naming
from edge.web.notes import Notes
from edge.web.possibilities import Possibilities
from edge.web.referral import Referral
from edge.web.results import Primary, Result
from edge.web.translations import Language
from models.catalogue import Catalogue
from models.conclusion import Reason
from models.reach import Reach

PRIMARY: Mapping[str, Primary] = {"alarm": "case", "caution": "repeat", "no_alarm": "finish", "fault": "coach"}
COACHED: Mapping[str, Primary] = {"repeat": "repeat", "shift": "shift", "back": "coach"}
"""What comes next where nothing is concluded, by what the coach would do."""


@dataclass(frozen=True)
class Reader:
    """Puts readings into words of one language, with one catalogue's names and standings and measured frequencies.

    `reach` is what the station can recognise at all.
    """

    language: Language
    catalogue: Catalogue
    curve: Curve
    reach: Reach

    def result(self, reading: ReadingView) -> Result:
        """Return what to show of a finished reading."""
        concluded, held, naming = Concluded.of(self.catalogue, reading), is_held(reading), self._naming
        possibilities = Possibilities(naming, self.curve, self.reach, concluded)
        headline, referral = Headline(naming, concluded), Referral(naming, concluded)
        kind, codes, referred = concluded.kind, concluded.codes, concluded.kind in REFERRED
        why = Notes("note", self.language.say("Why"), tuple(words.reason(self.language, code) for code in codes))
        hazard, doubt = self._hazard(concluded), self._doubt(reading)
        card = hazard_card(self.language, hazard)
        return Result(
            kind=kind,
            word=self.language.say(words.CONCLUSIONS[kind]),
            substance=headline.name(),
            also=headline.also(),
            brief=headline.name() if kind in NAMED else headline.signs() or why.lines[0],
            sure=possibilities.sure(concluded.only) if concluded.only and not doubt else None,
            first=card if referred else self._grounds(concluded, why),
            second=referral.card() if referred else self._steps(concluded),
            card=card,
            law=referral.law() if referred else (),
            why=why,
            found=() if held else possibilities.found(),
            others=() if held else possibilities.others(),
            primary=PRIMARY.get(kind) or COACHED[primary_of(codes)],
            lists=law_words.lists(self.language, concluded.listing) if concluded.listing else "",
            codes=tuple(codes),
            hazard=hazard if referred or held or concluded.signs else "",
            papers=referred and not words.PAPERS.isdisjoint(codes),
            stereo=self._stereo(concluded),
            named=concluded.only is not None,
            suspected=bool(concluded.suspects),
            doubt=doubt,
        )

    @property
    def _naming(self) -> Naming:
        return Naming(self.language, self.catalogue)

    def _doubt(self, reading: ReadingView) -> str:
        failed = dict.fromkeys(failed_of(reading.record)) if reading.record else {}
        said = " ".join(words.reason(self.language, code) for code in failed)
        return self.language.say("The last check of the analyzer did not pass. %(why)s", why=said) if said else ""

    def _stereo(self, concluded: Concluded) -> tuple[str, ...]:
        if Reason.STEREOISOMERS_NOT_TOLD_APART not in concluded.codes:
            return ()
        named = {each.inchikey: each for each in (*concluded.hits[:1], *concluded.components)}.values()
        forms = (form for each in named for form in self._naming.forms(concluded.identification, each))
        return tuple(stereo_words.whole(self.language, self.catalogue, form) for form in forms)

    def _grounds(self, concluded: Concluded, why: Notes) -> Notes:
        if concluded.kind != "no_alarm":
            return why
        library = concluded.identification.library if concluded.identification else ""
        listed, reached = self.reach.listed(self.catalogue, library)
        known = self.language.say(
            "Of %(count)s controlled or watched substances it knows %(known)s, and recognised none.",
            count=listed,
            known=reached,
        )
        return Notes(why.picture, why.title, (known, *why.lines))

    def _steps(self, concluded: Concluded) -> Notes:
        lines = words.NO_ALARM_STEPS
        if concluded.kind != "no_alarm":
            hazard = hazard_of(self.catalogue, concluded.identification)
            protection = [words.HAZARDS[hazard][1]] if MISSING in concluded.codes else []
            lines = (*protection, *(text for _, text in fix_of(concluded.codes)))
        said = tuple(self.language.say(line) for line in lines)
        return Notes("repeat", self.language.say("What to do now"), said, numbered=True)

    def _hazard(self, concluded: Concluded) -> str:
        """Return the key of the hazard of what it names or has signs of."""
        if concluded.signs:
            return hazard_of_family(self.catalogue, concluded.signs)
        return hazard_of(self.catalogue, concluded.identification)
