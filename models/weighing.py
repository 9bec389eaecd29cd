"""From ranked candidates and the parts of a reading to what is concluded, offered and named."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from models.answer import Finding, Hit, likeliest
from models.calibration import OTHER, Decision
from models.catalogue import Catalogue, Standing, Substance
from models.classifier import Scores
from models.clearance import Risk
from models.components import (
    Component,
    Parts,
    Standings,
    as_good_as_sure,
    drug_family_of,
    families_of,
    grave,
    hinted,
    likeliest_to_be,
    rivals_of,
    same_as,
    suspected,
    weigh_mixture,
)
from models.conclusion import SUSPECTED, Conclusion, Judgement, Reason, Weighing, is_licit_medicine, judge
from models.evidence import Evidence
from models.family_rule import FamilyEvidence, beside_its_own, by_chance, family_shares, shares_beside
from models.grouping import Group, grouped, named_by, neighbours_of
from models.library import Library
from models.mixture import Answer, Found
from models.mixture_fit import Currents
from models.search import Index, Peaks, Places, Table
from models.standing import row_of
from models.suspects import suspects_of
from models.traces import traces
from models.unexplained import fragments, heavier, hidden, strange_masses, strangest, unexplained, unlike, unnamed

MOST_HITS = 10
FOREIGN = 0.02
"""Part of the ion current that nothing recognised has, under which a family of drugs must show more than its own."""
OWNED = 0.7
"""Least that a substance of no family has of its fragments where a drug's ions may be its own."""
SPEAKS = 10.0
"""Likelihood ratio from which something speaks for a family at all."""

Probabilities = NDArray[np.float64]
Kin = Mapping[str, FamilyEvidence]
OwnKin = Callable[[Currents, Sequence[int]], Kin]
"""What speaks for each family in the ions of a reading [n, BINS] that are some entries' own, as high as theirs are."""


@dataclass(frozen=True)
class Ranked:
    """Evidence of the candidates, which stand at `entries`; scores of every entry and, last, of none; family logits.

    `kin` is what speaks for each family of drugs.
    """

    entries: Places
    table: Table
    scores: Scores
    families: Scores
    kin: Kin

    def closeness(self, entry: int) -> float:
        """Cosine with the entry's nearest spectra, 0 for one that was not compared closely."""
        return float(self.table[self.entries == entry, Evidence.CLOSE_MEAN].max(initial=0))


