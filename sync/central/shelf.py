"""Tiles as files, named as they are served: each written once, whole, and never with other bytes."""

import shutil
from pathlib import Path

from sync.errors import LogDamaged
from sync.files import make_folder, write_whole
from sync.merkle import HASH_LENGTH, HashOf
from sync.tiles import HEIGHT, WIDTH, Edge, Tile, partial_tiles, pyramid


class Shelf:
    """A folder of tiles."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def put(self, tile: Tile, data: bytes) -> None:
        """Write a tile to the disk; raises LogDamaged where one with other bytes stands already."""
        path = self._folder / tile.path
        if not path.exists():
            make_folder(path.parent)
            write_whole(path, data)
        elif path.read_bytes() != data:
            raise LogDamaged(f"{path} holds other hashes than the stored envelopes give; keep it as evidence")

    def get(self, tile: Tile) -> list[bytes]:
        """Return a tile's hashes, from the full tile where it has replaced a partial one; raises LogDamaged."""
        path = self._folder / tile.path
        data = self._read(path if path.exists() else self._folder / tile.full_path)
        hashes = [data[at : at + HASH_LENGTH] for at in range(0, len(data), HASH_LENGTH)]
        if len(data) % HASH_LENGTH or len(hashes) not in (tile.width, WIDTH):
            raise LogDamaged(f"{path} has {len(data)} bytes; {tile.width * HASH_LENGTH} were expected")
        return hashes[: tile.width]

    def check_parent(self, tile: Tile, size: int) -> None:
        """Raise LogDamaged unless a full tile, as the disk gives it now, has the hash that the level above says."""
        said = self.hashes(size)(HEIGHT * (tile.level + 1), tile.number)
        if pyramid(self.get(tile))[-1][0] != said:
            raise LogDamaged(f"{self._folder / tile.path} is not what the tile above it says; keep it as evidence")

    def drop_partials(self, tile: Tile) -> None:
        """Remove the partial tiles that a full one replaces, as tlog-tiles allows."""
        shutil.rmtree(self._folder / f"{tile.full_path}.p", ignore_errors=True)

    def edge(self, size: int) -> Edge:
        """Read the right edge of the tree of `size` leaves."""
        rows = {tile.level: tuple(self.get(tile)) for tile in partial_tiles(size)}
        return Edge(tuple(rows.get(level, ()) for level in range(max(rows, default=-1) + 1)))

    def hashes(self, size: int) -> HashOf:
        """Return a reader of the perfect subtrees' hashes in the tree of `size` leaves; it reads each tile once."""
        pyramids: dict[Tile, list[list[bytes]]] = {}

        def hash_of(height: int, number: int) -> bytes:
            level, inner = divmod(height, HEIGHT)
            place, offset = divmod(number << inner, WIDTH)
            tile = Tile(level, place, min(WIDTH, (size >> (HEIGHT * level)) - place * WIDTH))
            if tile not in pyramids:
                pyramids[tile] = pyramid(self.get(tile))
            return pyramids[tile][inner][offset >> inner]

        return hash_of

    def _read(self, path: Path) -> bytes:
        try:
            return path.read_bytes()
        except FileNotFoundError as error:
            raise LogDamaged(f"{path} is missing, and the signed checkpoint needs it; restore it") from error
