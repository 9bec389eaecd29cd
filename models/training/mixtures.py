"""`python -m models.training.mixtures --data DIR`: mixtures of a laboratory that neither library nor judge has seen.

With `--teach` the judge is taught first, without that laboratory: `models/data/mixture.cbor`.
"""

import argparse
from collections.abc import Iterable, Sequence
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np

from models.calibration import Thresholds
from models.catalogue import DATA, Catalogue, Standing
from models.components import sort_out, suspected
from models.library import Band, Library
from models.mixture import Decomposer, Decomposition
from models.mixture_index import MixtureIndex
from models.mixture_judge import MixtureJudge
from models.preprocessing import Bins
from models.training.corpus import Measured, read_corpus
from models.training.mixture_draw import Mixture, Recipe, mix, shares_of
from models.training.mixture_fit import MixtureEffort, gather, library_without, train_judge
from models.training.mixture_report import write_report
from models.training.mixture_trials import PROTOCOLS, MixtureTrial, Name, Named, Protocol
from models.training.peers import Inverted
from models.training.readings import Compounds, by_compound
from models.training.samples import without_held
from models.training.sound import sound

CONTRIBUTOR = "Eawag"
"""The laboratory left out: of those with most controlled substances that others measured too."""
REPORT = Path("docs/evaluation/mixtures.md")
SEED = 20261127
AGENTS = (("Caffeine", "Paracetamol"), ("Lidocaine", "Phenacetin"), ("Levamisole",), ("Caffeine",), ("Lidocaine",))
MINOR = 0.1
SAID = 0.5
OFFERED = 5


def main(arguments: Sequence[str] | None = None) -> None:
    """Teach, or evaluate each contributor in a process of its own and write the report."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="directory with the measured records")
    parser.add_argument("--teach", action="store_true", help="teach the judge that comes with the software anew")
    parser.add_argument("--out", type=Path, default=REPORT)
    options = parser.parse_args(arguments)
    catalogue = Catalogue.load()
    records = sound(without_held(read_corpus(options.data)), catalogue)
    if options.teach:
        effort = MixtureEffort()
        judge = train_judge(gather(records, (CONTRIBUTOR,), catalogue, effort), effort)
        (DATA / "mixture.cbor").write_bytes(judge.to_bytes())
    trials, named = evaluate(records, CONTRIBUTOR, MixtureJudge.load(), catalogue)
    options.out.write_text(write_report(trials, named), encoding="utf-8")


def evaluate(
    records: Sequence[Measured], contributor: str, judge: MixtureJudge, catalogue: Catalogue
) -> tuple[list[MixtureTrial], list[Named]]:
    """Make a library without one contributor, and take mixtures of its records apart."""
    trial = Trials(library_without(records, (contributor,), catalogue), judge, catalogue)
    mine = by_compound(record for record in records if record.contributor == contributor)
    drawn = [
        trial.of(mixture, contributor, protocol)
        for number, protocol in enumerate(PROTOCOLS)
        for mixture in draw(mine, contributor, trial, protocol, np.random.default_rng((SEED, number)))
    ]
    return drawn, list(cut_drugs(mine, contributor, trial))


def cut_drugs(compounds: Compounds, contributor: str, trials: "Trials") -> Iterable[Named]:
    """Cut every controlled substance with what its laboratory measured of the usual agents, one reading each."""
    skeletons = {trials.name(skeleton): skeleton for skeleton in compounds if skeleton in trials.places}
    drugs = sorted(name for name, skeleton in skeletons.items() if trials.is_controlled(skeleton))
    cuts = [cut for cut in AGENTS if all(agent in skeletons for agent in cut)]
    rng = np.random.default_rng((SEED, len(PROTOCOLS)))
    for number, drug in enumerate(drugs if cuts else ()):
        agents = cuts[number % len(cuts)]
        chosen = {skeletons[each]: compounds[skeletons[each]][contributor] for each in (drug, *agents)}
        shares = (MINOR, *((1 - MINOR) / len(agents) for _ in agents))
        yield trials.named(mix(chosen, shares, Recipe(), rng), contributor)


def draw(
    compounds: Compounds, contributor: str, trials: "Trials", protocol: Protocol, rng: np.random.Generator
) -> Iterable[Mixture]:
    """Draw a protocol's readings, each controlled substance as often as the others."""
    known = sorted(skeleton for skeleton in compounds if skeleton in trials.places)
    unknown = sorted(set(compounds) - set(known)) or known
    asked = [skeleton for skeleton in known if trials.is_controlled(skeleton)] if protocol.controlled else known
    for number in range(protocol.most if protocol.controlled else min(protocol.most, len(asked))):
        first = asked[number % len(asked)] if protocol.controlled else asked[int(rng.integers(len(asked)))]
        if not protocol.controlled and rng.random() < protocol.unknown:
            first = unknown[int(rng.integers(len(unknown)))]
        size, chosen = int(rng.choice(protocol.recipe.components)), [first]
        while len(chosen) < size:
            pool = unknown if rng.random() < protocol.unknown else known
            chosen = list(dict.fromkeys([*chosen, pool[int(rng.integers(len(pool)))]]))
        shares = shares_of(size, float(rng.choice(protocol.recipe.minor)), rng)
        yield mix({each: compounds[each][contributor] for each in chosen}, shares, protocol.recipe, rng)


