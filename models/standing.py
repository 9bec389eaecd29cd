"""How the law stands to a substance of a library, whether the catalogue has it or not, and to a group of them."""

from collections.abc import Iterable, Iterator

from models.catalogue import Catalogue, Standing, Substance
from models.grouping import neighbours_of
from models.library import Library
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


def row_of(inchikey: str, family: str, catalogue: Catalogue) -> Substance | None:
    """Return the catalogue's row; of what it lacks, but is listed by its family, what is known of it, else None."""
    known = catalogue.find(inchikey)
    if known is not None or standing_of(inchikey, family, catalogue) is Standing.UNLISTED:
        return known
    listed = catalogue.in_force.listed(inchikey, family)
    return Substance("", "", (), "", "", inchikey, "", None, family, listed, "", ())


def standings_of(library: Library, catalogue: Catalogue) -> tuple[Standing, ...]:
    """Return each entry's standing, the gravest of what it cannot be told from, whether the library has that or not."""
    own = [standing_of(entry.inchikey, entry.family, catalogue) for entry in library.entries]
    alike = neighbours_of(library)
    return tuple(
        gravest([*(own[each] for each in (at, *alike[at])), *_listed(entry.isomers, catalogue)])
        for at, entry in enumerate(library.entries)
    )


def _listed(names: Iterable[str], catalogue: Catalogue) -> Iterator[Standing]:
    return (each.standing for name in names if (each := catalogue.named(name)) is not None)


def gravest(standings: Iterable[Standing]) -> Standing:
    """Take the gravest of those that cannot be told apart; there is at least one."""
    return min(standings, key=ORDER)


def _has_controlled_form(inchikey: str, family: str, catalogue: Catalogue) -> bool:
    forms = catalogue.stereochemistry.forms(inchikey)
    return any(catalogue.in_force.listed(form.inchikey, family).standing is Standing.CONTROLLED for form in forms)
