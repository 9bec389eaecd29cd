"""What one reading comes to, as data: what was concluded, what is offered, what was named."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from models.catalogue import DRUG_FAMILIES
from models.components import Component
from models.conclusion import Conclusion, Judgement, Reason
from models.explanation import Doubt, Explanation
from models.mixture import Residual
from models.stereoisomers import Stereo, Stereochemistry

MOST_FAMILIES = 5
LEAST_FAMILY = 0.01
NAMING = (Conclusion.ALARM, Conclusion.CAUTION, Conclusion.NO_ALARM)


@dataclass(frozen=True)
class Hit:
    """One substance offered. `isomers` are those that this technique cannot tell from it: a hit is the whole group.

    `probability` is calibrated and the whole group's; `score` is the library search's, 0 to 1, that of a mixture's
    component against what the others leave.
    """

    name: str
    inchikey: str
    probability: float | None
    score: float
    isomers: tuple[str, ...]


@dataclass(frozen=True)
class FamilyHit:
    """A family of substances and the probability that the sample belongs to it."""

    family: str
    probability: float


@dataclass(frozen=True)
class Identification:
    """What one reading came to, with the digests of the library and the bundle that said so.

    Of a mixture `hits` begin with the components. `components` are those named, gravest first. `residual` is what is
    left by all that the conclusion rests on: a mixture's recognised components, named or not, or else the first hit;
    None where the reading was not searched.
    `stereoisomers` are of the first hit and the components, where the reading names them. `suspects` are the
    listed substances on which the conclusion rests though none is named, likeliest first; none is among the hits.
    """

    conclusion: Conclusion
    reasons: tuple[Reason, ...]
    hits: tuple[Hit, ...]
    families: tuple[FamilyHit, ...]
    unknown: bool
    library: str
    bundle: str
    elapsed_ms: float
    components: tuple[Component, ...] = ()
    residual: Residual | None = None
    explanation: Explanation | None = None
    stereoisomers: tuple[Stereo, ...] = ()
    suspects: tuple[Hit, ...] = ()


@dataclass(frozen=True)
class Finding:
    """The same before it is known which library and bundle said so, and how long it took."""

    judgement: Judgement
    hits: tuple[Hit, ...] = ()
    families: tuple[FamilyHit, ...] = ()
    components: tuple[Component, ...] = ()
    residual: Residual | None = None
    explanation: Explanation | None = None
    stereoisomers: tuple[Stereo, ...] = ()
    suspects: tuple[Hit, ...] = ()


def refused(*reasons: Reason) -> Finding:
    """Return what a reading comes to in which nothing was looked for; the first reason counts."""
    faults = (Reason.NO_SPECTRUM, Reason.MALFORMED_INPUT)
    return Finding((Conclusion.FAULT if reasons[0] in faults else Conclusion.INCONCLUSIVE, reasons))


def likeliest(families: Mapping[str, float], judgement: Judgement) -> tuple[FamilyHit, ...]:
    """Choose the families that are worth telling, likeliest first; where one of drugs is concluded, those of drugs."""
    drugs_first = Reason.FAMILY_ONLY in judgement[1]
    order = sorted(families.items(), key=lambda each: (drugs_first and not each[0].startswith(DRUG_FAMILIES), -each[1]))
    return tuple(FamilyHit(family, share) for family, share in order[:MOST_FAMILIES] if share >= LEAST_FAMILY)


def with_stereoisomers(finding: Finding, known: Stereochemistry) -> Finding:
    """Say of what the reading names that no spectrum tells its stereoisomers apart; a family names nothing."""
    conclusion, reasons = finding.judgement
    named = {each.inchikey: each.name for each in (*finding.hits[:1], *finding.components)}
    found = tuple(stereo for each in named.items() if (stereo := known.of(*each)))
    if not found or conclusion not in NAMING or Reason.FAMILY_ONLY in reasons:
        return finding
    why = finding.explanation
    return replace(
        finding,
        judgement=(conclusion, (*reasons, Reason.STEREOISOMERS_NOT_TOLD_APART)),
        explanation=why and replace(why, doubts=(*why.doubts, Doubt.STEREOISOMERS)),
        stereoisomers=found,
    )
