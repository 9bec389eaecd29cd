"""Tiles as files, named as they are served: each written once, whole, and never with other bytes."""

from sync.central.storage import Storage
from sync.errors import LogDamaged
from sync.merkle import HASH_LENGTH, HashOf
from sync.tiles import HEIGHT, WIDTH, Edge, Tile, partial_tiles, pyramid

REMEMBERED = 256


class Shelf:
    """The tiles in a storage. Full tiles never change, so the last ones that were read are remembered."""

    def __init__(self, storage: Storage) -> None:
        self._storage = storage
        self._full: dict[Tile, list[list[bytes]]] = {}

    def put(self, tile: Tile, data: bytes) -> None:
        """Write a tile; raises LogDamaged where one with other bytes stands already."""
        there = self._storage.read(tile.path)
        if there is None:
            self._storage.write(tile.path, data)
        elif there != data:
            raise LogDamaged(f"{tile.path} holds other hashes than the stored envelopes give; keep it as evidence")

    def get(self, tile: Tile) -> list[bytes]:
        """Return a tile's hashes, from the full tile where it has replaced a partial one; raises LogDamaged."""
        data = self._storage.read(tile.path)
        if data is None:
            data = self._storage.read(tile.full_path)
        if data is None:
            raise LogDamaged(f"{tile.path} is missing, and the signed checkpoint needs it; restore it")
        hashes = [data[at : at + HASH_LENGTH] for at in range(0, len(data), HASH_LENGTH)]
        if len(data) % HASH_LENGTH or len(hashes) not in (tile.width, WIDTH):
            raise LogDamaged(f"{tile.path} has {len(data)} bytes; {tile.width * HASH_LENGTH} were expected")
        return hashes[: tile.width]

    def check_parent(self, tile: Tile, size: int) -> None:
        """Raise LogDamaged unless a full tile, as the storage gives it now, has the hash that the level above says."""
        said = self.hashes(size)(HEIGHT * (tile.level + 1), tile.number)
        if pyramid(self.get(tile))[-1][0] != said:
            raise LogDamaged(f"{tile.path} is not what the tile above it says; keep it as evidence")

    def drop_partials(self, tile: Tile) -> None:
        """Remove the partial tiles that a full one replaces, as tlog-tiles allows."""
        self._storage.drop(f"{tile.full_path}.p")

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
                pyramids[tile] = self._pyramid(tile)
            return pyramids[tile][inner][offset >> inner]

        return hash_of

    def _pyramid(self, tile: Tile) -> list[list[bytes]]:
        if tile.width != WIDTH:
            return pyramid(self.get(tile))
        if tile not in self._full:
            self._full[tile] = pyramid(self.get(tile))
            for oldest in list(self._full)[: max(0, len(self._full) - REMEMBERED)]:
                self._full.pop(oldest, None)
        return self._full[tile]
