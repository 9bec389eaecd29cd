"""From a reading's spectra to what Garita concludes; presumptive, always."""

from collections.abc import Iterable, Mapping, Sequence
from copy import copy
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from pathlib import Path
from time import perf_counter

import numpy as np
from numpy.typing import NDArray

from models.additions import Changes
from models.admission import refusal_after, refusal_of
from models.bundle import Bundle
from models.calibration import OTHER, Calibration, Decision
from models.catalogue import DATA, DRUG_FAMILIES, Catalogue, Standing, Substance
from models.classifier import Encoder, Ranker, Scores, spread
from models.components import (
    Component,
    Parts,
    component_of,
    families_of,
    grave,
    hinted,
    rivals_of,
    same_as,
    sort_out,
    suspected,
    weigh_mixture,
)
from models.conclusion import Conclusion, Judgement, Reason, Weighing, judge
from models.ei import EiLibrary
from models.ei_identification import identify_ei, is_ei
from models.evidence import Evidence, gather
from models.explanation import Doubt, Explainer, Explanation
from models.families import Patterns
from models.family_rule import Families, FamilyEvidence, Learned, family_shares
from models.grouping import Group, grouped, neighbours_of
from models.library import Library
from models.mixture import Decomposer, Residual
from models.mixture_index import MixtureIndex
from models.mixture_judge import MixtureJudge
from models.preprocessing import Prepared, prepare
from models.sample import Sample
from models.saturation import is_saturated
from models.search import Index, Places, Table, shortlist
from models.spectrum import Spectrum
from models.standing import gravest, standing_of

DEFAULT_BUNDLE = DATA / "garita.bundle"
MOST_HITS = 10
MOST_FAMILIES = 5
LEAST_FAMILY = 0.01
FAMILIES_EXPLAINED = 2

Probabilities = NDArray[np.float64]


@dataclass(frozen=True)
class Hit:
    """One substance offered. `isomers` are those that this technique cannot tell from it: a hit is the whole group.

    `probability` is calibrated and the whole group's; `score` is the library search's, 0 to 1.
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

    Of a mixture `hits` begin with the components. `components` are those named, gravest first, `residual` what they
    leave unexplained, or where none is named what the first hit leaves; None where the reading was not searched.
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


@dataclass(frozen=True)
class _Finding:
    judgement: Judgement
    hits: tuple[Hit, ...] = ()
    families: tuple[FamilyHit, ...] = ()
    components: tuple[Component, ...] = ()
    residual: Residual | None = None
    explanation: Explanation | None = None


@dataclass(frozen=True)
class _Ranked:
    """Evidence of the candidates, which stand at `entries`; scores of every entry and, last, of none; family logits.

    `kin` is what speaks for each family of drugs.
    """

    entries: Places
    table: Table
    scores: Scores
    families: Scores
    kin: Mapping[str, FamilyEvidence]

    def closeness(self, entry: int) -> float:
        """Cosine with the entry's nearest spectra, 0 for one that was not compared closely."""
        return float(self.table[self.entries == entry, Evidence.CLOSE_MEAN].max(initial=0))


