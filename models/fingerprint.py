"""One digest of everything that concludes beside the bundle: the code of this package and its data."""

from functools import cache
from hashlib import sha256
from pathlib import Path

PACKAGE = Path(__file__).parent
APART = frozenset({"data/garita.bundle", "data/samples.msp"})
"""What a record names by a digest of its own, and what nothing is concluded with."""
_NOT_USED = frozenset({"training", "__pycache__"})


@cache
def fingerprint(package: Path = PACKAGE) -> str:
    """Return the SHA-256, in hexadecimal, over path, length and bytes of each file, in the order of their paths."""
    digest = sha256()
    for name in sorted(_names(package)):
        data = (package / name).read_bytes()
        digest.update(f"{name}\0{len(data)}\0".encode() + data)
    return digest.hexdigest()


def _names(package: Path) -> list[str]:
    places = (path.relative_to(package) for path in package.rglob("*") if path.is_file())
    return [place.as_posix() for place in places if not _NOT_USED & set(place.parts) and place.as_posix() not in APART]
