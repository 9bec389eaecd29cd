"""Which programs hold a port, or are running at all: read from /proc."""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

PROC = Path("/proc")


@dataclass(frozen=True)
class Program:
    """A running program."""

    pid: int
    name: str

    def __str__(self) -> str:
        return f"{self.name} (process {self.pid})"


def programs(proc: Path = PROC) -> Iterator[Program]:
    """Return the running programs that this user may see."""
    for folder in proc.glob("[0-9]*"):
        try:
            yield Program(int(folder.name), (folder / "comm").read_text().strip())
        except OSError:
            continue


def holders(path: Path, proc: Path = PROC) -> list[Program]:
    """Return the other programs that have `path` open; one of another user is seen by an administrator alone.

    Who serves a pseudo-terminal from its other side is the instrument, not a program that holds its port.
    """
    port = str(path.resolve())
    others = (program for program in programs(proc) if program.pid != os.getpid())
    return [other for other in others if _holds(other.pid, port, proc) and not _serves(other.pid, port, proc)]


def _holds(pid: int, port: str, proc: Path) -> bool:
    try:
        return any(_target(link) == port for link in (proc / str(pid) / "fd").iterdir())
    except OSError:
        return False


def _serves(pid: int, port: str, proc: Path) -> bool:
    folder = proc / str(pid)
    masters = [link.name for link in (folder / "fd").iterdir() if _target(link).endswith("ptmx")]
    number = port.removeprefix("/dev/pts/")
    return any(f"tty-index:\t{number}\n" in _text(folder / "fdinfo" / name) for name in masters)


def _text(file: Path) -> str:
    try:
        return file.read_text()
    except OSError:
        return ""


def _target(link: Path) -> str:
    try:
        return str(link.readlink())
    except OSError:
        return ""
