"""Files that are whole or not there: written beside, synced, renamed, and the folder synced too."""

import fcntl
import os
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from shutil import disk_usage
from tempfile import TemporaryFile
from typing import TypeVar

from sync.errors import Malformed, UnusableFile, UnusableKey

FRESH = os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_WRONLY
ROOM = 64 * 1024
Read = TypeVar("Read")


def read_as(path: Path, parse: Callable[[bytes], Read]) -> Read:
    """Return what `parse` makes of a file's bytes; Malformed and UnusableKey name the file, as one of several."""
    data = path.read_bytes()
    try:
        return parse(data)
    except (Malformed, UnusableKey) as error:
        raise type(error)(f"{path}: {error}") from error


def write_whole(path: Path, data: bytes, mode: int = 0o644) -> None:
    """Replace `path` by `data`, so that a power cut at any moment leaves the old file or the new one.

    What lies beside or in its place is replaced, never written through: a link there leads nowhere. Raises OSError with
    the name of `path`; then the old file is as it was, or the new one whole.
    """
    write_together({path: data}, mode)


def write_together(files: Mapping[Path, bytes], mode: int = 0o644) -> None:
    """Replace each file as `write_whole` does, none before all are written: a full disk leaves every old one.

    A power cut may part them only while they are renamed, one after the other.
    """
    path = next(iter(files))
    try:
        for path, data in files.items():
            _write(_beside(path), data, mode)
        for path in files:
            _beside(path).replace(path)
            sync_folder(path.parent)
    except OSError as error:
        for each in files:
            with suppress(OSError):
                _beside(each).unlink()
        raise OSError(error.errno, error.strerror, str(path)) from error


def refuse_taken(path: Path, room: int = ROOM) -> Path:
    """Return `path`, where a new file of `room` bytes can be written now.

    Raises UnusableFile for one that is there, and for a folder that is not there, takes no file, or has not that room.
    """
    if path.exists() or path.is_symlink():
        raise UnusableFile(f"{path} is there already, and is never overwritten: give another name, or move it away")
    if not path.parent.is_dir():
        raise UnusableFile(f"{path.parent} is no folder that is there; make it first")
    try:
        with TemporaryFile(dir=path.parent):
            free = disk_usage(path.parent).free
    except OSError as error:
        raise UnusableFile(f"{path.parent} takes no new file ({error.strerror}); give another folder") from error
    if free < room:
        raise UnusableFile(
            f"{path.parent} has {free} bytes left, {path.name} may take {room}: make room, or give another disk"
        )
    return path


def write_new(path: Path, data: bytes, mode: int = 0o644) -> None:
    """Write a file whole, and only where there is none; raises UnusableFile. A power cut may leave an empty one.

    It takes no link for that: the filesystems of sticks have none.
    """
    refuse_taken(path, len(data))
    try:
        _write(_beside(path), data, mode)
        os.close(os.open(path, FRESH, mode))
        _put_in_place(path)
    except FileExistsError as error:
        raise UnusableFile(f"{path} came meanwhile, and is not overwritten") from error
    finally:
        _beside(path).unlink(missing_ok=True)
    sync_folder(path.parent)


def _put_in_place(path: Path) -> None:
    """Put what was written beside it in the place of the empty file; where that fails the place is free again."""
    try:
        _beside(path).replace(path)
    except OSError:
        path.unlink(missing_ok=True)
        raise


def _beside(path: Path) -> Path:
    return path.with_name(f"{path.name}.new")


def _write(beside: Path, data: bytes, mode: int) -> None:
    beside.unlink(missing_ok=True)
    with os.fdopen(os.open(beside, FRESH, mode), "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def only_ours(path: Path) -> Path:
    """Return `path`, a file that nobody else may read from its first moment on; one that is there stays as it is.

    SQLite gives what it keeps beside a database (-wal, -shm) the same permissions.
    """
    path.touch(mode=0o600)
    return path


def open_to_others(keys: Iterable[Path]) -> Iterator[str]:
    """Yield a line for each secret file that is there and that other accounts may read, as a copy without `-a` is."""
    for path in keys:
        if path.exists() and path.stat().st_mode & 0o077:
            yield f"{path} is a secret, and other accounts may read it: chmod 600 {path}"


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
