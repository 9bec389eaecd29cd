"""What an evaluation notes of each reading that it judged."""

from dataclasses import dataclass
from enum import StrEnum

from models.conclusion import Conclusion
from models.training.readings import Draw

SEVERAL, ONE = "several energies", "one spectrum"
PROTOCOLS = {
    SEVERAL: Draw(least=3, most=6),
    ONE: Draw(most=1),
    "several energies, as measured": Draw(least=3, most=6, distorted=False),
    "one spectrum, as measured": Draw(most=1, distorted=False),
}
"""How the readings of an evaluation are drawn."""
TAKEN_OUT = {protocol: f"{protocol}, compound taken out" for protocol in (SEVERAL, ONE)}
"""The same readings of known compounds, with half of these compounds taken out of the library, then the other half."""

TIMES, MOST_READINGS = 3, 600
"""How often a reading of each compound is drawn, and the most judged of each laboratory and kind, chosen by chance."""
MODEL = "model"


class Mistake(StrEnum):
    """What a wrong first hit has in common with the right compound."""

    ISOMER = "isomer"
    SAME_MASS = "same nominal mass"
    NEAR_MASS = "up to 4 m/z apart"
    OTHER_MASS = "another mass"
    NOT_COMPARED = "right one not compared closely"


@dataclass(frozen=True)
class Stated:
    """Probability of the first hit's group, and whether it was right."""

    probability: float
    right: bool


@dataclass(frozen=True)
class Trial:
    """One reading judged. Ranks count from 0, -1 where the compound is not in the library.

    `ranks` by method: among compounds, and among isomer groups. `first` names the first hit, `mistake` says what
    it has in common with the right one. `again` is what is stated after recalibration with readings of other
    compounds of the laboratory, None for the readings of those.
    """

    contributor: str
    instrument: str
    protocol: str
    name: str
    skeleton: str
    family: str
    ranks: dict[str, tuple[int, int]]
    first: str
    mistake: Mistake
    stated: Stated
    again: Stated | None
    none: float
    conclusion: Conclusion
    unknown: bool
    families: dict[str, float]

    @property
    def known(self) -> bool:
        """Whether any other laboratory measured the compound."""
        return self.ranks[MODEL][0] >= 0
