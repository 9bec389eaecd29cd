"""Readings as a field instrument would give them, made from measured records.

In-source CID on a single quadrupole isolates nothing: the whole ion and its isotopes stay beside the fragments, sodium
adducts and background come in, and sensitivity falls or rises along m/z in a way of each instrument's own.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from models.formula import doublet_of, quadruplet_of, singlet_of
from models.preprocessing import BINS, LOWEST_MZ
from models.training.corpus import Measured

MOST_ENERGY = 70.0
MOST_SPECTRA = 5
ENERGIES_MISSING = 0.3
"""Share of readings that do not tell their energies."""
ENERGY_SCATTER = 0.3
"""Instruments differ in what they call an energy, cone voltages above all: deviation of its logarithm."""
ENERGY_STEP = 5.0
"""Energies that round to the same multiple of this, in eV, are one."""
UNBROKEN = (0.0, 0.3, 2.0)
"""Mean height that the whole ion is given beside the fragments, one of these in each reading."""
ADDUCTS = {22: 0.2, 38: 0.05, 17: 0.05, 41: 0.05}
"""[M+Na]+, [M+K]+, [M+NH4]+ and [M+CH3CN+H]+ by their place above [M+H]+, and the share of readings with them."""
DIMERS = 0.1
ADDUCT_HEIGHT = 0.05
CARBON_SCATTER = 0.15
"""How far an ion's share of the carbon is from its share of the mass: deviation of the logarithm."""
ISOTOPE_BIAS, ISOTOPE_SCATTER = 0.08, (0.02, 0.2)
"""How far isotope peaks are from what they should be, in a whole reading (saturation, tails) and one by one."""
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
    """Leave a part of the whole ion unbroken, less at each harder energy, and at times adducts and dimers of it."""
    part = rng.exponential(UNBROKEN[rng.integers(len(UNBROKEN))])
    fall = rng.uniform(0.3, 0.7)
    if ion < BINS:
        rows[:, ion] += part * fall ** np.arange(len(rows))
    for above, share in (*((ion + up, share) for up, share in ADDUCTS.items()), (2 * ion - 1, DIMERS)):
        height = rng.exponential(ADDUCT_HEIGHT) * (rng.random() < share)
        if above < BINS:
            rows[:, above] += height * fall ** np.arange(len(rows))


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
    """Isotope peaks one above each ion, and two and four above those that kept chlorine, bromine and sulphur.

    A laboratory that let the isotopes of the whole through has those two above it already.
    """
    added = np.zeros_like(rows)
    part = np.arange(BINS) / max(ion, 1)
    scatter = np.where(part == 1, 0.0, CARBON_SCATTER)
    one = singlet_of(formula) * part * np.exp(rng.normal(0, 1, BINS) * scatter)
    kept = part > rng.uniform(0.3, 0.9)
    two = doublet_of(formula) * kept + np.square(one) / 2
    bias, spread = rng.normal(0, ISOTOPE_BIAS), rng.uniform(*ISOTOPE_SCATTER)
    for above, height in ((1, one), (2, two)):
        measured = height * np.exp(bias + rng.normal(0, spread, rows.shape))
        added[:, above:] += (rows * measured)[:, :-above]
    added[:, 4:] += (rows * quadruplet_of(formula) * kept * np.exp(bias))[:, :-4]
    if ion + 2 < BINS:
        added[:, ion + 2] = np.maximum(added[:, ion + 2] - rows[:, ion + 2], 0)
    return added