class Identifier:
    """Bundle and catalogue, opened once; identify() as often as wanted, from one thread at a time or several."""

    def __init__(
        self, bundle: Bundle, catalogue: Catalogue, learned: Learned | None = None, changes: Changes | None = None
    ) -> None:
        self.bundle = bundle
        self.base = Library.from_bytes(bundle.part("library.cbor"))
        self.changes = changes or Changes()
        self.library = self.changes.apply(self.base)
        self._encoder = Encoder(bundle.part("encoder.onnx"))
        self._ranker = Ranker(bundle.part("ranker.onnx"))
        self._decision = Decision.from_bytes(bundle.part("decision.json"))
        self.index = Index.of(self.library)
        self._explainer = Explainer(self.library)
        self._kin = Families(self.library, learned or Learned.load(), Patterns.load())
        self._know(catalogue)
        self._decomposer = Decomposer(MixtureIndex.of(self.library, self.index), MixtureJudge.load())
        self._family = np.array([entry.family for entry in self.library.entries])

    def on(self, day: date) -> "Identifier":
        """Return this identifier with the law of a day: itself where nothing changed."""
        catalogue = self.catalogue.on(day)
        if catalogue is self.catalogue:
            return self
        other = copy(self)
        other._know(catalogue)  # noqa: SLF001 - of its own kind
        return other

    def _know(self, catalogue: Catalogue) -> None:
        self.catalogue = catalogue
        own = [standing_of(entry.inchikey, entry.family, catalogue) for entry in self.library.entries]
        alike = neighbours_of(self.library)
        self._standings = tuple(gravest(own[each] for each in (at, *alike[at])) for at in range(len(own)))
        self._standing = np.array(self._standings)

    @property
    def calibration(self) -> Calibration:
        """What turns scores into probabilities."""
        return self._decision.calibration

    @classmethod
    def open(
        cls, bundle: Path = DEFAULT_BUNDLE, catalogue: Catalogue | None = None, changes: Changes | None = None
    ) -> "Identifier":
        """Open and check the files; `changes` are the state's own. Raises UnusableBundle, UnusableCatalogue."""
        return cls(Bundle.open(bundle), catalogue or Catalogue.load(), changes=changes)

    def identify(self, spectra: Sequence[Spectrum]) -> Identification:
        """Conclude from the spectra of one reading, one for each energy. Bad content gets a reason, never a name."""
        begun = perf_counter()
        reason = refusal_of(spectra)
        if reason is None and is_ei(spectra):
            return self._by_ei(spectra, begun)
        finding = self._find(spectra) if reason is None else _refused(reason)
        return self._answer(finding, (perf_counter() - begun) * 1000)

    def identify_sample(self, sample: Sample) -> Identification:
        """Conclude from a reading that came as a file; one of which a spectrum could not be taken is a fault."""
        if sample.problem is None:
            return self.identify(sample.spectra)
        return self._answer(_refused(Reason.MALFORMED_INPUT), 0.0)

    def examine(self, reading: Prepared) -> tuple[Identification, Scores]:
        """Conclude from a reading already prepared, softest spectrum first; beside it the scores [entries + 1]."""
        begun = perf_counter()
        ranked = self._rank(reading)
        finding = self._weigh(ranked)
        return self._answer(finding, (perf_counter() - begun) * 1000), ranked.scores

    def _by_ei(self, spectra: Sequence[Spectrum], begun: float) -> Identification:
        found = identify_ei(self._ei, self.catalogue, self._decision.thresholds, spectra)
        hits = tuple(
            Hit(each.entry.name, each.entry.inchikey, each.probability, each.score, () if place else found.isomers)
            for place, each in enumerate(found.hits)
        )
        finding = _Finding(found.judgement, hits, _likeliest(found.families))
        answer = self._answer(finding, (perf_counter() - begun) * 1000)
        return replace(answer, library=self._ei.digest)

    @cached_property
    def _ei(self) -> EiLibrary:
        return EiLibrary.open()

    def _answer(self, finding: _Finding, elapsed_ms: float) -> Identification:
        conclusion, reasons = finding.judgement
        return Identification(
            conclusion=conclusion,
            reasons=reasons,
            hits=finding.hits,
            families=finding.families,
            unknown=Reason.UNKNOWN_COMPOUND in reasons,
            library=self.library.digest,
            bundle=self.bundle.digest,
            elapsed_ms=elapsed_ms,
            components=finding.components,
            residual=finding.residual,
            explanation=finding.explanation,
        )

    def _find(self, spectra: Sequence[Spectrum]) -> _Finding:
        reading = of_measured(prepare(softest_first(spectra)))
        reason = refusal_after(reading) or saturation_of(spectra)
        if reason is not None:
            return _refused(reason)
        ranked = self._rank(reading)
        finding = self._weigh(ranked, self._apart(reading))
        explanation = self._explain(reading, ranked, finding)
        if len(reading.bins) < len(spectra):
            explanation = replace(explanation, doubts=(Doubt.EMPTY_SPECTRUM, *explanation.doubts))
        residual = finding.residual if finding.components else left_by_first(explanation)
        return replace(finding, residual=residual, explanation=explanation)

    def _explain(self, reading: Prepared, ranked: _Ranked, finding: _Finding) -> Explanation:
        kin = [ranked.kin[each.family] for each in finding.families if each.family in ranked.kin]
        probabilities = [hit.probability or 0.0 for hit in finding.hits]
        return self._explainer.explain(reading, finding.hits[0].inchikey, probabilities, kin[:FAMILIES_EXPLAINED])

    def _apart(self, reading: Prepared) -> Parts:
        parts = self._decomposer.decompose(reading.bins, reading.whole, reading.energies)
        return sort_out(parts, self._decision.thresholds, self._standings)

    def _rank(self, reading: Prepared) -> _Ranked:
        _, families = self._encoder.encode_reading(reading.bins)
        entries = shortlist(self.index, reading.bins)
        candidates = self.index.candidates(entries)
        table = gather(candidates, self.index.rarity, reading.bins, reading.energies, reading.whole)
        scores = spread(self._ranker.rank(table), entries, len(self.library.entries))
        return _Ranked(entries, table, scores, families, self._kin.evidence(reading.bins))

    def _weigh(self, ranked: _Ranked, parts: Parts | None = None) -> _Finding:
        probabilities = self._decision.calibration.probabilities(ranked.scores)
        groups = grouped(self.library, probabilities[:-1], MOST_HITS)
        hits = tuple(self._hit(group, ranked) for group in groups)
        if parts is not None and parts.is_mixture:
            return self._mixture(parts, ranked, hits)
        families = self._families(probabilities, ranked)
        weighing = self._weighing(probabilities, groups[0], families)
        if parts is None:
            return _Finding(judge(weighing, self._decision.thresholds), hits, _likeliest(families))
        weighing = replace(
            weighing,
            substances=self._told_of((*_shares_of(groups), *rivals_of(parts)), groups[0]),
            suspected=suspected(parts, self._standings),
            hinted=hinted(parts, self._standings),
        )
        judgement = judge(weighing, self._decision.thresholds)
        alone = same_as(parts, () if Reason.UNKNOWN_COMPOUND in judgement[1] else groups[0].members)
        return _Finding(judgement, hits, _likeliest(families), self._named(alone), alone.residual)

    def _mixture(self, parts: Parts, ranked: _Ranked, offered: Sequence[Hit]) -> _Finding:
        """Conclude from the gravest component; the components come first among the hits."""
        judgement = judge(
            weigh_mixture(parts, self.library, self._standings, self.catalogue), self._decision.thresholds
        )
        answers = [each.answer for each in parts.found]
        first = [self._hit(Group(each.entry, (each.entry,), each.probability), ranked) for each in answers]
        told = {name for hit in first for name in (hit.name, *hit.isomers)}
        hits = (*first, *(hit for hit in offered if hit.name not in told))[:MOST_HITS]
        families = _likeliest(families_of(parts, self.library))
        return _Finding(judgement, hits, families, self._named(parts), parts.residual)

    def _named(self, parts: Parts) -> tuple[Component, ...]:
        return tuple(component_of(each, self.library) for each in parts.named)

    def _hit(self, group: Group, ranked: _Ranked) -> Hit:
        entry = self.library.entries[group.first]
        score = min(1.0, ranked.closeness(group.first))
        return Hit(entry.name, entry.inchikey, group.probability, score, entry.isomers)

    def _families(self, probabilities: Probabilities, ranked: _Ranked) -> dict[str, float]:
        """Add up what each family's entries have; of a compound not in the library ions, losses and network say it."""
        known = {family: float(probabilities[:-1][self._family == family].sum()) for family in self._decision.families}
        head = np.exp(ranked.families - ranked.families.max())
        guess = dict(zip(self._decision.families, (head / head.sum()).tolist(), strict=True))
        shares = family_shares(known, float(probabilities[-1]), ranked.kin, guess, self._kin.rule.prior)
        return {family: share for family, share in shares.items() if family != OTHER}

    def _told_of(self, shares: Iterable[tuple[int, float]], first: Group) -> list[Substance | None]:
        """Return the rows of what may well be there and is controlled or watched, or else of the first group."""
        told = list(dict.fromkeys(grave(shares, self._standings))) or [first.first]
        return [self.catalogue.find(self.library.entries[at].inchikey) for at in told]

    def _weighing(self, probabilities: Probabilities, first: Group, families: dict[str, float]) -> Weighing:
        by_standing = {standing: float(probabilities[:-1][self._standing == standing].sum()) for standing in Standing}
        entry = self.library.entries[first.first]
        return Weighing(
            controlled=by_standing[Standing.CONTROLLED],
            watched=by_standing[Standing.WATCHED],
            unlisted=by_standing[Standing.UNLISTED],
            none=float(probabilities[-1]),
            first_probability=first.probability,
            isomers=entry.isomers,
            substances=self._told_of(_shares_of([first]), first),
            drug_family=max(share for family, share in families.items() if family.startswith(DRUG_FAMILIES)),
        )


