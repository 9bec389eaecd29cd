"""Readings as a field instrument would give them, made from measured records.

In-source CID on a single quadrupole isolates nothing: the whole ion and its isotopes stay beside the fragments, sodium
adducts and background come in, and sensitivity falls or rises along m/z in a way of each instrument's own.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from models.formula import BROMINE_81, CHLORINE_37, count_of
from models.preprocessing import BINS, CARBON_13, LOWEST_MZ
from models.training.corpus import Measured

MOST_ENERGY = 70.0
MOST_SPECTRA = 5
ENERGIES_MISSING = 0.3
"""Share of readings that do not tell their energies."""
ENERGY_SCATTER = 0.3
"""Instruments differ in what they call an energy, cone voltages above all: deviation of its logarithm."""
ENERGY_STEP = 5.0
"""Energies that round to the same multiple of this, in eV, are one."""
ADDUCT_SHARE = 0.2
SCAN_LEFT = 0.02
LATE_SCANS = 0.35
"""Share of readings whose scan starts above the lightest fragments."""

Rows = NDArray[np.float32]


@dataclass(frozen=True)
class Distortion:
    """How far a field instrument may be from the laboratory's; each is the widest of a range drawn from."""

    scatter: float = 0.6
    tilt: float = 0.5
    background: float = 0.06
    floor: tuple[float, float] = (0.002, 0.02)
    scan_start: tuple[float, float] = (40, 120)


def choose(
    records: Sequence[Measured], rng: np.random.Generator, least: int = 1, most: int = MOST_SPECTRA
) -> list[Measured]:
    """Draw `least` to `most` records of one compound and laboratory, softest first, as the energies of one reading."""
    energies = energies_of(records)
    count = min(int(rng.integers(least, most + 1)), len(energies))
    drawn = [energies[int(at)] for at in rng.permutation(len(energies))[:count]]
    return sorted((same[int(rng.integers(len(same)))] for same in drawn), key=lambda record: record.energy or 0.0)


def energies_of(records: Sequence[Measured]) -> list[list[Measured]]:
    """Sort one laboratory's records of a compound by energy, those in a field instrument's reach if there are any."""
    told = [record for record in records if record.energy is None or record.energy <= MOST_ENERGY] or list(records)
    steps: dict[float, list[Measured]] = {}
    for record in told:
        steps.setdefault(-1.0 if record.energy is None else round(record.energy / ENERGY_STEP), []).append(record)
    return [steps[step] for step in sorted(steps)]


def plain_rows(records: Sequence[Measured]) -> Rows:
    """Lay records as they were measured on unit bins [n, BINS]."""
    rows = np.zeros((len(records), BINS), dtype=np.float32)
    for row, record in zip(rows, records, strict=True):
        row[record.bins] = record.intensity
    return rows


def field_rows(records: Sequence[Measured], rng: np.random.Generator, distortion: Distortion | None = None) -> Rows:
    """Make one reading as a field instrument would show it, isotopes and background included: unit bins [n, BINS]."""
    limits = distortion or Distortion()
    mz = np.arange(BINS) / 200.0
    rows = plain_rows(records).astype(np.float64)
    response = np.exp(rng.normal(0, limits.tilt) * (mz - 1) + rng.normal(0, limits.scatter / 2, BINS))
    rows *= response * np.exp(rng.normal(0, rng.uniform(0, limits.scatter), rows.shape))
    rows /= rows.sum(axis=1, keepdims=True)
    _unbroken(rows, records[0].ion_mz, rng)
    rows += background(len(rows), limits.background, rng)
    rows += isotopes(rows, records[0].formula, records[0].ion_mz, rng)
    if rng.random() < LATE_SCANS:
        scan_from(rows, int(rng.uniform(*limits.scan_start)))
    rows[rows < rng.uniform(*limits.floor) * rows.max(axis=1, keepdims=True)] = 0
    return (rows / rows.sum(axis=1, keepdims=True)).astype(np.float32)


def _unbroken(rows: NDArray[np.float64], ion: int, rng: np.random.Generator) -> None:
    """Leave a part of the whole ion unbroken, less at each harder energy, and at times its sodium adduct."""
    if ion >= BINS - 25:
        return
    part = rng.exponential(0.3) * rng.integers(0, 2)
    for step, row in enumerate(rows):
        row[ion] += part * 0.6**step
    if rng.random() < ADDUCT_SHARE:
        rows[:, ion + 22] += rng.exponential(0.05)


def scan_from(rows: NDArray[np.float64], start: int) -> None:
    """Lose what lies under the start of the scan, unless nothing else would be left of a spectrum."""
    heavy = rows[:, start:].max(axis=1) > SCAN_LEFT * rows.max(axis=1)
    rows[heavy, :start] = 0


def background(count: int, most: float, rng: np.random.Generator) -> NDArray[np.float64]:
    """Peaks that are of nothing in the sample, at most about `most` of the ion current each: [count, BINS]."""
    at = rng.integers(LOWEST_MZ, 500, rng.integers(0, 9))
    rows = np.zeros((count, BINS))
    rows[:, at] = rng.exponential(rng.uniform(0, most), len(at)) * rng.uniform(0.5, 1.5, (count, len(at)))
    return rows


def isotopes(rows: NDArray[np.float64], formula: str, ion: int, rng: np.random.Generator) -> NDArray[np.float64]:
    """Isotope peaks of carbon, and of chlorine and bromine where an ion is heavy enough to have kept them."""
    added = np.zeros_like(rows)
    added[:, 1:] = rows[:, :-1] * CARBON_13 * np.arange(BINS - 1) * rng.uniform(0.6, 1.2)
    heavy = CHLORINE_37 * count_of("Cl", formula) + BROMINE_81 * count_of("Br", formula)
    kept = np.arange(BINS - 2) > rng.uniform(0.3, 0.9) * ion
    added[:, 2:] += rows[:, :-2] * kept * heavy
    return added
