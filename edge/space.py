"""Room on the disk: a reserve that finishes what was begun, and a word before it is needed."""

import os
import shutil
from collections.abc import Callable
from pathlib import Path

from edge.errors import NoSpace
from edge.settings import RESERVE
from edge.views import SpaceState

MIB = 1024 * 1024
LOW_RESERVES = 10


class Space:
    """The disk under the data directory. No screening starts when it is `full`; the reserve lets a begun one end.

    The reserve is a file of `reserve` bytes of allocated blocks. `release` gives them to the database, `restore` takes
    them back when there is room again. The disk is full when less than the reserve is free besides it, and nearly full
    when less than LOW_RESERVES times that is.
    """

    def __init__(
        self,
        data: Path,
        reserve: int,
        free: Callable[[Path], int] = lambda data: shutil.disk_usage(data).free,
    ) -> None:
        self._data = data
        self._file = data / RESERVE
        self._free = free
        self._reserve = reserve

    def state(self) -> SpaceState:
        """Return how much room there is; without the reserve the disk counts as full."""
        free = self._free(self._data)
        if free < self._reserve or not self._has_reserve():
            return "full"
        return "low" if free < LOW_RESERVES * self._reserve else "ok"

    def check(self) -> None:
        """Raise NoSpace unless a screening that starts now can end."""
        self.restore()
        if self.state() == "full":
            free = self._free(self._data) // MIB
            raise NoSpace(
                f"the disk has {free} MiB left, too little for a new screening; send what waits, or make room"
            )

    def release(self) -> None:
        """Give the reserve to whoever writes next."""
        if self._file.exists():
            os.truncate(self._file, 0)

    def restore(self) -> None:
        """Take the reserve back where there is room for it and more; elsewhere its file lies there empty.

        That it is there tells that a station has worked here.
        """
        if not self._file.exists():
            self._file.touch()
        if not self._has_reserve() and self._free(self._data) >= 2 * self._reserve:
            with self._file.open("wb") as file:
                os.posix_fallocate(file.fileno(), 0, self._reserve)
                os.fsync(file.fileno())

    def _has_reserve(self) -> bool:
        return self._file.exists() and self._file.stat().st_blocks * 512 >= self._reserve
