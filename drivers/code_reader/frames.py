"""Bytes with their time in, readings out, no I/O.

A reading ends where the reader's suffix has come *and* the line then rests: a CR alone may lie inside a 2D code.
What could be two readings, or a part of one, is none: a code that nobody printed is worse than one to scan again.
"""

import re
from collections.abc import Mapping

from drivers.code_reader.codes import AIM
from drivers.framing import FrameCounts

LONGEST = 4096
CR, CR_LF, LF, TAB, NOTHING = b"\r", b"\r\n", b"\n", b"\t", b""
SUFFIXES: Mapping[str, tuple[bytes, ...]] = {
    "any": (CR_LF, CR, LF, TAB),
    "cr": (CR,),
    "cr-lf": (CR_LF,),
    "lf": (LF,),
    "tab": (TAB,),
    "none": (NOTHING,),
}
"""What a reader may be set to send after each code, by name; longer ones first."""
PAUSE_S = 0.015
IDLE_S = 0.05
GIVE_UP_S = 0.5
REST_S = 2.0
_ANOTHER = re.compile(rb"[\r\n\t]" + AIM.pattern)


class ReadingFramer:
    """Collects bytes into readings of at most 4096 bytes; what is longer, or never gets its suffix, is dropped whole.

    A reading that grows too long is counted at once; what follows it without a rest belongs to it.
    `IDLE_S` without a byte end a reading that has its suffix; `GIVE_UP_S` drop one that has not. Two that cannot be
    told from one are dropped: where bytes follow a suffix after a pause, or with an AIM identifier of their own.
    For `REST_S` after what was dropped, and after a reading with an AIM identifier, one without is the rest of that,
    and is dropped too. Without a suffix (NOTHING) only the rest of the line can tell an end.
    """

    def __init__(self, suffixes: tuple[bytes, ...] = SUFFIXES["any"]) -> None:
        self.counts = FrameCounts()
        self.began = 0.0
        """When the first byte of the newest reading came."""
        self._suffixes = suffixes
        self._buffer = bytearray()
        self._spoilt = self._overlong = False
        self._first = self._last = self._wary_until = 0.0

    @property
    def unfinished(self) -> int:
        """Bytes that wait for their end."""
        return len(self._buffer)

    def due(self) -> float | None:
        """Return when `rest` can next bring something, None while nothing waits."""
        if not self._buffer and not self._overlong:
            return None
        return self._last + (IDLE_S if self._complete() else GIVE_UP_S)

    def feed(self, data: bytes, now: float) -> list[bytes]:
        """Take bytes that came at `now`; return the readings that rested before them."""
        finished = self.rest(now)
        if data:
            self._spoilt = self._spoilt or self._pauses_before(data, now)
            self._first, self._last = now if self.due() is None else self._first, now
            self._collect(data)
        return finished

    def rest(self, now: float) -> list[bytes]:
        """Return the reading that the rest of the line up to `now` has ended."""
        due = self.due()
        if due is None or now < due:
            return []
        came, overlong, spoilt = bytes(self._buffer), self._overlong, self._spoilt or not self._complete()
        self._buffer.clear()
        self._overlong = self._spoilt = False
        reading = self._without_suffix(came)
        has_aim = AIM.match(reading) is not None
        if overlong or not (reading or spoilt):
            return []
        if spoilt or (has_aim and _ANOTHER.search(reading)):
            self._drop(len(came))
            return []
        if not has_aim and self._first < self._wary_until:
            self._count_damage(len(came))
            return []
        self.began, self._wary_until = self._first, self._last + REST_S if has_aim else 0.0
        self.counts.frames += 1
        return [reading]

    def _complete(self) -> bool:
        return self._overlong or self._buffer.endswith(self._suffixes)

    def _pauses_before(self, data: bytes, now: float) -> bool:
        """Tell whether bytes come so late after a suffix that they may be of another code."""
        ended = bool(self._buffer) and self._complete() and now - self._last >= PAUSE_S
        return ended and not (self._buffer.endswith(CR) and data == LF)

    def _without_suffix(self, came: bytes) -> bytes:
        return next((came.removesuffix(each) for each in self._suffixes if came.endswith(each)), came)

    def _collect(self, data: bytes) -> None:
        if not self._overlong and len(self._buffer) + len(data) <= LONGEST:
            self._buffer += data
            return
        if self._overlong:
            self.counts.dropped_bytes += len(data)
        else:
            self._drop(len(self._buffer) + len(data))
        self._wary_until = self._last + REST_S
        self._overlong = True
        self._buffer.clear()

    def _drop(self, dropped: int) -> None:
        self._count_damage(dropped)
        self._wary_until = self._last + REST_S

    def _count_damage(self, dropped: int) -> None:
        self.counts.checksum_failures += 1
        self.counts.dropped_bytes += dropped
