"""What the ranker learns from: each laboratory's readings, beside a library without any record of it."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from multiprocessing import get_context

import numpy as np

from models.catalogue import Catalogue
from models.evidence import gather
from models.expected import Expected
from models.search import Index, Table, shortlist
from models.training.build_library import build_library, places
from models.training.corpus import Measured
from models.training.expected import without_some
from models.training.readings import Draw, Reading, by_compound, make_readings

TAUGHT = 32
"""Candidates of each contest that the ranker learns from, the nearest."""
UNKNOWN_KEPT = 0.5
"""Share of readings of compounds unknown to all other laboratories that the ranker learns from."""
TAKEN_OUT = 0.3
"""Share of readings of known compounds that it learns from a second time, their compound taken out of the library."""

Mix = tuple[tuple[Draw, int], ...]
Contested = tuple[Table, int]
"""Evidence for the candidates [k, Evidence], and which row is right: k where none is."""


@dataclass(frozen=True, eq=False)
class School:
    """The records that may be learnt from; `mix` is which kinds of readings are drawn, and how many of each compound.

    A laboratory's contests depend on `seed` and its own name, not on which others are drawn, nor where.
    """

    records: Sequence[Measured] = field(repr=False)
    catalogue: Catalogue = field(repr=False)
    expected: Expected = field(repr=False)
    mix: Mix
    seed: int

    def contests(self, processes: int) -> list[Contested]:
        """Draw the contests of all laboratories, in the order of their names, shared out among processes."""
        groups = shared_out(Counter(record.contributor for record in self.records), processes)
        if len(groups) == 1:
            drawn = self.of(groups[0])
        else:
            with ProcessPoolExecutor(len(groups), mp_context=get_context("spawn")) as pool:
                drawn = {name: one for group in pool.map(self.of, groups) for name, one in group.items()}
        return [contest for _, contests in sorted(drawn.items()) for contest in contests]

    def of(self, contributors: Sequence[str]) -> dict[str, list[Contested]]:
        """Draw the contests of some laboratories."""
        return {contributor: list(map(nearest, self._drawn(contributor))) for contributor in contributors}

    def _drawn(self, contributor: str) -> Iterator[Contested]:
        """Make contests of one laboratory's readings; of compounds that nobody else measured only a part."""
        library = build_library([r for r in self.records if r.contributor != contributor], self.catalogue)
        rng = np.random.default_rng((self.seed, 2, *contributor.encode()))
        index, place = Index.of(library, expected=without_some(self.expected, rng)), places(library)
        compounds = by_compound(record for record in self.records if record.contributor == contributor)
        for draw, rounds in self.mix:
            for reading in make_readings(compounds, {contributor}, rounds, rng, draw):
                known = reading.skeleton in place
                if known or rng.random() < UNKNOWN_KEPT:
                    yield contest(reading, index, place)
                if known and rng.random() < TAKEN_OUT:
                    yield contest(reading, index, place, taken_out=True)


def shared_out(weights: Mapping[str, int], shares: int) -> list[list[str]]:
    """Share names out so that the weights of the shares are about alike, the heaviest names first; none is empty."""
    groups: list[list[str]] = [[] for _ in range(min(shares, len(weights)))]
    for name in sorted(weights, key=lambda each: (-weights[each], each)):
        min(groups, key=lambda group: sum(weights[each] for each in group)).append(name)
    return groups


def contest(reading: Reading, index: Index, place: Mapping[str, int], *, taken_out: bool = False) -> Contested:
    """Gather the evidence of the best candidates of a library without any record of the reading's laboratory.

    A compound that is unknown or not among them has no right row. One that is `taken_out` is unknown, and what is most
    like it stays.
    """
    near, at = shortlist(index, reading.rows), place.get(reading.skeleton, -1)
    if taken_out:
        near = near[near != at]
    right = np.flatnonzero(near == at)
    table = gather(index.candidates(near), index.rarity, reading.rows, reading.energies, reading.whole)
    return table, int(right[0]) if right.size else len(near)


def nearest(contest: Contested) -> Contested:
    """Keep the nearest candidates of a contest, and the right one among them."""
    table, right = contest
    if TAUGHT <= right < len(table):
        return np.concatenate([table[: TAUGHT - 1], table[right : right + 1]]), TAUGHT - 1
    return table[:TAUGHT], min(right, TAUGHT)
