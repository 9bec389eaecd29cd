"""Which hazard a reading may mean: the gravest of all that it names or suspects, and of families likely in it."""

from collections import Counter
from collections.abc import Iterator

from models.catalogue import DRUG_FAMILIES, Catalogue
from models.conclusion import Reason
from sync.contract.records import IdentificationPart
from sync.contract.suspects import suspects_of

GRAVEST_FIRST = (
    *("H10-EXPL", "H11-TOX", "H1-ULTRA", "H2-OPIOID", "H7-CORR", "H6-SED", "H4-PSY", "H5-SCRA", "H3-STIM"),
    *("H9-OX", "H8-FLAM", "H12-PREC", "H0-LOW"),
)
UNKNOWN = "H12-PREC"
"""What is not known is treated as toxic and irritant."""
LIKELY = 0.3
"""Probability from which what is offered, or a family, counts for the hazard though nothing is named by it."""
PERHAPS = 2
"""So many are offered by name where it is not known which of them it is."""


def hazard_of(catalogue: Catalogue, found: IdentificationPart | None) -> str:
    """Return the key of the gravest hazard that a reading may mean, UNKNOWN where nothing tells it."""
    keys = set(_hazards(catalogue, found)) if found is not None else set[str]()
    return min(keys, key=GRAVEST_FIRST.index, default=UNKNOWN)


def _hazards(catalogue: Catalogue, found: IdentificationPart) -> Iterator[str]:
    named = [catalogue.find(inchikey) for inchikey in _named(found)]
    yield from (substance.hazard if substance is not None else UNKNOWN for substance in named)
    told = {substance.family for substance in named if substance is not None}
    likely = [each.family for each in found.families if each.probability >= LIKELY]
    first = [each.family for each in found.families[:1] if Reason.FAMILY_ONLY in found.reasons]
    drugs = {family for family in likely if family.startswith(DRUG_FAMILIES)}
    yield from (hazard_of_family(catalogue, family) for family in {*first, *drugs} - told)


def _named(found: IdentificationPart) -> set[str]:
    """Tell what a reading names, or may well be, by InChIKey."""
    offered = PERHAPS if Reason.AMBIGUOUS in found.reasons else Reason.FAMILY_ONLY not in found.reasons
    likely = (each for each in found.hits[offered:] if (each.probability or 0.0) >= LIKELY)
    return {each.inchikey for each in (*found.hits[:offered], *likely, *found.components, *suspects_of(found))}


def hazard_of_family(catalogue: Catalogue, family: str) -> str:
    """Return the key that most substances of a family have, UNKNOWN for a family that the catalogue lacks."""
    keys = Counter(each.hazard for each in catalogue.substances if each.family == family)
    return keys.most_common(1)[0][0] if keys else UNKNOWN
