"""Ohaus balances (Explorer, Discovery, Courier 5000 and RS232 manuals).

The dialect marks what is *not* stable; a stable line has no mark of its own.
"""

import re
from decimal import Decimal

from drivers.scales.frames import UNKNOWN_COMMAND, Dialect, Refusal, Reply, Told, foreign
from drivers.scales.weight import Basis, Weight

_WEIGHT = re.compile(rb"( *-? *\d+(?:\.\d+)?) ([a-zA-Z%]{1,5}) {0,5}( *\?)? {0,6}(G|N|NET|T|TOTAL|\d\d:\d\d:\d\d)? *")
_FIELD = range(9, 13)
_BASES = {b"G": Basis.GROSS, b"N": Basis.NET, b"NET": Basis.NET, b"T": Basis.TARE}
_WORDS = re.compile(rb"[ -~]{1,60}")
_REFUSED = Refusal(UNKNOWN_COMMAND, "the scale does not know this command, or the pan did not come to rest")


def parse(line: bytes, port: str) -> Reply:
    """Return what a line without its end says; what is no weight is the answer to PV or PSN. Raises BadFrame."""
    if line.strip() == b"ES":
        return _REFUSED
    if match := _WEIGHT.fullmatch(line):
        return _weight(match, line, port)
    if _WORDS.fullmatch(line) and line[:1].isalpha():
        return Told("", line.decode().strip())
    raise foreign(port, "Ohaus", line)


def _weight(match: re.Match[bytes], line: bytes, port: str) -> Reply:
    digits, unit, unstable, legend = match.groups()
    if legend == b"TOTAL" or len(digits) not in _FIELD:
        raise foreign(port, "Ohaus", line)
    value = Decimal(digits.decode().replace(" ", ""))
    return Weight(port, line, value, unit.decode(), unstable is None, basis=_BASES.get(legend, Basis.UNTOLD))


OHAUS = Dialect(
    name="ohaus",
    maker="Ohaus",
    speed=9600,
    seven_even=False,
    now=b"IP\r\n",
    at_rest=b"SP\r\n",
    zero=b"Z\r\n",
    tare=b"T\r\n",
    tare_memory=None,
    quiet=b"0P\r\n",
    about=(None, b"PSN\r\n", b"PV\r\n"),
    acknowledges=False,
    fixed_width=False,
    parse=parse,
)
