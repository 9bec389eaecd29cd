"""`python -m models.training.mixtures --data DIR`: mixtures of a laboratory that neither library nor judge has seen.

With `--teach` the judge is taught first, without that laboratory: `models/data/mixture.cbor`.
"""

import argparse
from collections.abc import Iterator, Sequence
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np

from models.calibration import Thresholds
from models.catalogue import DATA, Catalogue, Standing
from models.components import Parts, sort_out, suspected
from models.library import Band, Library
from models.mixture import NEAR, Decomposer
from models.mixture_index import MixtureIndex
from models.mixture_judge import MixtureJudge
from models.odds import odds_of
from models.preprocessing import Bins
from models.training.corpus import Measured
from models.training.mixture_contests import Classroom, Contests, library_without
from models.training.mixture_draw import Mixture, Recipe, mix, shares_of
from models.training.mixture_fit import MixtureEffort, train_judge
from models.training.mixture_report import OURS, write_report
from models.training.mixture_trials import MINOR, PROTOCOLS, Cut, MixtureTrial, Name, Protocol
from models.training.peers import Inverted
from models.training.readings import Compounds, by_compound
from models.training.references import references

CONTRIBUTOR = "Eawag"
"""The laboratory left out: of those with most controlled substances that others measured too."""
REPORT = Path("docs/evaluation/mixtures.md")
SEED = 20261127
AGENTS = ("Caffeine", "Paracetamol", "Lidocaine", "Levamisole", "Phenacetin", "Metamizole", "Procaine")
MOST_AGENTS = 3
CUT_EACH = 5
"""Readings of each drug with cutting agents."""
TEACHING = (
    "Athens_Univ", "BAFG", "LCSB", "UFZ", "ENTACT_AGILENT", "Washington_State_Univ", "Univ_Connecticut", "CASMI_2016",
    "IPB_Halle", "NaToxAq", "BGC_Munich",
)  # fmt: skip
"""Laboratories whose mixtures teach the judge, each beside a library without its records."""
FIRST = MixtureEffort(laboratories=11, mixtures=300, steps=2500, members=1)
SECOND = MixtureEffort(laboratories=8, mixtures=300, steps=3000, members=2)
OFFERED = 5


def main(arguments: Sequence[str] | None = None) -> None:
    """Teach, or evaluate each contributor in a process of its own and write the report."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="directory with the measured records")
    parser.add_argument("--teach", action="store_true", help="teach the judge that comes with the software anew")
    parser.add_argument("--out", type=Path, default=REPORT)
    options = parser.parse_args(arguments)
    catalogue = Catalogue.load()
    records = references(options.data, catalogue)
    if options.teach:
        (DATA / "mixture.cbor").write_bytes(teach(records, catalogue).to_bytes())
    trials, cuts = evaluate(records, CONTRIBUTOR, MixtureJudge.load(), catalogue)
    options.out.write_text(write_report(trials, cuts), encoding="utf-8")


def teach(records: Sequence[Measured], catalogue: Catalogue) -> MixtureJudge:
    """Teach the judge twice: among true components, then also among those that it found itself."""
    rooms = [Classroom.of(records, contributor, (CONTRIBUTOR,), catalogue) for contributor in TEACHING]
    contests = _contests(rooms, 1, FIRST, None)
    contests.extend(_contests(rooms, 2, SECOND, train_judge(contests, FIRST)))
    return train_judge(contests, SECOND)


def _contests(rooms: Sequence[Classroom], turn: int, effort: MixtureEffort, judge: MixtureJudge | None) -> Contests:
    contests = Contests()
    for room in rooms[: effort.laboratories]:
        rng = np.random.default_rng((turn, *room.contributor.encode()))
        contests.extend(room.contests(effort.mixtures, rng, judge))
    return contests


def evaluate(
    records: Sequence[Measured], contributor: str, judge: MixtureJudge, catalogue: Catalogue
) -> tuple[list[MixtureTrial], list[Cut]]:
    """Make a library without one contributor, and take mixtures of its records apart."""
    trial = Trials(library_without(records, (contributor,), catalogue), judge, catalogue)
    mine = by_compound(record for record in records if record.contributor == contributor)
    drawn = [
        trial.of(mixture, contributor, protocol)
        for number, protocol in enumerate(PROTOCOLS)
        for mixture in draw(mine, contributor, trial, protocol, np.random.default_rng((SEED, number)))
    ]
    return drawn, list(cut_drugs(mine, contributor, trial))


def cut_drugs(compounds: Compounds, contributor: str, trials: "Trials") -> Iterator[Cut]:
    """Cut every controlled substance with what its laboratory measured of the usual agents."""
    skeletons = {trials.name(skeleton): skeleton for skeleton in compounds if skeleton in trials.places}
    drugs = sorted(name for name, skeleton in skeletons.items() if trials.is_controlled(skeleton))
    agents = [agent for agent in AGENTS if agent in skeletons]
    rng = np.random.default_rng((SEED, len(PROTOCOLS)))
    for drug in drugs * CUT_EACH if agents else ():
        count = int(rng.integers(1, min(MOST_AGENTS, len(agents)) + 1))
        cuts = [agents[int(at)] for at in np.sort(rng.permutation(len(agents))[:count])]
        chosen = [drug, *(agent for agent in cuts if agent != drug)]
        shares = shares_of(len(chosen), MINOR, rng)
        records = {skeletons[name]: compounds[skeletons[name]][contributor] for name in chosen}
        yield trials.cut(mix(records, shares, Recipe(), rng))


def draw(
    compounds: Compounds, contributor: str, trials: "Trials", protocol: Protocol, rng: np.random.Generator
) -> Iterator[Mixture]:
    """Draw a protocol's readings, each substance that is asked for as often as the others."""
    known = sorted(skeleton for skeleton in compounds if skeleton in trials.places)
    unknown = sorted(set(compounds) - set(known)) or known
    asked = [skeleton for skeleton in known if trials.standing(skeleton) is protocol.asked]
    if protocol.controlled is False:
        known, unknown = ([each for each in pool if not trials.is_controlled(each)] for pool in (known, unknown))
    for number in range(protocol.most if asked else 0):
        pools = [
            unknown if rng.random() < protocol.unknown else known
            for _ in range(int(rng.choice(protocol.recipe.components)))
        ]
        if protocol.controlled:
            pools[0] = [asked[number % len(asked)]]
        chosen: list[str] = []
        for pool in pools:
            left = [each for each in pool if each not in chosen]
            chosen.append(left[int(rng.integers(len(left)))])
        shares = shares_of(len(chosen), float(rng.choice(protocol.recipe.minor)), rng)
        yield mix({each: compounds[each][contributor] for each in chosen}, shares, protocol.recipe, rng)


