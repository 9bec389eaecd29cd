"""How one port is doing: bytes, frames and faults over all its sessions, as one value for screens and doctors."""

import threading
from collections.abc import Callable
from dataclasses import dataclass, replace

from drivers.errors import NoResponse, PortLost
from drivers.framing import FrameCounts
from drivers.transport import Transport

STALLED_AFTER_S = 1.5
NEWEST = 2048
"""Bytes that are kept to tell whose words they are."""
_NS = 1_000_000_000


@dataclass(frozen=True)
class PortHealth:
    """Counts since the station started. `stalls`: silences after a question, and writes that the port did not take.

    `resyncs`: times that good frames came again after damaged ones. `seen_ns`: when the last byte came, on the
    monotonic clock; None when none ever did.
    """

    port: str
    attached: bool = False
    bytes_read: int = 0
    bytes_written: int = 0
    frames: int = 0
    checksum_failures: int = 0
    dropped_bytes: int = 0
    resyncs: int = 0
    stalls: int = 0
    unplugs: int = 0
    seen_ns: int | None = None


class PortMeter:
    """Counts what passes through one port. Any thread may read `health`."""

    def __init__(self, port: str) -> None:
        self._lock = threading.Lock()
        self._passed = PortHealth(port)
        self._before = self._now = FrameCounts()
        self._newest = b""

    @property
    def health(self) -> PortHealth:
        with self._lock:
            frames = self._before + self._now
            return replace(
                self._passed,
                frames=frames.frames,
                checksum_failures=frames.checksum_failures,
                dropped_bytes=frames.dropped_bytes,
                resyncs=frames.resyncs,
            )

    def follow(self, counts: FrameCounts) -> None:
        """Add what a new session counts, as it counts it, to what the sessions before it counted."""
        with self._lock:
            self._before += self._now
            self._now = counts

    @property
    def newest(self) -> bytes:
        """The newest bytes that came since `listen_anew`, at most NEWEST, whatever the line speed was."""
        with self._lock:
            return self._newest

    def listen_anew(self) -> None:
        """Forget the newest bytes."""
        with self._lock:
            self._newest = b""

    def read(self, data: bytes, now_ns: int) -> None:
        with self._lock:
            self._passed = replace(self._passed, bytes_read=self._passed.bytes_read + len(data), seen_ns=now_ns)
            self._newest = (self._newest + data)[-NEWEST:]

    def written(self, count: int) -> None:
        with self._lock:
            self._passed = replace(self._passed, bytes_written=self._passed.bytes_written + count)

    def stalled(self) -> None:
        with self._lock:
            self._passed = replace(self._passed, stalls=self._passed.stalls + 1)

    def attached(self) -> None:
        """Note that the port is there: somebody sees it, or has opened it."""
        with self._lock:
            self._passed = replace(self._passed, attached=True)

    def unplugged(self) -> None:
        """Note that the port is gone; counted once, whoever sees it, until it is there again."""
        with self._lock:
            unplugs = self._passed.unplugs + self._passed.attached
            self._passed = replace(self._passed, attached=False, unplugs=unplugs)


class HealthTransport:
    """A transport whose traffic a meter counts."""

    def __init__(self, inner: Transport, meter: PortMeter, monotonic_ns: Callable[[], int]) -> None:
        self.port = inner.port
        self._inner = inner
        self._meter = meter
        self._monotonic_ns = monotonic_ns
        self._asked_ns: int | None = None
        meter.attached()

    def write(self, data: bytes) -> None:
        try:
            self._inner.write(data)
        except NoResponse:
            self._meter.stalled()
            raise
        except PortLost:
            self._meter.unplugged()
            raise
        self._meter.written(len(data))
        self._asked_ns = self._asked_ns or self._monotonic_ns()

    def read(self, timeout: float) -> bytes:
        try:
            data = self._inner.read(timeout)
        except PortLost:
            self._meter.unplugged()
            raise
        now_ns = self._monotonic_ns()
        if data:
            self._meter.read(data, now_ns)
            self._asked_ns = None
        elif self._asked_ns and now_ns - self._asked_ns > STALLED_AFTER_S * _NS:
            self._meter.stalled()
            self._asked_ns = None
        return data

    def close(self) -> None:
        self._inner.close()
