"""How high the isotope two above the charged whole stands: what chlorine and bromine leave there."""

import numpy as np
from numpy.typing import NDArray

from models.preprocessing import BINS, Bins

BOUNDS = (0.12, 0.48)
"""Parts of the whole's height between which the isotope two above it is that of one chlorine."""
CLASSES = len(BOUNDS) + 1
"""No halogen, one chlorine, and more or bromine; fluorine and iodine have no such isotope."""
LEAST_WHOLE = 0.05
"""Part of a spectrum's ion current from which the whole stands high enough to be judged by."""
TWO_ABOVE = 2
OBSERVED = np.array([[0.93, 0.05, 0.02], [0.30, 0.65, 0.05], [0.30, 0.10, 0.60]])
"""Of a compound of each class what a reading shows: instruments that isolate one mass show no isotope."""
USUAL = np.array([0.87, 0.08, 0.05])
"""Share of the library's compounds in each class."""
AGREEMENT: NDArray[np.float64] = np.log(OBSERVED) - np.log(USUAL @ OBSERVED)
"""Logarithm of how much likelier a compound of each class (row) is to show each class (column) than any compound."""


def halogen_class(bins: Bins, whole: int) -> int | None:
    """Judge one reading [n, BINS] by all spectra that show the whole together; None where none does."""
    if not 0 < whole < BINS - TWO_ABOVE:
        return None
    seen = bins[bins[:, whole] >= LEAST_WHOLE]
    if not len(seen):
        return None
    return class_of(float(seen[:, whole + TWO_ABOVE].sum() / seen[:, whole].sum()))


def class_of(doublet: float) -> int:
    """Sort the height of the isotope two above the whole, as a part of the whole's."""
    return int(np.searchsorted(BOUNDS, doublet, side="right"))
