"""`python -m models.training.evaluate --data DIR`: how good it is on laboratories that it never saw.

The bundle's networks and calibration were made without any record of the laboratories TESTED. Each of them is judged
with a library of all others' records, beside the open searches of `models/training/peers.py`.
"""

import argparse
from collections.abc import Collection, Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from time import monotonic

import numpy as np

from models.additions import Changes
from models.bundle import Bundle, write_bundle
from models.catalogue import Catalogue
from models.identification import DEFAULT_BUNDLE, Identifier
from models.training.build import SEED, TESTED
from models.training.build_library import build_library, places
from models.training.corpus import Measured
from models.training.isomers import with_isomers
from models.training.judge import Judge
from models.training.peers import Peers
from models.training.plots import calibration_plot, open_set_plot
from models.training.readings import Reading, by_compound, make_readings
from models.training.references import references
from models.training.report import write_report
from models.training.trials import MOST_READINGS, PROTOCOLS, TAKEN_OUT, TIMES, Trial

OUT = Path("docs/evaluation")


def main(arguments: Sequence[str] | None = None) -> None:
    """Judge each laboratory in a process of its own and write the report."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="directory with the measured records")
    parser.add_argument("--bundle", type=Path, default=DEFAULT_BUNDLE)
    parser.add_argument("--out", type=Path, default=OUT)
    parser.add_argument("--processes", type=int, default=2)
    options = parser.parse_args(arguments)
    begun = monotonic()
    count = len(TESTED)
    with ProcessPoolExecutor(options.processes, mp_context=get_context("spawn")) as pool:
        outcomes = pool.map(evaluate, [options.data] * count, [options.bundle] * count, TESTED)
        trials = [trial for outcome in outcomes for trial in outcome]
    options.out.joinpath("report.md").write_text(write_report(trials, monotonic() - begun), encoding="utf-8")
    options.out.joinpath("calibration.svg").write_text(calibration_plot(trials), encoding="utf-8")
    options.out.joinpath("open-set.svg").write_text(open_set_plot(trials), encoding="utf-8")


def evaluate(data: Path, path: Path, contributor: str) -> list[Trial]:
    """Judge one laboratory's readings by a bundle's networks and a library without its records."""
    bundle, catalogue = Bundle.open(path), Catalogue.load()
    seen, tested = parted(references(data, catalogue), (contributor,))
    library = with_isomers(build_library(seen, catalogue), catalogue)
    without = write_bundle(bundle.manifest, {**bundle.parts, "library.cbor": library.to_bytes()})
    opened = Bundle.from_bytes(without)
    judge = Judge(Identifier(opened, catalogue), Peers(library))
    trials: list[Trial] = []
    for number, (protocol, draw) in enumerate(PROTOCOLS.items()):
        rng = np.random.default_rng((SEED, number))
        readings = drawn(make_readings(by_compound(tested), {contributor}, TIMES, rng, draw), rng)
        trials += judge.all(readings, protocol, rng)
        if protocol in TAKEN_OUT:
            known = [reading for reading in readings if reading.skeleton in places(library)]
            trials += _taken_out(opened, catalogue, known, TAKEN_OUT[protocol])
    return trials


def _taken_out(bundle: Bundle, catalogue: Catalogue, known: Sequence[Reading], protocol: str) -> list[Trial]:
    """Judge the readings of known compounds once more, without these in the library; what is like them stays."""
    trials: list[Trial] = []
    skeletons = sorted({reading.skeleton for reading in known})
    for half in map(frozenset, (skeletons[::2], skeletons[1::2])):
        judge = Judge(Identifier(bundle, catalogue, changes=Changes(removed=half)))
        trials += [judge.one(reading, protocol).trial for reading in known if reading.skeleton in half]
    return trials


def drawn(readings: Sequence[Reading], rng: np.random.Generator) -> list[Reading]:
    """Draw at most MOST_READINGS."""
    return [readings[int(at)] for at in np.sort(rng.permutation(len(readings))[:MOST_READINGS])]


def parted(records: Iterable[Measured], contributors: Collection[str]) -> tuple[list[Measured], list[Measured]]:
    """Part records into those that may be learnt from and those of the contributors left out."""
    everything = list(records)
    seen = [record for record in everything if record.contributor not in contributors]
    tested = [record for record in everything if record.contributor in contributors]
    if common := {record.accession for record in seen} & {record.accession for record in tested}:
        raise ValueError(f"accessions on both sides of the evaluation: {sorted(common)[:5]}")
    return seen, tested


if __name__ == "__main__":
    main()
