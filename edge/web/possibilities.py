"""What a reading may be: each substance that was found in a mixture, or is resembled, with how sure that is."""

from dataclasses import dataclass, replace

from edge.web import forms, words
from edge.web.concluded import Concluded
from edge.web.confidence import Curve, Sure
from edge.web.naming import Naming
from models.reach import Reach
from sync.contract.records import ComponentPart, HitPart

MOST_FORMS = 9


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
class Possibilities:
    """Puts what one reading may be into words; `curve` and `reach` say of what a frequency was measured."""

    naming: Naming
    curve: Curve
    reach: Reach
    concluded: Concluded

    def found(self) -> tuple[Possibility, ...]:
        """Return what a mixture is made of, the gravest first."""
        told = zip(self.concluded.components, self.concluded.shares, strict=False)
        return tuple(replace(self._possibility(each), share=forms.share(share)) for each, share in told)

    def others(self) -> tuple[Possibility, ...]:
        """Return what else it resembles, or all that a reading of no mixture does."""
        return tuple(self._possibility(hit) for hit in self.concluded.others)

    def sure(self, hit: HitPart | ComponentPart) -> Sure | None:
        """Tell the frequency where it was measured of such a reading: by CID, of one substance, from the bundle."""
        by = self.concluded.identification
        of_others = by is None or by.library == self.reach.ei_library or by.bundle != self.curve.bundle
        if of_others or self.concluded.components or hit.inchikey[:14] in self.reach.added:
            return None
        return self.curve.sure(self.naming.language, hit.probability)

    def _possibility(self, hit: HitPart | ComponentPart) -> Possibility:
        substance, identification = self.naming.catalogue.find(hit.inchikey), self.concluded.identification
        family = substance.family if substance else self.reach.added.get(hit.inchikey[:14], "")
        return Possibility(
            name=self.naming.name(hit),
            isomers=self.naming.alike(identification, hit, len(hit.isomers), MOST_FORMS),
            short=self.naming.alike(identification, hit),
            family=words.family(self.naming.language, family),
            sure=self.sure(hit),
        )
