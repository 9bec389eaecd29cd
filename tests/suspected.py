"""Readings that hold something controlled beside more of something common, as a single quadrupole may measure them.

Heights are from published in-source fragmentation of each, one decimal, cut at 1 % or, of codeine, at 0.7 %.
"""

from collections.abc import Mapping

from models.spectrum import Spectrum

_IN_CREATINE = {
    15: "90.1 10 132.1 100 133.1 5 154.1 20 337.3 11.8 338.3 2.8",
    30: "44.1 60 87.1 5 90.1 100 132.1 20 337.3 15.8 338.3 3.8",
    50: "44.1 100 90.1 40 105.1 2.2 188.2 7.5 189.2 1 337.3 4.5",
}
_COCAINE = {
    15: "90.1 10 132.1 100 133.1 5 154.1 20 304.2 12.2 305.2 2.3",
    30: "44.1 60 87.1 5 90.1 100 132.1 20 182.1 3.6 304.2 14.3 305.2 2.7",
    50: "44.1 100 82.1 2.1 90.1 40 105.1 1 182.1 8.4 304.1 2.5",
}
_IN_PARACETAMOL = {
    15: "110.1 3 152.1 100 153.1 9 174.1 8 300.2 4.6 301.2 0.9",
    30: "110.1 100 111.1 6 152.1 70 300.2 6.6 301.2 1.3",
    50: "65.1 20 92.1 8 93.1 12 110.1 100 152.1 5 215.1 1.1 300.2 2.8",
    75: "65.1 100 82.1 7.2 92.1 22 93.1 30 110.1 60 128.1 0.9 152.1 1.3 153.1 1.3 155.1 0.8 165.1 2.5 171.1 0.8 "
    "181.1 1 183.1 0.9",
}


def spectra(told: Mapping[int, str]) -> tuple[Spectrum, ...]:
    """Return a spectrum for each voltage, from m/z and height in turn."""
    values = {volts: [float(each) for each in peaks.split()] for volts, peaks in told.items()}
    return tuple(Spectrum(each[::2], each[1::2], collision_energy=volts) for volts, each in values.items())


FENTANYL_IN_CREATINE = spectra(_IN_CREATINE)
"""A tenth of the ion current is fentanyl's."""
CODEINE_IN_PARACETAMOL = spectra(_IN_PARACETAMOL)
"""Four in a hundred parts of it are codeine's."""
COCAINE_IN_CREATINE = spectra(_COCAINE)
"""A tenth of it is cocaine's, which shows without the hardest spectrum, too."""