def softest_first(spectra: Sequence[Spectrum]) -> list[Spectrum]:
    """Order by energy, equal ones by their mean m/z, the unbroken ion being the heaviest; by it alone where not told.

    Spectra in which nothing was measured are left out: none of them may stand for the softest.
    """
    measured = [spectrum for spectrum in spectra if spectrum.total_ion_current]
    told = all(spectrum.collision_energy is not None for spectrum in measured)
    return sorted(measured, key=lambda each: (each.collision_energy or 0.0 if told else 0.0, -mean_mz(each)))


def of_measured(reading: Prepared) -> Prepared:
    """Leave out the spectra in which preprocessing left nothing; a reading of nothing else stays as it is."""
    kept = np.flatnonzero(reading.bins.any(axis=1)).tolist()
    if not kept or len(kept) == len(reading.bins):
        return reading
    return replace(
        reading,
        bins=reading.bins[kept],
        energies=tuple(reading.energies[at] for at in kept),
        shift=tuple(reading.shift[at] for at in kept),
        peaks=tuple(reading.peaks[at] for at in kept),
        whole=None if reading.whole is None else reading.whole[kept],
    )


def mean_mz(spectrum: Spectrum) -> float:
    """Mean m/z by intensity, 0 of an empty spectrum."""
    return float((spectrum.mz * spectrum.intensity).sum()) / (spectrum.total_ion_current or 1.0)


def _shares_of(groups: Iterable[Group]) -> list[tuple[int, float]]:
    return [(group.first, group.probability) for group in groups]


def left_by_first(explanation: Explanation) -> Residual:
    """Tell what the first hit leaves of a reading of which no component is named."""
    return Residual(explanation.unexplained_part, tuple(each.mz for each in explanation.unexplained))


def saturation_of(spectra: Sequence[Spectrum]) -> Reason | None:
    """Refuse a reading one of whose spectra is cut at its top: what is cut looks like something else."""
    return Reason.SATURATED if any(map(is_saturated, spectra)) else None


def _refused(reason: Reason) -> _Finding:
    faults = (Reason.NO_SPECTRUM, Reason.MALFORMED_INPUT)
    return _Finding((Conclusion.FAULT if reason in faults else Conclusion.INCONCLUSIVE, (reason,)))


def _likeliest(families: Mapping[str, float]) -> tuple[FamilyHit, ...]:
    best = sorted(families.items(), key=lambda item: -item[1])[:MOST_FAMILIES]
    return tuple(FamilyHit(family, share) for family, share in best if share >= LEAST_FAMILY)
