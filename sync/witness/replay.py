"""Build the log's tree again, leaf by leaf: all that an auditor needs of it in constant memory."""

from collections.abc import Iterator

from sync.merkle import EMPTY_ROOT, node_hash
from sync.tiles import HEIGHT


class Replay:
    """A tree that grows; it keeps only the perfect subtrees on its right edge."""

    def __init__(self) -> None:
        self.size = 0
        self._peaks: list[tuple[int, bytes]] = []

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
