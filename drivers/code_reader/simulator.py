"""A virtual code reader in bytes: it plays scans in time. No I/O."""

import random
from collections.abc import Sequence
from dataclasses import dataclass

from drivers.code_reader.frames import CR
from drivers.outlet import Outlet, WireFault


@dataclass(frozen=True)
class Scan:
    """What the reader sends, AIM identifier included, when the officer scans `after` seconds from the first poll."""

    after: float
    data: bytes


class VirtualReader:
    """A reader that plays `scans` once, each with `suffix`. Time is in seconds on any rising clock."""

    def __init__(
        self, scans: Sequence[Scan], rng: random.Random, suffix: bytes = CR, fault: WireFault | None = None
    ) -> None:
        self.unplugged = False
        self._scans = sorted(scans, key=lambda scan: scan.after)
        self._suffix = suffix
        self._outlet = Outlet(fault, rng)
        self._begun: float | None = None

    def receive(self, data: bytes, now: float) -> None:
        """Take bytes of the host; this reader takes no commands."""

    def poll(self, now: float) -> bytes:
        """Return the bytes that have gone out by `now`; sets `unplugged` when the cable is pulled there."""
        self._begun = now if self._begun is None else self._begun
        while self._scans and self._begun + self._scans[0].after <= now:
            scan = self._scans.pop(0)
            self._outlet.send(self._begun + scan.after, scan.data + self._suffix)
        out = self._outlet.poll(now)
        self.unplugged = self._outlet.unplugged
        return out

    def due(self) -> float | None:
        """Return when `poll` will next have bytes."""
        if self._begun is None:
            return 0.0
        scans = [self._begun + scan.after for scan in self._scans[:1]]
        outlet = self._outlet.due()
        return min(scans if outlet is None else [*scans, outlet], default=None)

    def replug(self) -> None:
        """Plug the cable in again."""
        self._outlet.replug()
        self.unplugged = False
