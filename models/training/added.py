"""`python -m models.training.added --data DIR`: how well a substance that a state adds is found.

Compounds that two or more laboratories measured are taken out of the library. One laboratory's records of each come
back as a state brings them, as MSP; the readings of the others are identified among all compounds.
"""

import argparse
from collections.abc import Sequence
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import numpy as np

from models.additions import Changes, read_additions
from models.bundle import Bundle
from models.catalogue import Catalogue
from models.errors import UnreadableFile
from models.identification import DEFAULT_BUNDLE, Identifier
from models.msp import MspRecord, format_msp
from models.preprocessing import Prepared
from models.references import consensus_of, ion_mz_of
from models.training.build import SEED
from models.training.corpus import Measured
from models.training.markdown import table
from models.training.readings import Compounds, by_compound, make_readings
from models.training.references import references

REPORT = Path("docs/evaluation/added.md")
COMPOUNDS = 150
_HEAD = """# Substances that a state adds

Written by `python -m models.training.added --data DIR`; do not edit by hand.

{compounds} compounds that two or more laboratories measured were taken out of the library. One laboratory's records of
each came back as `garita library add` takes them; readings of the other laboratories, distorted as a field instrument
would show them (one to five energies), were identified among all compounds. *As it was*: the same readings with the
bundle's own library, which holds the very records that they are made of.

"""


def main(arguments: Sequence[str] | None = None) -> None:
    """Write the report."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="directory with the measured records")
    parser.add_argument("--out", type=Path, default=REPORT)
    options = parser.parse_args(arguments)
    bundle, catalogue = Bundle.open(DEFAULT_BUNDLE), Catalogue.load()
    chosen = choose(by_compound(references(options.data, catalogue)))
    removed = frozenset(chosen)
    brought = format_msp(_told(record.record) for each in chosen.values() for record in each[min(each)])
    states = {
        "taken out": Changes(removed=removed),
        "added again": Changes(removed=removed).then(read_additions(brought.encode(), "added", catalogue), ()),
        "as it was": Changes(),
    }
    rows = [
        (name, *_judged(Identifier(bundle, catalogue, changes=changes), chosen)) for name, changes in states.items()
    ]
    titles = ("library", "readings", "first", "among three", "said unknown")
    options.out.write_text(_HEAD.format(compounds=len(chosen)) + table(titles, rows), encoding="utf-8")


def _told(record: MspRecord) -> MspRecord:
    """Return a record with the family that a state must tell of what the catalogue does not have."""
    return replace(record, fields={**record.fields, "family": ("benign",)})


def choose(compounds: Compounds) -> dict[str, dict[str, Sequence[Measured]]]:
    """Choose compounds of two laboratories or more that can be added, the same ones each time."""
    several = [skeleton for skeleton, by in compounds.items() if len(by) > 1 and _is_reference(by[min(by)])]
    drawn = sorted(several, key=lambda skeleton: sha256(skeleton.encode()).digest())[:COMPOUNDS]
    return {skeleton: dict(compounds[skeleton]) for skeleton in sorted(drawn)}


def _is_reference(records: Sequence[Measured]) -> bool:
    try:
        ion_mz, *_ = [ion_mz_of(each.record, "added", records[0].formula) for each in records]
        consensus_of([each.record for each in records], "added", ion_mz)
    except UnreadableFile:
        return False
    return True


def _judged(identifier: Identifier, chosen: dict[str, dict[str, Sequence[Measured]]]) -> tuple[str, str, str, str]:
    others = {skeleton: {by: of for by, of in each.items() if by != min(each)} for skeleton, each in chosen.items()}
    laboratories = {by for each in others.values() for by in each}
    ranks: list[int] = []
    unknown: list[bool] = []
    for reading in make_readings(others, laboratories, 1, np.random.default_rng(SEED)):
        answer, _ = identifier.examine(Prepared(reading.rows, reading.energies, (), {}, whole=reading.whole))
        names = [hit.inchikey[:14] for hit in answer.hits]
        ranks.append(names.index(reading.skeleton) if reading.skeleton in names else len(names))
        unknown.append(answer.unknown)
    rank = np.array(ranks)
    return str(len(rank)), f"{(rank < 1).mean():.3f}", f"{(rank < 3).mean():.3f}", f"{np.mean(unknown):.3f}"  # noqa: PLR2004


if __name__ == "__main__":
    main()
