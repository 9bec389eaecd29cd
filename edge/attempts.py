"""How often a PIN may be tried: counted before it is looked at, so cutting the power gives no free guess.

A lock is counted on the boot's own counter and begins anew after a reboot: setting the clock ends no lock.
"""

from dataclasses import dataclass
from datetime import timedelta

from edge.clock import Moment
from edge.errors import Locked
from edge.tables import Operator


@dataclass(frozen=True)
class LockPolicy:
    """So many wrong PINs lock an operator out; each lock in a row lasts twice as long as the one before."""

    attempts: int = 5
    first_s: float = 60
    longest_s: float = 3600

    def seconds(self, locks: int) -> float:
        """Return how long the lock number `locks` in a row lasts."""
        return min(self.longest_s, self.first_s * 2.0 ** (locks - 1))

    def count(self, row: Operator, moment: Moment) -> Locked | None:
        """Count an attempt that begins now, or return the lock that refuses it."""
        wait = self._wait(row, moment)
        if wait:
            return locked(moment, wait)
        if row.lock_boot is not None:
            row.lock_boot, row.lock_started_ns, row.failures = None, None, 0
        row.failures += 1
        if row.failures >= self.attempts:
            row.locks += 1
            row.lock_boot, row.lock_started_ns = moment.boot, moment.monotonic_ns
        return None

    def forgive(self, row: Operator) -> None:
        """Forget every attempt: the right PIN came."""
        row.failures, row.locks, row.lock_boot, row.lock_started_ns = 0, 0, None, None

    def _wait(self, row: Operator, moment: Moment) -> float:
        if row.lock_boot is None or row.lock_started_ns is None:
            return 0
        if row.lock_boot != moment.boot:
            row.lock_boot, row.lock_started_ns = moment.boot, moment.monotonic_ns
        gone = (moment.monotonic_ns - row.lock_started_ns) / 1e9
        return max(0.0, self.seconds(row.locks) - gone)


def locked(moment: Moment, seconds: float) -> Locked:
    """Return the lock that lasts `seconds` more."""
    return Locked(moment.wall + timedelta(seconds=seconds), seconds)
