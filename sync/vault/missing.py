"""Attachments that are not in the case yet: still on their way, at the centre already, or the centre does not say."""

from collections.abc import Iterator, Sequence

from sync.contract.ids import StationId
from sync.contract.inside import SealedName
from sync.errors import CentralUnreachable
from sync.vault.attached import Named
from sync.vault.source import Source


def name_of(named: Named) -> SealedName:
    """Return the name under which the centre keeps an attachment."""
    return SealedName(station=StationId(named.station), sealed=named.part.sealed)


def tell_missing(missing: Sequence[Named], source: Source) -> Iterator[str]:
    """Yield a line for each attachment that is not here, with where it is by the centre's word of now."""
    try:
        here, elsewhere = set(source.here([name_of(each) for each in missing])), "has not come to the centre yet"
    except CentralUnreachable as error:
        here, elsewhere = set[SealedName](), f"is not here, and the centre does not say whether it came: {error}"
    for each in missing:
        told = "is at the centre; `garita-vault run` files it" if name_of(each) in here else elsewhere
        yield f"{each.station}/{each.seq}: attachment {each.place + 1} {told}"
