"""Where the log's files lie: a folder of one machine, written by one process. An engine can keep them instead."""

import fcntl
import shutil
from collections.abc import Generator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from io import TextIOWrapper
from pathlib import Path
from typing import Protocol

from sync.files import make_folder, write_whole


class Storage(Protocol):
    """Files of the log by the names under which they are served."""

    def read(self, name: str) -> bytes | None:
        """Return a file, or None where there is none."""
        ...

    def write(self, name: str, data: bytes) -> None:
        """Write or replace a file so that it is whole or as before; only inside `writing`."""
        ...

    def drop(self, name: str) -> None:
        """Remove all files below a name."""
        ...

    def writing(self) -> AbstractContextManager[None]:
        """Be the only writer of the log; what is written inside is durable at the end, wholly or not at all."""
        ...

    def settled(self) -> AbstractContextManager[None]:
        """Read; when the block has ended, all that was read in it stands for good: no failover takes it back."""
        ...

    def claim(self) -> None:
        """Raise BlockingIOError while another process has the log open; none may until this one has closed it."""
        ...

    def close(self) -> None:
        """Let another process write."""
        ...


class FolderStorage:
    """A folder; a second process for the same one is refused with BlockingIOError, for as long as the first lives."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._writer = _claim(folder / "writer")

    def read(self, name: str) -> bytes | None:
        """Return a file, or None where there is none."""
        try:
            return (self._folder / name).read_bytes()
        except FileNotFoundError:
            return None

    def write(self, name: str, data: bytes) -> None:
        """Write or replace a file, beside its place first; it is on the disk when this returns."""
        path = self._folder / name
        make_folder(path.parent)
        write_whole(path, data)

    def drop(self, name: str) -> None:
        """Remove all files below a name."""
        shutil.rmtree(self._folder / name, ignore_errors=True)

    @contextmanager
    def writing(self) -> Generator[None]:
        """Do nothing: this process is the only writer, and each file is durable by itself."""
        yield

    def settled(self) -> AbstractContextManager[None]:
        """Do nothing: each file is durable by itself."""
        return nullcontext()

    def claim(self) -> None:
        """Do nothing: a folder is claimed when it is opened."""

    def close(self) -> None:
        """Let another process write."""
        self._writer.close()

    def __str__(self) -> str:
        """Name it in errors."""
        return str(self._folder)


def _claim(path: Path) -> TextIOWrapper:
    writer = path.open("a")
    try:
        fcntl.flock(writer, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        writer.close()
        raise BlockingIOError(error.errno, "another garita-central writes this log", str(path)) from error
    return writer
