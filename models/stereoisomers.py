"""Stereoisomers: the same atoms and bonds, turned another way in space. No mass spectrum tells them apart for sure."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

FLAT = "UHFFFAOYSA"
"""Second block of an InChIKey that says nothing of space."""


class Kind(StrEnum):
    """What a form is to the others of its substance."""

    ENANTIOMER = "enantiomer"
    DIASTEREOMER = "diastereomer"
    RACEMATE = "racemate"


@dataclass(frozen=True)
class Form:
    """A stereoisomer that has a name of its own, or a mixture of two mirror images; `inchikey` is whole."""

    name: str
    name_es: str
    cas: str
    inchikey: str
    kind: Kind


@dataclass(frozen=True)
class Stereo:
    """What no spectrum tells of a substance that was named: how many of its atoms and bonds can be turned, and forms.

    `elements` counts stereocentres and stereo double bonds, 0 where only the InChIKey says that there are some.
    """

    inchikey: str
    elements: int
    forms: tuple[Form, ...]


@dataclass(frozen=True)
class Stereochemistry:
    """What is known by the first block of the InChIKey: stereocentres and stereo double bonds, and named forms."""

    elements: Mapping[str, int] = field(default_factory=dict[str, int])
    named: Mapping[str, tuple[Form, ...]] = field(default_factory=dict[str, tuple[Form, ...]])

    @classmethod
    def read(cls, centres: Iterable[Mapping[str, str]], forms: Iterable[Mapping[str, str]]) -> "Stereochemistry":
        """Read the rows of stereocentres.csv and stereoisomers.csv. Raises KeyError, ValueError."""
        named: defaultdict[str, tuple[Form, ...]] = defaultdict(tuple)
        for row in forms:
            form = Form(row["name"], row["name_es"], row["cas"], row["inchikey"], Kind(row["kind"]))
            named[form.inchikey[:14]] += (form,)
        elements = {row["skeleton"]: int(row["centres"]) + int(row["double_bonds"]) for row in centres}
        return cls(elements, dict(named))

    def of(self, inchikey: str, name: str) -> Stereo | None:
        """Return what there is besides the one of that name; None where it has no stereoisomers as far as is known."""
        skeleton = inchikey[:14]
        if skeleton not in self.elements and inchikey[15:25] in (FLAT, ""):
            return None
        return Stereo(inchikey, self.elements.get(skeleton, 0), self.forms(inchikey, name))

    def forms(self, inchikey: str, name: str = "") -> tuple[Form, ...]:
        """Return the named forms of the substance of an InChIKey, but the one that goes by that name."""
        return tuple(form for form in self.named.get(inchikey[:14], ()) if form.name != name)
