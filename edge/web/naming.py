"""What substances are called on a screen, and what each may be instead: isomers, and forms of the substance itself."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from edge.stereoisomers import forms_of
from edge.web import stereo_words
from edge.web.translations import Language
from models.catalogue import Catalogue, Substance
from sync.contract.records import ComponentPart, HitPart, IdentificationPart
from sync.contract.stereoisomers import FormPart

ISOMERS_SHOWN, FORMS_SHOWN = 3, 2


@dataclass(frozen=True)
class Naming:
    """Names of one language, by one catalogue; what neither has is called as the reading has it."""

    language: Language
    catalogue: Catalogue

    def name(self, hit: HitPart | ComponentPart) -> str:
        """Return what a substance is called."""
        return self._called(hit.name, self.catalogue.find(hit.inchikey))

    def names(self, hits: Iterable[HitPart | ComponentPart]) -> list[str]:
        """Return what each is called."""
        return [self.name(hit) for hit in hits]

    def by_name(self, name: str) -> str:
        """Return what a substance is called that a reading has by its name alone."""
        return self._called(name, self._by_name.get(name))

    def isomers(self, isomers: Sequence[str], most: int) -> str:
        """Return which isomers it may be instead: `most` names, and how many more; nothing where there are none."""
        if not isomers:
            return ""
        names = [self.by_name(name) for name in isomers]
        shown, more = ", ".join(names[:most]), len(names) - most
        if more > 0:
            return self.language.say("or an isomer: %(names)s and %(more)s more", names=shown, more=more)
        return self.language.say("or an isomer: %(names)s", names=shown)

    def forms(self, of: IdentificationPart | None, hit: HitPart | ComponentPart) -> Sequence[FormPart]:
        """Return the forms of a substance that a reading does not tell from it."""
        substance = self.catalogue.find(hit.inchikey)
        return forms_of(of, self.catalogue, hit.inchikey, substance.name if substance else hit.name)

    def alike(
        self,
        of: IdentificationPart | None,
        hit: HitPart | ComponentPart,
        isomers: int = ISOMERS_SHOWN,
        forms: int = FORMS_SHOWN,
    ) -> str:
        """Return what it may be instead: at most so many isomers, and so many forms of the substance itself."""
        others = self.forms(of, hit)
        forms_said = stereo_words.offered(self.language, self.catalogue, others, forms)
        names = [name for name in hit.isomers if name not in {form.name for form in others}]
        return "; ".join(filter(None, (self.isomers(names, isomers), forms_said)))

    @cached_property
    def _by_name(self) -> Mapping[str, Substance]:
        return {each.name: each for each in self.catalogue.substances}

    def _called(self, name: str, substance: Substance | None) -> str:
        spanish = substance.spanish if substance and self.language.code == "es" else ""
        return spanish or (substance.name if substance else name.replace("_", " "))
