"""`python -m models.training.missed --data DIR LABORATORY...`: how often a drug is missed, and what that costs to mend.

Each laboratory's readings are concluded with a library without its records: mixtures with a controlled or watched minor
component, drugs in cutting agents and in compounds that the library lacks, and harmless ones, mixed and pure. A
substance is missed where nothing listed is concluded; of harmless readings that is what is wanted. Eawag, Athens_Univ
and UFZ taught what says whether something hides: `models.training.clearance` judges them by what the others taught.
"""

import argparse
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TypeVar

import numpy as np

from models.bundle import Bundle, write_bundle
from models.catalogue import Catalogue, Standing
from models.clearance import Risk
from models.conclusion import Conclusion
from models.family_rule import Learned
from models.identification import DEFAULT_BUNDLE, Identifier
from models.mixture_judge import MixtureJudge
from models.preprocessing import Prepared
from models.standing import gravest
from models.training.build_library import build_library
from models.training.corpus import Measured
from models.training.evaluate import drawn, parted
from models.training.isomers import with_isomers
from models.training.markdown import table
from models.training.mixture_draw import Mixture, Recipe, mix, shares_of
from models.training.mixture_trials import Protocol
from models.training.mixtures import AGENTS, MOST_AGENTS, Trials, draw
from models.training.readings import Compounds, Draw, by_compound, make_readings
from models.training.references import references

SEED = 4711
_TOLD = (Conclusion.NO_ALARM, Conclusion.INCONCLUSIVE, Conclusion.CAUTION, Conclusion.ALARM)
CUT_EACH, TIMES, MOST_DRAWN = 4, 2, 300
PROTOCOLS = (
    Protocol("controlled 5 %", Recipe(minor=(0.05,)), most=144),
    Protocol("controlled 10 %", Recipe(minor=(0.1,)), most=144),
    Protocol("controlled 20 %", Recipe(minor=(0.2,)), most=72),
    Protocol("controlled 10 %, one spectrum", Recipe(minor=(0.1,), energies=(1,)), most=72),
    Protocol("harmless mixture", Recipe(), controlled=False, unknown=0.1, most=240),
    Protocol("harmless alone", Recipe(components=(1,)), controlled=False, most=240),
    Protocol("harmless alone, one spectrum", Recipe(components=(1,), energies=(1,)), controlled=False, most=240),
)
WATCHED = tuple(
    Protocol(name, recipe, asked=Standing.WATCHED, most=96)
    for name, recipe in {
        "watched 5 %": Recipe(minor=(0.05,)),
        "watched 10 %": Recipe(minor=(0.1,)),
        "watched 20 %": Recipe(minor=(0.2,)),
        "watched 20 %, one spectrum": Recipe(minor=(0.2,), energies=(1,)),
        "watched alone": Recipe(components=(1,)),
    }.items()
)
BESIDE_UNKNOWN = tuple(
    Protocol(f"controlled {minor:.0%}, the rest unknown", Recipe(components=(2,), minor=(minor,)), unknown=1.0, most=96)
    for minor in (0.1, 0.2, 0.4)
)
UNKNOWN = Protocol("unknown alone", Recipe(components=(1,)), controlled=False, unknown=1.0, most=240)
FIELD = {"as in the field, several spectra": Draw(3, 6), "as in the field, one spectrum": Draw(most=1)}

Kind = TypeVar("Kind")
Counts = Counter[tuple[str, Standing, Conclusion]]
"""Of readings of a kind, by the gravest standing of what is in them, and by what they came to."""


def main(arguments: Sequence[str] | None = None) -> None:
    """Conclude and print one table over all laboratories."""
    print_counts(__doc__ or "", conclude, written, arguments)


def print_counts(
    about: str,
    counted: Callable[[Sequence[Measured], str, Catalogue], Counter[Kind]],
    table_of: Callable[[Counter[Kind]], str],
    arguments: Sequence[str] | None,
) -> None:
    """Add up what is `counted` of each laboratory that the command names, and print the table of it."""
    parser = argparse.ArgumentParser(description=about)
    parser.add_argument("--data", type=Path, required=True, help="directory with the measured records")
    parser.add_argument("laboratories", nargs="+", help="contributors, such as BAFG")
    options = parser.parse_args(arguments)
    catalogue = Catalogue.load()
    records = references(options.data, catalogue)
    counts: Counter[Kind] = Counter()
    for laboratory in options.laboratories:
        counts += counted(records, laboratory, catalogue)
    print(table_of(counts))  # noqa: T201 - a command tells what it measured


