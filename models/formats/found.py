"""What a reader found in a file, and the units that files write."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from models.acquisition import Acquisition
from models.errors import MalformedSpectrum
from models.msp import add_equal_mz
from models.sample import Sample, of_polarity, rearranged
from models.vibrational import AxisUnit, Method, Quantity, VibrationalSpectrum


@dataclass(frozen=True)
class Trace:
    """A vibrational spectrum and what its file calls it."""

    name: str
    spectrum: VibrationalSpectrum = field(repr=False)


@dataclass(frozen=True)
class Found:
    """Mass spectra as readings, vibrational spectra, and for everything else why it was not taken."""

    samples: tuple[Sample, ...] = ()
    traces: tuple[Trace, ...] = ()
    problems: tuple[str, ...] = ()

    @property
    def remarks(self) -> tuple[str, ...]:
        """What was not taken, and what was put right or taken for granted; what several readings share is told once."""
        named: dict[str, list[str]] = {}
        for sample in self.samples:
            for note in sample.notes:
                named.setdefault(note, []).append(sample.name)
        told = (f"{names[0] if len(names) == 1 else f'{len(names)} readings'}: {note}" for note, names in named.items())
        return (*self.problems, *told)


def join(parts: Iterable[Found]) -> Found:
    """Put what several parts of a file hold together."""
    every = list(parts)
    return Found(
        tuple(sample for each in every for sample in each.samples),
        tuple(trace for each in every for trace in each.traces),
        tuple(problem for each in every for problem in each.problems),
    )


def mass_sample(
    name: str,
    mz: NDArray[np.float64],
    intensity: NDArray[np.float64],
    acquisition: Acquisition,
) -> Sample:
    """Return one mass spectrum as a reading; numbers that no spectrum can have are its problem."""
    notes = (*rearranged(mz, intensity), *of_polarity(acquisition))
    try:
        return Sample(name, (acquisition.spectrum(*add_equal_mz(mz, intensity)),), notes=notes)
    except MalformedSpectrum as malformed:
        return Sample(name, (), str(malformed), notes)


NOT_TOLD = "the file does not say how its ions were made; taken for electron ionisation (EI)"


def taken_for_ei(sample: Sample) -> Sample:
    """Say that its technique is what files of its format usually hold, and not what the file told."""
    return replace(sample, notes=(*sample.notes, NOT_TOLD))


def trace(
    name: str,
    x: NDArray[np.float64],
    y: NDArray[np.float64],
    *,
    method: Method | None,
    x_unit: str,
    y_unit: str,
    other: str = "",
) -> Found:
    """Return one vibrational spectrum, or why it is none; `other` is the technique that its file names instead."""
    unit, quantity = AXIS_UNITS.get(_plain(x_unit)), QUANTITIES.get(_plain(y_unit))
    if unit and unit[2]:
        method = method or unit[2]
    if method is Method.RAMAN:
        quantity = quantity or Quantity.COUNTS
    if unit and method is None and not other and quantity in _OF_INFRARED:
        method = _infrared(x * unit[1], unit[0])
    if method is None or unit is None or quantity is None:
        known = f"method {method or other or 'not told'}, axis {x_unit[:40]!r}, values {y_unit[:40]!r}"
        return Found(problems=(f"{name}: {known}: no infrared, near-infrared or Raman spectrum",))
    try:
        return Found(traces=(Trace(name, VibrationalSpectrum.of(x * unit[1], y, method, unit[0], quantity)),))
    except MalformedSpectrum as malformed:
        return Found(problems=(f"{name}: {malformed}",))


def _infrared(axis: NDArray[np.float64], unit: AxisUnit) -> Method | None:
    """Tell the two infrareds apart by where the axis reaches: one that goes below 4000 cm-1 is mid-infrared.

    An axis that lies mostly below 700 nm is of visible or ultraviolet light.
    """
    if not axis.size or not (axis > 0).all():
        return None
    ends = (float(axis.min()), float(axis.max()))
    shortest, longest = ends if unit is AxisUnit.WAVELENGTH else (1e7 / ends[1], 1e7 / ends[0])
    if (shortest + longest) / 2 < _RED_NM:
        return None
    return Method.NEAR_INFRARED if longest <= _NEAR_INFRARED_NM else Method.INFRARED


def _plain(unit: str) -> str:
    return re.sub(r"[^a-z0-9%/]", "", unit.lower().replace("⁻¹", "-1"))


_RED_NM, _NEAR_INFRARED_NM = 700.0, 2500.0
ULTRAVIOLET = "ultraviolet or visible"
"""What files call a technique that no library here is of."""
_OF_INFRARED = {Quantity.TRANSMITTANCE, Quantity.REFLECTANCE, Quantity.ABSORBANCE}
_WAVENUMBER = (AxisUnit.WAVENUMBER, 1.0, None)
_RAMAN_SHIFT = (AxisUnit.WAVENUMBER, 1.0, Method.RAMAN)
_NANOMETRES = (AxisUnit.WAVELENGTH, 1.0, None)
_MICROMETRES = (AxisUnit.WAVELENGTH, 1000.0, None)
AXIS_UNITS: dict[str, tuple[AxisUnit, float, Method | None]] = {
    **dict.fromkeys(("1/cm", "cm1", "wavenumber", "wavenumbers", "wavenumbercm1", "wavenumber1/cm"), _WAVENUMBER),
    **dict.fromkeys(("ramanshift", "ramanshiftcm1", "ramanshift1/cm", "ramancm1"), _RAMAN_SHIFT),
    **dict.fromkeys(("nm", "nanometers", "nanometres", "wavelengthnm", "wavelength"), _NANOMETRES),
    **dict.fromkeys(("um", "micrometers", "micrometres", "microns"), _MICROMETRES),
}
"""Unit, what to multiply the axis by, and the method where the unit tells it; keys as `_plain` leaves them."""

QUANTITIES: dict[str, Quantity] = {
    **dict.fromkeys(
        ("transmittance", "transmission", "%t", "%transmittance", "percenttransmittance"), Quantity.TRANSMITTANCE
    ),
    **dict.fromkeys(("reflectance", "%r", "%reflectance"), Quantity.REFLECTANCE),
    **dict.fromkeys(("absorbance", "absorbanceunits", "au", "log1/r", "log1/t"), Quantity.ABSORBANCE),
    **dict.fromkeys(("counts", "count", "intensity", "ramanintensity", "arbitrary", "arbitraryunits"), Quantity.COUNTS),
}
