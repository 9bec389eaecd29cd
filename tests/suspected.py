"""Readings that hold something controlled beside more of something common, as a single quadrupole may measure them.

Heights are from published in-source fragmentation of each, one decimal, cut at 0.3 to 1 %.
"""

from collections.abc import Mapping

from models.spectrum import Spectrum

_IN_CREATINE = {
    15: "90.1 10 132.1 100 133.1 5 154.1 20 337.3 4.5 338.3 1.1",
    30: "44.1 60 87.1 5 90.1 100 132.1 20 337.3 6 338.3 1.4",
    50: "44.1 100 90.1 40 105.1 0.9 188.2 2.9 189.2 0.4",
}
_IN_PARACETAMOL = {
    15: "110.1 3 152.1 100 153.1 9 174.1 8 300.2 3.2 301.2 0.6",
    30: "110.1 100 111.1 6 152.1 70 300.2 4.6 301.2 0.9",
    50: "65.1 20 92.1 8 93.1 12 110.1 100 152.1 5 215.1 0.8 300.2 2",
    75: "65.1 100 82.1 7.2 92.1 22 93.1 30 110.1 60 128.1 0.9 152.1 1.3 153.1 1.3 155.1 0.6 165.1 1.8 171.1 0.6 "
    "181.1 0.7 183.1 0.6",
}


def spectra(told: Mapping[int, str]) -> tuple[Spectrum, ...]:
    """Return a spectrum for each voltage, from m/z and height in turn."""
    values = {volts: [float(each) for each in peaks.split()] for volts, peaks in told.items()}
    return tuple(Spectrum(each[::2], each[1::2], collision_energy=volts) for volts, each in values.items())


FENTANYL_IN_CREATINE = spectra(_IN_CREATINE)
"""Three in a hundred parts of the ion current are fentanyl's."""
CODEINE_IN_PARACETAMOL = spectra(_IN_PARACETAMOL)
"""Three in a hundred parts of it are codeine's."""
