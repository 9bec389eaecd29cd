"""What lies at a station and is not used: the station starts without it, and says so."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

Part = Literal["bundle", "library", "schedules", "vibrational", "sending", "receipts", "witnesses"]
MOST_ON_RECORD = 20


class Why(StrEnum):
    """Why something is not used; each has its own remedy."""

    DAMAGED = "damaged"
    """It is not as the state signed it: bring it again."""
    MISSING = "missing"
    """It was in use here: bring it again."""
    UNFIT = "unfit"
    """This software cannot use it: the state makes a new one."""


@dataclass(frozen=True)
class LeftOut:
    """One thing: a release by its `version`, or of it only a `substance`; `detail` is for a technician."""

    part: Part
    why: Why
    detail: str
    version: int | None = None
    substance: str = ""

    def __str__(self) -> str:
        of = f" release {self.version}" if self.version else ""
        return f"not in use, {self.why}: {self.part}{of}: {self.detail}"


def on_record(left_out: Iterable[LeftOut]) -> str:
    """Return all of it in lines for a record, the rest counted."""
    lines = list(map(str, left_out))
    more = len(lines) - MOST_ON_RECORD
    return "\n".join([*lines[:MOST_ON_RECORD], *([f"and {more} more"] if more > 0 else [])])
