"""Listed substances that a conclusion rests on though none is named: an optional field `suspects` of an identification.

It stands among the fields that a record keeps without knowing them, so no published version of a record changes.
"""

from collections.abc import Sequence
from typing import Literal

from sync.contract.record import Part
from sync.contract.records import HitPart, IdentificationPart, IdentificationPart1
from sync.errors import Malformed

FIELD = "suspects"


class SuspectsPart(Part, frozen=True):
    """Who is suspected, likeliest first; none of them is among the hits."""

    format: Literal["garita.suspects/1"] = "garita.suspects/1"
    of: list[HitPart]


def suspects_of(identification: IdentificationPart | IdentificationPart1 | None) -> Sequence[HitPart]:
    """Return whom a record suspects, nobody where it says nothing that this software reads."""
    said = (identification.model_extra or {}).get(FIELD) if identification else None
    try:
        return SuspectsPart.from_value(said).of if said is not None else ()
    except Malformed:
        return ()