@dataclass(frozen=True)
class Weigher:
    """Concludes by a library, the law of a day and a decision; `prior` of a family is the rule's.

    `standings` and `renown` are those of the library's entries. `risk` says how likely something hides in a reading.
    """

    library: Library = field(repr=False)
    index: Index = field(repr=False)
    catalogue: Catalogue = field(repr=False)
    standings: Standings = field(repr=False)
    renown: Sequence[int] = field(repr=False)
    decision: Decision
    prior: float
    own_kin: OwnKin = field(repr=False)
    risk: Risk = field(repr=False)

    @cached_property
    def _standing(self) -> NDArray[np.str_]:
        return np.array(self.standings)

    @cached_property
    def _family(self) -> NDArray[np.str_]:
        return np.array([entry.family or OTHER for entry in self.library.entries])

    @cached_property
    def _no_medicines(self) -> Peaks:
        """Consensus of all that is controlled or watched, and that nothing allows."""
        listed = np.flatnonzero(self._standing != Standing.UNLISTED)
        rows = [self.catalogue.find(self.library.entries[at].inchikey) for at in listed]
        return self.index.whole.take(listed[[not is_licit_medicine(row) for row in rows]])

    def weigh(self, ranked: Ranked, parts: Parts | None = None) -> Finding:
        """Conclude from what was ranked, and from the parts of the reading where it was taken apart."""
        probabilities = self.decision.calibration.probabilities(ranked.scores)
        groups = grouped(self.library, probabilities[:-1], MOST_HITS)
        hits = tuple(self._hit(group, ranked) for group in groups)
        if parts is not None:
            ranked, parts = self._with_kin_of_its_own(ranked, parts, groups[0])
        unknown = probabilities[-1] >= self.decision.thresholds.unknown
        other = parts is not None and not any(each.answer.entry in groups[0].members for each in parts.sure)
        if parts is not None and (parts.is_mixture or ((unknown or other) and parts.beside_another)):
            return self._mixture(parts, hits, ranked, probabilities)
        families = self._families(probabilities, ranked, parts)
        weighing = self._weighing(probabilities, groups[0], families)
        if parts is None:
            judgement = judge(weighing, self.decision.thresholds)
            return Finding(judgement, hits, likeliest(families, judgement))
        weighing = replace(
            weighing,
            substances=self._told_of((*self._shares_of(groups), *rivals_of(parts)), groups[0]),
            watched=self._watched(weighing, parts),
            suspected=suspected(parts, self.standings),
            hinted=hinted(parts, self.standings),
            mixture=drug_family_of(shares_beside(parts.kin)) >= self.decision.thresholds.family,
        )
        mine = [each for each in parts.found if each.answer.entry in groups[0].members]
        weighing = self._with_risk(weighing, parts, mine, probabilities, [groups[0].first])
        judgement = judge(weighing, self.decision.thresholds)
        alone = same_as(parts, self._nameable(groups[0], judgement))
        components = tuple(_as_said(each, hits[0]) for each in self._named(alone))
        residual = parts.whole.residual(alone.named) if components else None
        finding = Finding(judgement, hits, likeliest(families, judgement), components, residual)
        return self._with_suspects(finding, alone, ranked)

    def _with_kin_of_its_own(self, ranked: Ranked, parts: Parts, first: Group) -> tuple[Ranked, Parts]:
        """Let no family of drugs speak from ions that are all a recognised substance's own.

        What the catalogue does not know owns them only as high as its references have them, and if most of its own
        fragments are there: it may be nothing but the nearest that the library has to a drug.
        """
        recognised = [each.answer.entry for each in parts.sure]
        recognised += [first.first] * (first.probability >= self.decision.thresholds.alarm)
        recognised = [each for each in dict.fromkeys(recognised) if self._known(each) or self._has_most(each, parts)]
        if not recognised or self._strange(parts, recognised) >= FOREIGN:
            return ranked, parts
        spoken = any(each.ratio >= SPEAKS for kin in (ranked.kin, parts.kin) for each in kin.values())
        if not spoken or all(map(self._known, recognised)):
            return replace(ranked, kin=by_chance(ranked.kin)), replace(parts, kin=by_chance(parts.kin))
        own = self.own_kin(parts.whole.spectra, recognised)
        return replace(ranked, kin=beside_its_own(ranked.kin, own)), replace(parts, kin=beside_its_own(parts.kin, own))

    def _known(self, entry: int) -> bool:
        return bool(self.library.entries[entry].family)

    def _has_most(self, entry: int, parts: Parts) -> bool:
        return fragments(parts.whole.measured, self.index, [entry]) >= OWNED

    def _strange(self, parts: Parts, entries: Sequence[int]) -> float:
        """Part of the ion current at masses that none of some entries has."""
        spectra = parts.whole.spectra
        return unexplained(spectra, strange_masses(self.index, entries, spectra))

    def _nameable(self, first: Group, judgement: Judgement) -> Sequence[int]:
        """Return who may be named where one group is all there is."""
        vague = first.probability < self.decision.thresholds.alarm
        return () if vague or Reason.UNKNOWN_COMPOUND in judgement[1] else first.members

    def _watched(self, weighing: Weighing, parts: Parts) -> float:
        """Probability of something watched, by the ranking or as a component, whichever is likelier."""
        component = likeliest_to_be(Standing.WATCHED, parts, self.standings)
        return max(weighing.watched, min(component, 1 - weighing.controlled))

    def _mixture(self, parts: Parts, offered: Sequence[Hit], ranked: Ranked, probabilities: Probabilities) -> Finding:
        """Conclude from the gravest component; the components come first among the hits."""
        weighing = weigh_mixture(parts, self.library, self.standings, self.catalogue)
        weighing = self._with_risk(weighing, parts, parts.sure, probabilities)
        judgement = judge(weighing, self.decision.thresholds)
        first = [self._component_hit(each.answer) for each in parts.found]
        names = {name for hit in first for name in (hit.name, *hit.isomers)}
        hits = (*first, *(hit for hit in offered if hit.name not in names))[:MOST_HITS]
        families = likeliest(families_of(parts, self.library), judgement)
        told = parts if judgement[0] is Conclusion.ALARM else as_good_as_sure(parts)
        finding = Finding(judgement, hits, families, self._named(told), parts.whole.residual(parts.sure))
        return self._with_suspects(finding, told, ranked)

    def _with_suspects(self, finding: Finding, parts: Parts, ranked: Ranked) -> Finding:
        """Tell what the conclusion rests on though it is not named; an answer has one probability for a substance.

        Where it rests on a suspicion alone the first hit is no name either, and a suspect if it is one.
        """
        groups = suspects_of(parts, self.library, self.standings, self.decision.thresholds)
        named = () if finding.judgement == SUSPECTED else finding.hits[:1]
        suspects = [self._suspect(group, ranked, parts) for group in groups]
        suspects = [hit for hit in suspects if not any(_same(hit, each) for each in named)]
        hits = [hit for hit in finding.hits if not any(_same(hit, each) for each in suspects)]
        return replace(finding, hits=tuple(hits), suspects=tuple(suspects))

    def _with_risk(
        self,
        weighing: Weighing,
        parts: Parts,
        recognised: Sequence[Found],
        ranking: Probabilities,
        first: Sequence[int] = (),
    ) -> Weighing:
        """Add what the recognised components leave, or the `first` hit where it was not found as one, and its risk."""
        entries = [each.answer.entry for each in recognised] or first
        spectra, whole = parts.whole.spectra, int(self.index.ion_mz[list(entries)].max())
        strange = strange_masses(self.index, entries, spectra)
        left = unexplained(spectra, strange)
        weighing = replace(
            weighing,
            unnamed=min(unnamed(parts, recognised, self.standings), left),
            unexplained=left,
            clusters=unexplained(spectra, unlike(self.index, entries)),
            hidden=hidden(spectra, strange, self._no_medicines),
            strange=strangest(spectra[0], strange[0]),
            heavier=heavier(spectra[0], strange[0], whole),
        )
        return replace(weighing, risk=self.risk(traces(weighing, ranking, parts, all(map(self._known, entries)))))

    def _named(self, parts: Parts) -> tuple[Component, ...]:
        return tuple(map(self._component, parts.named))

    def _component(self, found: Found) -> Component:
        hit = self._component_hit(found.answer)
        return Component(hit.name, hit.inchikey, hit.isomers, found.share, found.answer.probability)

    def _hit(self, group: Group, ranked: Ranked) -> Hit:
        named = self._name_of(group)
        return self._group_hit(group.first, named, group.probability, min(1.0, ranked.closeness(named)))

    def _component_hit(self, answer: Answer) -> Hit:
        alike = (answer.entry, *neighbours_of(self.library)[answer.entry])
        named = named_by([(at, share) for at, share in answer.rivals if at in alike], self.renown)
        return self._group_hit(answer.entry, named, answer.probability, answer.likeness)

    def _suspect(self, group: Group, ranked: Ranked, parts: Parts) -> Hit:
        """Offer a suspect; one that was not compared closely is as like as it is as a component."""
        hit = self._hit(group, ranked)
        found = (each.answer.likeness for each in parts.found if each.answer.entry in group.members)
        return replace(hit, score=hit.score or max(found, default=0.0))

    def _name_of(self, group: Group) -> int:
        """Return the place of the member that a group is named by."""
        return named_by(zip(group.members, group.shares, strict=True), self.renown)

    def _group_hit(self, first: int, name: int, probability: float, score: float) -> Hit:
        """Offer a group, whose likeliest member is `first`, under the name of the member at `name`."""
        likeliest, named = self.library.entries[first], self.library.entries[name]
        others = dict.fromkeys((likeliest.name, *likeliest.isomers))
        isomers = tuple(sorted(name for name in others if name != named.name))
        return Hit(named.name, named.inchikey, probability, score, isomers)

    def _families(self, probabilities: Probabilities, ranked: Ranked, parts: Parts | None) -> dict[str, float]:
        """Add up what each family's entries have; of a compound not in the library ions, losses and network say it.

        A compound beside those that are recognised counts where it is likelier.
        """
        known = {family: float(probabilities[:-1][self._family == family].sum()) for family in self.decision.families}
        head = np.exp(ranked.families - ranked.families.max())
        guess = dict(zip(self.decision.families, (head / head.sum()).tolist(), strict=True))
        shares = family_shares(known, float(probabilities[-1]), ranked.kin, guess, self.prior)
        beside = shares_beside(parts.kin) if parts else {}
        return {family: max(share, beside.get(family, 0.0)) for family, share in shares.items() if family != OTHER}

    def _shares_of(self, groups: Iterable[Group]) -> list[tuple[int, float]]:
        return [(self._name_of(group), group.probability) for group in groups]

    def _told_of(self, shares: Iterable[tuple[int, float]], first: Group) -> list[Substance | None]:
        """Return the rows of what may well be there and is controlled or watched, or else of the first group."""
        told = list(dict.fromkeys(grave(shares, self.standings))) or [self._name_of(first)]
        entries = (self.library.entries[at] for at in told)
        return [row_of(entry.inchikey, entry.family, self.catalogue) for entry in entries]

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
            substances=self._told_of(self._shares_of([first]), first),
            drug_family=drug_family_of(families),
            risk=1 - by_standing[Standing.UNLISTED],
        )


def _as_said(component: Component, hit: Hit) -> Component:
    """Give a component the name and probability of the hit that it is: an answer has one for a substance."""
    probability = component.probability if hit.probability is None else hit.probability
    return replace(component, name=hit.name, inchikey=hit.inchikey, isomers=hit.isomers, probability=probability)


def _same(one: Hit, other: Hit) -> bool:
    """Tell whether two hits are of one group that no spectrum tells apart."""
    return one.inchikey == other.inchikey or one.name in other.isomers
