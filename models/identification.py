"""From a reading's spectra to what Garita concludes; presumptive, always."""

from collections.abc import Mapping, Sequence
from copy import copy
from dataclasses import replace
from datetime import date
from functools import cached_property
from pathlib import Path
from time import perf_counter

import numpy as np

from models.additions import Changes
from models.admission import judged_by_few, judged_in_noise, refusal_after, refusal_of
from models.answer import Finding, Hit, Identification, likeliest, refused, with_stereoisomers
from models.bundle import Bundle
from models.calibration import Calibration, Decision
from models.catalogue import DATA, Catalogue
from models.classifier import Encoder, Ranker, Scores, spread
from models.clearance import Clearance, Risk
from models.components import Parts, sort_out, trusted
from models.conclusion import Conclusion, Reason
from models.ei import EiLibrary
from models.ei_identification import identify_ei, is_ei
from models.errors import UnusableBundle
from models.evidence import gather
from models.expected import Expected
from models.explanation import Doubt, Explainer, Explanation
from models.families import Patterns
from models.family_rule import Families, FamilyEvidence, Learned, beyond
from models.grouping import renown_of
from models.isotopes import Isotopes
from models.library import Library
from models.mixture import Decomposer, Residual
from models.mixture_fit import Currents
from models.mixture_index import MixtureIndex
from models.mixture_judge import MixtureJudge
from models.odds import odds_of
from models.preprocessing import Bins, Prepared, prepare
from models.reach import Reach
from models.remainder import explained, harmless, remainder
from models.repeats import together
from models.sample import Sample
from models.saturation import without_saturated
from models.search import Index, shortlist
from models.softest import of_measured, softest_first
from models.spectrum import Spectrum
from models.standing import standings_of
from models.weighing import Ranked, Weigher
from models.wrong_energy import whole_alone, wrong_energy

DEFAULT_BUNDLE = DATA / "garita.bundle"
FAMILIES_EXPLAINED = 2


