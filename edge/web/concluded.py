"""What a reading came to, sorted: what it names, whom it suspects, what it is mixed of and what else it resembles."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, Self

from edge.checking import held_of
from edge.listings import listing_of
from edge.views import ReadingView
from edge.web.indications import indicated, likely_beside
from models.catalogue import Catalogue, Standing
from models.conclusion import Reason
from sync.contract.listing import ListingPart
from sync.contract.records import ComponentPart, HitPart, IdentificationPart
from sync.contract.suspects import suspects_of

Kind = Literal["alarm", "caution", "no_alarm", "inconclusive", "fault", "stopped"]
REFERRED = ("alarm", "caution")
NAMED = (*REFERRED, "no_alarm")
LEAST_POSSIBLE = 0.01
MOST_POSSIBLE = 5


@dataclass(frozen=True)
class Concluded:
    """What a reading came to, sorted: `only` is the one substance it names, `family` the one family.

    `suspects` are those on whom it rests though they are not named, `signs` the dangerous family of which it has
    evidence though it concludes nothing, `beside` the gravest family of drugs that is likely beside whom it names.
    """

    kind: Kind
    codes: Sequence[str]
    hits: Sequence[HitPart]
    family: str | None
    only: HitPart | None
    components: Sequence[ComponentPart]
    suspects: Sequence[HitPart]
    unexplained: float
    signs: str
    beside: str
    identification: IdentificationPart | None

    @classmethod
    def of(cls, catalogue: Catalogue, reading: ReadingView) -> Self:
        """Sort what a finished reading came to."""
        kind, identification = _kind(reading), _identification(reading)
        codes, hits = _codes(reading, identification), identification.hits if identification else []
        families = identification.families if identification else []
        family = families[0].family if families and Reason.FAMILY_ONLY in codes else None
        suspects = suspects_of(identification)
        rests = not suspects or _is_grave(catalogue, hits)
        only = hits[0] if hits and rests and kind in NAMED and not family and Reason.AMBIGUOUS not in codes else None
        mixed = identification if identification and Reason.MIXTURE in codes else None
        components = mixed.components if mixed else ()
        unexplained = mixed.residual.share if mixed and mixed.residual else 0
        signs = indicated(catalogue, identification) if kind == "inconclusive" and not is_held(reading) else ""
        named = [*([only] if only else ()), *components]
        beside = likely_beside(catalogue, identification, named) if kind in REFERRED and named else ""
        return cls(kind, codes, hits, family, only, components, suspects, unexplained, signs, beside, identification)

    @property
    def offered(self) -> Sequence[HitPart]:
        """All substances that it may be: who is named, who is suspected, then what else it resembles."""
        named = [self.only] if self.only else []
        return [*named, *self.suspects, *self.hits[len(named) :]]

    @property
    def others(self) -> Sequence[HitPart]:
        """What else it resembles: of a mixture nothing of what was found in it."""
        found = {each.inchikey for each in self.components}
        return [hit for hit in _possible(self.offered) if hit.inchikey not in found]

    @property
    def several(self) -> Sequence[ComponentPart | HitPart]:
        """What the law is told of where that is not the one substance named, the gravest first."""
        if len(self.components) > 1:
            return self.components
        return self.suspects if not self.only else ()

    @property
    def shares(self) -> list[float]:
        """The share of the signal of each component, of what else there is, and of what nothing explains."""
        return _whole([each.share for each in self.components], self.unexplained)

    @property
    def listing(self) -> ListingPart | None:
        """The lists of its day; records made before lists had versions have none."""
        return listing_of(self.identification)


def is_held(reading: ReadingView) -> bool:
    """Tell whether what a reading came to was held back: nothing of it but its hazard is shown."""
    return reading.record is not None and held_of(reading.record) is not None


def _kind(reading: ReadingView) -> Kind:
    if reading.state == "stopped":
        return "stopped"
    if reading.state == "done" and reading.record:
        return reading.record.conclusion
    return "fault"


def _identification(reading: ReadingView) -> IdentificationPart | None:
    return reading.record.readings[0].identification if reading.record else None


def _codes(reading: ReadingView, identification: IdentificationPart | None) -> Sequence[str]:
    if reading.problem:
        return [reading.problem]
    if reading.record and (held := held_of(reading.record)):
        return [held]
    return identification.reasons if identification and identification.reasons else ["internal-error"]


def _is_grave(catalogue: Catalogue, hits: Sequence[HitPart]) -> bool:
    """Tell whether a list has the first hit, so that the conclusion may rest on it."""
    substance = catalogue.find(hits[0].inchikey) if hits else None
    return substance is not None and substance.standing is not Standing.UNLISTED


def _possible(hits: Sequence[HitPart]) -> list[HitPart]:
    likely = [hit for hit in hits if hit.probability is None or hit.probability >= LEAST_POSSIBLE]
    return (likely or list(hits[:1]))[:MOST_POSSIBLE]


def _whole(parts: Sequence[float], unexplained: float) -> list[float]:
    """Return parts of 1, what else there is and what is unexplained, in whole percent that add up to 1.

    The largest remainders are rounded up. Parts that come to more than 1 are made smaller.
    """
    known = sum(parts) + unexplained
    exact = [100 * each / max(known, 1) for each in (*parts, max(1 - known, 0), unexplained)]
    whole = [int(each) for each in exact]
    for index in sorted(range(len(exact)), key=lambda each: whole[each] - exact[each])[: 100 - sum(whole)]:
        whole[index] += 1
    return [each / 100 for each in whole]
