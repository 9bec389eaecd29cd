"""A signature drawn on the screen, as `sign.js` sends it: its strokes, and their picture."""

from typing import Annotated

from pydantic import Base64Bytes, BaseModel, ConfigDict, Field, ValidationError

from edge.errors import BadCasework
from edge.png import require_png

MAX_DRAWN = 1_000_000
_WIDTH, _HEIGHT = slice(16, 20), slice(20, 24)

Pixels = Annotated[int, Field(ge=1, le=4096)]
Point = tuple[
    Annotated[int, Field(ge=-4096, le=8192)],
    Annotated[int, Field(ge=-4096, le=8192)],
    Annotated[int, Field(ge=0, le=3_600_000)],
]


class Drawn(BaseModel):
    """Strokes of points (x, y in pixels of `size`, milliseconds since the first touch), and a PNG of that size."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    size: tuple[Pixels, Pixels]
    strokes: Annotated[tuple[Annotated[tuple[Point, ...], Field(min_length=1)], ...], Field(min_length=1)]
    png: Base64Bytes


def read_drawn(text: str) -> Drawn:
    """Read the field of a signature, whose picture must be one that paper draws; raises BadCasework."""
    if not text:
        raise BadCasework("nothing was drawn; sign with a finger, or with the PIN")
    if len(text) > MAX_DRAWN:
        raise BadCasework(f"a signature of {len(text)} bytes; at most {MAX_DRAWN} are taken, draw it again")
    try:
        drawn = Drawn.model_validate_json(text)
    except ValidationError as error:
        fault = error.errors()[0]
        raise BadCasework(f"a signature whose {'.'.join(map(str, fault['loc']))} is wrong: {fault['msg']}") from error
    require_png("a signature's picture", drawn.png)
    size = int.from_bytes(drawn.png[_WIDTH]), int.from_bytes(drawn.png[_HEIGHT])
    if size != drawn.size:
        raise BadCasework(f"a signature's picture is {size} pixels, and its strokes are in {drawn.size}; draw it again")
    return drawn
