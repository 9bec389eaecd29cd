"""What the judge of components learns from: who explains what others leave, in mixtures of laboratories held out."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from models.catalogue import Catalogue, Standing
from models.library import Library
from models.mixture import CANDIDATES, NEAR, Decomposer, candidates
from models.mixture_index import MixtureIndex
from models.mixture_judge import MixtureJudge
from models.mixture_own import Own
from models.mixture_view import View
from models.search import Places, Table
from models.training.build_library import build_library, places
from models.training.corpus import Measured
from models.training.isomers import with_isomers
from models.training.mixture_draw import Mixture, Recipe, mix, shares_of
from models.training.readings import Compounds, by_compound

UNKNOWN = 0.15
"""Share of components that the library does not hold."""
CONTROLLED = 0.4
"""Share of mixtures whose first component is controlled, where the laboratory measured such."""
LEFT_OUT = 0.5
RECIPE = Recipe(components=(1, 2, 3, 4), energies=(1, 2, 3, 4, 5))


@dataclass(eq=False)
class Contests:
    """Tables of own evidence, filled up to CANDIDATES rows, and which rows are right; the last: nobody is.

    `mixture` is the number of the mixture that each is of.
    """

    tables: list[NDArray[np.float32]] = field(default_factory=list[NDArray[np.float32]])
    right: list[NDArray[np.bool_]] = field(default_factory=list[NDArray[np.bool_]])
    mixture: list[int] = field(default_factory=list[int])

    def add(self, entries: Places, table: Table, present: Sequence[int]) -> None:
        """Add the evidence of `entries`, any of `present` being right, of the first mixture."""
        filled = np.zeros((CANDIDATES, len(Own)), dtype=np.float32)
        filled[: len(table)] = table
        filled[len(table) :] = table.min(axis=0)
        right = np.zeros(CANDIDATES + 1, dtype=np.bool_)
        right[: len(entries)] = np.isin(entries, present)
        right[-1] = not right.any()
        self.tables.append(filled)
        self.right.append(right)
        self.mixture.append(0)

    def extend(self, more: "Contests") -> None:
        """Add contests of other mixtures."""
        first = max(self.mixture, default=-1) + 1
        self.tables += more.tables
        self.right += more.right
        self.mixture += [first + number for number in more.mixture]


@dataclass(frozen=True, eq=False)
class Classroom:
    """One laboratory's records, and a library without them."""

    contributor: str
    compounds: Compounds
    index: MixtureIndex
    places: dict[str, int]
    controlled: frozenset[str]

    @classmethod
    def of(
        cls, records: Sequence[Measured], contributor: str, without: Sequence[str], catalogue: Catalogue
    ) -> "Classroom":
        """Make the library as if the laboratory, and those of `without`, had given nothing."""
        library = library_without(records, (contributor, *without), catalogue)
        place = places(library)
        standings = {skeleton: catalogue.find(skeleton) for skeleton in place}
        controlled = {skeleton for skeleton, row in standings.items() if row and row.standing is Standing.CONTROLLED}
        compounds = by_compound(record for record in records if record.contributor == contributor)
        return cls(contributor, compounds, MixtureIndex.of(library), place, frozenset(controlled))

    def draw(self, count: int, rng: np.random.Generator) -> Iterator[Mixture]:
        """Draw mixtures of what the laboratory measured, most of it known to the library."""
        mine = sorted(self.compounds)
        known = [skeleton for skeleton in mine if skeleton in self.places]
        unknown = [skeleton for skeleton in mine if skeleton not in self.places] or known
        controlled = [skeleton for skeleton in known if skeleton in self.controlled]
        for _ in range(count):
            pools = [unknown if rng.random() < UNKNOWN else known for _ in range(int(rng.choice(RECIPE.components)))]
            if controlled and rng.random() < CONTROLLED:
                pools[0] = controlled
            chosen = list(dict.fromkeys(pool[int(rng.integers(len(pool)))] for pool in pools))
            shares = shares_of(len(chosen), float(rng.choice(RECIPE.minor)), rng)
            yield mix({each: self.compounds[each][self.contributor] for each in chosen}, shares, RECIPE, rng)

    def contests(self, count: int, rng: np.random.Generator, judge: MixtureJudge | None) -> Contests:
        """Draw `count` mixtures and ask about each."""
        contests = Contests()
        for mixture in self.draw(count, rng):
            contests.extend(self.ask(mixture, rng, judge))
        return contests

    def ask(self, mixture: Mixture, rng: np.random.Generator, judge: MixtureJudge | None) -> Contests:
        """Ask who explains what some of the components leave, and what those that `judge` found leave."""
        known = [self.places[skeleton] for skeleton in mixture.compounds if skeleton in self.places]
        view = View.of(self.index, mixture.rows, self.index.near(mixture.rows, NEAR), mixture.whole, mixture.energies)
        asked = [known, *(_but(known, entry) for entry in known)]
        asked.append([entry for entry in known if rng.random() > LEFT_OUT])
        if judge is not None:
            decomposer = Decomposer(self.index, judge, np.ones(len(self.index.library.entries)))
            found = [each.answer.entry for each in decomposer.decompose_view(view).components]
            asked += [found, *(_but(found, entry) for entry in found)]
        groups = [self.index.alike(entry) for entry in known]
        contests = Contests()
        for others in {tuple(sorted(each)): each for each in asked}.values():
            missing = [group for group in groups if not set(group) & set(others)]
            contests.add(*candidates(view, others, others), [entry for group in missing for entry in group])
        return contests


def library_without(records: Iterable[Measured], contributors: Sequence[str], catalogue: Catalogue) -> Library:
    """Make the library as if some laboratories had given nothing."""
    kept = [record for record in records if record.contributor not in contributors]
    return with_isomers(build_library(kept, catalogue), catalogue)


def _but(entries: Sequence[int], left_out: int) -> list[int]:
    return [entry for entry in entries if entry != left_out]
