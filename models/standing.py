"""How the law stands to a substance of a library, whether the catalogue has it or not, and to a group of them."""

from collections.abc import Iterable

from models.catalogue import Catalogue, Standing
from models.schedules import by_family

ORDER = list(Standing).index


def standing_of(inchikey: str, family: str, catalogue: Catalogue) -> Standing:
    """Return the catalogue's standing, the gravest of stereoisomers; what it lacks is held by its family.

    A substance on no list is watched where a named form of it is controlled: no alarm for a cough syrup, but its papers
    are asked for. One that the state added as of a family of drugs is controlled, unless the schedules say otherwise.
    """
    known = catalogue.stereoisomers(inchikey)
    if known:
        own = gravest(each.standing for each in known)
        return gravest((own, Standing.WATCHED)) if _has_controlled_form(inchikey, family, catalogue) else own
    added = catalogue.in_force.listed(inchikey, family)
    return added.standing if added.entries else by_family(family, whole=False)


def gravest(standings: Iterable[Standing]) -> Standing:
    """Take the gravest of those that cannot be told apart; there is at least one."""
    return min(standings, key=ORDER)


def _has_controlled_form(inchikey: str, family: str, catalogue: Catalogue) -> bool:
    forms = catalogue.stereochemistry.forms(inchikey)
    return any(catalogue.in_force.listed(form.inchikey, family).standing is Standing.CONTROLLED for form in forms)