class Trials:
    """Takes mixtures apart with a library and its judge, and by the peers."""

    def __init__(self, library: Library, judge: MixtureJudge, catalogue: Catalogue) -> None:
        self._library = library
        self._catalogue = catalogue
        self._index = MixtureIndex.of(library)
        self._decomposer = Decomposer(self._index, judge)
        self._inverted = Inverted(library)
        self._whole = library.band(Band.ALL).astype(np.float64)
        self._standings = [self._standing(entry.inchikey) for entry in library.entries]
        self.places = {entry.skeleton: at for at, entry in enumerate(library.entries)}

    def name(self, skeleton: str) -> str:
        """Name of a compound that the library holds."""
        return self._library.entries[self.places[skeleton]].name

    def named(self, mixture: Mixture, contributor: str) -> Named:
        """Take a drug and its cutting agents apart; the library holds all of them."""
        groups = [set(self._index.alike(self.places[each])) for each in mixture.compounds]
        answers = [each.answer for each in self._decomposer.decompose(mixture.rows, mixture.whole).components]
        wrong = [
            each.entry for each in answers if each.probability >= SAID and not any(each.entry in g for g in groups)
        ]
        return Named(
            contributor=contributor,
            drug=self.name(mixture.compounds[0]),
            agents=", ".join(map(self.name, mixture.compounds[1:])),
            share=mixture.shares[0],
            probability=max((each.probability for each in answers if each.entry in groups[0]), default=0.0),
            others=", ".join(self._library.entries[entry].name for entry in wrong),
        )

    def is_controlled(self, skeleton: str) -> bool:
        """Whether the catalogue holds it as controlled."""
        return self._standing(skeleton) is Standing.CONTROLLED

    def _standing(self, inchikey: str) -> Standing:
        substance = self._catalogue.find(inchikey)
        return substance.standing if substance else Standing.UNLISTED

    def of(self, mixture: Mixture, contributor: str, protocol: Protocol) -> MixtureTrial:
        """Take one mixture apart by every method."""
        parts = self._decomposer.decompose(mixture.rows, mixture.whole)
        groups = [set(self._index.alike(self.places[each])) for each in mixture.compounds if each in self.places]
        first = self.places.get(mixture.compounds[0])
        asked: set[int] = set() if first is None else set(self._index.alike(first))
        methods = {"decomposition": [(each.answer.entry, each.answer.probability) for each in parts.components]}
        if protocol.peers:
            methods["inverted search"] = self._offered(self._inverted.scores(mixture.rows))
            methods["NNLS"] = self._offered(self._shares(mixture.rows))
        sorted_out = sort_out(parts, Thresholds().component, self._standings)
        return MixtureTrial(
            contributor=contributor,
            protocol=protocol.name,
            names={
                method: tuple(
                    Name(float(score), any(entry in group for group in groups), entry in asked)
                    for entry, score in names
                )
                for method, names in methods.items()
            },
            mixture=sorted_out.is_mixture,
            residual=parts.residual.share,
            share_error=_share_error(parts, asked, mixture.shares[0]),
            alarm=suspected(sorted_out, self._standings) >= Thresholds().alarm,
        )

    def _shares(self, spectra: Bins) -> Bins:
        """Non-negative least squares of all spectra added on every consensus."""
        optimize: Any = import_module("scipy.optimize")
        return np.asarray(optimize.nnls(self._whole, spectra.mean(axis=0).astype(np.float64))[0], dtype=np.float32)

    def _offered(self, scores: Bins) -> list[tuple[int, float]]:
        """Name the best entries, of each group the best one."""
        names: list[tuple[int, float]] = []
        taken: set[int] = set()
        for entry in map(int, np.argsort(-scores, kind="stable")[: 8 * OFFERED]):
            if entry not in taken and scores[entry] > 0 and len(names) < OFFERED:
                names.append((entry, float(scores[entry])))
            taken.update(self._index.alike(entry))
        return names


def _share_error(parts: Decomposition, asked: set[int], share: float) -> float | None:
    """How far the share found is from the true one, None where it was not found."""
    return next((abs(each.share - share) for each in parts.components if each.answer.entry in asked), None)


if __name__ == "__main__":
    main()