def conclude(records: Sequence[Measured], contributor: str, catalogue: Catalogue) -> Counts:
    """Count what one laboratory's readings come to."""
    identifier, tested = identifier_without(records, contributor, catalogue)
    trials = Trials(identifier.library, MixtureJudge.load(), catalogue)
    counts: Counts = Counter()
    for kind, compounds, reading in readings(by_compound(tested), contributor, trials):
        gravest_of_all = gravest(trials.standing(compound) for compound in compounds)
        counts[kind, gravest_of_all, identifier.conclude(reading).conclusion] += 1
    return counts


def identifier_without(
    records: Sequence[Measured], contributor: str, catalogue: Catalogue
) -> tuple[Identifier, list[Measured]]:
    """Return the bundle's networks beside a library without a laboratory's records, and these."""
    seen, tested = parted(records, (contributor,))
    return identifier_on(seen, catalogue), tested


def identifier_on(
    records: Sequence[Measured], catalogue: Catalogue, learned: Learned | None = None, risk: Risk | None = None
) -> Identifier:
    """Return the bundle's networks beside a library of these records."""
    library = with_isomers(build_library(records, catalogue), catalogue)
    bundle = Bundle.open(DEFAULT_BUNDLE)
    without = write_bundle(bundle.manifest, {**bundle.parts, "library.cbor": library.to_bytes()})
    return Identifier(Bundle.from_bytes(without), catalogue, learned, risk=risk)


def readings(compounds: Compounds, contributor: str, trials: Trials) -> Iterator[tuple[str, tuple[str, ...], Prepared]]:
    """Yield the kind, the compounds and the reading."""
    for number, protocol in enumerate(PROTOCOLS):
        for mixture in draw(compounds, contributor, trials, protocol, np.random.default_rng((SEED, number))):
            yield protocol.name, mixture.compounds, prepared(mixture)
    for number, protocol in enumerate(WATCHED):
        for mixture in draw(compounds, contributor, trials, protocol, np.random.default_rng((SEED, 1, number))):
            yield protocol.name, mixture.compounds, prepared(mixture)
    for number, protocol in enumerate((*BESIDE_UNKNOWN, UNKNOWN)):
        for mixture in draw(compounds, contributor, trials, protocol, np.random.default_rng((SEED, 2, number))):
            yield protocol.name, mixture.compounds, prepared(mixture)
    for mixture in _cut(compounds, contributor, trials):
        yield "controlled in cutting agents", mixture.compounds, prepared(mixture)
    for number, (kind, how) in enumerate(FIELD.items()):
        rng = np.random.default_rng((SEED, len(PROTOCOLS), number))
        made = make_readings(compounds, {contributor}, TIMES, rng, how)
        for each in drawn([one for one in made if one.skeleton in trials.places], rng)[:MOST_DRAWN]:
            yield kind, (each.skeleton,), Prepared(each.rows, each.energies, (), {}, whole=each.whole)


def _cut(compounds: Compounds, contributor: str, trials: Trials) -> Iterator[Mixture]:
    """Mix every controlled substance, a tenth or a twentieth, with cutting agents of the same laboratory."""
    known = {trials.name(skeleton): skeleton for skeleton in compounds if skeleton in trials.places}
    drugs = sorted(name for name, skeleton in known.items() if trials.is_controlled(skeleton))
    agents = [agent for agent in AGENTS if agent in known]
    rng = np.random.default_rng((SEED, len(PROTOCOLS)))
    for minor in (0.05, 0.1):
        for drug in drugs * CUT_EACH if agents else ():
            count = int(rng.integers(1, min(MOST_AGENTS, len(agents)) + 1))
            chosen = [drug, *(agents[int(at)] for at in np.sort(rng.permutation(len(agents))[:count]))]
            mixed = {known[name]: compounds[known[name]][contributor] for name in chosen}
            yield mix(mixed, shares_of(len(mixed), minor, rng), Recipe(), rng)


def prepared(mixture: Mixture) -> Prepared:
    """Return a mixture as a reading."""
    return Prepared(mixture.rows, mixture.energies, (), {}, whole=mixture.whole)


def written(counts: Counts) -> str:
    """Write the table: readings of each kind, and how many came to what."""
    kinds = dict.fromkeys((kind, due) for kind, due, _ in counts)
    rows = [
        (
            kind,
            due.value,
            str(sum(counts[kind, due, each] for each in Conclusion)),
            *(str(counts[kind, due, each]) for each in _TOLD),
        )
        for kind, due in kinds
    ]
    return table(("readings", "gravest in it", "n", *(each.value for each in _TOLD)), rows)


if __name__ == "__main__":
    main()
