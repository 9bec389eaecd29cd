"""Saturation: a detector driven beyond its range cuts the strongest peaks to one and the same height."""

import numpy as np

from models.preprocessing import MASS_DEFECT
from models.spectrum import Spectrum

CUT = 3
"""So many nominal masses at exactly the greatest height are no chance: 1 of 54,496 measured spectra has them."""
FEW = 8
"""A spectrum of so few masses is weak: its counts are small numbers, and equal ones are common."""


def is_saturated(spectrum: Spectrum) -> bool:
    """Whether several of many masses, but not most, are exactly as high as the highest."""
    heights = spectrum.intensity
    at = np.rint(spectrum.mz * (1 - MASS_DEFECT))
    masses = np.unique(at[heights > 0]).size
    cut = np.unique(at[heights == heights.max(initial=0)]).size
    return masses > FEW and CUT <= cut <= masses / 2
