"""Taking a mixture apart: who is in a reading, how much of its ion current each gives, and what nobody explains.

Spectra add up, since in-source CID isolates nothing. Components are found one by one in what the others leave, then
each is asked for again beside all others: it stays only with evidence of its own, and another takes its place if that
explains better what only it explains.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from models.mixture_evidence import evidence
from models.mixture_fit import Currents, fit
from models.mixture_index import MixtureIndex
from models.mixture_judge import MixtureJudge
from models.mixture_kin import among_kin
from models.mixture_own import Own
from models.mixture_view import TINY, Energies, View
from models.odds import Odds, as_met
from models.preprocessing import BINS, Bins
from models.search import Places, Table

MOST_COMPONENTS = 5
NEAR = 512
"""Entries that are compared with what is left, at every step."""
CANDIDATES = 32
"""Of them those whose own evidence is gathered."""
ENTERS = 0.3
"""Least probability that there is another component at all for it to be taken up while others are looked for."""
SWEEPS = 2
UNEXPLAINED_SHOWN = 5


LEAST_RIVAL = 0.01

Rivals = tuple[tuple[int, float], ...]
"""Every likely entry and its probability, likeliest first."""


@dataclass(frozen=True)
class Answer:
    """Who explains best what others leave: the place of the likeliest entry, and `probability` of its isomer group.

    `present` is the probability that there is a component at all, whoever it is. `likeness`, 0 to 1, is the mean cosine
    of what others leave of each spectrum and the entry's nearest one.
    """

    entry: int
    probability: float
    present: float
    rivals: Rivals
    likeness: float


@dataclass(frozen=True)
class Found:
    """One component, its share of the ion current, 0 to 1, and the current [BINS] that it explains at each mass.

    Shares of several add up to 1 at most. A share is how much of the reference spectra fits best, which gives some
    masses more and others less than was measured; what is explained is never more than that.
    """

    answer: Answer
    share: float
    current: Currents = field(compare=False, repr=False)


@dataclass(frozen=True)
class Residual:
    """What is no named component's: its share of the ion current, 0 to 1, and its strongest m/z first."""

    share: float
    mz: tuple[int, ...]


@dataclass(frozen=True)
class Decomposition:
    """Components, the largest first, the ion current [BINS] that none explains, and `hints`: who might be in it.

    `spectra` [n, BINS] are the reading, softest first.
    """

    components: tuple[Found, ...]
    left: Currents = field(compare=False, repr=False)
    hints: Rivals = ()
    spectra: Currents = field(default_factory=lambda: np.zeros((1, BINS)), compare=False, repr=False)

    @property
    def measured(self) -> Currents:
        """The reading's ion current [BINS]."""
        return np.sum([self.left, *(each.current for each in self.components)], axis=0)

    @property
    def explained(self) -> Currents:
        """What of it the components explain [BINS]."""
        return np.sum([np.zeros(BINS), *(each.current for each in self.components)], axis=0)

    def residual(self, named: Sequence[Found]) -> Residual:
        """Tell what some of the components leave."""
        left = np.sum([self.left, *(each.current for each in self.components if each not in named)], axis=0)
        strongest = np.argsort(-left, kind="stable")[:UNEXPLAINED_SHOWN]
        share = 1.0 - sum(each.share for each in named)
        return Residual(max(share, 0.0), tuple(int(at) for at in strongest if left[at] > 0))


class Decomposer:
    """A library, a judge of components, and how likely each entry is beforehand; decompose() as often as wanted."""

    def __init__(self, index: MixtureIndex, judge: MixtureJudge, odds: Odds) -> None:
        self._index = index
        self._judge = judge
        self._odds = odds

    def decompose(self, spectra: Bins, whole: Bins | None = None, energies: Energies | None = None) -> Decomposition:
        """Take a prepared reading [n, BINS] apart, softest first; it has peaks. `whole`: with isotope peaks."""
        told = energies or (None,) * len(spectra)
        return self.decompose_view(View.of(self._index, spectra, self._index.near(spectra, NEAR), whole, told))

    def decompose_view(self, view: View) -> Decomposition:
        """Take a reading apart that is already looked at."""
        search = _Search(view, self._judge, self._odds)
        search.add()
        search.check()
        search.add()
        return search.result()


@dataclass(frozen=True)
class _Offer:
    """How likely anybody is in what others leave, who, and how like it the likeliest is."""

    present: float
    rivals: Rivals
    likeness: float


