"""MT-SICS, levels 0 and 1: Mettler-Toledo's Standard Interface Command Set (reference manuals 11780711, 11781363)."""

import re
from decimal import Decimal

from drivers.scales.frames import UNKNOWN_COMMAND, Acknowledged, Dialect, Refusal, Reply, Told, foreign
from drivers.scales.weight import Basis, Load, Weight

# The weight stands right-aligned in 10 characters: a byte too many or too few is not a weight.
_WEIGHT = re.compile(rb"(S|T|TI|TA) ([SDA]) (?=.{10} \S)( *-?\d+(?:\.\d+)?) ([!-~]{1,5})")
_MARK = re.compile(rb"(S|T|TI|TA|TAC|Z|ZI|D|DW|K|SR) ([SDAIL+-])")
_FAULT = re.compile(rb"(?:S|T|TI|TA) [SDA] +Error (\d{1,3}[a-z]?)")
_TOLD = re.compile(rb"(I[0-5]) ([AB]) ([ -~]{0,120})")
_ERRORS = {
    b"ES": Refusal(UNKNOWN_COMMAND, "the scale does not know this command"),
    b"ET": Refusal("ET", "the scale received a damaged command; check the line speed"),
    b"EL": Refusal("EL", "the scale cannot carry out this command"),
}
_LOADS = {b"+": Load.OVER, b"-": Load.UNDER}


def parse(line: bytes, port: str) -> Reply:
    """Return what a line without its end says. Raises BadFrame."""
    if line in _ERRORS:
        return _ERRORS[line]
    if match := _WEIGHT.fullmatch(line):
        return _weight(match, line, port)
    if match := _FAULT.fullmatch(line):
        number = match[1].decode()
        return Refusal(
            f"Error {number}", f"the scale reports a fault of its own, number {number}; switch it off and on"
        )
    if match := _MARK.fullmatch(line):
        return _mark(match[1], match[2], line, port)
    if match := _TOLD.fullmatch(line):
        return Told(match[1].decode(), match[3].decode().replace('"', "").strip())
    raise foreign(port, "MT-SICS", line)


def _weight(match: re.Match[bytes], line: bytes, port: str) -> Reply:
    command, mark, digits, unit = match.groups()
    expected = b"A" if command == b"TA" else b"SD"
    if mark not in expected:
        raise foreign(port, "MT-SICS", line)
    basis = Basis.NET if command == b"S" else Basis.TARE
    return Weight(port, line, Decimal(digits.decode().strip()), unit.decode(), mark != b"D", basis=basis)


def _mark(command: bytes, mark: bytes, line: bytes, port: str) -> Reply:
    if mark == b"I":
        return Refusal(f"{command.decode()} I", "not possible now, or the pan did not come to rest")
    if mark == b"L":
        return Refusal(f"{command.decode()} L", "the scale cannot carry out this command as it was put")
    if command == b"S" and mark in _LOADS:
        return Weight(port, line, None, "", stable=False, load=_LOADS[mark], basis=Basis.NET)
    if mark in _LOADS:
        return Refusal(f"{command.decode()} {mark.decode()}", f"the load is {_LOADS[mark]} for this command")
    if mark not in (b"SD" if command == b"ZI" else b"A"):
        raise foreign(port, "MT-SICS", line)
    return Acknowledged(command.decode())


MT_SICS = Dialect(
    name="mt-sics",
    maker="Mettler-Toledo",
    speed=9600,
    seven_even=False,
    now=b"SI\r\n",
    at_rest=b"S\r\n",
    zero=b"Z\r\n",
    tare=b"T\r\n",
    tare_memory=b"TA\r\n",
    quiet=b"SI\r\n",
    about=(b"I2\r\n", b"I4\r\n", b"I3\r\n"),
    acknowledges=True,
    fixed_width=True,
    parse=parse,
)
