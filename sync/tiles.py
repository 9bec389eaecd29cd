"""The log's Merkle tree as tiles of 256 hashes (C2SP tlog-tiles): arithmetic only, no files."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from sync.merkle import node_hash

WIDTH = 256
HEIGHT = 8


class Tile(NamedTuple):
    """Coordinates: `width` hashes of perfect subtrees with 256**level leaves each."""

    level: int
    number: int
    width: int

    @property
    def path(self) -> str:
        """The tile's name under the log's address, as in `tile/0/x001/x234/067.p/12`."""
        return self.full_path if self.width == WIDTH else f"{self.full_path}.p/{self.width}"

    @property
    def full_path(self) -> str:
        """The name of the full tile at this place."""
        digits = str(self.number)
        digits = digits.zfill(-(-len(digits) // 3) * 3)
        groups = [digits[at : at + 3] for at in range(0, len(digits), 3)]
        return "/".join(["tile", str(self.level), *(f"x{group}" for group in groups[:-1]), groups[-1]])


@dataclass(frozen=True)
class Edge:
    """The right edge of a tree: at each level, leaves first, the hashes that do not fill a tile yet."""

    rows: tuple[tuple[bytes, ...], ...] = ()

    @property
    def size(self) -> int:
        """How many leaves the tree has: the widths of the rows are its digits to the base 256."""
        return sum(len(row) << (HEIGHT * level) for level, row in enumerate(self.rows))

    @property
    def tiles(self) -> dict[Tile, bytes]:
        """The tree's partial tiles with their bytes."""
        rows = [row for row in self.rows if row]
        return {tile: b"".join(row) for tile, row in zip(partial_tiles(self.size), rows, strict=True)}


def partial_tiles(size: int) -> list[Tile]:
    """Return the partial tiles of a tree of `size` leaves, from the leaves upwards."""
    counts = [size >> (HEIGHT * level) for level in range(-(-size.bit_length() // HEIGHT))]
    return [Tile(level, count // WIDTH, count % WIDTH) for level, count in enumerate(counts) if count % WIDTH]


def grow(edge: Edge, leaves: Sequence[bytes]) -> tuple[Edge, dict[Tile, bytes]]:
    """Return the edge with more leaf hashes on it, and the bytes of every tile that is new by it."""
    rows = [list(row) for row in edge.rows]
    full: dict[Tile, bytes] = {}
    rising, level = list(leaves), 0
    while rising:
        if level == len(rows):
            rows.append([])
        hashes = rows[level] + rising
        whole = len(hashes) // WIDTH * WIDTH
        groups = [hashes[at : at + WIDTH] for at in range(0, whole, WIDTH)]
        first = edge.size >> (HEIGHT * (level + 1))
        full |= {Tile(level, first + at, WIDTH): b"".join(group) for at, group in enumerate(groups)}
        rising, rows[level] = [pyramid(group)[-1][0] for group in groups], hashes[whole:]
        level += 1
    grown = Edge(tuple(map(tuple, rows)))
    return grown, full | grown.tiles


def pyramid(hashes: Sequence[bytes]) -> list[list[bytes]]:
    """Return the hashes and, level by level, the hashes of the complete pairs above them."""
    levels = [list(hashes)]
    while len(levels[-1]) > 1:
        below = levels[-1]
        levels.append([node_hash(below[at], below[at + 1]) for at in range(0, len(below) - 1, 2)])
    return levels
