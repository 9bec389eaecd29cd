"""Commands, replies and ion currents of the RGA in bytes. No I/O.

Source: Stanford Research Systems, "Models RGA100, RGA200, and RGA300 Residual Gas Analyzer", chapter 6.
A command is two letters, a parameter without a space, and CR. A reply is text and LF CR (in that order), or ion
currents: 4 bytes each, signed, little-endian, in units of 1e-16 A, without any end mark. Nothing has a checksum.
Every function here raises ValueError for what the protocol does not allow.
"""

import re
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

END_OF_COMMAND = b"\r"
END_OF_LINE = b"\n\r"
LONGEST_COMMAND = 13
"""Characters before CR; one more and the instrument drops the command as too long."""
LONGEST_LINE = 64
CURRENT_BYTES = 4
AMPERE = 1e-16
"""Unit of an ion current on the wire, in A."""
OVERLOAD = 2**31 - 1
_CURRENT = np.dtype("<i4")
_COMMAND = re.compile(r"[A-Z]{2}(?:\?|\*|-?\d+(?:\.\d{1,4})?)?")
_NUMBER = re.compile(rb" *([-+]?\d{1,9}(?:\.\d{1,9})?) *")
_STATUS = re.compile(rb" *(\d{1,3}) *")
_IDENTITY = re.compile(rb"SRSRGA(100|200|300|\?\?\?)VER(\d\.\d{1,3})SN([0-9A-Z]{1,8})")
_UNKNOWN_MODEL = "???"
_LEAST_RANGE = 100
_BYTE = 255

Currents = NDArray[np.int64]


@dataclass(frozen=True)
class Identity:
    """Answer to ID?. `model` is "???" on a unit that was never initialised; its range is then taken as the least."""

    model: str
    firmware: str
    serial_number: str

    @property
    def mass_max(self) -> int:
        """Highest mass in amu."""
        return _LEAST_RANGE if self.model == _UNKNOWN_MODEL else int(self.model)


def command(name: str, parameter: str = "") -> bytes:
    """Return the bytes of a command; `parameter` is a number, "*" for the default, "?" to query, or nothing."""
    text = name + parameter
    if not _COMMAND.fullmatch(text) or len(text) > LONGEST_COMMAND:
        raise ValueError(f"{text!r} is no command; expected two capitals and a number of at most 4 places, * or ?")
    return text.encode() + END_OF_COMMAND


def number(line: bytes) -> float:
    """Return the number in a reply without its LF CR."""
    match = _NUMBER.fullmatch(line)
    if not match:
        raise ValueError(f"expected a number; {line[:LONGEST_LINE]!r} came")
    return float(match[1])


def byte(line: bytes) -> int:
    """Return the STATUS or error byte in a reply without its LF CR."""
    match = _STATUS.fullmatch(line)
    if not match or int(match[1]) > _BYTE:
        raise ValueError(f"expected a byte in decimal; {line[:LONGEST_LINE]!r} came")
    return int(match[1])


def identity(line: bytes) -> Identity:
    """Return what a reply to ID? says."""
    match = _IDENTITY.fullmatch(line)
    if not match:
        raise ValueError(f"expected SRSRGA###VER#.##SN#####; {line[:LONGEST_LINE]!r} came")
    return Identity(*(group.decode() for group in match.groups()))


def take_line(buffer: bytearray) -> bytes | None:
    """Remove the first line from `buffer` and return it without its end; None where none is complete yet."""
    end = buffer.find(END_OF_LINE)
    if end > LONGEST_LINE or (end < 0 and len(buffer) > LONGEST_LINE):
        raise ValueError(f"{len(buffer)} bytes came without LF CR; a reply has at most {LONGEST_LINE}")
    if end < 0:
        return None
    line = bytes(buffer[:end])
    del buffer[: end + len(END_OF_LINE)]
    return line


def currents(data: bytes) -> Currents:
    """Return ion currents in units of 1e-16 A."""
    if len(data) % CURRENT_BYTES:
        raise ValueError(f"{len(data)} bytes are no whole number of ion currents of {CURRENT_BYTES} bytes")
    return np.frombuffer(data, _CURRENT).astype(np.int64)


def from_currents(values: Currents) -> bytes:
    """Return the bytes of ion currents; beyond 32 bits they saturate, as the electrometer does."""
    return np.clip(values, -OVERLOAD, OVERLOAD).astype(_CURRENT).tobytes()
