"""What an evaluation notes of each reading that it judged."""

from dataclasses import dataclass

from models.conclusion import Conclusion


@dataclass(frozen=True)
class Protocol:
    """How readings are drawn: `distorted` as a field instrument would give them, `most` spectra at most in each."""

    name: str
    distorted: bool
    most: int


PROTOCOLS = (
    Protocol("field, 1-5 energies", distorted=True, most=5),
    Protocol("field, one spectrum", distorted=True, most=1),
    Protocol("as measured, 1-5 energies", distorted=False, most=5),
)


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
