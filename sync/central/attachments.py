"""Where sealed attachments lie: in a folder of one machine, or in the engine of several (postgres_attachments.py)."""

import fcntl
import os
from collections.abc import Sequence
from hashlib import file_digest
from io import BufferedRandom
from pathlib import Path
from typing import Protocol

from sync.contract.ids import StationId
from sync.contract.inside import SealedName
from sync.contract.pieces import Piece
from sync.files import make_folder, sync_folder


class Attachments(Protocol):
    """Sealed bytes that come in pieces, whichever process gets which."""

    def add(self, piece: Piece) -> int:
        """Keep what of a piece continues what is held; return how many bytes are held then, durably.

        The whole is held once its SHA-256 is right; where it is not, nothing of it is.
        """
        ...

    def here(self, names: Sequence[SealedName]) -> list[SealedName]:
        """Return those that are here whole."""
        ...

    def read(self, station: StationId, sealed: bytes) -> bytes | None:
        """Return what is here whole."""
        ...


def new_bytes(piece: Piece, held: int) -> bytes:
    """Return what of a piece comes behind the `held` bytes, or nothing where it leaves a hole or is too long."""
    new = piece.data[max(held - piece.offset, 0) :]
    return new if held >= piece.offset and held + len(new) <= piece.size else b""


class FolderAttachments:
    """A folder for each station, a file for each attachment."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def add(self, piece: Piece) -> int:
        """Keep what of a piece continues what is held; return how many bytes are held then, durably."""
        path = self._path(piece.station, piece.sealed)
        if path.exists():
            return piece.size
        make_folder(path.parent, mode=0o700)
        part = path.with_suffix(".part")
        with os.fdopen(os.open(part, os.O_RDWR | os.O_CREAT, 0o600), "r+b") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            if path.exists():  # another request has ended it meanwhile
                return piece.size
            held = file.seek(0, os.SEEK_END)
            held += file.write(new_bytes(piece, held))
            file.flush()
            return held if held < piece.size else _finish(file, part, path, piece)

    def here(self, names: Sequence[SealedName]) -> list[SealedName]:
        """Return those that are here whole."""
        return [each for each in names if self._path(each.station, each.sealed).exists()]

    def read(self, station: StationId, sealed: bytes) -> bytes | None:
        """Return what is here whole."""
        try:
            return self._path(station, sealed).read_bytes()
        except FileNotFoundError:
            return None

    def _path(self, station: StationId, sealed: bytes) -> Path:
        return self._folder / station / sealed.hex()


def _finish(file: BufferedRandom, part: Path, path: Path, piece: Piece) -> int:
    file.seek(0)
    if file_digest(file, "sha256").digest() != piece.sealed:
        return file.truncate(0)
    os.fsync(file.fileno())
    part.rename(path)
    sync_folder(path.parent)
    return piece.size
