"""Seals that were read from bags and signed for by nobody yet: each counts for who read it alone, for minutes."""

from dataclasses import dataclass
from threading import Lock
from typing import Literal

from edge.clock import Timekeeper
from sync.contract.ids import Seq

COUNTS_NS = 10 * 60 * 10**9
"""How long a bag that was read lies before who read it: for the signatures of a hand-over, one drawn by hand too."""

Way = Literal["handover", "open"]
"""What a seal is read for."""


@dataclass(frozen=True)
class SealRead:
    """A number that was read from a bag; `scan` is the entry in which it was scanned, None where a person typed it."""

    number: str
    scan: Seq | None


class SealsRead:
    """What was read of each exhibit's bag last, in memory: a restart, or the end of the session, takes it back."""

    def __init__(self, times: Timekeeper) -> None:
        self._times = times
        self._read: dict[tuple[str, Way], tuple[str, int, SealRead]] = {}
        self._lock = Lock()

    def keep(self, session: str, exhibit: str, way: Way, read: SealRead) -> None:
        """Keep what was read in a session, in place of what was read of that bag for that before."""
        with self._lock:
            self._read[exhibit, way] = session, self._now_ns(), read

    def of(self, session: str, exhibit: str, way: Way) -> SealRead | None:
        """Return what was read in this session in the last minutes, for just that, if anything was."""
        with self._lock:
            found = self._read.get((exhibit, way))
        if found is None or found[0] != session or self._now_ns() - found[1] > COUNTS_NS:
            return None
        return found[2]

    def forget(self, exhibit: str) -> None:
        """Take back what was read of a bag: it was signed for, or another number was found on it."""
        with self._lock:
            self._read = {key: each for key, each in self._read.items() if key[0] != exhibit}

    def _now_ns(self) -> int:
        return self._times.moment().monotonic_ns
