"""What an inconclusive reading has evidence of though it names nothing: a family of which most is dangerous."""

from edge.explanations import explanation_of
from edge.hazards import GRAVEST_FIRST, hazard_of_family
from models.catalogue import Catalogue
from sync.contract.records import IdentificationPart

DANGEROUS = frozenset({"H10-EXPL", "H11-TOX", "H1-ULTRA", "H2-OPIOID"})
"""Hazards against which one protects oneself before it is certain."""


def indicated(catalogue: Catalogue, found: IdentificationPart | None) -> str:
    """Return the gravest family of which a published pattern stands in a reading; nothing where none is dangerous."""
    part = explanation_of(found)
    shown = [each.family for each in part.families if each.patterns] if part else []
    grave = {family: hazard for family in shown if (hazard := hazard_of_family(catalogue, family)) in DANGEROUS}
    return min(grave, key=lambda family: GRAVEST_FIRST.index(grave[family]), default="")