class Identifier:
    """Bundle and catalogue, opened once; identify() as often as wanted, from one thread at a time or several."""

    def __init__(
        self,
        bundle: Bundle,
        catalogue: Catalogue,
        learned: Learned | None = None,
        changes: Changes | None = None,
        risk: Risk | None = None,
    ) -> None:
        self.bundle = bundle
        self.base = Library.from_bytes(bundle.part("library.cbor"))
        self.changes = changes or Changes()
        self.library = self.changes.apply(self.base)
        self._encoder = Encoder(bundle.part("encoder.onnx"))
        self._ranker = Ranker(bundle.part("ranker.onnx"))
        self._decision = Decision.from_bytes(bundle.part("decision.json"))
        if self._encoder.families != len(self._decision.families):
            raise UnusableBundle(
                f"encoder.onnx tells {self._encoder.families} families, decision.json {len(self._decision.families)}; "
                "load the signed bundle again"
            )
        expected = Expected.from_bytes(bundle.part("expected.cbor"))
        self.index = Index.of(self.library, self.changes.laboratories(self.base), expected)
        self._isotopes = Isotopes.of(self.library, self.index)
        self._explainer = Explainer(self.library)
        self._kin = Families(self.library, learned or Learned.load(), Patterns.load())
        self._mixtures = MixtureIndex.of(self.library, self.index)
        self._judge = MixtureJudge.load()
        self._risk = risk or Clearance.load().risk
        self._know(catalogue)

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
        odds = odds_of(self.library, catalogue, self._added)
        self._decomposer = Decomposer(self._mixtures, self._judge, odds)
        standings = standings_of(self.library, catalogue)
        renown = renown_of(self.library, self.index.laboratories.tolist(), catalogue, self._added)
        self._weigher = Weigher(
            library=self.library,
            index=self.index,
            catalogue=catalogue,
            standings=standings,
            renown=renown,
            decision=self._decision,
            prior=self._kin.rule.prior,
            own_kin=self._own_kin,
            risk=self._risk,
        )

    @property
    def _added(self) -> frozenset[str]:
        """Skeletons of what the state added."""
        return frozenset(each.entry.skeleton for each in self.changes.additions)

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
        finding = self._find(spectra) if reason is None else refused(reason)
        return self._answer(finding, (perf_counter() - begun) * 1000)

    def identify_sample(self, sample: Sample) -> Identification:
        """Conclude from a reading that came as a file; one of which a spectrum could not be taken is a fault."""
        if sample.problem is None:
            return self.identify(sample.spectra)
        return self._answer(refused(Reason.MALFORMED_INPUT), 0.0)

    def conclude(self, reading: Prepared) -> Identification:
        """Conclude as identify() does from a reading already prepared, softest spectrum first."""
        begun = perf_counter()
        alone = whole_alone(reading.bins)
        if alone is not None:
            return self._answer(refused(alone), (perf_counter() - begun) * 1000)
        ranked, parts = self._known_and_left(reading)
        finding = self._concluded(reading, ranked, parts)
        return self._answer(finding, (perf_counter() - begun) * 1000)

    def examine(self, reading: Prepared) -> tuple[Identification, Scores]:
        """Conclude as of one substance alone; beside it the scores [entries + 1]."""
        begun = perf_counter()
        ranked = possible(self._rank(reading), self._isotopes, reading.isotopic)
        finding = self._weigher.weigh(ranked)
        return self._answer(finding, (perf_counter() - begun) * 1000), ranked.scores

    def scores(self, reading: Prepared, without: Sequence[int] = ()) -> Scores:
        """Score every entry and, last, none of them; those `without` as if they were not compared."""
        return possible(self._rank(reading, without), self._isotopes, reading.isotopic).scores

    def _by_ei(self, spectra: Sequence[Spectrum], begun: float) -> Identification:
        found = identify_ei(self._ei, self.catalogue, self._decision.thresholds, spectra)
        hits = tuple(
            Hit(each.entry.name, each.entry.inchikey, each.probability, each.score, () if place else found.isomers)
            for place, each in enumerate(found.hits)
        )
        finding = Finding(found.judgement, hits, likeliest(found.families, found.judgement), residual=found.residual)
        answer = self._answer(finding, (perf_counter() - begun) * 1000)
        return replace(answer, library=self._ei.digest)

    @cached_property
    def _ei(self) -> EiLibrary:
        return EiLibrary.open()

    @cached_property
    def reach(self) -> Reach:
        """What can be recognised."""
        return Reach.of(self.library, self.changes, self._ei)

    def _answer(self, finding: Finding, elapsed_ms: float) -> Identification:
        finding = with_stereoisomers(finding, self.catalogue.stereochemistry)
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
            stereoisomers=finding.stereoisomers,
            suspects=finding.suspects,
        )

    def _find(self, spectra: Sequence[Spectrum]) -> Finding:
        uncut = without_saturated(spectra)
        ordered = softest_first(uncut or spectra)
        measured = together(prepare(ordered))
        reading = of_measured(measured)
        reason = refusal_after(reading) or (None if uncut else Reason.SATURATED)
        alone = whole_alone(reading.bins) if reason in (None, Reason.WEAK_SIGNAL) else None
        if reason or alone:
            return refused(*filter(None, (alone, reason)))
        ranked, parts = self._known_and_left(reading)
        finding = self._concluded(reading, ranked, parts)
        judgement = judged_by_few(finding.judgement, reading.bins.sum(axis=0), finding.hits[0].probability or 0.0)
        finding = replace(finding, judgement=judged_in_noise(judgement, reading))
        explanation = self._explain(reading, strongest((ranked.kin, parts.kin)), finding)
        left_out = {
            Doubt.SATURATED_SPECTRUM: len(uncut) < len(spectra),
            Doubt.EMPTY_SPECTRUM: len(ordered) < len(uncut) or len(reading.bins) < len(measured.bins),
        }
        doubts = (*(doubt for doubt, holds in left_out.items() if holds), *explanation.doubts)
        explanation = replace(explanation, doubts=doubts)
        residual = finding.residual or left_by_first(explanation)
        return replace(finding, residual=residual, explanation=explanation)

    def _concluded(self, reading: Prepared, ranked: Ranked, parts: Parts) -> Finding:
        """Conclude, and where that came to nothing say whether the energies were wrong."""
        finding = self._weigher.weigh(ranked, parts)
        conclusion, reasons = finding.judgement
        if conclusion is not Conclusion.INCONCLUSIVE:
            return finding
        beside = [int(self.index.ion_mz[each.answer.entry]) for each in parts.found]
        wrong = wrong_energy(reading.bins, [self._explainer.whole_of(hit.inchikey) for hit in finding.hits], beside)
        return finding if wrong is None else replace(finding, judgement=(conclusion, (wrong, *reasons)))

    def _explain(self, reading: Prepared, said: Mapping[str, FamilyEvidence], finding: Finding) -> Explanation:
        kin = [said[each.family] for each in finding.families if each.family in said]
        first, *others = finding.hits
        named = list(dict.fromkeys([first.inchikey, *(each.inchikey for each in finding.components)]))
        rivals = [first, *(hit for hit in others if hit.inchikey not in named)]
        probabilities = [hit.probability or 0.0 for hit in rivals]
        return self._explainer.explain(reading, named, probabilities, kin[:FAMILIES_EXPLAINED])

    def _known_and_left(self, reading: Prepared) -> tuple[Ranked, Parts]:
        """Rank a reading and take it apart; what harmless substances in it would be taken for alone counts no more."""
        ranked = self._rank(reading)
        parts = self._apart(reading, ranked)
        ranked = possible(ranked, self._isotopes, reading.isotopic, parts.whole.explained)
        known = harmless(trusted(parts, self.library), self.library, reading.bins)
        own = explained(self._mixtures, reading.bins, known)
        if not len(own):
            return ranked, parts
        return replace(ranked, kin=beyond(ranked.kin, self._kin.evidence(own), self._kin.rule.prior)), parts

    def _apart(self, reading: Prepared, ranked: Ranked) -> Parts:
        """Take a reading apart, and look for families of drugs in what those leave that are recognised.

        What has no family is most of the library, and the nearest that it has to many a drug that it lacks: families
        are looked for in what it explains, too.
        """
        found = self._decomposer.decompose(reading.bins, reading.whole, reading.energies)
        whole = self._isotopes.without_refused(found, reading.isotopic)
        parts = sort_out(whole, self._decision.thresholds, self._weigher.standings)
        entries = trusted(parts, self.library)
        known = tuple(each for each in entries if self.library.entries[each].family)
        alone: Mapping[str, FamilyEvidence] = ranked.kin if parts.is_mixture else {}
        ways = dict.fromkeys((entries, known))
        return replace(parts, kin=strongest([self._kin_beside(reading, each, alone) for each in ways]))

    def _own_kin(self, spectra: Currents, entries: Sequence[int]) -> Mapping[str, FamilyEvidence]:
        """Say what speaks for each family in what some entries' references explain of a reading [n, BINS]."""
        own = explained(self._mixtures, spectra.astype(np.float32), entries)
        return self._kin.evidence(own) if len(own) else {}

    def _kin_beside(
        self, reading: Prepared, entries: Sequence[int], alone: Mapping[str, FamilyEvidence]
    ) -> Mapping[str, FamilyEvidence]:
        """Say what speaks for each family in what some entries leave, or `alone` what does beside none."""
        if not entries:
            return alone
        left = remainder(self._mixtures, reading.bins, entries)
        return self._kin.evidence(left) if len(left) else {}

    def _rank(self, reading: Prepared, without: Sequence[int] = ()) -> Ranked:
        _, families = self._encoder.encode_reading(reading.bins)
        entries = shortlist(self.index, reading.bins)
        entries = entries[~np.isin(entries, without)]
        candidates = self.index.candidates(entries)
        table = gather(candidates, self.index.rarity, reading.bins, reading.energies, reading.whole)
        scores = spread(self._ranker.rank(table), entries, len(self.library.entries))
        return Ranked(entries, table, scores, families, self._kin.evidence(reading.bins))


def possible(ranked: Ranked, isotopes: Isotopes, spectra: Bins, others: Currents | None = None) -> Ranked:
    """Give no name that isotopes refuse, unless the `others` recognised stand there."""
    scores = ranked.scores.copy()
    scores[ranked.entries[isotopes.refuse(ranked.entries, spectra, others)]] = -np.inf
    return replace(ranked, scores=scores)


def strongest(ways: Sequence[Mapping[str, FamilyEvidence]]) -> dict[str, FamilyEvidence]:
    """Take what speaks most for each family, of several ways to look at a reading."""
    families = dict.fromkeys(family for each in ways for family in each)
    return {
        family: max((each[family] for each in ways if family in each), key=lambda said: said.ratio)
        for family in families
    }


def left_by_first(explanation: Explanation) -> Residual:
    """Tell what the first hit leaves of a reading in which it alone was recognised, or nothing was."""
    return Residual(explanation.unexplained_part, tuple(each.mz for each in explanation.unexplained))
