"""From a reading to what its screen says: the conclusion in words, why, what to do, and how sure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from edge.checking import MISSING, failed_of, held_of
from edge.hazards import LIKELY, hazard_of, hazard_of_family
from edge.listings import listing_of, newest_listing
from edge.stereoisomers import forms_of
from edge.views import ReadingView
from edge.web import forms, law_words, stereo_words, words
from edge.web.coaching import fix_of
from edge.web.confidence import Curve, Sure
from edge.web.indications import indicated
from edge.web.translations import Language
from models.catalogue import Catalogue, Standing, Substance
from models.conclusion import Reason
from models.reach import Reach
from models.schedules import NONE
from sync.contract.listing import ListingPart
from sync.contract.records import ComponentPart, HitPart, IdentificationPart
from sync.contract.stereoisomers import FormPart
from sync.contract.suspects import suspects_of

Kind = Literal["alarm", "caution", "no_alarm", "inconclusive", "fault", "stopped"]
Primary = Literal["case", "repeat", "finish", "coach", "compare"]
REFERRED = ("alarm", "caution")
NAMED = (*REFERRED, "no_alarm")
PRIMARY: Mapping[str, Primary] = {"alarm": "case", "no_alarm": "finish", "fault": "coach"}
ISOMERS_SHOWN, FORMS_SHOWN, MOST_FORMS, COMPONENTS_SHOWN = 3, 2, 9, 3
LEAST_POSSIBLE = 0.01
MOST_POSSIBLE = 5
MIXED_ROOM, FIRST_ROOM, ALSO_ROOM = 38, 24, 100
"""Characters that fit two lines: of a mixture's names, of one name and a count; and below them, of shares."""
HEADLINE, ALONE, BELOW, TITLE, NOTE, DENSE_NOTE = 24, 38, 64, 32, 33, 42
"""Characters that surely fit one line: of a headline beside how sure it is, of one alone, and below it; of a card."""
LAW_ROOM, LAW_LINE = 7.25, 37
"""Lines that surely fit the card of the law, with what lies between them, and letters that surely fit one."""
OTHERS_ROOM, BETWEEN, WIDE, ROW = 9, 0.25, 88, 48
"""Lines that fit the card of other possibilities and the reasons below it, and between two; letters of each."""
FEW, MOST_HEIGHT = 3, 29
"""Lines that a card writes large; and the room for a conclusion and its cards: a headline takes 5 of it, a line 4."""
MOST_WARNED = 2
"""Lines between a name and what to do against a danger to life."""
LARGE_TITLE, LARGE, LARGE_HEIGHT = 22, 25, 33
"""The same of a card that is written larger still: letters of its title and of a line, and the room; a line takes 5."""


@dataclass(frozen=True)
class Notes:
    """A picture, a heading and a few lines; steps to take are numbered."""

    picture: str
    title: str
    lines: tuple[str, ...]
    numbered: bool = False

    @property
    def height(self) -> int:
        """How many lines it takes where it is written large."""
        return _lines(self.title, LARGE_TITLE) + sum(_lines(line, LARGE) for line in self.lines)


@dataclass(frozen=True)
class Possibility:
    """A substance offered, what it may be instead (all, and what a row has room for), its family, and how sure.

    `share` is what it gives of the signal, where a mixture was found to have it.
    """

    name: str
    isomers: str
    short: str
    family: str
    sure: Sure | None
    share: str = ""


