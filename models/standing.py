"""How the law stands to a substance of a library, whether the catalogue has it or not, and to a group of them."""

from collections.abc import Iterable

from models.catalogue import Catalogue, Standing
from models.schedules import by_family

ORDER = list(Standing).index


def standing_of(inchikey: str, family: str, catalogue: Catalogue) -> Standing:
    """Return the catalogue's standing, the gravest of stereoisomers; what it lacks is held by its family.

    A substance that the state added as one of a family of drugs is controlled, unless the schedules say otherwise.
    """
    known = catalogue.stereoisomers(inchikey)
    if known:
        return gravest(each.standing for each in known)
    added = catalogue.in_force.listed(inchikey, family)
    return added.standing if added.entries else by_family(family, whole=False)


def gravest(standings: Iterable[Standing]) -> Standing:
    """Take the gravest of those that cannot be told apart; there is at least one."""
    return min(standings, key=ORDER)
