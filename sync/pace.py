"""A cap on the bandwidth that sending may take, for lines that are paid by the byte or shared with radio."""

from collections.abc import Callable, Iterator

PIECE = 16 * 1024


class Pace:
    """Cuts what is sent into pieces, so that on the mean no more than `rate` bytes a second go out."""

    def __init__(self, rate: int, clock: Callable[[], float], sleep: Callable[[float], object]) -> None:
        self._rate, self._clock, self._sleep = rate, clock, sleep
        self._free = clock()

    def cut(self, body: bytes) -> Iterator[bytes]:
        """Yield the pieces of `body`, each when its turn has come; what was not used in the past is not made up for."""
        for at in range(0, len(body), PIECE):
            piece = body[at : at + PIECE]
            now = self._clock()
            if self._free > now:
                self._sleep(self._free - now)
            self._free = max(self._free, now) + len(piece) / self._rate
            yield piece