@dataclass(frozen=True)
class Result:
    """All that the screen of a result says, in the language of the screen. `brief` is for one line of a list.

    `lists` says by which lists it was judged; `codes` are its reasons; `hazard` is the key of what it resembles, and
    `card` says what to wear, `law` what every authority says of each substance; `papers`: it may be lawful, so papers
    come first. `found` is what a mixture is made of, the gravest first, `others` what else it resembles, or all that a
    reading of no mixture does. `stereo` has all that is known of each form that the reading does not tell from what it
    names; `suspected`: it rests on a suspect.
    """

    kind: Kind
    word: str
    substance: str
    also: str
    brief: str
    sure: Sure | None
    first: Notes
    second: Notes
    card: Notes
    law: tuple[str, ...]
    why: Notes
    found: tuple[Possibility, ...]
    others: tuple[Possibility, ...]
    primary: Primary
    lists: str
    codes: tuple[str, ...]
    hazard: str
    papers: bool
    stereo: tuple[str, ...]
    suspected: bool
    doubt: str = ""
    """That the analyzer's last check did not pass: then nothing measured says how sure it is."""

    @property
    def shown(self) -> tuple[Possibility, ...]:
        """Those of `found` and `others` that find room on the smallest panel, below which the reasons stand."""
        room, rows = OTHERS_ROOM - _lines(" ".join([self.why.title, *self.why.lines]), WIDE), list[Possibility]()
        for each in (*self.found, *self.others):
            room -= _lines(f"{each.name} {each.short}", ROW) + BETWEEN
            if room < 0 and rows:
                break
            rows.append(each)
        return tuple(rows)

    @property
    def room(self) -> int:
        """How many lines a card below the conclusion may take where it is written large."""
        below = _lines(self.also, BELOW) + _lines(self.doubt, BELOW)
        return (LARGE_HEIGHT - 5 * _lines(self.substance, HEADLINE) - 4 * below) // 5

    def contradicted(self, by: str) -> "Result":
        """Return it as it stands where other readings of the same thing say otherwise: they are compared first."""
        also = ". ".join(filter(None, [self.also.removesuffix("."), by]))
        return replace(self, also=also, primary="compare")

    @property
    def warned(self) -> str:
        """What stands below the name where a danger to life comes first: what it may be instead, if there is room."""
        if self.kind not in REFERRED:
            return self.brief
        told = ". ".join(filter(None, [self.also.removesuffix("."), self.second.title]))
        return told if _lines(told, BELOW) <= MOST_WARNED else self.second.title

    @property
    def is_crowded(self) -> bool:
        """Whether the conclusion and the fuller card below it take so much room that all must stand closer."""
        below = max(_height(each) for each in (self.first, self.second))
        above = 5 * _lines(self.substance, HEADLINE if self.sure else ALONE)
        above += 4 * (_lines(self.also, BELOW) + _lines(self.doubt, BELOW))
        return above + 4 * below > MOST_HEIGHT


