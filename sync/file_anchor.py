"""An anchor for demonstrations: a counter in a file. Whoever can write the file can turn it back; a TPM cannot be."""

from pathlib import Path

from sync.errors import UnusableKey
from sync.files import write_whole


class FileAnchor:
    """A counter in a text file outside the database's folder; 0 while there is no file."""

    name = "file"

    def __init__(self, path: Path) -> None:
        self._path = path

    def read(self) -> int:
        """Return what it shows; raises UnusableKey where the file holds no number."""
        try:
            text = self._path.read_text(encoding="ascii")
        except FileNotFoundError:
            return 0
        if not text.strip().isdecimal():
            raise UnusableKey(f"{self._path}: an anchor holds one decimal number")
        return int(text)

    def advance(self) -> int:
        """Let it show one more, and return that."""
        shown = self.read() + 1
        write_whole(self._path, f"{shown}\n".encode(), mode=0o600)
        return shown
