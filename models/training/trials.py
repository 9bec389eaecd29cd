"""What an evaluation notes of each reading that it judged."""

from dataclasses import dataclass

from models.conclusion import Conclusion
from models.training.readings import Draw

PROTOCOLS = {
    "field, 1-5 energies": Draw(most=5, distorted=True),
    "field, one spectrum": Draw(most=1, distorted=True),
    "as measured, 1-5 energies": Draw(most=5, distorted=False),
}
"""How the readings of an evaluation are drawn."""


@dataclass(frozen=True)
class Trial:
    """One reading judged. Ranks count from 0, -1 where the compound is not in the library.

    `ranks` by method: among compounds, and among isomer groups. `probability` and `right` are of the first hit's group.
    """

    contributor: str
    protocol: str
    skeleton: str
    family: str
    ranks: dict[str, tuple[int, int]]
    probability: float
    right: bool
    conclusion: Conclusion
    unknown: bool
    families: dict[str, float]

    @property
    def known(self) -> bool:
        """Whether any other laboratory measured the compound."""
        return self.ranks["model"][0] >= 0
