"""The energy of an mzML spectrum, from the parameters that programs write for it.

Accessions are those of the PSI-MS vocabulary. It has none for Agilent's fragmentor, which comes as a parameter of the
user's, nor for Thermo's source fragmentation, which stands in the filter string as `sid=35.00`. A *supplemental*
collision energy (MS:1002680) is spent on ions that were broken before, so it is no measure and is not read.
"""

from collections.abc import Callable, Mapping

from models.energy import REFERENCE_MZ
from models.formats.acquired import acquired

Number = Callable[[str | None], float | None]

_ENERGIES = ("MS:1000045", "MS:1000509")
"""Collision energy, activation energy: eV."""
_RAMP = ("MS:1002013", "MS:1002014")
"""Start and end of a ramp of collision energies, eV."""
_NORMALISED = "MS:1000138"
_FILTER = "MS:1000512"
_OF_SOURCE = ("MS:1000876", "MS:1000875", "cone voltage", "fragmentor voltage", "fragmentor", "declustering potential")
"""Cone voltage, declustering potential, and what users call them: V. Negative ions have negative ones."""


def energy_of(params: Mapping[str, str], precursor_mz: float | None, number: Number) -> float | None:
    """Return how hard ions were hit, in eV; None where it was not told.

    Where no ion was isolated, source and cell both break them: what both are told with is added up. `number` reads a
    parameter.
    """
    cell = _of_cell(params, precursor_mz, number)
    if precursor_mz is not None:
        return cell
    source = next((abs(value) for name in _OF_SOURCE if (value := number(params.get(name))) is not None), None)
    if source is None:
        source = acquired([params.get(_FILTER, "")]).voltage
    told = [value for value in (source, cell) if value is not None]
    return sum(told) if told else None


def _of_cell(params: Mapping[str, str], precursor_mz: float | None, number: Number) -> float | None:
    for name in _ENERGIES:
        if (energy := number(params.get(name))) is not None:
            return energy
    ramp = [value for name in _RAMP if (value := number(params.get(name))) is not None]
    if ramp:
        return sum(ramp) / len(ramp)
    normalised = number(params.get(_NORMALISED))
    return None if normalised is None or precursor_mz is None else normalised * precursor_mz / REFERENCE_MZ
