"""USB sticks that are plugged in, and files onto them: whole, synced, and read back from the stick itself."""

import errno
import os
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from edge.errors import NotCarried, StickFull, StickGone, StickTaken
from sync.stick_files import lies, write_checked

DEPTH = 2
"""A stick is mounted as /media/NAME, or by a desktop as /media/USER/NAME."""
FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


@dataclass(frozen=True)
class Stick:
    """A stick: its name below the folder that sticks are mounted in, where it lies, and its free bytes."""

    name: str
    folder: Path
    free: int


class Sticks:
    """The filesystems mounted below `folder`. A plain folder there is no stick: what is written to it stays here."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def plugged(self) -> list[Stick]:
        """Return the sticks that are there now, by name."""
        return [Stick(str(each.relative_to(self._folder)), each, _free(each)) for each in _mounted(self._folder, DEPTH)]

    @contextmanager
    def writing(self, name: str) -> Generator[Path]:
        """Give the folder of a stick to whoever writes to it in the block, and look that it was there to the end.

        The folder is the stick's own, also where it is pulled meanwhile. Raises StickGone, StickFull or NotCarried.
        """
        try:
            with _pinned(self._at(name)) as folder:
                yield folder
        except OSError as error:
            self._at(name)
            raise failed(name, error) from error
        self._at(name)

    def write(self, name: str, file: str, data: bytes) -> None:
        """Write a file onto a stick and read it back from there; a different one of its name stays as it is.

        Raises StickTaken for that one, StickGone, StickFull or NotCarried.
        """
        with self.writing(name) as folder:
            path = folder / file
            if lies(path, data):
                return
            if os.path.lexists(path):
                raise StickTaken(f"stick {name} holds a different {file}, which is not replaced; use another stick")
            write_checked(path, data)

    def holds(self, folder: Path, data: Path) -> bool:
        """Tell whether a folder lies on one of the sticks, and not on the disk of the station's `data`."""
        there = folder.resolve()
        mounted = any(there.is_relative_to(each.folder.resolve()) for each in self.plugged())
        return mounted and there.stat().st_dev != data.stat().st_dev

    def _at(self, name: str) -> Path:
        for stick in self.plugged():
            if stick.name == name:
                return stick.folder
        raise StickGone(f"no stick {name} is plugged in; plug it in, or choose another one")


def check_mounted(folder: Path) -> None:
    """Raise StickGone where not even the folder above is there, as where nobody mounted the stick."""
    if not folder.parent.is_dir():
        raise StickGone(
            f"{folder.parent} is not there: plug the stick in and mount it, or give a folder on one that is; nothing"
            " was written"
        )


def failed(name: str, error: OSError) -> NotCarried:
    """Return what an officer is told of a stick that could not be written, or be looked into."""
    if error.errno in FULL:
        return StickFull(f"stick {name} has no room for it ({error}); use one with more room")
    return NotCarried(f"stick {name} cannot be used ({error}); use another one")


@contextmanager
def _pinned(folder: Path) -> Generator[Path]:
    opened = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        yield Path(f"/proc/self/fd/{opened}")
    finally:
        os.close(opened)


def _mounted(folder: Path, depth: int) -> Iterator[Path]:
    try:
        inside = sorted(each for each in folder.iterdir() if each.is_dir())
    except OSError:
        return
    for each in inside:
        if each.is_mount():
            yield each
        elif depth > 1:
            yield from _mounted(each, depth - 1)


def _free(folder: Path) -> int:
    try:
        told = os.statvfs(folder)
    except OSError:
        return 0
    return told.f_bavail * told.f_frsize
