"""Galactic SPC (GRAMS): new format, little-endian (0x4B) and big-endian (0x4C), and the old format (0x4D).

Source: Galactic Industries, Universal Data Format Specification (1997). A new file is a header of 512 bytes, an
abscissa for all (TXVALS) or none where it is even, and for each spectrum a subheader of 32 bytes and its ordinates:
float32 where the exponent is 0x80, else integers of 16 or 32 bits times 2^(exponent - bits). The old header has
256 bytes, the first subheader inside; its 32-bit integers have their 16-bit words swapped.
"""

import math
import struct
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from models.errors import UnreadableFile
from models.formats.text import limit_bytes

MAX_BYTES = 64 * 2**20
MAX_POINTS = 1_000_000
MAX_SPECTRA = 10_000
NEW, NEW_BIG_ENDIAN, OLD = 0x4B, 0x4C, 0x4D

_HEAD = "BBBbiddiBB"
_OLD_HEAD = "<BBhfffBB"
_SUB = "BbHfffI"
_HEAD_BYTES, _OLD_HEAD_BYTES, _SUB_BYTES = 512, 256, 32
_SIXTEEN_BIT, _MANY, _OWN_X, _HAS_X = 0x01, 0x04, 0x40, 0x80
_FLOAT = -128
_INTEGER_BITS = 32
_LARGEST_EXPONENT = 127

X_UNITS = {
    0: "", 1: "cm-1", 2: "um", 3: "nm", 4: "s", 5: "min", 6: "Hz", 7: "kHz", 8: "MHz", 9: "m/z", 10: "ppm",
    13: "raman cm-1",
}  # fmt: skip
Y_UNITS = {
    0: "arbitrary", 1: "interferogram", 2: "absorbance", 3: "kubelka-munk", 4: "counts", 5: "volts", 10: "log(1/r)",
    11: "percent", 12: "intensity", 13: "counts", 128: "transmittance", 129: "reflectance", 131: "emission",
}  # fmt: skip
EXPERIMENTS = {4: "infrared", 5: "near-infrared", 7: "ultraviolet", 9: "mass", 11: "raman"}
"""Codes of fxtype, fytype and fexper that say something here; every other one is told by its number."""


@dataclass(frozen=True, eq=False)
class SpcSpectrum:
    """One spectrum of a file; `z` is where it stands among several (a time, mostly)."""

    x: NDArray[np.float64] = field(repr=False)
    y: NDArray[np.float64] = field(repr=False)
    z: float


@dataclass(frozen=True)
class SpcFile:
    """A file's spectra, their units and kind of experiment (empty if not told); `memo` is the remark it carries."""

    x_unit: str
    y_unit: str
    experiment: str
    memo: str
    spectra: tuple[SpcSpectrum, ...]


@dataclass(frozen=True)
class _Layout:
    """Where things stand, and how."""

    source: str
    order: str
    flags: int
    exponent: int
    points: int
    first: float
    last: float
    old: bool = False


def parse_spc(data: bytes, source: str = "SPC") -> SpcFile:
    """Read a file. Raises UnreadableFile naming the byte where something else was expected."""
    limit_bytes(data, MAX_BYTES, source)
    match data[1] if len(data) > 1 else None:
        case 0x4B:
            return _parse_new(data, source, "<")
        case 0x4C:
            return _parse_new(data, source, ">")
        case 0x4D:
            return _parse_old(data, source)
        case other:
            raise UnreadableFile(f"{source}, byte 1: expected 0x4B, 0x4C or 0x4D of an SPC file, found {_hex(other)}")


def _parse_new(data: bytes, source: str, order: str) -> SpcFile:
    flags, _, experiment, exponent, points, first, last, count, x_type, y_type = _read(order + _HEAD, data, 0, source)
    _slice(data, 0, _HEAD_BYTES, source)
    if not (0 < count <= MAX_SPECTRA if flags & _MANY else count in {0, 1}):
        raise UnreadableFile(f"{source}, byte 24: expected 1 to {MAX_SPECTRA} spectra, found {count}")
    layout = _Layout(source, order, flags, exponent, points, first, last)
    units = X_UNITS.get(x_type, f"code {x_type}"), Y_UNITS.get(y_type, f"code {y_type}")
    return SpcFile(*units, EXPERIMENTS.get(experiment, ""), _memo(data[88:218]), _spectra(data, layout, max(count, 1)))


