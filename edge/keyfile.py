"""Where the database's key comes from."""

import os
import secrets
from pathlib import Path
from typing import Protocol

from edge.errors import UnusableKeyFile

KEY_BYTES = 32


class KeyProtector(Protocol):
    """Keeps the database's key; `demo` says that whoever copies the disk has the key too."""

    demo: bool

    def key(self) -> bytes: ...


class DemoKeyFile:
    """The key in a plain file beside the database: for demonstrations only, and every screen says so."""

    demo = True

    def __init__(self, file: Path) -> None:
        self._file = file

    def key(self) -> bytes:
        """Return the 32 bytes, made on the first call; raises UnusableKeyFile unless the owner alone can read them."""
        if not self._file.exists():
            self._make()
        if self._file.stat().st_mode & 0o077:
            raise UnusableKeyFile(f"{self._file}: others can read it; expected mode 0600")
        key = self._file.read_bytes()
        if len(key) != KEY_BYTES:
            raise UnusableKeyFile(f"{self._file}: {len(key)} bytes; expected {KEY_BYTES}")
        return key

    def _make(self) -> None:
        descriptor = os.open(self._file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(secrets.token_bytes(KEY_BYTES))
            file.flush()
            os.fsync(file.fileno())
