"""Bytes with their time in, readings out, no I/O.

A reading ends where the reader's suffix has come *and* the line then rests: a CR alone may lie inside a 2D code.
"""

from drivers.framing import FrameCounts

LONGEST = 4096
CR, CR_LF, LF, NOTHING = b"\r", b"\r\n", b"\n", b""
SUFFIXES = (CR, CR_LF, LF, NOTHING)
IDLE_S = 0.05
GIVE_UP_S = 0.5


class ReadingFramer:
    """Collects bytes into readings of at most 4096 bytes; what is longer, or never gets its suffix, is dropped whole.

    A reading that grows too long is counted at once; what follows it without a rest belongs to it.
    `idle` seconds without a byte end a reading that has its suffix; `give_up` seconds drop one that has not.
    Without a suffix (NOTHING) only the rest of the line can tell an end.
    """

    def __init__(self, suffix: bytes = CR, idle: float = IDLE_S, give_up: float = GIVE_UP_S) -> None:
        if suffix not in SUFFIXES:
            raise ValueError(f"suffix {suffix!r}; expected CR, CR LF, LF or nothing")
        self.counts = FrameCounts()
        self._suffix = suffix
        self._idle = idle
        self._give_up = give_up
        self._buffer = bytearray()
        self._overlong = False
        self._last = 0.0

    @property
    def unfinished(self) -> int:
        """Bytes that wait for their end."""
        return len(self._buffer)

    def due(self) -> float | None:
        """Return when `rest` can next bring something, None while nothing waits."""
        if not self._buffer and not self._overlong:
            return None
        return self._last + (self._idle if self._complete() else self._give_up)

    def feed(self, data: bytes, now: float) -> list[bytes]:
        """Take bytes that came at `now`; return the readings that rested before them."""
        finished = self.rest(now)
        if data:
            self._last = now
            self._collect(data)
        return finished

    def rest(self, now: float) -> list[bytes]:
        """Return the reading that the rest of the line up to `now` has ended."""
        due = self.due()
        if due is None or now < due:
            return []
        reading = bytes(self._buffer)
        complete, self._overlong = self._complete(), False
        self._buffer.clear()
        if not complete:
            self._count_damage(len(reading))
            return []
        reading = reading.removesuffix(self._suffix)
        self.counts.frames += bool(reading)
        return [reading] if reading else []

    def _complete(self) -> bool:
        return self._overlong or self._buffer.endswith(self._suffix)

    def _collect(self, data: bytes) -> None:
        if not self._overlong and len(self._buffer) + len(data) <= LONGEST:
            self._buffer += data
            return
        self._count_damage(len(self._buffer) + len(data), unless=self._overlong)
        self._overlong = True
        self._buffer.clear()

    def _count_damage(self, dropped: int, *, unless: bool = False) -> None:
        self.counts.checksum_failures += not unless
        self.counts.dropped_bytes += dropped