def _spectra(data: bytes, layout: _Layout, count: int) -> tuple[SpcSpectrum, ...]:
    at = _HEAD_BYTES
    common = None
    own_x = bool(layout.flags & _OWN_X and layout.flags & _HAS_X)
    if layout.flags & _HAS_X and not own_x:
        common = _floats(data, at, _count(layout.points, layout), layout)
        at += 4 * common.size
    elif not own_x:
        common = _even(layout)
    spectra: list[SpcSpectrum] = []
    total = 0
    for _ in range(count):
        spectrum, at = _sub(data, at, layout, common)
        spectra.append(spectrum)
        total += spectrum.x.size
        if total > MAX_POINTS:
            raise UnreadableFile(f"{layout.source}, byte {at}: expected at most {MAX_POINTS} points in all, found more")
    return tuple(spectra)


def _sub(data: bytes, at: int, layout: _Layout, common: NDArray[np.float64] | None) -> tuple[SpcSpectrum, int]:
    _, exponent, _, z, _, _, points = _read(layout.order + _SUB, data, at, layout.source)
    start = at + _SUB_BYTES
    if common is None:
        x = _floats(data, start, _count(points, layout), layout)
        start += 4 * x.size
    else:
        x = common
    if not layout.flags & _MANY or layout.exponent == _FLOAT:
        exponent = layout.exponent
    y, end = _ordinates(data, start, x.size, exponent, layout)
    return SpcSpectrum(x, y, z if math.isfinite(z) else 0.0), end


def _parse_old(data: bytes, source: str) -> SpcFile:
    flags, _, exponent, points, first, last, x_type, y_type = _read(_OLD_HEAD, data, 0, source)
    _slice(data, 0, _OLD_HEAD_BYTES, source)
    if flags & (_HAS_X | _OWN_X | _MANY):
        raise UnreadableFile(
            f"{source}, byte 0: expected one spectrum with an even abscissa, found flags {_hex(flags)}"
        )
    if not (math.isfinite(points) and points == int(points)):
        raise UnreadableFile(f"{source}, byte 4: expected a count of points, found {points}")
    layout = _Layout(source, "<", flags, exponent, int(points), first, last, old=True)
    x = _even(layout)
    y, _ = _ordinates(data, _OLD_HEAD_BYTES, x.size, exponent, layout)
    z = struct.unpack_from("<f", data, 228)[0]
    units = X_UNITS.get(x_type, f"code {x_type}"), Y_UNITS.get(y_type, f"code {y_type}")
    return SpcFile(*units, "", _memo(data[64:194]), (SpcSpectrum(x, y, z if math.isfinite(z) else 0.0),))


def _even(layout: _Layout) -> NDArray[np.float64]:
    if not (math.isfinite(layout.first) and math.isfinite(layout.last)):
        raise UnreadableFile(
            f"{layout.source}, byte 8: expected a first and last x, found {layout.first}, {layout.last}"
        )
    return np.linspace(layout.first, layout.last, _count(layout.points, layout))


def _count(points: int, layout: _Layout) -> int:
    if not 0 < points <= MAX_POINTS:
        raise UnreadableFile(f"{layout.source}: expected 1 to {MAX_POINTS} points in a spectrum, found {points}")
    return points


def _ordinates(data: bytes, at: int, points: int, exponent: int, layout: _Layout) -> tuple[NDArray[np.float64], int]:
    if exponent == _FLOAT:
        return _floats(data, at, points, layout), at + 4 * points
    bits = 16 if layout.flags & _SIXTEEN_BIT else _INTEGER_BITS
    raw = _slice(data, at, points * bits // 8, layout.source)
    if layout.old and bits == _INTEGER_BITS:
        raw = np.frombuffer(raw, dtype="<u2").reshape(-1, 2)[:, ::-1].tobytes()
    integers = np.frombuffer(raw, dtype=f"{layout.order}i{bits // 8}").astype(np.float64)
    if abs(exponent) > _LARGEST_EXPONENT:
        raise UnreadableFile(f"{layout.source}: expected an exponent of -127 to 127, found {exponent}")
    return np.ldexp(integers, exponent - bits), at + len(raw)


def _floats(data: bytes, at: int, count: int, layout: _Layout) -> NDArray[np.float64]:
    values = np.frombuffer(_slice(data, at, 4 * count, layout.source), dtype=f"{layout.order}f4")
    if not np.isfinite(values).all():
        raise UnreadableFile(f"{layout.source}, byte {at}: expected finite numbers, found NaN or infinity")
    return values.astype(np.float64)


def _slice(data: bytes, at: int, size: int, source: str) -> bytes:
    if at + size > len(data):
        raise UnreadableFile(
            f"{source}, byte {at}: expected {size} bytes, found {max(len(data) - at, 0)}; the file was cut"
        )
    return data[at : at + size]


def _read(form: str, data: bytes, at: int, source: str) -> tuple[Any, ...]:
    return struct.unpack(form, _slice(data, at, struct.calcsize(form), source))


def _memo(data: bytes) -> str:
    return data.partition(b"\0")[0].decode("latin-1").strip()


def _hex(value: int | None) -> str:
    return "nothing" if value is None else f"{value:#04x}"
