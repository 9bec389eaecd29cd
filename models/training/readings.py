"""Readings to learn from and to be judged by: who measured them, and what the others know of the compound."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from models.preprocessing import Bins, above_floor, without_isotopes
from models.training.build_library import consensus
from models.training.corpus import Measured
from models.training.field import ENERGIES_MISSING, choose, field_rows, plain_rows

Compounds = Mapping[str, Mapping[str, Sequence[Measured]]]
"""Records by compound, then by contributor."""


@dataclass(frozen=True, eq=False)
class Reading:
    """One reading [n, BINS], softest spectrum first, as preprocessing leaves it.

    `others` [4, BINS] is the compound's consensus without the contributor's own records, None where nobody else
    measured it: to this reading the compound is then unknown.
    """

    skeleton: str
    contributor: str
    rows: Bins = field(repr=False)
    energies: tuple[float | None, ...]
    others: Bins | None = field(repr=False)
    accessions: tuple[str, ...] = field(repr=False)


def by_compound(records: Iterable[Measured]) -> Compounds:
    """Sort records by compound and contributor."""
    compounds: dict[str, dict[str, list[Measured]]] = defaultdict(lambda: defaultdict(list))
    for record in records:
        compounds[record.skeleton][record.contributor].append(record)
    return compounds


def consensus_without(compound: Mapping[str, Sequence[Measured]], contributor: str) -> Bins | None:
    """Consensus of everybody else's records of one compound."""
    others = [record for by, records in compound.items() if by != contributor for record in records]
    return consensus(others) if others else None


@dataclass(frozen=True)
class Draw:
    """How readings are drawn: `most` spectra at most in each, `distorted` as a field instrument would give them."""

    most: int = 5
    distorted: bool = True


def make_readings(
    compounds: Compounds,
    contributors: Iterable[str],
    each: int,
    rng: np.random.Generator,
    draw: Draw | None = None,
) -> list[Reading]:
    """Draw `each` readings of every compound of each contributor."""
    wanted = sorted(set(contributors))
    return [
        _reading(compound[contributor], others, rng, draw or Draw())
        for _, compound in sorted(compounds.items())
        for contributor in wanted
        if contributor in compound
        for others in (consensus_without(compound, contributor),)
        for _ in range(each)
    ]


def _reading(records: Sequence[Measured], others: Bins | None, rng: np.random.Generator, draw: Draw) -> Reading:
    chosen = choose(records, rng, draw.most)
    rows = field_rows(chosen, rng) if draw.distorted else plain_rows(chosen)
    told = not draw.distorted or rng.random() > ENERGIES_MISSING
    return Reading(
        skeleton=records[0].skeleton,
        contributor=records[0].contributor,
        rows=np.stack([_prepared(row) for row in rows]) if draw.distorted else rows,
        energies=tuple(record.energy if told else None for record in chosen),
        others=others,
        accessions=tuple(record.accession for record in chosen),
    )


def _prepared(row: Bins) -> Bins:
    """Do to a simulated row what preprocessing does to a measured one."""
    single = without_isotopes(above_floor(row.astype(np.float64)))
    return (single / single.sum()).astype(np.float32)
