"""Between the schedules of a day and what a record says of them."""

from collections.abc import Iterable, Iterator
from typing import Any

from edge.clock import Day
from models.answer import Identification
from models.catalogue import Catalogue
from models.schedules import Entry
from sync.contract.listing import ListedPart, ListingPart
from sync.contract.records import IdentificationPart
from sync.errors import Malformed

FIELD = "schedules"


def listed(catalogue: Catalogue, day: Day, identification: Identification | None = None) -> dict[str, Any]:
    """Return the further fields of an identification: the lists of its day, and what they say of what it offers.

    Of the hits that is the first, beside every component and suspect.
    """
    found = identification
    named = [*found.hits[:1], *found.components, *found.suspects] if found else []
    listing = _listing(catalogue, day.date.isoformat(), dict.fromkeys(each.inchikey for each in named))
    return {FIELD: listing.model_copy(update={"day_by": day.by}).model_dump()}


def listing_of(identification: IdentificationPart | None) -> ListingPart | None:
    """Return by which lists a record was judged, None where it says nothing that this software reads."""
    said = (identification.model_extra or {}).get(FIELD) if identification else None
    try:
        return ListingPart.from_value(said) if said is not None else None
    except Malformed:
        return None


def newest_listing(catalogue: Catalogue, *inchikeys: str) -> ListingPart:
    """Return what the newest lists say of substances, for a record that tells none."""
    return _listing(catalogue, catalogue.in_force.schedule.effective.isoformat(), inchikeys)


def _listing(catalogue: Catalogue, day: str, inchikeys: Iterable[str]) -> ListingPart:
    schedule = catalogue.in_force.schedule
    return ListingPart(
        name=schedule.name,
        version=schedule.version,
        effective=schedule.effective.isoformat(),
        digest=schedule.digest,
        verified=schedule.verified,
        day=day,
        authorities=schedule.authorities,
        entries=[part for each in inchikeys for part in _parts(catalogue, each)],
    )


def _parts(catalogue: Catalogue, inchikey: str) -> Iterator[ListedPart]:
    substance = catalogue.find(inchikey)
    found = substance.listed if substance else catalogue.in_force.listed(inchikey, "")
    yield from (listed_part(inchikey, entry) for entry in found.entries)


def listed_part(inchikey: str, entry: Entry) -> ListedPart:
    """Return what an entry says of a substance."""
    return ListedPart(
        substance=inchikey,
        authority=entry.authority,
        list=entry.list,
        standing=entry.standing.value,
        since=entry.since.isoformat() if entry.since else None,
        until=entry.until.isoformat() if entry.until else None,
        source=entry.source,
        verified=entry.verified,
    )
