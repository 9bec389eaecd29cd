"""What programs write of a scan in one line.

Agilent's title is `+ESI Scan (0.1 min) Frag=175.0V a.d`, Thermo's filter `FTMS + p ESI sid=35.00 Full ms [50-750]`.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

_VOLTAGE = re.compile(r"\b(?:frag|sid)=(\d+(?:\.\d+)?)", re.IGNORECASE)
_ISOLATED = re.compile(r"->|@|\bms[2-9]\b|product ion", re.IGNORECASE)
_SOURCES = r"(?:ESI|NSI|APCI|APPI|MALDI|DART|CI|EI)\b"
_NEGATIVE = re.compile(rf"(?<![\w.)])-\s*(?:[cp]\s+)?{_SOURCES}")
_ELECTRONS = re.compile(r"(?<![\w.)])[+-]\s*(?:[cp]\s+)?EI\b")


@dataclass(frozen=True)
class Acquired:
    """`voltage` is that of the source, fragmentor or cone, where no ion was isolated; None where it was not told."""

    negative: bool = False
    electron_ionisation: bool = False
    voltage: float | None = None


def acquired(lines: Iterable[str]) -> Acquired:
    """Read what lines tell of how ions were made; where they tell nothing, nothing speaks against positive ones."""
    text = "\n".join(lines)
    voltages = {float(found) for found in _VOLTAGE.findall(text)}
    one = voltages.pop() if len(voltages) == 1 and not _ISOLATED.search(text) else None
    return Acquired(bool(_NEGATIVE.search(text)), bool(_ELECTRONS.search(text)), one)
