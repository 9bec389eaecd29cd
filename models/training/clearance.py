"""`python -m models.training.clearance --data DIR`: how often a drug hides where nothing listed is concluded.

Readings of three laboratories, each with a library without its records, tell what was seen of them; networks learn from
two of the laboratories whether something hid, and the third one's are concluded by these; readings of substances that
the library lacks by networks that learned nothing of that substance. With `--teach` those that come with the software
learn from all three: `models/data/clearance.cbor`.
"""

import argparse
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from itertools import chain
from multiprocessing import get_context
from pathlib import Path

import numpy as np

from models.catalogue import DATA, Catalogue
from models.mixture_judge import MixtureJudge
from models.preprocessing import Prepared
from models.standing import gravest
from models.traces import Row
from models.training.clearance_fit import Seen, apart, train_clearance
from models.training.clearance_report import write_missed
from models.training.evaluate import parted
from models.training.family_cuts import is_listed
from models.training.family_trials import Half, learned_half
from models.training.lacking import Companions, by_ions, harmless, lacking
from models.training.missed import identifier_on, prepared, readings
from models.training.mixture_draw import Mixture
from models.training.mixtures import Trials
from models.training.predicted import structures_of
from models.training.published import read_published
from models.training.readings import by_compound
from models.training.references import references

CONTRIBUTORS = ("Eawag", "Athens_Univ", "UFZ")
"""Laboratories with most listed substances that others measured too."""
REPORT = Path("docs/evaluation/missed.md")
SEED = 20261128

Drawn = Iterator[tuple[str, tuple[str, ...], Prepared]]
"""Kind, compounds and reading."""


def main(arguments: Sequence[str] | None = None) -> None:
    """See the readings, write the report and, where asked, teach."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="directory with the measured records")
    parser.add_argument("--teach", action="store_true", help="teach the networks that come with the software anew")
    parser.add_argument("--out", type=Path, default=REPORT)
    parser.add_argument("--processes", type=int, default=2)
    options = parser.parse_args(arguments)
    halves = [None, *_halves(options.data)]
    cases = [(options.data, contributor, half) for contributor in CONTRIBUTORS for half in halves]
    with ProcessPoolExecutor(options.processes, mp_context=get_context("spawn")) as pool:
        seen = [each for case in pool.map(see, *zip(*cases, strict=True)) for each in case]
    if options.teach:
        (DATA / "clearance.cbor").write_bytes(train_clearance(seen).to_bytes())
    options.out.write_text(write_missed(apart(seen)), encoding="utf-8")


def _halves(data: Path) -> list[Half]:
    catalogue = Catalogue.load()
    records, published = references(data, catalogue), read_published(data, catalogue)
    structures = structures_of(records, catalogue)
    return [learned_half(records, published, structures, catalogue, half) for half in (0, 1)]


class Watch:
    """Stands in for the networks: keeps what they would be asked, and lets everything pass."""

    def __init__(self) -> None:
        self.row: Row | None = None

    def __call__(self, row: Row) -> float:
        """Keep the Trace columns."""
        self.row = row
        return 0.0


def see(data: Path, contributor: str, half: Half | None) -> list[Seen]:
    """Note what is seen of one laboratory's readings, or of those of listed substances that a half leaves out."""
    catalogue, watch = Catalogue.load(), Watch()
    records = references(data, catalogue)
    seen, tested = parted(records, (contributor,))
    left = {each for each in half.left if is_listed(catalogue, each)} if half else set[str]()
    kept = [record for record in seen if record.skeleton not in left]
    identifier = identifier_on(kept, catalogue, half and half.learned, watch)
    trials = Trials(identifier.library, MixtureJudge.load(), catalogue)
    companions = Companions.of(identifier.library, catalogue, by_compound(records), contributor)
    rng = np.random.default_rng((SEED, *contributor.encode(), *(half.laboratory if half else "").encode()))
    if half is None:
        drawn = chain(readings(by_compound(tested), contributor, trials), _as_drawn(harmless(companions, rng)))
    else:
        measured = lacking(companions, by_compound(records), contributor, left, rng)
        drawn = _as_drawn(chain(measured, by_ions(companions, half.away, rng)))
    noted: list[Seen] = []
    for kind, held, reading in drawn:
        watch.row = None
        conclusion = identifier.conclude(reading).conclusion
        due = gravest(map(trials.standing, held))
        unknown = half is None and any(each not in trials.places for each in held)
        lacked = held[0] if half else ""
        noted.append(Seen(contributor, kind, due, unknown, lacked, conclusion, watch.row))
    return noted


def _as_drawn(mixtures: Iterable[tuple[str, Mixture]]) -> Drawn:
    return ((kind, mixture.compounds, prepared(mixture)) for kind, mixture in mixtures)


if __name__ == "__main__":
    main()
