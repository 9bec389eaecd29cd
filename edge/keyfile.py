"""Where the station's key comes from: 32 bytes that open its database and its sealed files, kept by one protector."""

import os
import secrets
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import Annotated, ClassVar, Literal, Protocol, Self

from pydantic import Field

from edge.errors import UnusableKeyFile
from edge.settings import ProtectorName
from sync.contract.form import Form
from sync.errors import Malformed
from sync.files import sync_folder, write_whole

KEY_BYTES = 32
Ask = Callable[[str], str]
"""Asks a person, or whatever stands for one, for the secret that the words name."""


class KeyProtector(Protocol):
    """Keeps the station's key in one file; `demo` says that whoever copies the disk has the key too.

    `key` raises UnusableKeyFile for a damaged file, WrongSecret, KeyLockedOut, BootChanged, ProtectorUnavailable.
    `keep` replaces the file, so that a power cut leaves the old one or the new one.
    """

    name: ProtectorName
    demo: bool

    def key(self) -> bytes: ...

    def keep(self, key: bytes) -> None: ...


class ProtectedKey(Form, frozen=True, extra="forbid"):
    """The key file of every protector but the demonstration's; `check` tells a damaged file from a wrong secret."""

    MAX_BYTES: ClassVar[int] = 16 * 1024

    format: Literal["garita.protected-key/1", "garita.protected-key/2"]
    protector: ProtectorName
    check: Annotated[bytes, Field(max_length=32)] = b""

    def write(self, file: Path) -> None:
        """Write the file for its owner alone."""
        write_whole(file, self.model_copy(update={"check": self.fingerprint()}).to_bytes(), 0o600)

    @classmethod
    def read(cls, file: Path) -> Self:
        """Read the file; raises UnusableKeyFile."""
        try:
            kept = cls.from_bytes(read_private(file))
        except Malformed as error:
            raise UnusableKeyFile(f"{file}: no key of this protector, or damaged ({error})") from error
        if kept.check != kept.fingerprint():
            raise UnusableKeyFile(f"{file}: damaged; put its copy back")
        return kept

    def fingerprint(self) -> bytes:
        """Return SHA-256 over everything but `check`."""
        return sha256(self.model_copy(update={"check": b""}).to_bytes()).digest()


class DemoKeyFile:
    """The key in a plain file beside the database: for demonstrations only, and every screen says so."""

    name: ProtectorName = "demo-key-file"
    demo = True

    def __init__(self, file: Path) -> None:
        self._file = file

    def key(self) -> bytes:
        """Return the 32 bytes, made on the first call; raises UnusableKeyFile unless the owner alone can read them."""
        if not self._file.exists():
            self.keep(secrets.token_bytes(KEY_BYTES))
        key = read_private(self._file)
        if len(key) != KEY_BYTES:
            raise UnusableKeyFile(f"{self._file}: {len(key)} bytes; expected {KEY_BYTES}")
        return key

    def keep(self, key: bytes) -> None:
        """Write the key as it is."""
        write_whole(self._file, key, 0o600)


def read_private(file: Path) -> bytes:
    """Return what only the owner may read; raises UnusableKeyFile."""
    try:
        if file.stat().st_mode & 0o077:
            raise UnusableKeyFile(f"{file}: others can read it; expected mode 0600")
        return file.read_bytes()
    except OSError as error:
        raise UnusableKeyFile(
            f"{file}: {error.strerror}; put the key file back, or provision this station again"
        ) from error


def shred(file: Path) -> None:
    """Overwrite a file's bytes and remove it; a disk that moves its blocks (flash) may keep the old ones."""
    if not file.exists():
        return
    with file.open("r+b") as stream:
        stream.write(bytes(file.stat().st_size))
        stream.flush()
        os.fsync(stream.fileno())
    file.unlink()
    sync_folder(file.parent)
