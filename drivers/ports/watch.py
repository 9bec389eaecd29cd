"""Whether an instrument is plugged in: looked at again and again, by identity, without opening its port."""

import threading
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Self

from drivers.errors import PortUnavailable
from drivers.ports.discovery import Lister, find
from drivers.ports.health import PortMeter

EVERY_S = 0.25
CLOSE_WITHIN_S = 2.0

Plugged = tuple[str, int, int]
"""The port's own path, device number and inode: another one means that it was plugged in anew."""


class Watch:
    """Tells the meter when the device at `place` comes and goes; `changed` learns the path, None when it is gone."""

    def __init__(
        self,
        place: str,
        ports: Lister,
        meter: PortMeter,
        changed: Callable[[str | None], None] = lambda _: None,
        every_s: float = EVERY_S,
    ) -> None:
        self._place = place
        self._ports = ports
        self._meter = meter
        self._changed = changed
        self._every_s = every_s
        self._plugged: Plugged | None = None
        self._lock = threading.Lock()
        self._closing = threading.Event()
        self._thread = threading.Thread(target=self._run, name=f"watch {place}", daemon=True)

    def look(self) -> bool:
        """Look once, now, from any thread; return whether the device is there."""
        with self._lock:
            plugged = self._seen()
            if plugged != self._plugged:
                self._note(plugged)
            return plugged is not None

    def start(self) -> Self:
        self.look()
        self._thread.start()
        return self

    def close(self) -> None:
        self._closing.set()
        if self._thread.is_alive():
            self._thread.join(CLOSE_WITHIN_S)

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def _note(self, plugged: Plugged | None) -> None:
        if self._plugged:
            self._meter.unplugged()
        if plugged:
            self._meter.attached()
        self._plugged = plugged
        self._changed(plugged[0] if plugged else None)

    def _run(self) -> None:
        while not self._closing.wait(self._every_s):
            self.look()

    def _seen(self) -> Plugged | None:
        try:
            path = Path(find(self._place, self._ports)).resolve(strict=True)
            found = path.stat()
        except (PortUnavailable, OSError, ValueError):
            return None
        return str(path), found.st_rdev, found.st_ino
