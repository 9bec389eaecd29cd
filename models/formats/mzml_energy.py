"""The energy of an mzML spectrum, from the parameters that programs write for it.

Accessions are those of the PSI-MS vocabulary. It has none for Agilent's fragmentor, which comes as a parameter of the
user's, nor for Thermo's source fragmentation, which stands in the filter string as `sid=35.00`. Its `@hcd35.00` is a
normalised energy, which converters write as a collision energy of 35 (models/scan_titles.py). A *supplemental*
collision energy (MS:1002680) is spent on ions that were broken before, so it is no measure and is not read.
"""

from collections.abc import Callable, Mapping

from models.energy import REFERENCE_MZ
from models.scan_titles import NCE, Titled

Number = Callable[[str | None], float | None]

_ENERGIES = ("MS:1000045", "MS:1000509")
"""Collision energy, activation energy: eV. Programs write those of negative ions, and of some instruments, below 0."""
_RAMP = ("MS:1002013", "MS:1002014")
"""Start and end of a ramp of collision energies, eV."""
_NORMALISED = "MS:1000138"
_OF_SOURCE = ("MS:1000876", "MS:1000875", "cone voltage", "fragmentor voltage", "fragmentor", "declustering potential")
"""Cone voltage, declustering potential, and what users call them: V. Negative ions have negative ones."""


def energy_of(params: Mapping[str, str], titled: Titled, precursor_mz: float | None, number: Number) -> float | None:
    """Return how hard ions were hit, in eV; None where it was not told.

    Where no ion was isolated, source and cell both break them: what both are told with is added up. `titled` is what
    the filter string tells; `number` reads a parameter.
    """
    cell = _of_cell(params, titled, precursor_mz, number)
    if precursor_mz is not None:
        return cell
    source = next((abs(value) for name in _OF_SOURCE if (value := number(params.get(name))) is not None), None)
    if source is None:
        source = titled.voltage
    told = [value for value in (source, cell) if value is not None]
    return sum(told) if told else None


def _of_cell(params: Mapping[str, str], titled: Titled, precursor_mz: float | None, number: Number) -> float | None:
    normalised_ones = {float(words.removesuffix(NCE)) for words in titled.energies if words.endswith(NCE)}
    for name in _ENERGIES:
        if (told := number(params.get(name))) is not None:
            energy = abs(told)
            return _in_ev(energy, precursor_mz) if energy in normalised_ones else energy
    ramp = [value for name in _RAMP if (value := number(params.get(name))) is not None]
    if ramp:
        return sum(ramp) / len(ramp)
    normalised = number(params.get(_NORMALISED))
    return None if normalised is None else _in_ev(normalised, precursor_mz)


def _in_ev(normalised: float, precursor_mz: float | None) -> float | None:
    return None if precursor_mz is None else normalised * precursor_mz / REFERENCE_MZ
