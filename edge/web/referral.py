"""To whom an officer refers what a reading names or suspects, why, and how the law stands to it."""

from collections.abc import Sequence
from dataclasses import dataclass

from edge.listings import newest_listing
from edge.web import law_words, stereo_words, words
from edge.web.concluded import Concluded
from edge.web.naming import Naming
from edge.web.notes import BETWEEN, Notes, lines_of
from models.conclusion import Reason
from models.schedules import NONE
from sync.contract.listing import ListingPart
from sync.contract.records import ComponentPart, HitPart

COMPONENTS_SHOWN = 3
LAW_ROOM, LAW_LINE = 7.25, 37
"""Lines that surely fit the card, with what lies between them, and letters that surely fit one."""


@dataclass(frozen=True)
class Referral:
    """Puts into words to whom one reading is referred, and what every authority says."""

    naming: Naming
    concluded: Concluded

    def card(self) -> Notes:
        """Return the card: reasons, laws and isomers as far as they have room."""
        say, codes = self.naming.language.say, self.concluded.codes
        papers = not words.PAPERS.isdisjoint(codes) and self.concluded.kind == "caution"
        title = say("Ask for the papers") if papers else say("Refer to the competent authority")
        laws = self._laws_of_several() if self.concluded.several else self.law()
        return Notes("law", title, self._fitting(self._reasons(), laws))

    def law(self) -> tuple[str, ...]:
        """Tell how every authority stands to each substance that the reading names or suspects."""
        language, listing, several = self.naming.language, self._listing(), self.concluded.several
        if several:
            told = zip(self.naming.names(several), (each.inchikey for each in several), strict=True)
            return law_words.each_standing(language, listing, [*told])
        only = self.concluded.only
        standing = law_words.standings(language, listing, only.inchikey if only else "")
        return (*standing, *(self._laws_of_forms(only, listing) if only else ()))

    def _reasons(self) -> tuple[str, ...]:
        """Return the reasons that nothing else on the screen says."""
        named = {Reason.CONTROLLED_SUBSTANCE, Reason.MIXTURE}
        elsewhere = words.SAID_ELSEWHERE | named if self.concluded.only else words.SAID_ELSEWHERE - named
        elsewhere -= {Reason.STEREOISOMERS_NOT_TOLD_APART} if self.concluded.components else set()
        language = self.naming.language
        return tuple(words.reason(language, code) for code in self.concluded.codes if code not in elsewhere)

    def _listing(self) -> ListingPart:
        only, components, suspects = self.concluded.only, self.concluded.components, self.concluded.suspects
        asked = dict.fromkeys([only.inchikey if only else "", *(each.inchikey for each in (*components, *suspects))])
        return self.concluded.listing or newest_listing(self.naming.catalogue, *asked)

    def _laws_of_several(self) -> tuple[str, ...]:
        """Tell it of the gravest, and how many more there are; of what is on no list there is nothing to tell."""
        language, listing, found = self.naming.language, self._listing(), self.concluded.several
        shown, more = found[:COMPONENTS_SHOWN], len(found) - COMPONENTS_SHOWN
        told = zip(self.naming.names(shown), shown, strict=True)
        listed = [(name, each.inchikey) for name, each in told if self._is_listed(each, listing)]
        tell = law_words.together if len(listed) > 1 else law_words.each_standing
        lines = tell(language, listing, listed) if listed else ()
        if more > 0:
            return *lines, language.count("%(number)s substance more", "%(number)s substances more", more)
        return lines

    def _is_listed(self, component: ComponentPart | HitPart, listing: ListingPart) -> bool:
        """Tell whether a list names it, or nobody knows how the law stands to it."""
        lists = {each.list for each in listing.entries if each.substance == component.inchikey}
        return bool(lists - {NONE}) or self.naming.catalogue.find(component.inchikey) is None

    def _laws_of_forms(self, only: HitPart, listing: ListingPart) -> tuple[str, ...]:
        named = [each for each in listing.entries if each.substance == only.inchikey]
        forms = self.naming.forms(self.concluded.identification, only)
        return stereo_words.laws(self.naming.language, self.naming.catalogue, forms, named)

    def _fitting(self, reasons: tuple[str, ...], laws: tuple[str, ...]) -> tuple[str, ...]:
        """Add what each component may be instead as far as there is room; the reasons stand with the others, too."""
        components = self.concluded.components
        alike = tuple(
            f"{self.naming.name(each)}, {self.naming.isomers(each.isomers, 1)}" for each in components if each.isomers
        )
        if not alike and len(components) <= 1:
            return (*reasons, *laws)
        in_short = words.reason(self.naming.language, Reason.ISOMERS_NOT_TOLD_APART)
        ways = ((*reasons, *laws, *alike), *([(*laws, *alike)] if alike else []), (in_short, *laws))
        return next((way for way in ways if _fits(way)), laws)


def _fits(lines: Sequence[str]) -> bool:
    return sum(lines_of(line, LAW_LINE) + BETWEEN for line in lines) - BETWEEN <= LAW_ROOM
