"""Files that are whole or not there: written beside, synced, renamed, and the folder synced too."""

import fcntl
import os
from collections.abc import Generator
from contextlib import contextmanager, suppress
from pathlib import Path

FRESH = os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_WRONLY


def write_whole(path: Path, data: bytes, mode: int = 0o644) -> None:
    """Replace `path` by `data`, so that a power cut at any moment leaves the old file or the new one.

    What lies beside or in its place is replaced, never written through: a link there leads nowhere. Raises OSError with
    the name of `path`; then the old file is as it was, or the new one whole.
    """
    beside = path.with_name(f"{path.name}.new")
    try:
        beside.unlink(missing_ok=True)
        with os.fdopen(os.open(beside, FRESH, mode), "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        beside.replace(path)
        sync_folder(path.parent)
    except OSError as error:
        with suppress(OSError):
            beside.unlink()
        raise OSError(error.errno, error.strerror, str(path)) from error


@contextmanager
def alone(path: Path) -> Generator[None]:
    """Do what is in the block while no other process and no other thread does it for the same file, which exists."""
    with path.open("rb") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def make_folder(path: Path, mode: int = 0o755) -> None:
    """Make `path` and the folders above it; each new name survives a power cut."""
    if path.is_dir():
        return
    make_folder(path.parent)
    path.mkdir(mode=mode, exist_ok=True)
    sync_folder(path.parent)


def sync_folder(path: Path) -> None:
    """Make the names in a folder survive a power cut."""
    descriptor = os.open(path, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
