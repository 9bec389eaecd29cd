"""What an EI reading comes to: the same conclusions by the same rule, from the EI library alone."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from models.admission import LEAST_PEAKS, judged_by_few, refusal_after
from models.calibration import Thresholds
from models.catalogue import DRUG_FAMILIES, Catalogue, Standing, Substance
from models.conclusion import Conclusion, Judgement, Reason, Weighing, judge
from models.ei import EiEntry, EiHit, EiLibrary, prepare_ei
from models.ei_remainder import EiLeft, remainder
from models.mixture import Residual
from models.preprocessing import prepare
from models.repeats import together
from models.saturation import is_saturated
from models.spectrum import Spectrum, Technique
from models.standing import gravest, row_of, standing_of

ALIKE = 0.05
"""A substance of the same formula whose score is this near is not told apart."""
KIN = 0.75
"""Least score of a drug that fits almost as well, or fits what the first hit leaves, for its family to be told."""
LISTED_LEFT = 0.4
"""So like what the first hit leaves a listed substance or a drug holds back that nothing listed is there."""
MOST_LEFT = 0.1
"""The library knows few of the listed substances: with more left of the ion current, one that it lacks may be there."""
UNLISTED = 0.7
"""Nothing listed is concluded from so much of the probability on what is unlisted."""
ALARMS_BESIDE = 1.0
"""A fragment spectrum of electrons is whole in itself: a drug alarms whatever else is there."""


@dataclass(frozen=True)
class EiFinding:
    """Judgement, and what was offered, best first; `isomers` are those of the first. `families` are those of drugs.

    `residual` is what the first leaves, None where nothing was searched.
    """

    judgement: Judgement
    hits: tuple[EiHit, ...] = ()
    isomers: tuple[str, ...] = ()
    families: Mapping[str, float] = field(default_factory=dict[str, float])
    residual: Residual | None = None


def is_ei(spectra: Sequence[Spectrum]) -> bool:
    """Whether this is an EI reading: every spectrum of it by electron ionisation."""
    return bool(spectra) and all(spectrum.technique is Technique.EI for spectrum in spectra)


def identify_ei(library: EiLibrary, catalogue: Catalogue, limits: Thresholds, spectra: Sequence[Spectrum]) -> EiFinding:
    """Conclude from an EI reading that was admitted; what is no measurement gets a reason and no name."""
    reason = refusal_after(together(prepare(spectra)))
    if reason is not None:
        return EiFinding((Conclusion.INCONCLUSIVE, (reason,)))
    if any(map(is_saturated, spectra)):
        return EiFinding((Conclusion.INCONCLUSIVE, (Reason.SATURATED,)))
    reading = prepare_ei(spectra)
    if (reading > 0).sum() <= LEAST_PEAKS:
        return EiFinding((Conclusion.INCONCLUSIVE, (Reason.WEAK_SIGNAL,)))
    hits = library.search(reading)
    first = hits[0]
    near = [hit for hit in hits[1:] if hit.score >= first.score - ALIKE]
    isomers = [hit for hit in near if hit.entry.formula == first.entry.formula]
    left = remainder(library, reading, first)
    beside = left.likest(library.entries, LISTED_LEFT, lambda entry: _is_listed(entry, catalogue))
    families = _with_beside(_families(first, near, catalogue), beside, catalogue)
    weighing = replace(_weigh(hits, isomers, families, catalogue), unexplained=left.residual.share)
    weighing = replace(weighing, risk=float(beside is not None or _may_hide(weighing)))
    judgement = judge(weighing, replace(limits, partly=MOST_LEFT, mostly=ALARMS_BESIDE))
    judgement = judged_by_few(judgement, reading, weighing.first_probability)
    names = tuple(hit.entry.name for hit in isomers)
    return EiFinding(judgement, tuple(hits), names, families, left.residual)


def _may_hide(weighing: Weighing) -> bool:
    """Whether something listed, or that the library lacks, may be there though nothing listed was recognised."""
    return weighing.unlisted < UNLISTED or weighing.unexplained >= MOST_LEFT


def _with_beside(families: Mapping[str, float], beside: EiLeft | None, catalogue: Catalogue) -> dict[str, float]:
    """Add the family of a drug that fits what the first hit leaves."""
    family = _family_of(beside.entry, catalogue) if beside and beside.likeness >= KIN else ""
    if beside is None or not _is_drug(family):
        return dict(families)
    return {**families, family: max(families.get(family, 0.0), beside.likeness)}


def _is_listed(entry: EiEntry, catalogue: Catalogue) -> bool:
    standing = standing_of(entry.inchikey, entry.family, catalogue)
    return standing is not Standing.UNLISTED or _is_drug(_family_of(entry, catalogue))


def _families(first: EiHit, near: Sequence[EiHit], catalogue: Catalogue) -> dict[str, float]:
    """Say how likely each family of drugs is: that of the first hit, and of what fits almost as well if it is not it.

    Of a first hit of which nobody told a family, what is most like it among the near tells it.
    """
    own = _family(first, catalogue)
    kin = [family for family in (_family(hit, catalogue) for hit in near if hit.score >= KIN) if _is_drug(family)]
    sure = sum(hit.probability for hit in (first, *near) if _family(hit, catalogue) == own)
    shares = {own: sure} if _is_drug(own) else {}
    if kin:
        other = 1.0 if not own else 1 - sure
        shares[kin[0]] = min(1.0, shares.get(kin[0], 0.0) + other)
    return shares


def _family(hit: EiHit, catalogue: Catalogue) -> str:
    return _family_of(hit.entry, catalogue)


def _family_of(entry: EiEntry, catalogue: Catalogue) -> str:
    substance = catalogue.find(entry.inchikey)
    return substance.family if substance is not None else entry.family


def _is_drug(family: str) -> bool:
    return family.startswith(DRUG_FAMILIES)


def _weigh(
    hits: Sequence[EiHit], isomers: Sequence[EiHit], families: Mapping[str, float], catalogue: Catalogue
) -> Weighing:
    """Weigh all that share the probability, isomers by the gravest; a drug that fits almost as well is suspected."""
    first = hits[0]
    group = (first, *isomers)
    others = [hit for hit in hits if hit.probability and hit not in group]
    standing = gravest(_standing(hit, catalogue) for hit in group)
    held = {each: sum(hit.probability for hit in others if _standing(hit, catalogue) is each) for each in Standing}
    sure = sum(hit.probability for hit in group)
    held[standing] += sure
    drugs = max(families.values(), default=0.0)
    return Weighing(
        controlled=held[Standing.CONTROLLED],
        watched=held[Standing.WATCHED],
        unlisted=held[Standing.UNLISTED],
        none=max(0.0, 1 - sum(held.values())),
        first_probability=sure,
        isomers=tuple(hit.entry.name for hit in isomers),
        substances=[_told_of((*group, *others), catalogue)],
        drug_family=drugs,
        suspected=drugs,
    )


def _standing(hit: EiHit, catalogue: Catalogue) -> Standing:
    return standing_of(hit.entry.inchikey, hit.entry.family, catalogue)


def _told_of(fitting: Sequence[EiHit], catalogue: Catalogue) -> Substance | None:
    """Return the row of the gravest of what fits, of the first of these."""
    standing = gravest(_standing(hit, catalogue) for hit in fitting)
    held = next(hit.entry for hit in fitting if _standing(hit, catalogue) is standing)
    return row_of(held.inchikey, held.family, catalogue)
