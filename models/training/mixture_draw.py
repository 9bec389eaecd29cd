"""Mixtures made of measured records of one laboratory, as a field instrument would show them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from models.preprocessing import Bins, above_floor, without_isotopes
from models.training.corpus import Measured
from models.training.field import (
    ENERGIES_MISSING,
    MOST_ENERGY,
    Distortion,
    background,
    field_rows,
    plain_rows,
    scan_from,
)

ALONE = Distortion(floor=(0.0, 0.0), background=0.0, scan_start=(0, 1))
"""What befalls each component by itself; floor, background and start of the scan are the whole reading's."""
LATE_SCANS = 0.2
SCAN_START = (40, 120)
BACKGROUND = 0.01
FLOOR = (0.001, 0.005)
NOT_TOLD = 30.0

Rows = NDArray[np.float64]


@dataclass(frozen=True)
class Recipe:
    """How mixtures are drawn: of `components`, the first with `minor` of the ion current, at `energies` energies."""

    components: tuple[int, ...] = (2, 3, 4)
    minor: tuple[float, ...] = (0.05, 0.1, 0.2, 0.3)
    energies: tuple[int, ...] = (3, 4, 5)
    distorted: bool = True


@dataclass(frozen=True, eq=False)
class Mixture:
    """One reading [n, BINS], softest first, of `compounds` with `shares` of the ion current; `whole`: with isotopes."""

    compounds: tuple[str, ...]
    shares: tuple[float, ...]
    rows: Bins = field(repr=False)
    whole: Bins = field(repr=False)
    energies: tuple[float | None, ...]


def shares_of(count: int, minor: float, rng: np.random.Generator) -> tuple[float, ...]:
    """Give the first component `minor` and share the rest out among the others, none of them very small."""
    if count == 1:
        return (1.0,)
    rest = np.maximum(rng.dirichlet(np.full(count - 1, 3.0)), 0.1)
    return (minor, *(float(part) for part in rest * (1 - minor) / rest.sum()))


def mix(
    records: Mapping[str, Sequence[Measured]], shares: Sequence[float], recipe: Recipe, rng: np.random.Generator
) -> Mixture:
    """Add up what one laboratory measured of some compounds, each spectrum's shares of the ion current as told."""
    count = int(rng.choice(recipe.energies))
    targets = _energies(max(records.values(), key=len), count, rng)
    rows: Rows = np.zeros((len(targets), 1))
    for group, share in zip(records.values(), shares, strict=True):
        chosen = [_nearest(group, energy) for energy in targets]
        one = field_rows(chosen, rng, ALONE) if recipe.distorted else plain_rows(chosen)
        rows = rows + share * one.astype(np.float64)
    told = not recipe.distorted or rng.random() > ENERGIES_MISSING
    if recipe.distorted:
        rows = _as_scanned(rows, rng)
    return Mixture(
        compounds=tuple(records),
        shares=tuple(shares),
        rows=np.stack([_prepared(row) for row in rows]),
        whole=np.stack([above_floor(row) / row.sum() for row in rows]).astype(np.float32),
        energies=tuple(targets) if told else (None,) * len(targets),
    )


def _energies(records: Sequence[Measured], count: int, rng: np.random.Generator) -> list[float]:
    energies = sorted({_energy(record) for record in _usable(records)})
    return [energies[at] for at in sorted(rng.permutation(len(energies))[:count])]


def _nearest(records: Sequence[Measured], energy: float) -> Measured:
    return min(_usable(records), key=lambda record: (abs(_energy(record) - energy), record.accession))


def _usable(records: Sequence[Measured]) -> Sequence[Measured]:
    return [record for record in records if _energy(record) <= MOST_ENERGY] or records


def _energy(record: Measured) -> float:
    return NOT_TOLD if record.energy is None else record.energy


def _as_scanned(rows: Rows, rng: np.random.Generator) -> Rows:
    rows = rows + background(len(rows), BACKGROUND, rng)
    if rng.random() < LATE_SCANS:
        scan_from(rows, int(rng.uniform(*SCAN_START)))
    rows[rows < rng.uniform(*FLOOR) * rows.max(axis=1, keepdims=True)] = 0
    return rows


def _prepared(row: Rows) -> Bins:
    single = without_isotopes(above_floor(row))
    return (single / single.sum()).astype(np.float32)
