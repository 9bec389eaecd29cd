"""Families of which a reading has evidence though it does not name them: nothing is named, or something else is."""

from collections.abc import Sequence

from edge.explanations import explanation_of
from edge.hazards import GRAVEST_FIRST, hazard_of_family
from models.catalogue import DRUG_FAMILIES, Catalogue
from sync.contract.records import ComponentPart, HitPart, IdentificationPart

DANGEROUS = frozenset({"H10-EXPL", "H11-TOX", "H1-ULTRA", "H2-OPIOID"})
"""Hazards against which one protects oneself before it is certain."""
LIKELY = 0.6
"""Probability from which a family is told beside what is named, as a family alone is concluded by default."""


def indicated(catalogue: Catalogue, found: IdentificationPart | None) -> str:
    """Return the gravest family of which a published pattern stands in a reading; nothing where none is dangerous."""
    part = explanation_of(found)
    shown = [each.family for each in part.families if each.patterns] if part else []
    grave = {family: hazard for family in shown if (hazard := hazard_of_family(catalogue, family)) in DANGEROUS}
    return min(grave, key=lambda family: GRAVEST_FIRST.index(grave[family]), default="")


def likely_beside(
    catalogue: Catalogue, found: IdentificationPart | None, named: Sequence[HitPart | ComponentPart]
) -> str:
    """Return the gravest family of drugs that is likely in a reading and none of the named; nothing where none is."""
    rows = [catalogue.find(each.inchikey) for each in named]
    own = {row.family for row in rows if row is not None}
    likely = [each.family for each in found.families if each.probability >= LIKELY] if found else []
    others = [each for each in likely if each.startswith(DRUG_FAMILIES) and each not in own]
    return min(others, key=lambda family: GRAVEST_FIRST.index(hazard_of_family(catalogue, family)), default="")
