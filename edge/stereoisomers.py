"""Between the stereoisomers that a reading cannot tell apart and what a record and a screen say of them."""

from collections.abc import Sequence
from typing import Any

from edge.listings import listed_part
from models.answer import Identification
from models.catalogue import Catalogue
from models.stereoisomers import Form
from sync.contract.records import IdentificationPart
from sync.contract.stereoisomers import FIELD, FormPart, StereoisomersPart, StereoPart, stereoisomers_of


def told(catalogue: Catalogue, identification: Identification) -> dict[str, Any]:
    """Return the further fields of an identification: none where it names nothing that has stereoisomers."""
    of = [
        StereoPart(
            substance=each.inchikey, elements=each.elements, forms=[_part(catalogue, form) for form in each.forms]
        )
        for each in identification.stereoisomers
    ]
    return {FIELD: StereoisomersPart(of=of).model_dump()} if of else {}


def forms_of(
    identification: IdentificationPart | None, catalogue: Catalogue, inchikey: str, name: str
) -> Sequence[FormPart]:
    """Return the other forms of a substance: as the record tells, or as the catalogue knows where it tells none."""
    said = stereoisomers_of(identification)
    recorded = [each.forms for each in said.of if each.substance == inchikey] if said else []
    known = catalogue.stereochemistry.forms(inchikey, name)
    return recorded[0] if recorded else [_part(catalogue, form) for form in known]


def _part(catalogue: Catalogue, form: Form) -> FormPart:
    listed = catalogue.in_force.listed(form.inchikey, "").entries
    own = [listed_part(form.inchikey, entry) for entry in listed if entry.inchikey == form.inchikey]
    return FormPart(name=form.name, inchikey=form.inchikey, kind=form.kind.value, listed=own)
