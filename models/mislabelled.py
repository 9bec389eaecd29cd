"""A reference that would clear a drug: its spectra read as something graver than what it says that it is."""

from dataclasses import dataclass

from models.additions import Addition
from models.conclusion import Conclusion, Reason
from models.identification import Identifier
from models.library import Band
from models.preprocessing import Prepared
from models.standing import ORDER, standing_of

REFERRED = (Conclusion.ALARM, Conclusion.CAUTION)
ENERGIES = (Band.LOW, Band.MID, Band.HIGH)


@dataclass(frozen=True)
class Mislabelled:
    """What an addition says that it is, and what its spectra read as; `probability` is None where none was measured."""

    name: str
    reads_as: str
    conclusion: Conclusion
    probability: float | None

    def __str__(self) -> str:
        """Say it in a line."""
        sure = "" if self.probability is None else f", {self.probability:.0%}"
        return (
            f"! {self.name}: these spectra read as {self.reads_as} ({self.conclusion.value}{sure}) by the library as it"
            " is; with them such a drug may be read as this substance. Is the sample what its label says?"
        )


def mislabelled(identifier: Identifier, addition: Addition) -> Mislabelled | None:
    """Read an addition's spectra as a reading by a library without it; None where what they read as is no graver."""
    measured = addition.bands[[band for band in ENERGIES if addition.bands[band].any()]]
    rows = measured if len(measured) else addition.bands[[Band.ALL]]
    answer = identifier.conclude(Prepared(rows, (None,) * len(rows), (), {}))
    if answer.conclusion not in REFERRED:
        return None
    entry, catalogue = addition.entry, identifier.catalogue
    own = ORDER(standing_of(entry.inchikey, entry.family, catalogue))
    if Reason.FAMILY_ONLY in answer.reasons:
        family = answer.families[0]
        graver = ORDER(standing_of("", family.family, catalogue)) < own
        return Mislabelled(entry.name, family.family, answer.conclusion, family.probability) if graver else None
    for each in (*answer.components, *answer.suspects, *answer.hits[:1]):
        if each.inchikey[:14] != entry.skeleton and ORDER(standing_of(each.inchikey, "", catalogue)) < own:
            return Mislabelled(entry.name, each.name, answer.conclusion, each.probability)
    return None
