"""Why a reading came to what it came to: an optional field `explanation` of an identification.

It stands among the fields that a record keeps without knowing them, so no published version of a record changes.
"""

from typing import Literal

from pydantic import Field

from sync.contract.record import Part


class EvidencePart(Part, frozen=True):
    """What speaks for one family: ions and losses (m/z, losses negative) with their source, and known structures.

    `predicted` are drugs of the reading's mass whose structure would leave such ions: calculated, never measured.
    """

    family: str
    patterns: list[list[int]]
    meanings: list[str]
    sources: list[str]
    nearest: list[str]
    predicted: list[str] = Field(default_factory=list)


class ExplanationPart(Part, frozen=True):
    """The reading against its first hit. All parts are in thousandths.

    `peaks`: m/z, measured, reference, share of the likeness. `unexplained`: m/z, part of the ion current. `removed`:
    what each step of preprocessing left out of the ion current. `shift`: m/z error taken out of each spectrum.
    """

    format: Literal["garita.explanation/1"] = "garita.explanation/1"
    preprocessing: str
    removed: dict[str, int]
    shift: list[int]
    against: str
    peaks: list[list[int]]
    unexplained_part: int
    unexplained: list[list[int]]
    families: list[EvidencePart]
    doubts: list[str]
