"""Build the log's tree again, leaf by leaf: all that it takes to know a log's root, in constant memory."""

from collections.abc import Iterator, Sequence
from typing import Self

from sync.errors import Malformed
from sync.merkle import EMPTY_ROOT, HASH_LENGTH, node_hash
from sync.tiles import HEIGHT


class Replay:
    """A tree that grows; it keeps only the perfect subtrees on its right edge."""

    def __init__(self, size: int = 0, peaks: Sequence[tuple[int, bytes]] = ()) -> None:
        self.size, self._peaks = size, list(peaks)

    @classmethod
    def from_bytes(cls, size: int, data: bytes) -> Self:
        """Return the tree of `size` leaves whose `to_bytes` this is; raises Malformed."""
        heights = [height for height in reversed(range(size.bit_length())) if size >> height & 1]
        if len(data) != HASH_LENGTH * len(heights):
            raise Malformed(f"a tree of {size} leaves has {len(heights)} peaks; {len(data)} bytes came")
        hashes = [data[at : at + HASH_LENGTH] for at in range(0, len(data), HASH_LENGTH)]
        return cls(size, list(zip(heights, hashes, strict=True)))

    def to_bytes(self) -> bytes:
        """Return the hashes of the perfect subtrees, the largest first: their heights are the bits of the size."""
        return b"".join(value for _, value in self._peaks)

    def grown(self, leaves: Sequence[bytes]) -> "Replay":
        """Return this tree with more leaf hashes on it."""
        tree = Replay(self.size, self._peaks)
        for leaf in leaves:
            for _ in tree.add(leaf):
                pass
        return tree

    def add(self, leaf: bytes) -> Iterator[tuple[int, int, bytes]]:
        """Add a leaf hash; yield (level, place, hash) of each hash above level 0 of the tiles that it completes."""
        height, top = 0, leaf
        while self._peaks and self._peaks[-1][0] == height:
            top = node_hash(self._peaks.pop()[1], top)
            height += 1
            if height % HEIGHT == 0:
                yield height // HEIGHT, self.size >> height, top
        self._peaks.append((height, top))
        self.size += 1

    def root(self) -> bytes:
        """Return the root of the tree so far."""
        if not self._peaks:
            return EMPTY_ROOT
        result = self._peaks[-1][1]
        for _, peak in reversed(self._peaks[:-1]):
            result = node_hash(peak, result)
        return result
