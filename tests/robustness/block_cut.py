"""Power cuts at the block: what the disk holds at one instant, with everything lost that was only in memory.

    python -m tests.robustness.block_cut --rounds 30

The station works on ext4 over a loop device whose image lies in memory. At a random moment it is stopped, and the image
is copied as the device has it: what was not synced lives in the page cache above and is lost, as in a power cut. The
copy is mounted, which replays the filesystem's own journal, and looked at; the next round goes on from it. Needs root.
A disk that loses writes which it confirmed, or reorders them, is not played: this machine has no device mapper.
"""

import argparse
import filecmp
import os
import random
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

from models.identification import Identifier
from tests.robustness.ground import Ground
from tests.robustness.power_cut import LONGEST_S, said_until
from tests.robustness.shift import shift

DISK_MIB = 192
MEMORY = Path("/dev/shm")  # noqa: S108 - a folder of ours is made in it


@contextmanager
def mounted(image: Path, folder: Path) -> Generator[None]:
    """Mount an image; its journal is replayed, as after a power cut.

    It is synced at the end: a network namespace that somebody makes meanwhile holds the mount, and then to unmount it
    here writes nothing.
    """
    subprocess.run(["mount", "-o", "loop,noatime", image, folder], check=True)  # noqa: S603, S607 - fixed words
    try:
        yield
    finally:
        subprocess.run(["sync", "-f", folder], check=True)  # noqa: S603, S607 - fixed words
        subprocess.run(["umount", folder], check=True)  # noqa: S603, S607 - fixed words


def make_disk(image: Path, mib: int = DISK_MIB) -> None:
    """Make an empty filesystem."""
    with image.open("wb") as file:
        file.truncate(mib * 1024 * 1024)
    subprocess.run(["mkfs.ext4", "-q", "-m", "0", image], check=True)  # noqa: S603, S607 - fixed words


def snapshot(image: Path, copy: Path) -> None:
    """Copy the image as it is at one instant: where the filesystem wrote meanwhile, copy it again."""
    while True:
        shutil.copyfile(image, copy)
        if filecmp.cmp(image, copy, shallow=False):
            return


def cut(ground: Ground, image: Path, identifier: Identifier, rng: random.Random) -> tuple[Path, str]:
    """Work on the disk, stop at a random moment, and return the disk as it was then, with what was acknowledged."""
    copy = image.with_name(f"{image.name}.cut")
    with shift(ground.data, rng.getrandbits(32), identifier) as (pid, lines):
        last = said_until(lines, rng.uniform(0, LONGEST_S))
        os.kill(pid, signal.SIGSTOP)
        snapshot(image, copy)
    return copy, last.strip()


def one_round(ground: Ground, folder: Path, identifier: Identifier, rng: random.Random, *, whole: bool) -> int:
    """Cut the power once, and look at what the disk holds after it; return the journal's length."""
    image = folder / "disk.img"
    with mounted(image, ground.data.parent):
        copy, acknowledged = cut(ground, image, identifier, rng)
    copy.replace(image)
    with mounted(image, ground.data.parent):
        return ground.check(acknowledged, whole=whole)


def prepare(folder: Path) -> Ground:
    """Make a disk with a provisioned station on it."""
    make_disk(folder / "disk.img")
    (folder / "mount").mkdir()
    ground = Ground(folder / "mount" / "station")
    with mounted(folder / "disk.img", folder / "mount"):
        ground.lay()
    return ground


def main() -> None:
    """Cut the power many times; any loss ends with a traceback."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=30)
    options = parser.parse_args()
    rng, begun, length = random.Random(1), time.monotonic(), 0  # noqa: S311 - a test's dice
    with tempfile.TemporaryDirectory(prefix="garita-cut-", dir=MEMORY) as name:
        ground, identifier = prepare(Path(name)), Identifier.open()
        for number in range(1, options.rounds + 1):
            length = one_round(ground, Path(name), identifier, rng, whole=number == options.rounds)
            print(f"cut {number}: {length} entries", flush=True)  # noqa: T201 - a script
    spent = time.monotonic() - begun
    print(f"{options.rounds} power cuts at the block: {length} entries, none lost, {spent:.0f} s")  # noqa: T201 - a script


if __name__ == "__main__":
    main()
