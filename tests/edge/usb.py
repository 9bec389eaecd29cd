"""A USB stick for tests: a filesystem of its own, mounted where sticks are (needs root)."""

import os
import subprocess
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def plugged(folder: Path, kib: int = 8192) -> Generator[Path]:
    """Plug a stick of so many KiB in at `folder` and pull it at the end, if nobody did before."""
    folder.mkdir(parents=True, exist_ok=True)
    _run("mount", "-t", "tmpfs", "-o", f"size={kib}k", "stick", folder)
    try:
        yield folder
    finally:
        if folder.is_mount():
            pull(folder)


def pull(folder: Path) -> None:
    """Pull a stick out, also while it is written."""
    _run("umount", "--lazy", folder)


def possible(folder: Path) -> bool:
    """Tell whether this machine lets us mount one there; a container without the right to may not."""
    if os.geteuid() != 0:
        return False
    try:
        with plugged(folder / "try"):
            return True
    except subprocess.CalledProcessError:
        return False


def _run(*words: str | Path) -> None:
    subprocess.run(words, check=True, capture_output=True)  # noqa: S603 - fixed words
