"""What stands first on a result: the name of what was found, and below it what else it may be or is mixed of."""

from collections.abc import Sequence
from dataclasses import dataclass

from edge.web import forms, words
from edge.web.concluded import LEAST_POSSIBLE, NAMED, REFERRED, Concluded
from edge.web.naming import Naming

MIXED_ROOM, FIRST_ROOM, ALSO_ROOM = 38, 24, 100
"""Characters that fit two lines: of a mixture's names, of one name and a count; and below them, of shares."""


@dataclass(frozen=True)
class Headline:
    """Puts what one reading came to into a name and a line below it."""

    naming: Naming
    concluded: Concluded

    def name(self) -> str:
        """Return what it names: a substance, a mixture, a family, what it perhaps is, or that nothing is concluded."""
        concluded, say = self.concluded, self.naming.language.say
        if concluded.only and concluded.components:
            return self._mixed(self._mixture())
        if concluded.only:
            return self.naming.name(concluded.only)
        if concluded.family:
            return say("Likely family: %(family)s", family=words.family(self.naming.language, concluded.family))
        if concluded.kind in NAMED and concluded.hits:
            return say("Perhaps %(names)s", names=" / ".join(self.naming.names(concluded.offered[:2])))
        return say("Nothing is concluded about the sample")

    def also(self) -> str:
        """Return what stands below the name; nothing where there is nothing to add."""
        concluded, say = self.concluded, self.naming.language.say
        if concluded.kind == "no_alarm":
            return say("It does not mean that it is safe.")
        if concluded.signs:
            return ". ".join([self.signs(), say("Protect yourself.")])
        said = self.naming.alike(concluded.identification, concluded.only) if concluded.only else ""
        said = self._shares() if concluded.components else said
        return ". ".join(filter(None, [self._suspected(), self._beside(), said]))

    def signs(self) -> str:
        """Return of which dangerous family it has evidence though it concludes nothing; nothing where of none."""
        language, signs = self.naming.language, self.concluded.signs
        return language.say("Signs of: %(family)s", family=words.family(language, signs)) if signs else ""

    def _beside(self) -> str:
        """Tell the family that is likely there beside what it names."""
        language, family = self.naming.language, self.concluded.beside
        return language.say("Also likely: %(family)s", family=words.family(language, family)) if family else ""

    def _mixture(self) -> list[str]:
        """Names of a mixture's substances, the gravest first."""
        only = [self.concluded.only] if self.concluded.only else []
        named = {each.inchikey for each in only}
        return self.naming.names([*only, *(each for each in self.concluded.components if each.inchikey not in named)])

    def _mixed(self, names: Sequence[str]) -> str:
        together, say = " + ".join(names), self.naming.language.say
        if len(names) > 1 and len(together) <= MIXED_ROOM:
            return say("Mixture: %(names)s", names=together)
        if len(names) > 1 and len(names[0]) <= FIRST_ROOM:
            return say("Mixture: %(first)s and %(more)s more", first=names[0], more=len(names) - 1)
        return say("Mixture with %(names)s", names=names[0])

    def _suspected(self) -> str:
        """Tell the likeliest suspect, what no spectrum tells from it, and how likely it is."""
        if not self.concluded.suspects or self.concluded.kind not in REFERRED:
            return ""
        first = self.concluded.suspects[0]
        named = ", ".join(filter(None, [self.naming.name(first), self.naming.isomers(first.isomers, 1)]))
        share = forms.share(first.probability or 0.0)
        return self.naming.language.say("Suspected: %(name)s (%(share)s)", name=named, share=share)

    def _shares(self) -> str:
        """Tell the gravest that find room; `others` are those that found none and those too unsure to be named."""
        say = self.naming.language.say
        *parts, others, left = self.concluded.shares
        shown = list[str]()
        for name, share in zip(self.naming.names(self.concluded.components), parts, strict=True):
            part = f"{name} {forms.share(share)}"
            if len(", ".join([*shown, part])) > ALSO_ROOM and shown:
                others = others + sum(parts[len(shown) :])
                break
            shown.append(part)
        if others >= LEAST_POSSIBLE:
            shown.append(say("other substances %(share)s", share=forms.share(others)))
        return say("Of the signal: %(parts)s, unexplained %(left)s", parts=", ".join(shown), left=forms.share(left))
