"""What a reading comes to: the five conclusions, their reasons, and the rule that leads there."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from models.calibration import Thresholds
from models.catalogue import DRUG_FAMILIES, Standing, Substance


class Conclusion(StrEnum):
    """What a reading comes to. Never more than a presumption."""

    ALARM = "alarm"
    CAUTION = "caution"
    NO_ALARM = "no_alarm"
    INCONCLUSIVE = "inconclusive"
    FAULT = "fault"


class Reason(StrEnum):
    """Why, in codes that stay."""

    CONTROLLED_SUBSTANCE = "controlled-substance"
    STATUS_UNVERIFIED = "status-unverified"
    LICIT_MEDICINE = "licit-medicine"
    DOCUMENT_CHECK = "document-check"
    PRECURSOR_DOCUMENT_CHECK = "precursor-document-check"
    DANGEROUS_CHEMICAL = "dangerous-chemical"
    RECOGNISED_NOT_LISTED = "recognised-not-listed"
    ISOMERS_NOT_TOLD_APART = "isomers-not-told-apart"
    STEREOISOMERS_NOT_TOLD_APART = "stereoisomers-not-told-apart"
    MIXTURE = "mixture"
    FAMILY_ONLY = "family-only"
    AMBIGUOUS = "ambiguous"
    UNKNOWN_COMPOUND = "unknown-compound"
    PARTLY_UNEXPLAINED = "partly-unexplained"
    NOT_RULED_OUT = "not-ruled-out"
    DRUG_OF_THE_SAME_FORMULA = "drug-of-the-same-formula"
    WRONG_ENERGY_TOO_LOW = "wrong-energy-too-low"
    WRONG_ENERGY_TOO_HIGH = "wrong-energy-too-high"
    WEAK_SIGNAL = "weak-signal"
    SATURATED = "saturated"
    NOTHING_ABOVE_BACKGROUND = "nothing-above-background"
    OUT_OF_RANGE = "out-of-range"
    WRONG_POLARITY = "wrong-polarity"
    TECHNIQUE_NOT_COVERED = "technique-not-covered"
    NO_SPECTRUM = "no-spectrum"
    MALFORMED_INPUT = "malformed-input"


RECOGNISED, SURELY = 0.3, 0.9
"""Probability of the first name under which nothing was recognised, and from which no other fits as well."""

Judgement = tuple[Conclusion, tuple[Reason, ...]]
SUSPECTED: Judgement = (Conclusion.CAUTION, (Reason.CONTROLLED_SUBSTANCE, Reason.AMBIGUOUS))
"""Something controlled is likely enough there, and not enough for its name."""

_MEDICINE_LISTS = ("PSC1971 III", "PSC1971 IV", "SC1961 II")
_DANGEROUS = ("explosive", "toxic-industrial")


@dataclass(frozen=True)
class Weighing:
    """Probability by standing over the whole library; what is left to 1 is `none`, a compound not in the library.

    `substances` are the catalogue rows of what may well be there, the gravest and likeliest first: of all that is
    controlled or watched, or else of the best hit alone; None stands for one that the catalogue lacks.
    `first_probability` is that of the best hit's isomer group. `drug_family` is the probability of the likeliest family
    of drugs. `suspected` is that of a controlled component that is not likely enough to be named, `hinted` that of
    something listed in what is not recognised. Of a `mixture` each counts what its gravest component has. Parts of the
    ion current are `unnamed`, of a component that is not recognised, as far as nothing recognised explains it, and
    `unexplained`, of masses where nothing recognised has a peak;
    `clusters` is the same with what may be their adducts or dimers, and may be a drug's ions too;
    `hidden` is the most that a listed substance which is no medicine has of its ions at such masses. Of the softest
    spectrum `strange` is the highest ion at such masses and `heavier` the highest that is heavier than anything
    recognised, beside the highest of all.
    `risk` is the probability that something hides in it, should nothing listed have been recognised.
    """

    controlled: float
    watched: float
    unlisted: float
    none: float
    first_probability: float
    isomers: Sequence[str]
    substances: Sequence[Substance | None]
    drug_family: float
    suspected: float = 0.0
    hinted: float = 0.0
    unnamed: float = 0.0
    unexplained: float = 0.0
    clusters: float = 0.0
    hidden: float = 0.0
    strange: float = 0.0
    heavier: float = 0.0
    mixture: bool = False
    risk: float = 1.0


def judge(weighing: Weighing, limits: Thresholds) -> Judgement:
    """Conclude: the gravest that its probability allows; nothing listed only where hardly anything can hide."""
    if weighing.controlled >= limits.alarm:
        alarm = (Conclusion.ALARM, (Reason.CONTROLLED_SUBSTANCE, *_remarks(weighing, limits)))
        return SUSPECTED if _explains_little(weighing, limits) else alarm
    if weighing.controlled + weighing.watched >= limits.caution:
        return Conclusion.CAUTION, (_watch_reason(weighing), *_remarks(weighing, limits))
    if weighing.drug_family >= limits.family:
        beside = (Reason.MIXTURE,) if weighing.mixture else ()
        return Conclusion.CAUTION, (Reason.FAMILY_ONLY, *beside, *_unknown(weighing, limits))
    if weighing.suspected >= limits.alarm:
        return SUSPECTED
    if _is_clear(weighing, limits):
        return Conclusion.NO_ALARM, (Reason.RECOGNISED_NOT_LISTED, *_remarks(weighing, limits))
    return Conclusion.INCONCLUSIVE, _unknown(weighing, limits) or (_why_not(weighing, limits),)


def _is_clear(weighing: Weighing, limits: Thresholds) -> bool:
    """Whether something was recognised, and hardly anything can hide: by all that is known, and by each part alone."""
    drugs = (weighing.controlled, weighing.suspected, weighing.drug_family)
    recognised = weighing.first_probability >= RECOGNISED and weighing.none < limits.unknown
    much = weighing.unexplained >= limits.unexplained or weighing.strange >= limits.strange
    told = much or weighing.heavier >= limits.heavier or max(drugs) > limits.tolerated
    return recognised and not told and weighing.risk <= limits.cleared


def _why_not(weighing: Weighing, limits: Thresholds) -> Reason:
    if _is_partly_unexplained(weighing, limits):
        return Reason.PARTLY_UNEXPLAINED
    return Reason.AMBIGUOUS if weighing.first_probability < SURELY else Reason.NOT_RULED_OUT


def _explains_little(weighing: Weighing, limits: Thresholds) -> bool:
    return weighing.controlled < limits.component and weighing.unexplained >= limits.mostly


def _is_partly_unexplained(weighing: Weighing, limits: Thresholds) -> bool:
    """Whether enough is left of the reading for a substance that was not recognised."""
    left = max(weighing.unnamed, weighing.unexplained) >= limits.partly
    return left or weighing.strange >= limits.strange or weighing.heavier >= limits.heavier


def _unknown(weighing: Weighing, limits: Thresholds) -> tuple[Reason, ...]:
    return (Reason.UNKNOWN_COMPOUND,) if weighing.none >= limits.unknown else ()


def _watch_reason(weighing: Weighing) -> Reason:
    if weighing.controlled >= weighing.watched:
        return Reason.CONTROLLED_SUBSTANCE
    known = [each for each in weighing.substances if each]
    substance = next((each for each in known if each.standing is Standing.WATCHED), known[0] if known else None)
    if substance is not None and substance.family in _DANGEROUS:
        return Reason.DANGEROUS_CHEMICAL
    if substance is not None and (
        substance.family.startswith(DRUG_FAMILIES) or substance.standing is Standing.UNLISTED
    ):
        return Reason.DOCUMENT_CHECK
    return Reason.PRECURSOR_DOCUMENT_CHECK


def _remarks(weighing: Weighing, limits: Thresholds) -> tuple[Reason, ...]:
    """Say what else must be said: doubts that hold for any of the substances, what allows it only if for every one.

    What is not explained may be a substance that nothing allows.
    """
    substances = weighing.substances
    hides = weighing.hidden >= limits.medicine or _is_partly_unexplained(weighing, limits)
    remarks = {
        Reason.MIXTURE: weighing.mixture,
        Reason.AMBIGUOUS: weighing.first_probability < limits.alarm,
        Reason.ISOMERS_NOT_TOLD_APART: bool(weighing.isomers),
        Reason.STATUS_UNVERIFIED: any(each is not None and each.listed.is_unverified for each in substances),
        Reason.LICIT_MEDICINE: bool(substances) and not hides and all(map(is_licit_medicine, substances)),
    }
    return tuple(reason for reason, holds in remarks.items() if holds)


def is_licit_medicine(substance: Substance | None) -> bool:
    """Whether the catalogue holds it as a medicine, or the list that controls it is one of medicines."""
    if substance is None:
        return False
    lists = (entry.list for entry in substance.listed.entries)
    return substance.family == "pharmaceutical" or any(each.startswith(_MEDICINE_LISTS) for each in lists)
