"""SPC files as spectra, by their codes of units and experiment."""

from models.acquisition import Acquisition
from models.formats.found import ULTRAVIOLET, Found, join, mass_sample, taken_for_ei, trace
from models.formats.spc import SpcFile, SpcSpectrum, parse_spc
from models.spectrum import Technique
from models.vibrational import Method

_METHODS = {"infrared": Method.INFRARED, "near-infrared": Method.NEAR_INFRARED, "raman": Method.RAMAN}


def read_spc(data: bytes, source: str) -> Found:
    """Read every spectrum of a file. Raises UnreadableFile."""
    file = parse_spc(data, source)
    many = len(file.spectra) > 1
    name = file.memo.splitlines()[0].strip() if file.memo else source
    return join(_one(file, each, f"{name}, z={each.z:g}" if many else name) for each in file.spectra)


def _one(file: SpcFile, each: SpcSpectrum, name: str) -> Found:
    if file.x_unit == "m/z":
        return Found((taken_for_ei(mass_sample(name, each.x, each.y, Acquisition(Technique.EI))),))
    method, other = _METHODS.get(file.experiment), ULTRAVIOLET if file.experiment == "ultraviolet" else ""
    return trace(name, each.x, each.y, method=method, x_unit=file.x_unit, y_unit=file.y_unit, other=other)
