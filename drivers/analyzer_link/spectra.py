"""Spectra between the wire and models.spectrum."""

import numpy as np

from drivers.analyzer_link.frames import MAX_PEAKS, Measured
from drivers.errors import BadFrame
from models.errors import MalformedSpectrum
from models.spectrum import Polarity, Spectrum, Technique

MZ_STEPS = 10_000
"""Steps of the wire's m/z in one unit."""
VOLT_STEPS = 10
"""Steps of the wire's energy in one volt."""
_MZ = np.dtype("<u4")
_INTENSITY = np.dtype("<f4")


def from_wire(message: Measured, port: str) -> Spectrum:
    """Return the spectrum of `message`. Raises BadFrame where its numbers are no spectrum."""
    try:
        return Spectrum(
            mz=np.frombuffer(message.mz, _MZ) / MZ_STEPS,
            intensity=np.frombuffer(message.intensity, _INTENSITY).astype(np.float64),
            technique=Technique(message.technique),
            collision_energy=message.energy / VOLT_STEPS,
            precursor_mz=None if message.precursor is None else message.precursor / MZ_STEPS,
            polarity=Polarity(message.polarity),
        )
    except MalformedSpectrum as error:
        raise BadFrame(port, f"event {message.number} is no spectrum: {error}") from error


def to_wire(spectrum: Spectrum, acquisition: int, number: int, energy: int) -> Measured:
    """Return the message of `spectrum`: its strongest peaks, those that fall on one step of m/z added up."""
    strongest = np.sort(np.argsort(spectrum.intensity)[-MAX_PEAKS:])
    steps, where = np.unique(np.rint(spectrum.mz[strongest] * MZ_STEPS).astype(_MZ), return_inverse=True)
    intensity = np.bincount(where, spectrum.intensity[strongest], minlength=steps.size)
    precursor = spectrum.precursor_mz
    return Measured(
        id=acquisition,
        number=number,
        energy=energy,
        technique=spectrum.technique.value,
        polarity=spectrum.polarity.value,
        precursor=None if precursor is None else round(precursor * MZ_STEPS),
        mz=steps.tobytes(),
        intensity=intensity.astype(_INTENSITY).tobytes(),
    )
