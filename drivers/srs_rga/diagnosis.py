"""What the STATUS byte and the error bytes say, in words, and which reading clears them.

| byte | query | cleared by |
|---|---|---|
| RS232_ERR | EC? | being read, with STATUS bit 0 |
| FIL_ERR | EF? | the filament's next good emission, never by reading |
| CEM_ERR | EM? | being read, with STATUS bit 3 |
| QMF_ERR, DET_ERR, PS_ERR | EQ?, ED?, EP? | each query runs the test anew and answers with its outcome |
"""

from dataclasses import dataclass


@dataclass(frozen=True, eq=False)
class ErrorByte:
    """One of the six: its query's two letters, its bit in STATUS, what its own bits mean."""

    query: str
    part: str
    status_bit: int
    bits: dict[int, str]

    def meanings(self, value: int) -> tuple[str, ...]:
        """Return words for each bit that is set in `value`, the highest first."""
        return tuple(self.bits.get(bit, f"bit {bit}, which has no meaning") for bit in _set_bits(value))


COMMUNICATION = ErrorByte("EC", "serial line", 0, {
    6: "parameter conflicts with another setting",
    5: "protected by the calibration jumper",
    4: "transmit buffer overwritten",
    3: "receive buffer overwritten",
    2: "command too long",
    1: "bad parameter",
    0: "bad command",
})  # fmt: skip
FILAMENT = ErrorByte("EF", "filament", 1, {
    7: "no filament found",
    6: "the emission that was asked for cannot be reached",
    5: "pressure in the chamber too high",
    0: "one of the two wires of the filament is left",
})  # fmt: skip
MULTIPLIER = ErrorByte("EM", "electron multiplier", 3, {7: "no electron multiplier fitted"})
QUADRUPOLE = ErrorByte("EQ", "quadrupole's RF supply", 4, {
    7: "RF_CT above V_EXT - 2 V at the highest mass",
    6: "primary current above 2.0 A",
    4: "supply in current limit",
})  # fmt: skip
ELECTROMETER = ErrorByte("ED", "electrometer", 5, {
    7: "ADC16 test failed",
    6: "DETECT does not read +5 nA",
    5: "DETECT does not read -5 nA",
    4: "COMPENSATE does not read +5 nA",
    3: "COMPENSATE does not read -5 nA",
    1: "input offset of the amplifier out of range",
})  # fmt: skip
POWER_SUPPLY = ErrorByte("EP", "24 V supply", 6, {7: "above 26 V", 6: "below 22 V"})


@dataclass(frozen=True)
class Finding:
    """An error byte that STATUS points at, and its value; None where it was lost on the line and is cleared by now."""

    error: ErrorByte
    value: int | None

    @property
    def words(self) -> str:
        """What is wrong, for a person."""
        meanings = ("the reason was lost on the line",) if self.value is None else self.error.meanings(self.value)
        return f"{self.error.part}: {', '.join(meanings) or 'no reason is given'}"

    @property
    def code(self) -> str:
        """The instrument's own code: the query and the value."""
        return f"{self.error.query}{'?' if self.value is None else self.value}"

    @property
    def hardware(self) -> bool:
        """Whether a part has failed: not so for a command that came damaged, or the first wire of a filament."""
        return self.error is not COMMUNICATION and not (self.error is FILAMENT and self.value == SINGLE_WIRE)


ERROR_BYTES = (COMMUNICATION, FILAMENT, MULTIPLIER, QUADRUPOLE, ELECTROMETER, POWER_SUPPLY)
TESTED_ANEW = (POWER_SUPPLY, ELECTROMETER, QUADRUPOLE)
CLEARED_BY_READING = (COMMUNICATION, MULTIPLIER)
SINGLE_WIRE = 1
"""FIL_ERR of a filament that still works on one of its wires."""


def reported(status: int) -> tuple[ErrorByte, ...]:
    """Return the error bytes that `status` points at. Bits 7 and 2 have no meaning and point at none."""
    return tuple(error for error in ERROR_BYTES if status >> error.status_bit & 1)


def _set_bits(value: int) -> list[int]:
    return [bit for bit in range(7, -1, -1) if value >> bit & 1]
