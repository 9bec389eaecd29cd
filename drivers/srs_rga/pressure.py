"""Pressure from ion currents. No I/O."""

from dataclasses import dataclass

from drivers.srs_rga.frames import AMPERE

_MILLI = 1e-3
_GAIN_UNIT = 1000.0


@dataclass(frozen=True)
class Calibration:
    """What the instrument's memory holds: sensitivities in mA/Torr (for nitrogen), and the multiplier's gain / 1000.

    `gain_thousands` and `gain_voltage` (V) are None without a multiplier.
    """

    partial: float
    total: float
    gain_thousands: float | None
    gain_voltage: float | None

    def torr_per_unit(self, multiplier_voltage: float) -> float | None:
        """Return the partial pressure in Torr of a current of 1e-16 A; None where the calibration gives none.

        P = I[A] * 1000 / SP, and with the multiplier on divided by its gain, which holds at its own voltage only.
        """
        gain = self._gain(multiplier_voltage)
        return AMPERE / (self.partial * _MILLI) / gain if self.partial and gain else None

    @property
    def total_torr_per_unit(self) -> float | None:
        """Total pressure in Torr of a current of 1e-16 A in the Faraday cup; None where the calibration gives none."""
        return AMPERE / (self.total * _MILLI) if self.total else None

    def _gain(self, multiplier_voltage: float) -> float | None:
        if not multiplier_voltage:
            return 1.0
        if self.gain_thousands is None or self.gain_voltage != multiplier_voltage:
            return None
        return self.gain_thousands * _GAIN_UNIT
