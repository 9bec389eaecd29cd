"""What an EI reading comes to: the same conclusions by the same rule, from the EI library alone."""

from collections.abc import Sequence
from dataclasses import dataclass

from models.admission import LEAST_PEAKS
from models.calibration import Thresholds
from models.catalogue import Catalogue, Standing
from models.conclusion import Conclusion, Judgement, Reason, Weighing, judge
from models.ei import EiHit, EiLibrary, prepare_ei
from models.spectrum import Polarity, Spectrum, Technique

ALIKE = 0.05
"""A substance of the same formula whose score is this near is not told apart."""


@dataclass(frozen=True)
class EiFinding:
    """Judgement, and what was offered, best first; `isomers` are those of the first."""

    judgement: Judgement
    hits: tuple[EiHit, ...] = ()
    isomers: tuple[str, ...] = ()


def is_ei(spectra: Sequence[Spectrum]) -> bool:
    """Whether this is an EI reading: every spectrum of it by electron ionisation."""
    return bool(spectra) and all(spectrum.technique is Technique.EI for spectrum in spectra)


def identify_ei(library: EiLibrary, catalogue: Catalogue, limits: Thresholds, spectra: Sequence[Spectrum]) -> EiFinding:
    """Conclude from an EI reading; what is no measurement gets a reason and no name."""
    if any(spectrum.polarity is not Polarity.POSITIVE for spectrum in spectra):
        return EiFinding((Conclusion.INCONCLUSIVE, (Reason.WRONG_POLARITY,)))
    if not any(spectrum.total_ion_current for spectrum in spectra):
        return EiFinding((Conclusion.INCONCLUSIVE, (Reason.NOTHING_ABOVE_BACKGROUND,)))
    reading = prepare_ei(spectra)
    if not reading.any():
        return EiFinding((Conclusion.INCONCLUSIVE, (Reason.OUT_OF_RANGE,)))
    if (reading > 0).sum() <= LEAST_PEAKS:
        return EiFinding((Conclusion.INCONCLUSIVE, (Reason.WEAK_SIGNAL,)))
    hits = library.search(reading)
    first = hits[0]
    isomers = tuple(
        hit.entry.name
        for hit in hits[1:]
        if hit.entry.formula == first.entry.formula and hit.score >= first.score - ALIKE
    )
    return EiFinding(judge(_weigh(first, isomers, catalogue), limits), tuple(hits), isomers)


def _weigh(first: EiHit, isomers: Sequence[str], catalogue: Catalogue) -> Weighing:
    substance = catalogue.find(first.entry.inchikey)
    standing = substance.standing if substance else Standing.UNLISTED
    held = {each: first.probability if each is standing else 0.0 for each in Standing}
    return Weighing(
        controlled=held[Standing.CONTROLLED],
        watched=held[Standing.WATCHED],
        unlisted=held[Standing.UNLISTED],
        none=1 - first.probability,
        first_probability=first.probability,
        isomers=isomers,
        substance=substance,
        drug_family=0.0,
    )
