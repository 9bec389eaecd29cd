"""Which stereoisomers a reading cannot tell apart: an optional field `stereoisomers` of an identification.

It stands among the fields that a record keeps without knowing them, so no published version of a record changes.
"""

from typing import Literal

from sync.contract.listing import ListedPart
from sync.contract.record import Part
from sync.contract.records import IdentificationPart, IdentificationPart1
from sync.errors import Malformed

FIELD = "stereoisomers"


class FormPart(Part, frozen=True):
    """A stereoisomer that has a name of its own, or a mixture of two mirror images.

    `listed` is what the lists of the day say of it by name; where it is empty, they say what they say of the substance.
    """

    name: str
    inchikey: str
    kind: Literal["enantiomer", "diastereomer", "racemate"]
    listed: list[ListedPart]


class StereoPart(Part, frozen=True):
    """A substance that the reading named, by InChIKey; how many of its atoms and bonds can be turned; other forms."""

    substance: str
    elements: int
    forms: list[FormPart]


class StereoisomersPart(Part, frozen=True):
    """All that the reading named and that has stereoisomers."""

    format: Literal["garita.stereoisomers/1"] = "garita.stereoisomers/1"
    of: list[StereoPart]

    def names(self, inchikey: str) -> list[str]:
        """Return the names of the other forms of a substance."""
        return [form.name for each in self.of if each.substance == inchikey for form in each.forms]


def stereoisomers_of(identification: IdentificationPart | IdentificationPart1 | None) -> StereoisomersPart | None:
    """Return what a record says of stereoisomers, None where it says nothing that this software reads."""
    said = (identification.model_extra or {}).get(FIELD) if identification else None
    try:
        return StereoisomersPart.from_value(said) if said is not None else None
    except Malformed:
        return None
