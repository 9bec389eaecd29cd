"""A file as it lies on a disk that is not ours: read once, whole, or refused."""

import os
import stat
from dataclasses import dataclass, field
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

from edge.errors import FileNotTaken

MAX_BYTES = 2**30
MAX_READ_BYTES = 64 * 2**20
_PIECE = 2**20


@dataclass(frozen=True)
class IncomingFile:
    """A file's name, bytes and SHA-256; `data` is None where it is larger than anything that is parsed."""

    name: str
    size: int
    modified: datetime
    digest: bytes
    data: bytes | None = field(repr=False)


@dataclass(frozen=True)
class Look:
    """What tells that a file changed, without reading it."""

    size: int
    modified_ns: int
    inode: int


def look_at(path: Path) -> Look | None:
    """Return how an ordinary file stands now; None for links, directories, devices and what is gone."""
    try:
        status = path.lstat()
    except OSError:
        return None
    return _look(status) if stat.S_ISREG(status.st_mode) else None


def read_incoming(path: Path) -> IncomingFile:
    """Read a file that nobody writes to meanwhile; links are not followed. Raises FileNotTaken."""
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError as error:
        raise FileNotTaken(f"{path}: {error.strerror}; expected an ordinary file that can be read") from error
    try:
        return _read(path, descriptor)
    except OSError as error:
        raise FileNotTaken(f"{path}: {error.strerror}; copy the file again") from error
    finally:
        os.close(descriptor)


def _read(path: Path, descriptor: int) -> IncomingFile:
    before = os.fstat(descriptor)
    if not stat.S_ISREG(before.st_mode):
        raise FileNotTaken(f"{path}: expected an ordinary file, found another kind")
    if before.st_size > MAX_BYTES:
        raise FileNotTaken(f"{path}: {before.st_size} bytes; expected at most {MAX_BYTES}")
    digest, pieces, size = sha256(), list[bytes](), 0
    while size <= MAX_BYTES and (piece := os.read(descriptor, _PIECE)):
        digest.update(piece)
        size += len(piece)
        pieces = [*pieces, piece] if size <= MAX_READ_BYTES else []
    if _look(os.fstat(descriptor)) != _look(before) or size != before.st_size:
        raise FileNotTaken(f"{path}: it changed while it was read; import it when its program has finished")
    modified = datetime.fromtimestamp(max(before.st_mtime, 0), UTC)
    data = b"".join(pieces) if size <= MAX_READ_BYTES else None
    return IncomingFile(os.fsencode(path.name).decode("utf-8", "replace"), size, modified, digest.digest(), data)


def _look(status: os.stat_result) -> Look:
    return Look(status.st_size, status.st_mtime_ns, status.st_ino)
