"""By which lists a reading was judged: an optional field `schedules` of an identification.

It stands among the fields that a record keeps without knowing them, so no published version of a record changes.
"""

from typing import Literal

from sync.contract.record import Part

DayBy = Literal["clock", "record", "centre", "software"]


class ListedPart(Part, frozen=True):
    """What one list says of one substance that the reading named; days in ISO 8601, null where the list tells none."""

    substance: str
    authority: str
    list: str
    standing: Literal["controlled", "watched", "unlisted"]
    since: str | None
    until: str | None
    source: str
    verified: bool


class ListingPart(Part, frozen=True):
    """The schedules that were in force on `day` at the post, by version and SHA-256 in hexadecimal.

    `day_by` tells what that day was taken from: what the clock showed, or where that was earlier an earlier record, the
    centre's time at the last receipt, or the day on which the software was made. Records made before it have none.
    `verified`: the state answers for them being whole; where it does not, what they leave out may still be on a list.
    """

    format: Literal["garita.listing/1"] = "garita.listing/1"
    name: str
    version: int
    effective: str
    digest: str
    verified: bool
    day: str
    day_by: DayBy | None = None
    authorities: list[str]
    entries: list[ListedPart]
