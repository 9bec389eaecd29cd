"""Where sealed attachments lie: in a folder of one machine, or in the engine of several (postgres_attachments.py)."""

import fcntl
import logging
import os
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import file_digest
from pathlib import Path
from typing import Protocol

from sync.contract.ids import StationId
from sync.contract.inside import SealedName
from sync.contract.pieces import Piece
from sync.errors import CentralRefused
from sync.files import make_folder, sync_folder

LOG = logging.getLogger(__name__)


@dataclass(frozen=True)
class Added:
    """How many bytes of an attachment are held now, durably, and how many of them came just now."""

    held: int
    new: int


class Attachments(Protocol):
    """Sealed bytes that come in pieces, whichever process gets which."""

    def add(self, piece: Piece) -> Added:
        """Keep what of a piece continues what is held.

        The whole is held once its SHA-256 is right; where it is not, nothing of it is. Raises CentralRefused where the
        whole is here and not as long as the piece says.
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


def whole(piece: Piece, size: int, new: int = 0) -> Added:
    """Return that the whole, `size` bytes, is held; raises CentralRefused where the piece says another size."""
    if size != piece.size:
        detail = f"attachment {piece.sealed.hex()} of {piece.station} has {size} bytes, not {piece.size}"
        raise CentralRefused("wrong_size", detail)
    return Added(size, new)


class FolderAttachments:
    """A folder for each station, a file for each attachment.

    Whoever asks after one that is here lets it be read again: its station drops its own by that answer. One that is
    damaged is put aside (`.damaged`), and comes again.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def add(self, piece: Piece) -> Added:
        """Keep what of a piece continues what is held; raises CentralRefused."""
        path = self._path(piece.station, piece.sealed)
        if _intact(path, piece.sealed):
            return whole(piece, path.stat().st_size)
        make_folder(path.parent, mode=0o700)
        part = path.with_suffix(".part")
        with os.fdopen(os.open(part, os.O_RDWR | os.O_CREAT, 0o600), "r+b") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            if path.exists():  # another request has ended it meanwhile
                return whole(piece, path.stat().st_size)
            before = file.seek(0, os.SEEK_END)
            new = file.write(new_bytes(piece, before))
            file.flush()
            if before + new < piece.size:
                return Added(before + new, new)
            file.seek(0)
            if file_digest(file, "sha256").digest() != piece.sealed:
                return Added(file.truncate(0), new)
            os.fsync(file.fileno())
            part.rename(path)
            sync_folder(path.parent)
            return whole(piece, before + new, new)

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


def _intact(path: Path, sealed: bytes) -> bool:
    """Tell whether a file is here and has its SHA-256; one that has not is put aside, by one request alone."""
    try:
        file = path.open("rb")
    except FileNotFoundError:
        return False
    with file:
        fcntl.flock(file, fcntl.LOCK_EX)
        if file_digest(file, "sha256").digest() == sealed:
            return True
        if not _is_at(path, file.fileno()):
            return False
        aside = path.with_suffix(".damaged")
        path.rename(aside)
        sync_folder(path.parent)
    LOG.error("%s is damaged: kept as %s, and its station is asked for it again; look at the disk", path, aside.name)
    return False


def _is_at(path: Path, opened: int) -> bool:
    """Tell whether an opened file still lies at its path; another request may have put it aside meanwhile."""
    try:
        return os.path.samestat(os.fstat(opened), path.stat())
    except FileNotFoundError:
        return False
