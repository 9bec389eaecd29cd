"""Teaching the judge of components, on mixtures of laboratories that the library does not hold."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from models.catalogue import Catalogue
from models.library import Library
from models.mixture import CANDIDATES, NEAR, candidates
from models.mixture_evidence import Own, View
from models.mixture_index import MixtureIndex
from models.mixture_judge import Layers, MixtureJudge
from models.training.build_library import build_library
from models.training.corpus import Measured
from models.training.isomers import with_isomers
from models.training.mixture_draw import Mixture, Recipe, mix, shares_of
from models.training.network import layers_of, perceptron, torch_for
from models.training.readings import Compounds, by_compound

CONTRIBUTORS = ("UFZ", "LCSB", "CASMI_2016", "ENTACT_AGILENT", "Univ_Connecticut", "Athens_Univ")
"""Laboratories whose mixtures teach the judge, half of them at a time beside a library of all others."""
UNKNOWN = 0.15
"""Share of components that the library does not hold."""
LEFT_OUT = 0.5
HIDDEN = (48, 24)
NONE_HIDDEN = 24


@dataclass(frozen=True)
class MixtureEffort:
    """How long to train."""

    mixtures: int = 400
    steps: int = 2500
    seed: int = 20261126


@dataclass(eq=False)
class Contests:
    """Tables of own evidence, filled up to CANDIDATES rows, and which row is right, CANDIDATES where nobody is."""

    tables: list[NDArray[np.float32]] = field(default_factory=list[NDArray[np.float32]])
    right: list[int] = field(default_factory=list[int])


def library_without(records: Iterable[Measured], contributors: Sequence[str], catalogue: Catalogue) -> Library:
    """Make the library as if some laboratories had given nothing."""
    kept = [record for record in records if record.contributor not in contributors]
    return with_isomers(build_library(kept, catalogue), catalogue)


def draw(
    compounds: Compounds, contributor: str, places: dict[str, int], count: int, recipe: Recipe, rng: np.random.Generator
) -> Iterator[Mixture]:
    """Draw mixtures of what one laboratory measured, most of it known to the library."""
    mine = sorted(skeleton for skeleton, by in compounds.items() if contributor in by)
    known = [skeleton for skeleton in mine if skeleton in places]
    unknown = [skeleton for skeleton in mine if skeleton not in places] or known
    for _ in range(count):
        size = int(rng.choice(recipe.components))
        pools = [unknown if rng.random() < UNKNOWN else known for _ in range(size)]
        chosen = list(dict.fromkeys(pool[int(rng.integers(len(pool)))] for pool in pools))
        shares = shares_of(len(chosen), float(rng.choice(recipe.minor)), rng)
        yield mix({skeleton: compounds[skeleton][contributor] for skeleton in chosen}, shares, recipe, rng)


def contest(mixture: Mixture, index: MixtureIndex, places: dict[str, int], rng: np.random.Generator) -> Contests:
    """Ask for every known component beside some of the others, and once for nobody beside all of them."""
    known = [places[skeleton] for skeleton in mixture.compounds if skeleton in places]
    near = index.near(mixture.rows, NEAR)
    view = View.of(index, mixture.rows, near, mixture.whole)
    contests = Contests()
    for asked in (None, *known):
        others = [entry for entry in known if entry != asked]
        some = others if rng.random() > LEFT_OUT else [entry for entry in others if rng.random() > LEFT_OUT]
        entries, table = candidates(view, others if asked is None else some, others)
        right = np.isin(entries, index.alike(asked) if asked is not None else [])
        filled = np.zeros((CANDIDATES, len(Own)), dtype=np.float32)
        filled[: len(table)] = table
        filled[len(table) :] = table.min(axis=0)
        contests.tables.append(filled)
        contests.right.append(int(right.argmax()) if right.any() else CANDIDATES)
    return contests


def gather(
    records: Sequence[Measured], without: Sequence[str], catalogue: Catalogue, effort: MixtureEffort
) -> Contests:
    """Gather contests of all teaching laboratories, none of `without` having any part in them."""
    rng = np.random.default_rng(effort.seed)
    teaching = [each for each in CONTRIBUTORS if each not in without]
    recipe = Recipe(components=(1, 2, 3, 4), energies=(1, 2, 3, 4, 5))
    everything = Contests()
    for half in (teaching[::2], teaching[1::2]):
        library = library_without(records, (*half, *without), catalogue)
        index, places = MixtureIndex.of(library), {entry.skeleton: at for at, entry in enumerate(library.entries)}
        compounds = by_compound(record for record in records if record.contributor in half)
        for contributor in half:
            for mixture in draw(compounds, contributor, places, effort.mixtures, recipe, rng):
                more = contest(mixture, index, places, rng)
                everything.tables += more.tables
                everything.right += more.right
    return everything


def train_judge(contests: Contests, effort: MixtureEffort) -> MixtureJudge:
    """Teach the judge who is right; the temperature is that of a fifth of the contests, kept apart."""
    tables, right = np.stack(contests.tables), np.array(contests.right)
    order = np.random.default_rng(effort.seed).permutation(len(right))
    kept, taught = order[: len(order) // 5], order[len(order) // 5 :]
    mean = tables[taught].mean(axis=(0, 1))
    scale = (tables[taught].std(axis=(0, 1)) + 1e-3).astype(np.float32)
    candidate, none = _train((tables[taught] - mean) / scale, right[taught], effort)
    judge = MixtureJudge(mean, scale, candidate, none, 1.0)
    return MixtureJudge(mean, scale, candidate, none, _temperature(judge, tables[kept], right[kept]))


def _train(tables: NDArray[np.float32], right: NDArray[np.int64], effort: MixtureEffort) -> tuple[Layers, Layers]:
    torch = torch_for(effort.seed)
    columns = tables.shape[2]
    candidate = perceptron(torch, (2 * columns, *HIDDEN, 1), dropout=0.1)
    none = perceptron(torch, (columns, NONE_HIDDEN, 1), dropout=0.1)
    optimiser = torch.optim.AdamW([*candidate.parameters(), *none.parameters()], lr=3e-3, weight_decay=2e-2)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, max_lr=3e-3, total_steps=effort.steps, pct_start=0.1)
    evidence, target = torch.from_numpy(tables), torch.from_numpy(right)
    for _ in range(effort.steps):
        rows = torch.randint(len(target), (256,))
        drawn = evidence[rows]
        most = drawn.amax(dim=1)
        each = torch.cat([drawn, most[:, None].expand(drawn.shape)], dim=2)
        scores = torch.cat([candidate(each)[:, :, 0], none(most)], dim=1)
        loss = torch.nn.functional.cross_entropy(scores, target[rows])
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        schedule.step()
    return tuple(layers_of(candidate)), tuple(layers_of(none))


def _temperature(judge: MixtureJudge, tables: NDArray[np.float32], right: NDArray[np.int64]) -> float:
    """Search on a grid the temperature that surprises least."""
    logits = np.stack([judge.logits(table) for table in tables])
    surprise: dict[float, float] = {}
    for temperature in np.arange(0.6, 2.01, 0.05):
        cooled = logits / temperature
        own = cooled[np.arange(len(right)), right]
        surprise[float(temperature)] = float((np.logaddexp.reduce(cooled, axis=1) - own).mean())
    return min(surprise, key=lambda each: surprise[each])