@dataclass(frozen=True)
class _Case:
    """What a reading came to, sorted: `only` is the one substance it names, `family` the one family.

    `suspects` are those on whom it rests though they are not named, `signs` the dangerous family of which it has
    evidence though it concludes nothing.
    """

    kind: Kind
    codes: Sequence[str]
    hits: Sequence[HitPart]
    family: str | None
    only: HitPart | None
    components: Sequence[ComponentPart]
    suspects: Sequence[HitPart]
    unexplained: float
    signs: str
    identification: IdentificationPart | None

    @property
    def offered(self) -> Sequence[HitPart]:
        """All substances that it may be: who is named, who is suspected, then what else it resembles."""
        named = [self.only] if self.only else []
        return [*named, *self.suspects, *self.hits[len(named) :]]

    @property
    def listing(self) -> ListingPart | None:
        """The lists of its day; records made before lists had versions have none."""
        return listing_of(self.identification)


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
        case, held = self._case(reading), is_held(reading)
        why = Notes("note", self.language.say("Why"), tuple(words.reason(self.language, code) for code in case.codes))
        headline, referred = self._headline(case), case.kind in REFERRED
        doubt = self._doubt(reading)
        return Result(
            kind=case.kind,
            word=self.language.say(words.CONCLUSIONS[case.kind]),
            substance=headline,
            also=self._also(case),
            brief=headline if case.kind in NAMED else self._signs(case) or why.lines[0],
            sure=self._sure(case, case.only) if case.only and not doubt else None,
            first=self._hazard(case) if referred else self._grounds(case, why),
            second=self._referral(case) if referred else self._steps(case),
            card=self._hazard(case),
            law=self._law(case) if referred else (),
            why=why,
            found=() if held else self._found(case),
            others=() if held else tuple(self._possibility(case, hit) for hit in _others(case)),
            primary=PRIMARY.get(case.kind, "repeat"),
            lists=law_words.lists(self.language, case.listing) if case.listing else "",
            codes=tuple(case.codes),
            hazard=self._hazard_key(case) if referred or held or case.signs else "",
            papers=referred and not words.PAPERS.isdisjoint(case.codes),
            stereo=self._stereo(case),
            suspected=bool(case.suspects),
            doubt=doubt,
        )

    def _doubt(self, reading: ReadingView) -> str:
        failed = dict.fromkeys(failed_of(reading.record)) if reading.record else {}
        said = " ".join(words.reason(self.language, code) for code in failed)
        return self.language.say("The last check of the analyzer did not pass. %(why)s", why=said) if said else ""

    def _case(self, reading: ReadingView) -> _Case:
        kind, identification = _kind(reading), _identification(reading)
        codes, hits = _codes(reading, identification), identification.hits if identification else []
        families = identification.families if identification else []
        family = families[0].family if families and Reason.FAMILY_ONLY in codes else None
        suspects = suspects_of(identification)
        rests = not suspects or self._is_grave(hits)
        only = hits[0] if hits and rests and kind in NAMED and not family and Reason.AMBIGUOUS not in codes else None
        mixed = identification if identification and Reason.MIXTURE in codes else None
        components = mixed.components if mixed else ()
        unexplained = mixed.residual.share if mixed and mixed.residual else 0
        signs = indicated(self.catalogue, identification) if kind == "inconclusive" and not is_held(reading) else ""
        return _Case(kind, codes, hits, family, only, components, suspects, unexplained, signs, identification)

    def _is_grave(self, hits: Sequence[HitPart]) -> bool:
        """Tell whether a list has the first hit, so that the conclusion may rest on it."""
        substance = self.catalogue.find(hits[0].inchikey) if hits else None
        return substance is not None and substance.standing is not Standing.UNLISTED

    def _signs(self, case: _Case) -> str:
        said = self.language.say("Signs of: %(family)s", family=words.family(self.language, case.signs))
        return said if case.signs else ""

    def _name(self, name: str, substance: Substance | None) -> str:
        spanish = substance.spanish if substance and self.language.code == "es" else ""
        return spanish or (substance.name if substance else name.replace("_", " "))

    def _names(self, hits: Sequence[HitPart | ComponentPart]) -> list[str]:
        return [self._name(hit.name, self.catalogue.find(hit.inchikey)) for hit in hits]

    def _alike(self, case: _Case, hit: HitPart | ComponentPart, isomers: int, shown: int) -> str:
        """Return what it may be instead: at most so many isomers, and so many forms of the substance itself."""
        others = self._forms(case, hit)
        forms_said = stereo_words.offered(self.language, self.catalogue, others, shown)
        names = [name for name in hit.isomers if name not in {form.name for form in others}]
        return "; ".join(filter(None, (self._isomers(names, isomers), forms_said)))

    def _forms(self, case: _Case, hit: HitPart | ComponentPart) -> Sequence[FormPart]:
        substance = self.catalogue.find(hit.inchikey)
        return forms_of(case.identification, self.catalogue, hit.inchikey, substance.name if substance else hit.name)

    def _stereo(self, case: _Case) -> tuple[str, ...]:
        if Reason.STEREOISOMERS_NOT_TOLD_APART not in case.codes:
            return ()
        named = {each.inchikey: each for each in (*case.hits[:1], *case.components)}.values()
        forms_of_all = (form for each in named for form in self._forms(case, each))
        return tuple(stereo_words.whole(self.language, self.catalogue, form) for form in forms_of_all)

    def _isomers(self, isomers: Sequence[str], most: int) -> str:
        if not isomers:
            return ""
        known = {substance.name: substance for substance in self.catalogue.substances}
        names = [self._name(name, known.get(name)) for name in isomers]
        shown, more = ", ".join(names[:most]), len(names) - most
        if more > 0:
            return self.language.say("or an isomer: %(names)s and %(more)s more", names=shown, more=more)
        return self.language.say("or an isomer: %(names)s", names=shown)

    def _mixture(self, case: _Case) -> list[str]:
        """Names of a mixture's substances, the gravest first."""
        return self._names(
            [*filter(None, [case.only]), *(each for each in case.components if not _same(each, case.only))]
        )

    def _headline(self, case: _Case) -> str:
        if case.only and case.components:
            return self._mixed(self._mixture(case))
        if case.only:
            return self._names([case.only])[0]
        if case.family:
            return self.language.say("Likely family: %(family)s", family=words.family(self.language, case.family))
        if case.kind in NAMED and case.hits:
            return self.language.say("Perhaps %(names)s", names=" / ".join(self._names(case.offered[:2])))
        return self.language.say("Nothing is concluded about the sample")

    def _mixed(self, names: Sequence[str]) -> str:
        together = " + ".join(names)
        if len(names) > 1 and len(together) <= MIXED_ROOM:
            return self.language.say("Mixture: %(names)s", names=together)
        if len(names) > 1 and len(names[0]) <= FIRST_ROOM:
            return self.language.say("Mixture: %(first)s and %(more)s more", first=names[0], more=len(names) - 1)
        return self.language.say("Mixture with %(names)s", names=names[0])

    def _also(self, case: _Case) -> str:
        if case.kind == "no_alarm":
            return self.language.say("It does not mean that it is safe.")
        if case.signs:
            return ". ".join([self._signs(case), self.language.say("Protect yourself.")])
        said = self._alike(case, case.only, ISOMERS_SHOWN, FORMS_SHOWN) if case.only else ""
        said = self._shares(case) if case.components else said
        return ". ".join(filter(None, [self._suspected(case), said]))

    def _suspected(self, case: _Case) -> str:
        """Tell the likeliest suspect, what no spectrum tells from it, and how likely it is."""
        suspects = case.suspects[:1] if case.kind in REFERRED else ()
        for each, name in zip(suspects, self._names(suspects), strict=True):
            named = ", ".join(filter(None, [name, self._isomers(each.isomers, 1)]))
            return self.language.say(
                "Suspected: %(name)s (%(share)s)", name=named, share=forms.share(each.probability or 0.0)
            )
        return ""

    def _shares(self, case: _Case) -> str:
        """Tell the gravest that find room; `others` are those that found none and those too unsure to be named."""
        *parts, others, left = _shares(case)
        shown = list[str]()
        for name, share in zip(self._names(case.components), parts, strict=True):
            part = f"{name} {forms.share(share)}"
            if len(", ".join([*shown, part])) > ALSO_ROOM and shown:
                others = others + sum(parts[len(shown) :])
                break
            shown.append(part)
        if others >= LEAST_POSSIBLE:
            shown.append(self.language.say("other substances %(share)s", share=forms.share(others)))
        return self.language.say(
            "Of the signal: %(parts)s, unexplained %(left)s", parts=", ".join(shown), left=forms.share(left)
        )

    def _grounds(self, case: _Case, why: Notes) -> Notes:
        if case.kind != "no_alarm":
            return why
        library = case.identification.library if case.identification else ""
        listed, reached = self.reach.listed(self.catalogue, library)
        known = self.language.say(
            "Of %(count)s controlled or watched substances it knows %(known)s, and recognised none.",
            count=listed,
            known=reached,
        )
        return Notes(why.picture, why.title, (known, *why.lines))

    def _steps(self, case: _Case) -> Notes:
        lines = words.NO_ALARM_STEPS
        if case.kind != "no_alarm":
            hazard = hazard_of(self.catalogue, case.identification)
            protection = [words.HAZARDS[hazard][1]] if MISSING in case.codes else []
            lines = (*(text for _, text in fix_of(case.codes)), *protection)
        said = tuple(self.language.say(line) for line in lines)
        return Notes("repeat", self.language.say("What to do now"), said, numbered=True)

    def _hazard_key(self, case: _Case) -> str:
        by_name = hazard_of(self.catalogue, case.identification)
        return hazard_of_family(self.catalogue, case.signs) if case.signs else by_name

    def _hazard(self, case: _Case) -> Notes:
        return hazard_card(self.language, self._hazard_key(case))

    def _referral(self, case: _Case) -> Notes:
        papers = not words.PAPERS.isdisjoint(case.codes) and case.kind == "caution"
        title = (
            self.language.say("Ask for the papers") if papers else self.language.say("Refer to the competent authority")
        )
        named = {Reason.CONTROLLED_SUBSTANCE, Reason.MIXTURE}
        elsewhere = words.SAID_ELSEWHERE | named if case.only else words.SAID_ELSEWHERE - named
        elsewhere -= {Reason.STEREOISOMERS_NOT_TOLD_APART} if case.components else set()
        reasons = tuple(words.reason(self.language, code) for code in case.codes if code not in elsewhere)
        several = self._several(case)
        laws = self._laws_of_several(several, self._listing(case)) if several else self._law(case)
        return Notes("law", title, self._fitting(reasons, laws, case.components))

    def _law(self, case: _Case) -> tuple[str, ...]:
        """Tell how every authority stands to each substance that a reading names or suspects."""
        listing, several = self._listing(case), self._several(case)
        if several:
            told = zip(self._names(several), (each.inchikey for each in several), strict=True)
            return law_words.each_standing(self.language, listing, [*told])
        standing = law_words.standings(self.language, listing, case.only.inchikey if case.only else "")
        return (*standing, *self._laws_of_forms(case, listing))

    def _listing(self, case: _Case) -> ListingPart:
        inchikey = case.only.inchikey if case.only else ""
        asked = dict.fromkeys([inchikey, *(each.inchikey for each in (*case.components, *case.suspects))])
        return case.listing or newest_listing(self.catalogue, *asked)

    def _several(self, case: _Case) -> Sequence[ComponentPart | HitPart]:
        """Return what the law is told of where that is not the one substance named, the gravest first."""
        if len(case.components) > 1:
            return case.components
        return case.suspects if not case.only else ()

    def _laws_of_several(self, found: Sequence[ComponentPart | HitPart], listing: ListingPart) -> tuple[str, ...]:
        """Tell it of the gravest, and how many more there are; of what is on no list there is nothing to tell."""
        shown, more = found[:COMPONENTS_SHOWN], len(found) - COMPONENTS_SHOWN
        told = zip(self._names(shown), shown, strict=True)
        listed = [(name, each.inchikey) for name, each in told if self._is_listed(each, listing)]
        tell = law_words.together if len(listed) > 1 else law_words.each_standing
        lines = tell(self.language, listing, listed) if listed else ()
        if more > 0:
            return *lines, self.language.count("%(number)s substance more", "%(number)s substances more", more)
        return lines

    def _fitting(
        self, reasons: tuple[str, ...], laws: tuple[str, ...], components: Sequence[ComponentPart]
    ) -> tuple[str, ...]:
        """Add what each component may be instead as far as there is room; the reasons stand with the others, too."""
        alike = tuple(
            f"{name}, {self._isomers(each.isomers, 1)}"
            for each, name in zip(components, self._names(components), strict=True)
            if each.isomers
        )
        if not alike and len(components) <= 1:
            return (*reasons, *laws)
        in_short = words.reason(self.language, Reason.ISOMERS_NOT_TOLD_APART)
        ways = ((*reasons, *laws, *alike), *([(*laws, *alike)] if alike else []), (in_short, *laws))
        return next((way for way in ways if _fits(way)), laws)

    def _is_listed(self, component: ComponentPart | HitPart, listing: ListingPart) -> bool:
        """Tell whether a list names it, or nobody knows how the law stands to it."""
        lists = {each.list for each in listing.entries if each.substance == component.inchikey}
        return bool(lists - {NONE}) or self.catalogue.find(component.inchikey) is None

    def _laws_of_forms(self, case: _Case, listing: ListingPart) -> tuple[str, ...]:
        if case.only is None:
            return ()
        named = [each for each in listing.entries if each.substance == case.only.inchikey]
        return stereo_words.laws(self.language, self.catalogue, self._forms(case, case.only), named)

    def _found(self, case: _Case) -> tuple[Possibility, ...]:
        told = zip(case.components, _shares(case), strict=False)
        return tuple(replace(self._possibility(case, each), share=forms.share(share)) for each, share in told)

    def _possibility(self, case: _Case, hit: HitPart | ComponentPart) -> Possibility:
        substance = self.catalogue.find(hit.inchikey)
        return Possibility(
            name=self._name(hit.name, substance),
            isomers=self._alike(case, hit, len(hit.isomers), MOST_FORMS),
            short=self._alike(case, hit, ISOMERS_SHOWN, FORMS_SHOWN),
            family=words.family(self.language, substance.family if substance else self._family_of_added(case, hit)),
            sure=self._sure(case, hit),
        )

    def _sure(self, case: _Case, hit: HitPart | ComponentPart) -> Sure | None:
        """Tell the frequency where it was measured of such a reading: by CID, of one substance, from the bundle."""
        by_ei = case.identification is not None and case.identification.library == self.reach.ei_library
        if by_ei or case.components or hit.inchikey[:14] in self.reach.added:
            return None
        return self.curve.sure(self.language, hit.probability)

    def _family_of_added(self, case: _Case, hit: HitPart | ComponentPart) -> str:
        """Return the family of a first hit that the catalogue lacks: the likely one that nothing else named is of."""
        families = case.identification.families if case.identification else []
        found = (self.catalogue.find(each.inchikey) for each in case.components)
        others = {each.family for each in found if each is not None}
        likely = (each.family for each in families if each.probability >= LIKELY and each.family not in others)
        return next(likely, "") if hit.inchikey in {each.inchikey for each in case.hits[:1]} else ""


