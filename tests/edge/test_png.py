"""What is taken for a picture is one that paper's reader draws."""

import io
import struct
import zlib
from itertools import product

import pytest
from PIL import Image

from edge.errors import BadCasework
from edge.paper.pressing import plain_picture
from edge.pictures import PNG
from edge.png import MOST_PIXELS, require_png


def chunk(kind: bytes, data: bytes = b"") -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png(
    size: tuple[int, int] = (30, 12), form: tuple[int, ...] = (8, 0, 0, 0, 0), rows: bytes = (b"\0" + bytes(30)) * 12
) -> bytes:
    """Return a PNG of these rows, each a filter's byte and its pixels; `form` is the rest of IHDR."""
    head = struct.pack(">IIBBBBB", *size, *form)
    return PNG + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND")


def written(mode: str) -> bytes:
    out = io.BytesIO()
    Image.linear_gradient("L").convert(mode).save(out, "PNG")
    return out.getvalue()


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "I;16"])
def test_any_plain_picture_is_taken_and_drawn(mode: str) -> None:
    require_png("drawn", written(mode))
    assert plain_picture(written(mode)).startswith(b"\xff\xd8\xff")


WHOLE = png()
BAD = {
    "words": PNG + b" a signature",
    "nothing": b"",
    "signature alone": PNG,
    "head alone": WHOLE[:33],
    "cut": WHOLE[:-1],
    "more": WHOLE + b"<svg/>",
    "flat": png((30, 0), rows=b""),
    "wide": png((MOST_PIXELS + 1, 12)),
    "fewer rows": png((30, 13)),
    "more rows": png((30, 11)),
    "filter": png(rows=(b"\5" + bytes(30)) * 12),
    "colour": png(form=(8, 1, 0, 0, 0)),
    "depth": png(form=(3, 0, 0, 0, 0)),
    "interlaced": png(form=(8, 0, 0, 0, 1)),
    "no palette": png(form=(8, 3, 0, 0, 0)),
    "unpacks large": png((MOST_PIXELS, MOST_PIXELS), (16, 6, 0, 0, 0), bytes(MOST_PIXELS * (1 + 8 * MOST_PIXELS))),
    "no rows": PNG + chunk(b"IHDR", WHOLE[16:29]) + chunk(b"IEND"),
    "packed ill": PNG + chunk(b"IHDR", WHOLE[16:29]) + chunk(b"IDAT", b"rows") + chunk(b"IEND"),
}


@pytest.mark.parametrize("picture", BAD.values(), ids=BAD)
def test_what_is_no_picture_is_refused(picture: bytes) -> None:
    with pytest.raises(BadCasework, match=r"^drawn (begins with|is no PNG that can be drawn)"):
        require_png("drawn", picture)


def test_one_wrong_bit_anywhere_is_refused() -> None:
    for at, bit in product(range(len(WHOLE)), (1, 128)):
        with pytest.raises(BadCasework):
            require_png("drawn", WHOLE[:at] + bytes([WHOLE[at] ^ bit]) + WHOLE[at + 1 :])
