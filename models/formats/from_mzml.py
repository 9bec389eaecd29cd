"""mzML spectra as readings, each alone."""

from models.formats.found import Found, mass_sample
from models.formats.mzml import MzmlSpectrum, parse_mzml
from models.sample import Sample
from models.spectrum import Technique


def read_mzml(data: bytes, source: str) -> Found:
    """Read every spectrum of a run. Raises UnreadableFile."""
    return Found(tuple(_sample(each) for each in parse_mzml(data, source)))


def _sample(each: MzmlSpectrum) -> Sample:
    technique = Technique.IN_SOURCE_CID if each.precursor_mz is None else Technique.CID
    return mass_sample(
        each.id,
        each.mz,
        each.intensity,
        Technique.EI if each.electron_ionisation else technique,
        collision_energy=each.collision_energy,
        precursor_mz=each.precursor_mz,
        negative=each.negative,
    )
