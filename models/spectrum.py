"""Spectrum: peaks along m/z, and how they were made."""

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from models.errors import MalformedSpectrum

MAX_PEAKS = 1_000_000
MAX_MZ = 4000.0
MAX_INTENSITY = 1e30
"""Above what any counter gives; a sum of MAX_PEAKS such intensities is still a float32."""
MAX_ENERGY = 10_000.0
"""eV; sector instruments collide at up to 8 keV."""


class Technique(StrEnum):
    """How the ions were made to break."""

    IN_SOURCE_CID = "in-source-cid"
    CID = "cid"
    EI = "ei"


class Polarity(StrEnum):
    """Charge of the ions that were counted."""

    POSITIVE = "positive"
    NEGATIVE = "negative"


@dataclass(frozen=True, eq=False)
class Spectrum:
    """One mass spectrum, centroid or profile: m/z rising, an intensity at each.

    `collision_energy` is in eV (for in-source CID the cone or fragmentor voltage in V), None where it was not told.
    `precursor_mz` is None where no ion was isolated (in-source CID, EI).
    Raises MalformedSpectrum for numbers that no spectrum can have; an empty spectrum is a valid one.
    """

    mz: NDArray[np.float64]
    intensity: NDArray[np.float64]
    technique: Technique = Technique.IN_SOURCE_CID
    collision_energy: float | None = None
    precursor_mz: float | None = None
    polarity: Polarity = Polarity.POSITIVE

    def __post_init__(self) -> None:
        for name in ("mz", "intensity"):
            array = np.array(getattr(self, name), dtype=np.float64)
            array.flags.writeable = False
            object.__setattr__(self, name, array)
        if self.mz.ndim != 1 or self.mz.shape != self.intensity.shape:
            raise MalformedSpectrum(f"{self.mz.shape} m/z values but {self.intensity.shape} intensities")
        if self.mz.size > MAX_PEAKS:
            raise MalformedSpectrum(f"{self.mz.size} points; at most {MAX_PEAKS} are read")
        if not (np.isfinite(self.mz).all() and np.isfinite(self.intensity).all()):
            raise MalformedSpectrum("every m/z and intensity must be a finite number")
        if (self.intensity < 0).any():
            raise MalformedSpectrum(f"intensity must not be negative; the lowest is {self.intensity.min():g}")
        if self.intensity.max(initial=0) > MAX_INTENSITY:
            raise MalformedSpectrum(f"intensity {self.intensity.max():g}; expected up to {MAX_INTENSITY:g}")
        if self.collision_energy is not None and not 0 <= self.collision_energy <= MAX_ENERGY:
            raise MalformedSpectrum(f"collision energy {self.collision_energy:g}; expected 0 to {MAX_ENERGY:g} eV")
        if (np.diff(self.mz) <= 0).any():
            raise MalformedSpectrum(_out_of_order(self.mz))
        if self.mz.size and not 0 < self.mz[0] <= self.mz[-1] <= MAX_MZ:
            raise MalformedSpectrum(f"m/z {self.mz[0]:g} to {self.mz[-1]:g}; expected above 0 and up to {MAX_MZ:g}")

    @property
    def total_ion_current(self) -> float:
        """Sum of all intensities."""
        return float(self.intensity.sum())


def _out_of_order(mz: NDArray[np.float64]) -> str:
    """Say which points have one m/z, or else which has a lower one than the point before it; they count from 1."""
    values, times = np.unique(mz, return_counts=True)
    if (times > 1).any():
        value = values[times > 1][0]
        one, other = np.flatnonzero(mz == value)[:2].tolist()
        where = f"points {one + 1} and {other + 1} both have {value:g}"
    else:
        at = int(np.flatnonzero(np.diff(mz) < 0)[0])
        where = f"point {at + 2} has {mz[at + 1]:g} after {mz[at]:g}"
    return f"m/z must rise from each point to the next, but {where}; give each scan by itself, in the order of m/z"