class Trials:
    """Takes mixtures apart with a library and its judge, and by the peers."""

    def __init__(self, library: Library, judge: MixtureJudge, catalogue: Catalogue) -> None:
        self._library = library
        self._catalogue = catalogue
        self._index = MixtureIndex.of(library)
        self._decomposer = Decomposer(self._index, judge, odds_of(library, catalogue))
        self._inverted = Inverted(library)
        self._whole = library.band(Band.ALL).astype(np.float64)
        self._standings = [self.standing(entry.inchikey) for entry in library.entries]
        self.places = {entry.skeleton: at for at, entry in enumerate(library.entries)}

    def name(self, skeleton: str) -> str:
        """Name of a compound that the library holds."""
        return self._library.entries[self.places[skeleton]].name

    def cut(self, mixture: Mixture) -> Cut:
        """Take a drug and its cutting agents apart; the library holds all of them."""
        parts = self._parts(mixture)
        groups = [set(self._index.alike(self.places[each])) for each in mixture.compounds]
        named = [each.answer.entry for each in parts.named]
        drug, *agents = map(self.name, mixture.compounds)
        return Cut(
            drug=drug,
            agents=tuple(agents),
            named=any(entry in groups[0] for entry in named),
            alarm=suspected(parts, self._standings) >= Thresholds().alarm,
            wrong=tuple(self._library.entries[e].name for e in named if not any(e in group for group in groups)),
        )

    def is_controlled(self, skeleton: str) -> bool:
        """Whether the catalogue holds it as controlled."""
        return self.standing(skeleton) is Standing.CONTROLLED

    def standing(self, inchikey: str) -> Standing:
        """Return how the catalogue holds it."""
        substance = self._catalogue.find(inchikey)
        return substance.standing if substance else Standing.UNLISTED

    def of(self, mixture: Mixture, contributor: str, protocol: Protocol) -> MixtureTrial:
        """Take one mixture apart by every method."""
        parts = self._parts(mixture)
        said = {each.answer.entry for each in parts.named}
        groups = [set(self._index.alike(self.places[each])) for each in mixture.compounds if each in self.places]
        first = self.places.get(mixture.compounds[0])
        asked: set[int] = set() if first is None else set(self._index.alike(first))
        methods = {OURS: [(each.answer.entry, each.answer.probability) for each in parts.found]}
        if protocol.peers:
            methods["inverted search"] = self._offered(self._inverted.scores(mixture.rows))
            methods["NNLS"] = self._offered(self._shares(mixture.rows))
        return MixtureTrial(
            contributor=contributor,
            protocol=protocol.name,
            names={
                method: tuple(
                    Name(
                        score=float(score),
                        right=any(entry in group for group in groups),
                        asked=entry in asked,
                        said=method == OURS and entry in said,
                    )
                    for entry, score in names
                )
                for method, names in methods.items()
            },
            mixture=parts.is_mixture,
            residual=parts.whole.residual(parts.found).share,
            share_error=_share_error(parts, asked, mixture.shares[0]),
            alarm=suspected(parts, self._standings) >= Thresholds().alarm,
            due=any(map(self.is_controlled, mixture.compounds)),
        )

    def _parts(self, mixture: Mixture) -> Parts:
        parts = self._decomposer.decompose(mixture.rows, mixture.whole, mixture.energies)
        return sort_out(parts, Thresholds(), self._standings)

    def _shares(self, spectra: Bins) -> Bins:
        """Non-negative least squares of all spectra added on the consensus of the entries that are near."""
        optimize: Any = import_module("scipy.optimize")
        near = self._index.near(spectra, NEAR)
        shares = np.zeros(len(self._standings), dtype=np.float32)
        shares[near] = optimize.nnls(self._whole[:, near], spectra.mean(axis=0).astype(np.float64))[0]
        return shares

    def _offered(self, scores: Bins) -> list[tuple[int, float]]:
        """Name the best entries, of each group the best one."""
        names: list[tuple[int, float]] = []
        taken: set[int] = set()
        for entry in map(int, np.argsort(-scores, kind="stable")[: 8 * OFFERED]):
            if entry not in taken and scores[entry] > 0 and len(names) < OFFERED:
                names.append((entry, float(scores[entry])))
            taken.update(self._index.alike(entry))
        return names


def _share_error(parts: Parts, asked: set[int], share: float) -> float | None:
    """How far the share found is from the true one, None where it was not found."""
    return next((abs(each.share - share) for each in parts.found if each.answer.entry in asked), None)


if __name__ == "__main__":
    main()
