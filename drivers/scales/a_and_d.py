"""The A&D standard format and commands (GX-A/GF-A communication manual, GC, EK-L and HC-i manuals)."""

import re
from decimal import Decimal

from drivers.scales.frames import Acknowledged, Dialect, Refusal, Reply, foreign
from drivers.scales.weight import Load, Weight

ACK = b"\x06"
# A sign and 8 digits with their point, then 3 characters of unit: 15 characters with the header and its comma.
_WEIGHT = re.compile(rb"(ST|US|QT)(?:,(?:LO|OK|HI|--))?,(?=.{12}$)([+-]\d+(?:\.\d+)?)([ a-zA-Z%]{3})")
_BEYOND = re.compile(rb"OL(?:,(?:LO|OK|HI|--))?,([+-])(?:9999999E\+19|[\d.]{8}[ a-zA-Z%]{3})")
_ERROR = re.compile(rb"EC,E(\d{1,2})")
_WORDS = {
    0: "a damaged command reached the scale; check the line speed",
    1: "the scale does not know this command",
    2: "the scale is not ready; wait and try again",
    4: "the command was too long",
    6: "the command was not in the scale's form",
    7: "the value is outside the scale's range",
}
_SIGNED_DIGITS = 9


def parse(line: bytes, port: str) -> Reply:
    """Return what a line without its end says; an ACK before it belongs to the command. Raises BadFrame."""
    if line and not line.strip(ACK):
        return Acknowledged("")
    line = line.lstrip(ACK)
    if (match := _WEIGHT.fullmatch(line)) and len(match[2]) == _SIGNED_DIGITS:
        return Weight(port, line, Decimal(match[2].decode()), match[3].decode().strip(), match[1] != b"US")
    if match := _BEYOND.fullmatch(line):
        load = Load.OVER if match[1] == b"+" else Load.UNDER
        return Weight(port, line, None, "", stable=False, load=load)
    if match := _ERROR.fullmatch(line):
        return Refusal(f"EC,E{match[1].decode()}", _WORDS.get(int(match[1]), "the scale reports an error"))
    raise foreign(port, "A&D", line)


A_AND_D = Dialect(
    name="a-and-d",
    maker="A&D",
    speed=2400,
    seven_even=True,
    now=b"Q\r\n",
    at_rest=b"S\r\n",
    zero=b"Z\r\n",
    tare=b"T\r\n",
    tare_memory=None,
    quiet=b"C\r\n",
    about=(None, None, None),
    acknowledges=True,
    fixed_width=True,
    parse=parse,
)
