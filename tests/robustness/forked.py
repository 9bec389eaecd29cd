"""Work in a process of its own that may be killed at any instruction, and what it said until then."""

import os
import signal
import traceback
from collections.abc import Callable, Generator
from contextlib import contextmanager
from typing import NoReturn, TextIO

Say = Callable[[str], None]


@contextmanager
def forked(work: Callable[[Say], object]) -> Generator[tuple[int, TextIO]]:
    """Fork, do `work` in the child, and yield its process id and what it says; at the end it is killed.

    Raises RuntimeError where it ended by itself: then nothing was tried.
    """
    reader, writer = os.pipe()
    pid = os.fork()
    if pid == 0:
        os.close(reader)
        _work(work, writer)
    os.close(writer)
    with os.fdopen(reader) as lines:
        yield pid, lines
    os.kill(pid, signal.SIGKILL)
    if os.WIFEXITED(os.waitpid(pid, 0)[1]):
        raise RuntimeError("the work ended by itself; what it said stands above")


def _work(work: Callable[[Say], object], writer: int) -> NoReturn:
    """Work in the child, which must never return into the parent's program."""
    try:
        work(lambda line: _say(writer, line))
    except BaseException:  # noqa: BLE001 - said, and then the process ends
        traceback.print_exc()
    os._exit(1)


def _say(writer: int, line: str) -> None:
    os.write(writer, f"{line}\n".encode())
