"""Two columns of text: m/z and intensity, with a heading or without."""

import re

from models.errors import UnreadableFile
from models.msp import add_equal_mz
from models.spectrum import Spectrum

_PARTS = re.compile(r"[,;\t ]+")


def parse_table(text: str, source: str = "table") -> Spectrum:
    """Read one spectrum from lines of `m/z,intensity` (comma, semicolon, tab or space; `#` begins a remark).

    Raises UnreadableFile naming the line, MalformedSpectrum for numbers that no spectrum can have.
    """
    mz: list[float] = []
    intensity: list[float] = []
    heading_allowed = True
    for number, line in enumerate(text.lstrip("\ufeff").splitlines(), start=1):
        if not line.strip() or line.startswith("#"):
            continue
        pair = _pair(line)
        if pair is None and not heading_allowed:
            raise UnreadableFile(f"{source}, line {number}: expected `m/z,intensity`, got {line[:60]!r}")
        heading_allowed = False
        if pair is not None:
            mz.append(pair[0])
            intensity.append(pair[1])
    return Spectrum(*add_equal_mz(mz, intensity))


def _pair(line: str) -> tuple[float, float] | None:
    words = [word for word in _PARTS.split(line.strip()) if word]
    try:
        at, height = (float(word) for word in words)
    except ValueError:
        return None
    return at, height
