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
    """Return the other programs that have `path` open; one of another user is seen by an administrator alone."""
    port = str(path.resolve())
    return [program for program in programs(proc) if program.pid != os.getpid() and _holds(program.pid, port, proc)]


def _holds(pid: int, port: str, proc: Path) -> bool:
    try:
        return any(_target(link) == port for link in (proc / str(pid) / "fd").iterdir())
    except OSError:
        return False


def _target(link: Path) -> str:
    try:
        return str(link.readlink())
    except OSError:
        return ""
