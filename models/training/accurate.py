"""Whether accurate masses of a record are those of parts of its formula."""

import re
from collections import Counter
from math import prod

import numpy as np
from numpy.typing import NDArray

from models.training.corpus import Measured

TOLERANCE, LEAST_TOLERANCE = 15e-6, 0.006
"""How far a peak may be from its formula: the part of its m/z, and at least so many m/z."""
ELECTRON = 0.000549
MASS = {
    "H": 1.007825, "B": 11.009305, "C": 12.0, "N": 14.003074, "O": 15.994915, "F": 18.998403, "Na": 22.989769,
    "Si": 27.976927, "P": 30.973762, "S": 31.972071, "Cl": 34.968853, "K": 38.963706, "Se": 79.916522,
    "Br": 78.918338, "I": 126.904473,
}  # fmt: skip
"""Exact mass of the commonest isotope (AME 2020)."""
MOST_PARTS = 40_000
"""Of a formula with more parts any mass would be one."""
_ATOMS = re.compile(r"([A-Z][a-z]?)(\d*)")

Values = NDArray[np.float64]


def heavy_parts(formula: str) -> tuple[Values, int]:
    """Masses of every choice of a formula's heavy atoms, rising, and its hydrogen; none where that is not feasible."""
    counts = _atoms_of(formula)
    parts = prod(number + 1 for element, number in counts.items() if element != "H")
    if not counts.keys() <= MASS.keys() or parts > MOST_PARTS:
        return np.zeros(0), 0
    masses = np.zeros(1)
    for element in counts.keys() - {"H"}:
        masses = np.add.outer(masses, MASS[element] * np.arange(counts[element] + 1)).ravel()
    return np.sort(masses), counts.get("H", 0)


def off_formula(record: Measured, heavy: Values, hydrogen: int) -> Values:
    """How far each peak is from the nearest part of the formula, with up to one hydrogen more: m/z [peaks]."""
    without = np.array(record.record.mz)[:, None] + ELECTRON - MASS["H"] * np.arange(hydrogen + 2)
    at = np.searchsorted(heavy, without)
    below, above = heavy[np.maximum(at - 1, 0)], heavy[np.minimum(at, len(heavy) - 1)]
    return np.minimum(np.abs(without - below), np.abs(above - without)).min(axis=1)


def explained(record: Measured, off: Values) -> float:
    """Part of a record's ion current at masses of parts of the formula."""
    mz, intensity = np.array(record.record.mz), np.array(record.record.intensity)
    return float(intensity[off <= np.maximum(TOLERANCE * mz, LEAST_TOLERANCE)].sum() / intensity.sum())


def _atoms_of(formula: str) -> Counter[str]:
    """Count the atoms of a formula such as C17H21NO4 or [C19H39N2O3]+."""
    counts: Counter[str] = Counter()
    for element, number in _ATOMS.findall(formula):
        counts[element] += int(number or 1)
    return counts
