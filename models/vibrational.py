"""Infrared, near-infrared and Raman spectra: a second technique, never mixed with mass spectra."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Self

import numpy as np
from numpy.typing import NDArray

from models.errors import MalformedSpectrum

MAX_POINTS = 1_000_000
FEWEST_POINTS = 3
_NM_PER_CM = 1e7
_DEEPEST = 1e-4
"""Transmittance is taken as no less than this share of the highest: an absorbance of 4, where instruments end."""


class Method(StrEnum):
    """How the substance was looked at."""

    INFRARED = "infrared"
    NEAR_INFRARED = "near-infrared"
    RAMAN = "raman"


class AxisUnit(StrEnum):
    """What the axis counts; for Raman, the shift."""

    WAVENUMBER = "cm-1"
    WAVELENGTH = "nm"


class Quantity(StrEnum):
    """What was measured at each place of the axis; a fraction or a percentage is the same to every use here."""

    TRANSMITTANCE = "transmittance"
    REFLECTANCE = "reflectance"
    ABSORBANCE = "absorbance"
    COUNTS = "counts"


@dataclass(frozen=True, eq=False)
class VibrationalSpectrum:
    """One spectrum: an axis that rises above 0, and a finite value at each place.

    Raises MalformedSpectrum for numbers that no such spectrum can have.
    """

    axis: NDArray[np.float64]
    values: NDArray[np.float64]
    method: Method
    unit: AxisUnit
    quantity: Quantity

    def __post_init__(self) -> None:
        for name in ("axis", "values"):
            array = np.array(getattr(self, name), dtype=np.float64)
            array.flags.writeable = False
            object.__setattr__(self, name, array)
        if self.axis.ndim != 1 or self.axis.shape != self.values.shape:
            raise MalformedSpectrum(f"{self.axis.shape} places on the axis but {self.values.shape} values")
        if not FEWEST_POINTS <= self.axis.size <= MAX_POINTS:
            raise MalformedSpectrum(f"{self.axis.size} points; expected {FEWEST_POINTS} to {MAX_POINTS}")
        if not (np.isfinite(self.axis).all() and np.isfinite(self.values).all()):
            raise MalformedSpectrum("every place on the axis and every value must be a finite number")
        if (np.diff(self.axis) <= 0).any():
            raise MalformedSpectrum("the axis must rise from each point to the next")
        if self.method is not Method.RAMAN and self.axis[0] <= 0:
            raise MalformedSpectrum(f"the axis begins at {self.axis[0]:g} {self.unit}; expected above 0")
        if self.method is Method.RAMAN and self.unit is not AxisUnit.WAVENUMBER:
            raise MalformedSpectrum("a Raman spectrum over wavelength; expected over the shift in cm-1")

    @classmethod
    def of(
        cls,
        axis: NDArray[np.float64],
        values: NDArray[np.float64],
        method: Method,
        unit: AxisUnit,
        quantity: Quantity,
    ) -> Self:
        """Make a spectrum of an axis that rises or falls; points whose value is missing (NaN) are left out."""
        known = ~np.isnan(values)
        axis, values = axis[known], values[known]
        if axis.size and axis[0] > axis[-1]:
            axis, values = axis[::-1], values[::-1]
        return cls(axis, values, method, unit, quantity)

    def bands(self) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Return wavenumbers that rise, and how strong the bands stand there: upwards, whatever was measured.

        Transmittance and reflectance become log10(1/T) and log10(1/R); a factor of theirs is a constant in it.
        """
        strength = self.values
        if self.quantity in {Quantity.TRANSMITTANCE, Quantity.REFLECTANCE}:
            highest = float(strength.max())
            strength = -np.log10(np.maximum(strength, highest * _DEEPEST)) if highest > 0 else np.zeros_like(strength)
        if self.unit is AxisUnit.WAVELENGTH:
            return (_NM_PER_CM / self.axis)[::-1], strength[::-1]
        return self.axis, strength