def hazard_card(language: Language, hazard: str) -> Notes:
    """Return what to wear and do where something is of this hazard."""
    title, *lines = words.HAZARDS[hazard]
    return Notes("hand", language.say(title), tuple(language.say(line) for line in lines))


def _shares(case: _Case) -> list[float]:
    """Return the share of the signal of each component, of what else there is, and of what nothing explains."""
    return _whole([each.share for each in case.components], case.unexplained)


def _whole(parts: Sequence[float], unexplained: float) -> list[float]:
    """Return parts of 1, what else there is and what is unexplained, in whole percent that add up to 1.

    The largest remainders are rounded up. Parts that come to more than 1 are made smaller.
    """
    known = sum(parts) + unexplained
    exact = [100 * each / max(known, 1) for each in (*parts, max(1 - known, 0), unexplained)]
    whole = [int(each) for each in exact]
    for index in sorted(range(len(exact)), key=lambda each: whole[each] - exact[each])[: 100 - sum(whole)]:
        whole[index] += 1
    return [each / 100 for each in whole]


def _height(notes: Notes) -> int:
    room = NOTE if len(notes.lines) <= FEW else DENSE_NOTE
    return _lines(notes.title, TITLE) - 1 + sum(_lines(line, room) for line in notes.lines)


def _fits(lines: Sequence[str]) -> bool:
    return sum(_lines(line, LAW_LINE) + BETWEEN for line in lines) - BETWEEN <= LAW_ROOM


def _lines(text: str, room: int) -> int:
    return -(-len(text) // room)


def _same(component: ComponentPart, hit: HitPart | None) -> bool:
    return hit is not None and component.inchikey == hit.inchikey


def _others(case: _Case) -> list[HitPart]:
    """Return what else a reading resembles: of a mixture nothing of what was found in it."""
    found = {each.inchikey for each in case.components}
    return [hit for hit in _possible(case.offered) if hit.inchikey not in found]


def _possible(hits: Sequence[HitPart]) -> list[HitPart]:
    likely = [hit for hit in hits if hit.probability is None or hit.probability >= LEAST_POSSIBLE]
    return (likely or list(hits[:1]))[:MOST_POSSIBLE]


def is_held(reading: ReadingView) -> bool:
    """Tell whether what a reading came to was held back: nothing of it but its hazard is shown."""
    return reading.record is not None and held_of(reading.record) is not None


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
    if reading.record and (held := held_of(reading.record)):
        return [held]
    return identification.reasons if identification and identification.reasons else ["internal-error"]
