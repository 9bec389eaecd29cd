"""The files on a stick, where anybody may have put anything: each is read by itself, as far as it may be one of ours.

Nothing is read or written through a link, from a folder, a pipe or a device, nor beyond the length that is legal.
"""

import errno
import os
import stat
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from sync.errors import Malformed, one_line
from sync.files import make_folder, write_whole

FOLDER = "garita"
"""Where stations write on a stick; whoever names the stick itself means this folder too."""


@dataclass
class Exported:
    """What a stick holds now: files, the entries or attachments in them, and how many of the files were there before.

    `problems` name the files that could not be written because a folder lies in their place.
    """

    files: int = 0
    items: int = 0
    before: int = 0
    problems: list[str] = field(default_factory=list[str])

    def keep(self, path: Path, data: bytes) -> bool:
        """Let `path` be these bytes, as the stick itself reads it; return False where a folder is in the way.

        Raises OSError where the stick is full, fails, or reads back other bytes than were written.
        """
        if lies(path, data):
            self.before += 1
        else:
            try:
                write_checked(path, data)
            except IsADirectoryError:
                self.problems.append(one_line(f"{path.name}: a folder lies in its place; remove it"))
                return False
        self.files += 1
        return True


def write_checked(path: Path, data: bytes) -> None:
    """Write a file and read it back from its medium; raises OSError, also where other bytes come back."""
    write_whole(path, data)
    if not lies(path, data):
        raise OSError(errno.EIO, "reads back other bytes than were written", str(path))


def lies(path: Path, data: bytes) -> bool:
    """Tell whether a plain file of exactly these bytes lies there, as its medium reads it."""
    with suppress(Malformed):
        return read(path, len(data)) == data
    return False


def folder_on(stick: Path) -> Path:
    """Return the folder of Garita on a stick, made where there is none; raises OSError where a link has its name."""
    folder = stick / FOLDER
    if folder.is_symlink():
        raise NotADirectoryError(errno.ENOTDIR, "a link, not a folder", str(folder))
    make_folder(folder)
    return folder


def found(folder: Path, suffix: str, start: str = "") -> list[Path]:
    """Return what is called START…SUFFIX in `folder` and in the folder of Garita there, by name; raises OSError.

    Hidden names are left out: no file of ours has one, and other systems put theirs beside.
    """
    inside = folder / FOLDER
    places = [folder, inside] if inside.is_dir() and not inside.is_symlink() else [folder]
    named = (path for place in places for path in place.iterdir() if path.name.startswith(start))
    ours = [path for path in named if path.suffix == suffix and not path.name.startswith(".")]
    return sorted(ours, key=lambda path: path.name)


def read(path: Path, limit: int) -> bytes:
    """Return a file of at most `limit` bytes as its medium has it, not as memory remembers it; raises Malformed."""
    try:
        if not stat.S_ISREG(path.lstat().st_mode):
            raise Malformed("not a plain file but a folder, a link, a pipe or a device; remove it")
        with os.fdopen(os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK), "rb") as file:
            os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)
            data = file.read(limit + 1)
    except OSError as error:
        raise Malformed(f"cannot be read ({error.strerror}); copy it again") from error
    if len(data) > limit:
        raise Malformed(f"more than {limit} bytes; at most so many are read")
    return data
