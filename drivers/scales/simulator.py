"""A virtual scale in bytes: fed with what the host writes, it gives what goes back. No I/O."""

import random
from decimal import Decimal

from drivers.lines import LineFramer
from drivers.outlet import Outlet, WireFault
from drivers.scales.faces import Face
from drivers.scales.pan import Pan, PanFault
from drivers.scales.parity import with_parity, without_parity

PATIENCE_S = 3.0
STREAM_EVERY_S = 0.2
_END = b"\r\n"


class VirtualScale:
    """A scale with `grams` on its pan. Time is passed in, in seconds on any rising clock."""

    def __init__(
        self,
        face: Face,
        rng: random.Random,
        grams: Decimal = Decimal("100.00"),
        fault: WireFault | PanFault | None = None,
    ) -> None:
        self.unplugged = False
        self.pan = Pan(rng, fault if isinstance(fault, PanFault) else None)
        self.pan.put(grams, 0)
        self._face = face
        self._outlet = Outlet(fault if isinstance(fault, WireFault) else None, rng)
        self._framer = LineFramer(80)
        self._streams_at: float | None = None

    def receive(self, data: bytes, now: float) -> None:
        """Take bytes of the host. An empty line is ignored, as scales do."""
        data = without_parity(data) if self._face.seven_even else data
        for line in self._framer.feed(data):
            self._serve(line, now)

    def poll(self, now: float) -> bytes:
        """Return the bytes that have gone out by `now`; sets `unplugged` when the cable is pulled there."""
        if self._streams_at is not None and self._streams_at <= now:
            self._say(now, self._face.weight(self.pan.show(now)))
            self._streams_at = now + STREAM_EVERY_S
        out = self._outlet.poll(now)
        self.unplugged = self._outlet.unplugged
        return out

    def due(self) -> float | None:
        """Return when `poll` will next have bytes, None when it waits for the host."""
        times = [at for at in (self._outlet.due(), self._streams_at) if at is not None]
        return min(times, default=None)

    def replug(self) -> None:
        """Plug the cable in again: the scale has started anew, its load still there."""
        self._outlet.replug()
        self.unplugged = False
        self._streams_at = None

    def _serve(self, command: bytes, now: float) -> None:
        face = self._face
        self._streams_at = None
        if command in face.streams:
            self._streams_at = now if face.streams[command] else None
        elif command in face.asks_now:
            self._say(now, face.weight(self.pan.show(now)))
        elif command in face.asks_at_rest:
            self._say_at_rest(now)
        else:
            lines = face.command(command, self.pan)
            for line in [face.unknown] if lines is None else lines:
                self._say(now, line)

    def _say_at_rest(self, now: float) -> None:
        rest = self.pan.rests_at()
        shown = self.pan.show(now)
        if shown.load:
            self._say(now, self._face.weight(shown))
        elif rest is None or rest > now + PATIENCE_S:
            self._say(now + PATIENCE_S, self._face.not_at_rest)
        else:
            self._say(max(now, rest), self._face.weight(self.pan.show(max(now, rest))))

    def _say(self, at: float, line: bytes) -> None:
        data = line + _END
        self._outlet.send(at, with_parity(data) if self._face.seven_even else data)
