"""`python -m models.training.evaluate --data DIR`: how good it is on laboratories that it never saw.

For each of the largest contributors, library, networks and calibration are made anew without any of its records; its
readings are then identified among all compounds, beside plain and weighted cosine search of the same library.
"""

import argparse
from collections.abc import Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from time import monotonic

import numpy as np
from numpy.typing import NDArray

from models.bundle import Bundle
from models.catalogue import Catalogue
from models.grouping import neighbours_of
from models.identification import Identification, Identifier
from models.library import Band, Library
from models.preprocessing import Prepared
from models.search import Index, cosines, unit
from models.training.build import CALIBRATORS, SEED, bundle_of
from models.training.corpus import Measured, read_corpus
from models.training.fit import REDUCED, Fitter
from models.training.readings import Reading, by_compound, make_readings
from models.training.report import write_report
from models.training.samples import without_held
from models.training.trials import PROTOCOLS, Trial

CONTRIBUTORS = ("BAFG", "Eawag", "Athens_Univ")
REPORT = Path("docs/evaluation/report.md")


def main(arguments: Sequence[str] | None = None) -> None:
    """Evaluate each contributor in a process of its own and write the report."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="directory with the measured records")
    parser.add_argument("--out", type=Path, default=REPORT)
    parser.add_argument("--processes", type=int, default=2)
    options = parser.parse_args(arguments)
    begun = monotonic()
    trials: list[Trial] = []
    with ProcessPoolExecutor(options.processes, mp_context=get_context("spawn")) as pool:
        for outcome in pool.map(evaluate, [options.data] * len(CONTRIBUTORS), CONTRIBUTORS):
            trials += outcome
            options.out.write_text(write_report(trials, monotonic() - begun), encoding="utf-8")


def evaluate(data: Path, contributor: str) -> list[Trial]:
    """Fit without one contributor and judge all its readings."""
    records = without_held(read_corpus(data))
    catalogue = Catalogue.load()
    seen, tested = parted(records, contributor)
    fitted = Fitter(seen, set(CALIBRATORS) - {contributor}, catalogue, REDUCED, SEED).fit()
    identifier = Identifier(Bundle.from_bytes(bundle_of(fitted, seen)), catalogue)
    judge = Judge(identifier, fitted.index)
    compounds = by_compound(tested)
    return [
        judge.judged(reading, protocol)
        for protocol, draw in PROTOCOLS.items()
        for reading in make_readings(compounds, {contributor}, 1, np.random.default_rng(SEED), draw)
    ]


def parted(records: Iterable[Measured], contributor: str) -> tuple[list[Measured], list[Measured]]:
    """Part records into those that may be learnt from and those of the contributor left out."""
    everything = list(records)
    seen = [record for record in everything if record.contributor != contributor]
    tested = [record for record in everything if record.contributor == contributor]
    if common := {record.accession for record in seen} & {record.accession for record in tested}:
        raise ValueError(f"accessions on both sides of the evaluation: {sorted(common)[:5]}")
    return seen, tested


class Judge:
    """Judges readings by the model and by the searches beside it."""

    def __init__(self, identifier: Identifier, index: Index) -> None:
        self._identifier = identifier
        self._library: Library = identifier.library
        self._index = index
        self._plain = np.stack([unit(np.sqrt(self._library.band(band)), axis=0) for band in Band])
        self._place = {entry.skeleton: at for at, entry in enumerate(self._library.entries)}
        self._neighbours = neighbours_of(self._library)

    def judged(self, reading: Reading, protocol: str) -> Trial:
        """Judge one reading."""
        prepared = Prepared(reading.rows, reading.energies, (), {})
        answer, scores = self._identifier.examine(prepared)
        at = self._place.get(reading.skeleton, -1)
        return Trial(
            contributor=reading.contributor,
            protocol=protocol,
            skeleton=reading.skeleton,
            family=self._library.entries[at].family if at >= 0 else self._family(reading.skeleton),
            ranks={name: self._ranks(scores, at) for name, scores in [("model", scores), *self._searched(prepared)]},
            probability=answer.hits[0].probability or 0.0,
            right=at >= 0 and self._is_first(answer, at),
            conclusion=answer.conclusion,
            unknown=answer.unknown,
            families={hit.family: hit.probability for hit in answer.families},
        )

    def _family(self, skeleton: str) -> str:
        substance = self._identifier.catalogue.find(skeleton)
        return substance.family if substance else ""

    def _searched(self, reading: Prepared) -> list[tuple[str, NDArray[np.float32]]]:
        weighted = cosines(self._index, reading.bins)
        merged = cosines(self._index, reading.bins.mean(axis=0, keepdims=True))
        rooted = unit(np.sqrt(reading.bins), axis=1)
        bins = np.flatnonzero(rooted.any(axis=0))
        plain = np.stack([rooted[:, bins] @ self._plain[band][bins] for band in Band], axis=1)
        return [
            ("weighted cosine", weighted.max(axis=1).mean(axis=0)),
            ("merged weighted cosine", merged[0, Band.ALL]),
            ("plain cosine", plain.max(axis=1).mean(axis=0)),
        ]

    def _ranks(self, scores: NDArray[np.float32], at: int) -> tuple[int, int]:
        """Rank among compounds, and among isomer groups: better ones that cannot be told from the right one are it."""
        if at < 0:
            return -1, -1
        better = np.flatnonzero(scores > scores[at])
        level = np.flatnonzero(scores == scores[at])
        alike = {at, *self._neighbours[at]}
        seen: set[int] = set()
        groups = 0
        for other in map(int, better[np.argsort(-scores[better], kind="stable")]):
            if other in alike:
                break
            groups += other not in seen
            seen.update((other, *self._neighbours[other]))
        return len(better) + (len(level) - 1) // 2, groups

    def _is_first(self, answer: Identification, at: int) -> bool:
        entry = self._library.entries[at]
        first = answer.hits[0]
        return first.inchikey[:14] == entry.skeleton or entry.name in first.isomers


if __name__ == "__main__":
    main()
