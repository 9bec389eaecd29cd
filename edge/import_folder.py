"""The watched folder: what instruments' programs drop there is received when it has come to rest."""

import logging
import os
from collections.abc import Iterator
from pathlib import Path
from threading import Event

from edge.errors import EdgeError
from edge.import_records import Origin
from edge.imports import MAX_INSTRUMENT, Imports, ImportView
from edge.incoming import Look, look_at, read_incoming
from sync.errors import SyncError

LOG = logging.getLogger(__name__)
SCAN_EVERY_S = 2.0
UNNAMED = "not named"
MAX_FILES = 100_000


class ImportFolder:
    """A folder and what was seen in it. A folder inside it names the instrument whose files it holds.

    A file is taken once two looks in a row found the same size, time and inode, and once for its bytes: those that are
    on record already are passed over. Nothing in the folder is moved, changed or deleted. Hidden files and links are
    left alone.
    """

    def __init__(self, folder: Path, imports: Imports) -> None:
        self._folder = folder
        self._imports = imports
        self._seen: dict[Path, Look] = {}
        self._done: dict[Path, Look] = {}
        self._told: dict[Path, str] = {}

    def scan(self) -> list[ImportView]:
        """Look once, and receive what has come to rest since the look before."""
        now = {path: look for path in self._files() if (look := look_at(path))}
        rested = [path for path, look in now.items() if self._seen.get(path) == look and self._done.get(path) != look]
        self._seen = now
        self._done = {path: look for path, look in self._done.items() if path in now}
        self._told = {path: problem for path, problem in self._told.items() if path in now}
        return [view for path in rested for view in self._take(path, now[path])]

    def run(self, closing: Event) -> None:
        """Look until `closing`."""
        while not closing.wait(SCAN_EVERY_S):
            try:
                self.scan()
            except OSError as error:
                LOG.warning("the import folder cannot be looked at: %s", error)

    def _files(self) -> Iterator[Path]:
        taken = 0
        for path in sorted([*self._folder.glob("*"), *self._folder.glob("*/*")]):
            if not path.name.startswith(".") and not path.parent.is_symlink():
                yield path
                taken += 1
            if taken >= MAX_FILES:
                return

    def _take(self, path: Path, look: Look) -> Iterator[ImportView]:
        try:
            file = read_incoming(path)
            if self._imports.known(file.digest) is None:
                yield self._imports.receive(file, Origin("folder", self._instrument(path)), None)
        except (EdgeError, SyncError) as error:
            self._tell(path, str(error))  # it stays where it is, and the next look tries again
            return
        self._done[path] = look

    def _tell(self, path: Path, problem: str) -> None:
        if self._told.get(path) != problem:
            LOG.warning("import: %s", problem)
        self._told[path] = problem

    def _instrument(self, path: Path) -> str:
        if path.parent == self._folder:
            return UNNAMED
        return os.fsencode(path.parent.name).decode("utf-8", "replace")[:MAX_INSTRUMENT]
