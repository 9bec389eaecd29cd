"""What can be set in an RGA, within which limits, and how it answers."""

from dataclasses import dataclass
from enum import Enum
from math import isclose

MAX_PLACES = 4
"""Decimal places of a parameter; the instrument cuts off the rest."""


class Echo(Enum):
    """What comes back after a setting command.

    UNSURE: the manual contradicts itself, and units may differ; both must be borne.
    """

    STATUS = "the STATUS byte, once it has been carried out"
    NOTHING = "nothing"
    UNSURE = "nothing, or the STATUS byte"


@dataclass(frozen=True)
class Setting:
    """One parameter: its two-letter name, what it is, its unit and limits.

    `places` are its decimal places, `step` what it moves by. `stored` ones lie in memory that survives power-off. A
    `default` of None: there is none, "*" is refused. A query of what is regulated may answer with the measured value,
    off by `margin` or by the share `share`.
    """

    name: str
    meaning: str
    unit: str
    least: float
    most: float
    places: int
    default: float | None
    echo: Echo
    stored: bool = False
    step: float = 0.0
    margin: float = 0.0
    share: float = 0.0

    def parameter(self, value: float) -> str:
        """Return `value` as it goes on the wire. Raises ValueError outside the limits or between two steps."""
        rounded = round(value, self.places)
        if not self.least <= value <= self.most or not isclose(rounded, value, abs_tol=1e-9):
            raise ValueError(
                f"{self.meaning} ({self.name}) must be {self.least:g} to {self.most:g} {self.unit} with at most "
                f"{self.places} decimal places; {value:g} was asked for"
            )
        if self.step and not isclose(rounded / self.step, round(rounded / self.step), abs_tol=1e-6):
            raise ValueError(f"{self.meaning} ({self.name}) moves in steps of {self.step:g}; {value:g} was asked for")
        return f"{rounded:.{self.places}f}"

    def holds(self, shown: float, value: float) -> bool:
        """Whether a reply that shows `shown` means `value`; what is off shows exactly 0."""
        least = 10**-self.places / 2
        return isclose(shown, value, abs_tol=max(least, self.margin) if value else least, rel_tol=self.share)


ELECTRON_ENERGY = Setting("EE", "electron energy", "eV", 25, 105, 0, 70, Echo.STATUS)
ION_ENERGY = Setting("IE", "ion energy, 0 for 8 eV and 1 for 12 eV", "", 0, 1, 0, 1, Echo.STATUS)
FOCUS_VOLTAGE = Setting("VF", "focus plate voltage, taken as negative", "V", 0, 150, 0, 90, Echo.STATUS)
EMISSION = Setting(
    "FL", "emission of the filament, 0 is off", "mA", 0, 3.5, 2, 1.0, Echo.STATUS, step=0.02, margin=0.021
)
MULTIPLIER_VOLTAGE = Setting(
    "HV", "multiplier voltage, 0 for the Faraday cup", "V", 0, 2490, 0, 1400, Echo.STATUS, share=0.1
)
NOISE_FLOOR = Setting("NF", "noise floor, 0 slow and quiet to 7 fast and noisy", "", 0, 7, 0, 4, Echo.UNSURE)
STEPS = Setting("SA", "steps of an analog scan", "per amu", 10, 25, 0, 10, Echo.NOTHING)
FIRST_MASS = Setting("MI", "first mass of a scan", "amu", 1, 300, 0, 1, Echo.NOTHING)
LAST_MASS = Setting("MF", "last mass of a scan", "amu", 1, 300, 0, None, Echo.NOTHING)
PARTIAL_SENSITIVITY = Setting("SP", "partial sensitivity", "mA/Torr", 0, 10, 4, None, Echo.NOTHING, stored=True)
TOTAL_SENSITIVITY = Setting("ST", "total sensitivity", "mA/Torr", 0, 100, 4, None, Echo.NOTHING, stored=True)
GAIN = Setting("MG", "gain of the multiplier, in thousands", "", 0, 2000, 4, None, Echo.NOTHING, stored=True)
GAIN_VOLTAGE = Setting("MV", "voltage that belongs to the gain", "V", 0, 2490, 0, None, Echo.NOTHING, stored=True)
RF_AT_0 = Setting("RI", "RF drive at 0 amu", "mV", -86, 86, 4, None, Echo.NOTHING, stored=True)
RF_AT_128 = Setting("RS", "RF drive at 128 amu", "mV", 600, 1600, 4, None, Echo.NOTHING, stored=True)
DC_OFFSET = Setting("DI", "DC offset of the peak width", "bit", 0, 255, 0, None, Echo.NOTHING, stored=True)
DC_SLOPE = Setting("DS", "DC slope of the peak width", "bit/amu", -2.55, 2.55, 4, None, Echo.NOTHING, stored=True)

SETTINGS = {
    setting.name: setting
    for setting in (
        ELECTRON_ENERGY, ION_ENERGY, FOCUS_VOLTAGE, EMISSION, MULTIPLIER_VOLTAGE, NOISE_FLOOR, STEPS, FIRST_MASS,
        LAST_MASS, PARTIAL_SENSITIVITY, TOTAL_SENSITIVITY, GAIN, GAIN_VOLTAGE, RF_AT_0, RF_AT_128, DC_OFFSET, DC_SLOPE,
    )
}  # fmt: skip
