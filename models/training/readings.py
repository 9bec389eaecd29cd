"""Readings to learn from and to be judged by: who measured them, and what the others know of the compound."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from models.preprocessing import Bins, above_floor, without_isotopes
from models.training.corpus import Measured
from models.training.field import ENERGIES_MISSING, ENERGY_SCATTER, choose, energies_of, field_rows, plain_rows

Compounds = Mapping[str, Mapping[str, Sequence[Measured]]]
"""Records by compound, then by contributor."""


@dataclass(frozen=True, eq=False)
class Reading:
    """One reading [n, BINS], softest spectrum first, as preprocessing leaves it.

    `others` are the records of the compound without the contributor's own, none where nobody else measured it: to this
    reading the compound is then unknown. `whole` are the rows with their isotope peaks.
    """

    skeleton: str
    name: str
    formula: str
    contributor: str
    instrument: str
    rows: Bins = field(repr=False)
    whole: Bins = field(repr=False)
    energies: tuple[float | None, ...]
    others: tuple[Measured, ...] = field(repr=False)
    accessions: tuple[str, ...] = field(repr=False)


def by_compound(records: Iterable[Measured]) -> Compounds:
    """Sort records by compound and contributor."""
    compounds: dict[str, dict[str, list[Measured]]] = defaultdict(lambda: defaultdict(list))
    for record in records:
        compounds[record.skeleton][record.contributor].append(record)
    return compounds


def without(compound: Mapping[str, Sequence[Measured]], contributor: str) -> tuple[Measured, ...]:
    """Everybody else's records of one compound."""
    return tuple(record for by, records in compound.items() if by != contributor for record in records)


@dataclass(frozen=True)
class Draw:
    """How readings are drawn: `least` to `most` spectra in each, `distorted` as a field instrument would give them.

    A compound measured at fewer than `least` energies gives no reading.
    """

    least: int = 1
    most: int = 5
    distorted: bool = True


ANY = Draw()


def make_readings(
    compounds: Compounds,
    contributors: Iterable[str],
    each: int,
    rng: np.random.Generator,
    draw: Draw = ANY,
) -> list[Reading]:
    """Draw `each` readings of every compound of each contributor."""
    wanted = sorted(set(contributors))
    return [
        _reading(compound[contributor], others, rng, draw)
        for _, compound in sorted(compounds.items())
        for contributor in wanted
        if contributor in compound and len(energies_of(compound[contributor])) >= draw.least
        for others in (without(compound, contributor),)
        for _ in range(each)
    ]


def _reading(
    records: Sequence[Measured], others: tuple[Measured, ...], rng: np.random.Generator, draw: Draw
) -> Reading:
    chosen = choose(records, rng, draw.least, draw.most)
    whole = field_rows(chosen, rng) if draw.distorted else plain_rows(chosen)
    told = not draw.distorted or rng.random() > ENERGIES_MISSING
    scale = float(np.exp(rng.normal(0, ENERGY_SCATTER))) if draw.distorted else 1.0
    return Reading(
        skeleton=records[0].skeleton,
        name=records[0].name,
        formula=records[0].formula,
        contributor=records[0].contributor,
        instrument=records[0].record.text("instrument_type"),
        rows=np.stack([prepared_row(row) for row in whole]) if draw.distorted else whole,
        whole=whole,
        energies=tuple(record.energy * scale if told and record.energy else None for record in chosen),
        others=others,
        accessions=tuple(record.accession for record in chosen),
    )


def prepared_row(row: Bins) -> Bins:
    """Do to a simulated row what preprocessing does to a measured one."""
    single = without_isotopes(above_floor(row.astype(np.float64)))
    return (single / single.sum()).astype(np.float32)
