"""A PNG that somebody sent, held against its format (W3C PNG, third edition) before it becomes evidence.

Paper draws it with a larger reader, in a process of its own; what that one cannot draw is refused here.
"""

import struct
import zlib
from collections.abc import Iterator

from edge.errors import BadCasework
from edge.pictures import PNG

MOST_PIXELS = 4096
MOST_UNPACKED = 16 * 1024**2
_CHANNELS = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}
_DEPTHS = {0: (1, 2, 4, 8, 16), 2: (8, 16), 3: (1, 2, 4, 8), 4: (8, 16), 6: (8, 16)}
_PALETTE = 3
_FILTERS = 5


def require_png(name: str, png: bytes) -> None:
    """Raise BadCasework unless it is one whole picture, not interlaced, at most 4096 pixels wide and high."""
    if not png.startswith(PNG):
        raise BadCasework(f"{name} begins with {png[:8].hex() or 'nothing'}; a drawn signature is a PNG, in base64")
    try:
        _check(list(_chunks(png)))
    except (ValueError, struct.error, zlib.error) as error:
        raise BadCasework(f"{name} is no PNG that can be drawn: {error}; draw it again") from error


def _chunks(png: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Yield the type and data of each chunk up to the end of the file."""
    at = len(PNG)
    while at < len(png):
        length, kind = struct.unpack_from(">I4s", png, at)
        data = png[at + 8 : at + 8 + length]
        (check,) = struct.unpack_from(">I", png, at + 8 + length)
        if check != zlib.crc32(kind + data):
            raise ValueError(f"the chunk {kind!r} at byte {at} is damaged")
        yield kind, data
        at += 12 + length


def _check(chunks: list[tuple[bytes, bytes]]) -> None:
    kinds = [kind for kind, _ in chunks]
    if kinds[:1] != [b"IHDR"] or kinds[-1] != b"IEND":
        raise ValueError("it does not go from IHDR to IEND")
    width, height, depth, colour, *methods = struct.unpack(">IIBBBBB", chunks[0][1])
    if not (0 < width <= MOST_PIXELS and 0 < height <= MOST_PIXELS):
        raise ValueError(f"{width} x {height} pixels, where 1 to {MOST_PIXELS} each are taken")
    if depth not in _DEPTHS.get(colour, ()) or any(methods) or (colour == _PALETTE and b"PLTE" not in kinds):
        raise ValueError(f"depth {depth}, colour {colour}, methods {methods}, where plain rows are taken")
    row = 1 + (width * depth * _CHANNELS[colour] + 7) // 8
    _check_rows(b"".join(data for kind, data in chunks if kind == b"IDAT"), row, height)


def _check_rows(packed: bytes, row: int, height: int) -> None:
    if row * height > MOST_UNPACKED:
        raise ValueError(f"{row * height} bytes of pixels, where {MOST_UNPACKED} are taken")
    unpacking = zlib.decompressobj()
    rows = unpacking.decompress(packed, row * height + 1)
    if not unpacking.eof or len(rows) != row * height or max(rows[::row]) >= _FILTERS:
        raise ValueError(f"its pixels are not {height} rows of {row} bytes")
