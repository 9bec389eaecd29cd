"""Whose words came: lines that instruments of one family say, and no other's. Bytes in, names out, no I/O."""

import re
from collections.abc import Callable, Mapping
from types import MappingProxyType

from drivers.code_reader.codes import AIM
from drivers.errors import BadFrame, WrongInstrument
from drivers.nmea import frames as nmea
from drivers.scales import a_and_d, mt_sics, ohaus
from drivers.scales.weight import GRAMS, Weight
from drivers.srs_rga import frames as srs_rga

_ENDS = re.compile(rb"[\r\n]+")
_SENTENCE = re.compile(rb"\$[ -#%-)+-~]{6,160}\*[0-9A-Fa-f]{2}")
_CODE = re.compile(AIM.pattern + rb"[ -~\x1d]{3,}")
_OHAUS_NUMBER = re.compile(rb" |-|\d+\.")
_LINK_WORDS = (b"identity", b"maker", b"model", b"serial", b"firmware", b"version")
_FEWEST_LINK_WORDS = 3
_TEXT = frozenset(range(0x20, 0x7F)) | frozenset(b"\r\n\t\x02\x03\x06")
_MOSTLY = 0.9
_SEVEN_BITS = 0x7F
NEWEST = 2048
"""So many of the newest bytes may be a stranger's words: in 20 kB of noise one of seventy has a line like a code."""


def overheard(data: bytes) -> frozenset[str]:
    """Return the names of the families that say one of the lines in `data`, with a parity bit or without.

    A line that is damaged, or that instruments of many kinds say, is no sign of any.
    """
    seven_bits = bytes(byte & _SEVEN_BITS for byte in data)
    lines = [line for heard in (data, seven_bits) for line in _ENDS.split(heard) if line]
    return frozenset(name for name, says in _SAYS.items() if any(map(says, lines)))


def stranger(port: str, family: str, came: bytes) -> WrongInstrument | None:
    """Return the error that says whose words `came` on a port of `family`; None where some are its own, or nobody's."""
    others = overheard(came[-NEWEST:])
    if not others or family in overheard(came):
        return None
    whose = f"what comes is of {' or '.join(sorted(others))}, not of {family}"
    return WrongInstrument(port, f"another instrument is on this port: {whose}; check which cable is in which port")


def mostly_text(data: bytes) -> bool:
    """Tell whether `data` looks like lines of text at the right speed, even where some of it is damaged."""
    text = sum(byte in _TEXT for byte in data)
    return bool(data) and text >= len(data) * _MOSTLY


def _weight(parse: Callable[[bytes, str], object], line: bytes) -> Weight | None:
    try:
        said = parse(line, "")
    except BadFrame:
        return None
    return said if isinstance(said, Weight) else None


def _ohaus(line: bytes) -> bool:
    """Tell whether it is a mass in its wide field; nine digits and two letters may be a parcel's number."""
    weight = _weight(ohaus.parse, line)
    return weight is not None and weight.unit in GRAMS and _OHAUS_NUMBER.match(line) is not None


def _nmea(line: bytes) -> bool:
    for found in _SENTENCE.findall(line):
        try:
            nmea.parse(found, "")
        except BadFrame:
            continue
        return True
    return False


def _srs_rga(line: bytes) -> bool:
    try:
        srs_rga.identity(line)
    except ValueError:
        return False
    return True


def _analyzer_link(line: bytes) -> bool:
    return sum(word in line for word in _LINK_WORDS) >= _FEWEST_LINK_WORDS


_SAYS: Mapping[str, Callable[[bytes], bool]] = MappingProxyType(
    {
        "analyzer-link": _analyzer_link,
        "mt-sics": lambda line: _weight(mt_sics.parse, line) is not None,
        "a-and-d": lambda line: _weight(a_and_d.parse, line) is not None,
        "ohaus": _ohaus,
        "nmea": _nmea,
        "code-reader": lambda line: _CODE.fullmatch(line) is not None,
        "srs-rga": _srs_rga,
    }
)
