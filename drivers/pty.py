"""A simulator on a real pseudo-terminal: any program can open its port."""

import os
import select
import threading
import time
import tty
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Protocol, Self

_CHUNK = 65_536
_LONGEST_WAIT_S = 0.5


class Simulated(Protocol):
    """The instrument's side of a wire, in bytes. Time is passed in, in seconds on any rising clock. No I/O."""

    @property
    def unplugged(self) -> bool:
        """Whether the cable is pulled."""
        ...

    def receive(self, data: bytes, now: float) -> None:
        """Take bytes of the host."""
        ...

    def poll(self, now: float) -> bytes:
        """Return the bytes that have gone out by `now`; sets `unplugged` when the cable is pulled there."""
        ...

    def due(self) -> float | None:
        """Return when `poll` will next have bytes, None when it waits for the host."""
        ...

    def replug(self) -> None:
        """Plug the cable in again."""
        ...


class SimulatedPort:
    """The port of a simulator, served by a thread until `close`.

    `path` is the link where one was asked for, else the pseudo-terminal itself. When the simulator's cable is pulled,
    the pseudo-terminal and the link vanish; after `replug_after` seconds they are back. The terminal may then have
    another number: whoever opens the port again after a pulled cable needs a link.
    """

    def __init__(self, simulator: Simulated, link: Path | None, replug_after: float) -> None:
        self._simulator = simulator
        self._link = link
        self._replug_after = replug_after
        self._closing = threading.Event()
        self._wake_read, self._wake_write = os.pipe()
        self._plug_in()
        self._thread = threading.Thread(target=self._serve, name="simulated instrument", daemon=True)
        self._thread.start()

    @property
    def path(self) -> str:
        return str(self._link or self._terminal)

    def close(self) -> None:
        """Take the port away and end its thread."""
        if self._closing.is_set():
            return
        self._closing.set()
        os.write(self._wake_write, b".")
        self._thread.join()
        os.close(self._wake_read)
        os.close(self._wake_write)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def _plug_in(self) -> None:
        self._master, self._slave = os.openpty()
        tty.setraw(self._slave)
        os.set_blocking(self._master, False)
        self._terminal = os.ttyname(self._slave)
        self._pending = b""
        if self._link:
            self._unlink(self._link)
            self._link.symlink_to(self._terminal)

    def _pull_out(self) -> None:
        if self._link:
            self._unlink(self._link)
        os.close(self._master)
        os.close(self._slave)

    @staticmethod
    def _unlink(link: Path) -> None:
        if link.is_symlink():
            link.unlink()

    def _serve(self) -> None:
        while not self._closing.is_set():
            self._turn()
            if self._simulator.unplugged and not self._pending:
                self._pull_out()
                self._closing.wait(self._replug_after)
                self._simulator.replug()
                self._plug_in()
        self._pull_out()

    def _turn(self) -> None:
        self._pending = self._pending or self._simulator.poll(time.monotonic())
        writing = [self._master] if self._pending else []
        readable, writable, _ = select.select([self._master, self._wake_read], writing, [], self._wait())
        if self._master in readable:
            self._simulator.receive(os.read(self._master, _CHUNK), time.monotonic())
        if writable:
            with suppress(BlockingIOError):
                self._pending = self._pending[os.write(self._master, self._pending) :]

    def _wait(self) -> float:
        due = self._simulator.due()
        return _LONGEST_WAIT_S if due is None or self._pending else min(max(due - time.monotonic(), 0), _LONGEST_WAIT_S)


def serve_pty(simulator: Simulated, link: Path | None = None, replug_after: float = 1.0) -> SimulatedPort:
    """Put `simulator` on a new pseudo-terminal, with a symbolic link at `link`, and return its port to be closed."""
    return SimulatedPort(simulator, link, replug_after)
