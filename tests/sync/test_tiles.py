"""Tiles by the specification, and against the plain recursion of RFC 9162."""

from hypothesis import given, settings
from hypothesis import strategies as st

from sync.merkle import leaf_hash
from sync.tiles import Edge, Tile, grow, partial_tiles, pyramid

LEAVES = [leaf_hash(b"%d" % number) for number in range(70_000)]


def test_paths_are_those_of_the_specification() -> None:
    assert Tile(0, 1234067, 256).path == "tile/0/x001/x234/067"
    assert Tile(1, 0, 17).path == "tile/1/000.p/17"
    assert Tile(0, 273, 112).path == "tile/0/273.p/112"
    assert Tile(2, 1000, 256).path == "tile/2/x001/000"


def test_a_tree_of_70_000_has_the_tiles_of_the_specification() -> None:
    edge, tiles = grow(Edge(), LEAVES)
    widths = [(tile.level, tile.width) for tile in tiles]
    assert widths.count((0, 256)) == 273
    assert partial_tiles(70_000) == [Tile(0, 273, 112), Tile(1, 1, 17), Tile(2, 0, 1)]
    assert widths.count((1, 256)) == 1
    assert edge.tiles.keys() <= tiles.keys()


def test_a_tree_of_256_has_one_full_tile_and_one_hash_above_it() -> None:
    _, tiles = grow(Edge(), LEAVES[:256])
    assert list(tiles) == [Tile(0, 0, 256), Tile(1, 0, 1)]
    assert tiles[Tile(1, 0, 1)] == pyramid(LEAVES[:256])[-1][0]


@settings(max_examples=60, deadline=None)
@given(st.lists(st.integers(0, 700), max_size=8))
def test_growing_in_any_steps_gives_the_same_tiles(steps: list[int]) -> None:
    edge, gathered, size = Edge(), dict[Tile, bytes](), 0
    for step in steps:
        edge, new = grow(edge, LEAVES[size : size + step])
        gathered |= new
        size += step
    at_once, tiles = grow(Edge(), LEAVES[:size])
    assert edge == at_once
    assert edge.size == size
    assert tiles.items() <= gathered.items()
