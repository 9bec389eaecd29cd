"""Receipts of many entries under one checkpoint: what neighbours share of their paths is written once."""

from collections.abc import Iterable, Sequence
from functools import cache

from sync.merkle import HashOf, inclusion_path
from sync.receipts import hash_line, proof_text
from sync.tiles import HEIGHT, WIDTH


def write_proofs(indices: Sequence[int], size: int, hash_of: HashOf, checkpoint: str) -> list[str]:
    """Return the receipt of each entry in the tree of `size` leaves, as `write_proof` would write it.

    What it costs does not grow with the log: above a full tile all its leaves have one path.
    """
    remembered = cache(hash_of)

    @cache
    def line(height: int, number: int) -> str:
        return hash_line(remembered(height, number))

    @cache
    def above(tile: int) -> str:
        return "".join(map(hash_line, inclusion_path(tile * WIDTH, size, remembered)[HEIGHT:]))

    def path(index: int) -> Iterable[str]:
        tile = index // WIDTH
        if (tile + 1) * WIDTH > size:
            return map(hash_line, inclusion_path(index, size, remembered))
        return [*(line(height, index >> height ^ 1) for height in range(HEIGHT)), above(tile)]

    return [proof_text(index, path(index), checkpoint) for index in indices]