class _Search:
    def __init__(self, view: View, judge: MixtureJudge, odds: Odds) -> None:
        self._view = view
        self._judge = judge
        self._odds = odds
        self._chosen: dict[int, Answer] = {}
        self._asked: dict[tuple[frozenset[int], frozenset[int]], _Offer] = {}

    def add(self) -> None:
        """Take up the likeliest component of what is left, until there is none."""
        while len(self._chosen) < MOST_COMPONENTS:
            answer = self._ask(list(self._chosen))
            if answer is None:
                break
            self._chosen[answer.entry] = answer

    def check(self) -> None:
        """Ask for each again beside the others: who has no evidence of its own goes, a better one takes its place.

        Who went takes nobody's: without one of the others, its ions would again be evidence for who had none beside it.
        """
        gone: list[int] = []
        for _ in range(SWEEPS if len(self._chosen) > 1 else 0):
            before = set(self._chosen)
            for entry in sorted(before, key=lambda each: self._chosen[each].present):
                better = self._ask([each for each in self._chosen if each != entry], gone)
                del self._chosen[entry]
                if better is None:
                    gone.append(entry)
                else:
                    self._chosen[better.entry] = better
            if set(self._chosen) == before:
                break

    def result(self) -> Decomposition:
        """Share the ion current out."""
        measured = self._view.currents[-1]
        parts = self._fit(list(self._chosen))[:, -1]
        shares = parts.sum(axis=1) / max(1.0, float(parts.sum()))
        parts *= np.minimum(1.0, measured / np.maximum(parts.sum(axis=0), TINY))
        found = [
            Found(answer, float(share), self._spread(part))
            for answer, share, part in zip(self._chosen.values(), shares, parts, strict=True)
        ]
        return Decomposition(
            tuple(sorted(found, key=lambda each: -each.share)),
            self._spread(np.maximum(measured - parts.sum(axis=0), 0)),
            self._offer(list(self._chosen)).rivals,
            self._spread(self._view.currents[:-1]),
        )

    def _spread(self, current: Currents) -> Currents:
        """Lay currents [.., B] of the view's bins on all: [.., BINS]."""
        rows = np.zeros((*current.shape[:-1], BINS))
        rows[..., self._view.bins] = current
        return rows

    def _ask(self, others: list[int], gone: Sequence[int] = ()) -> Answer | None:
        """Who explains what others leave and is none of those gone, None where that is likely nobody."""
        offer = self._offer(others, gone)
        if offer.present < ENTERS or not offer.rivals:
            return None
        first = offer.rivals[0][0]
        group = self._view.index.alike(first)
        probability = min(sum(share for entry, share in offer.rivals if entry in group), 1.0)
        return Answer(first, probability, offer.present, offer.rivals, offer.likeness)

    def _offer(self, others: list[int], gone: Sequence[int] = ()) -> _Offer:
        """How likely anybody is in what others leave, and who."""
        question = frozenset(others), frozenset(gone)
        if question not in self._asked:
            self._asked[question] = self._judge_candidates(others, gone)
        return self._asked[question]

    def _judge_candidates(self, others: list[int], gone: Sequence[int]) -> _Offer:
        entries, table = candidates(self._view, others, [*others, *gone])
        if not len(entries):
            return _Offer(0.0, (), 0.0)
        met = as_met(self._judge.probabilities(table), entries, self._odds)
        probabilities = among_kin(met, table, entries, self._view.index.families)
        order = np.argsort(-probabilities[:-1], kind="stable")
        rivals = tuple((int(entries[at]), float(probabilities[at])) for at in order if probabilities[at] >= LEAST_RIVAL)
        return _Offer(float(1 - probabilities[-1]), rivals, min(float(table[order[0], Own.COSINE_MEAN]), 1.0))

    def _fit(self, entries: list[int]) -> Currents:
        return fit(self._view.currents, [self._view.rows(entry) for entry in entries])


def candidates(view: View, others: Sequence[int], barred: Sequence[int]) -> tuple[Places, Table]:
    """Choose who may explain what `others` leave, neither one of `barred` nor like one; and their own evidence."""
    parts = fit(view.currents, [view.rows(entry) for entry in others])
    left = view.left_by(parts.sum(axis=0))
    likeness = view.likeness(left)
    likeness[np.isin(view.near, [each for entry in barred for each in view.index.alike(entry)])] = -np.inf
    best = np.argsort(-likeness, kind="stable")[:CANDIDATES]
    chosen = view.near[best[np.isfinite(likeness[best])]]
    return chosen, evidence(view, left, chosen)
