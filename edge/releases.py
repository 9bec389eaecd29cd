"""Where a station keeps what the state's root holders released to it: `KIND/NNNNNN.signed` in the data directory."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path

from edge.left_out import LeftOut, Why
from edge.settings import Settings
from sync.errors import RefusedRelease
from sync.files import make_folder, sync_folder, write_together
from sync.releases import Kind, Release, Taken
from sync.roots import RootSet

SIGNED = ".signed"


@dataclass(frozen=True)
class Kept:
    """A release and the file that it let in, as they were signed; `data` is empty where no file came with it."""

    release: Release
    data: bytes


def kept_releases(settings: Settings, roots: RootSet, kind: Kind, suffix: str) -> tuple[list[Kept], list[LeftOut]]:
    """Return the releases of a kind that lie here whole, oldest first, and those that do not."""
    whole: list[Kept] = []
    damaged: list[LeftOut] = []
    for file in sorted(settings.at(Path(kind)).glob(f"*{SIGNED}")):
        try:
            whole.append(_kept(file, roots, kind, suffix))
        except RefusedRelease as error:
            version = int(file.stem) if file.stem.isdecimal() else None
            damaged.append(LeftOut(kind, Why.DAMAGED, str(error), version))
    return sorted(whole, key=lambda each: each.release.version), damaged


def check_brought(release: Release, whole: Sequence[int], damaged: Sequence[LeftOut], taken: Taken) -> None:
    """Raise RefusedRelease unless a release is newer than all in use here, or takes the place of what is lost of it.

    `whole` are the versions that lie here whole. Lost is what was in use, and what a stick left out between two others.
    """
    newest = max(whole, default=0)
    is_lost = release.version in {each.version for each in damaged} or release.version == taken.version > newest
    if release.kind != "bundle":
        is_lost = is_lost or release.version in lost_of(whole, taken.seen)
    if release.version in whole or not is_lost:
        Taken(max(taken.version, newest)).check_newer(release)


def lost_of(whole: Collection[int], seen: Collection[int]) -> set[int]:
    """Return the versions that were in use, or that a number between the first and the last here stands for."""
    between = range(min(whole), max(whole)) if whole else range(0)
    return (set(seen) | set(between)) - set(whole)


def keep_release(settings: Settings, release: Release, signed: bytes, data: bytes, suffix: str) -> None:
    """Put a release and the file of it in place, the signatures last, so that a cut leaves nothing that counts.

    Where there is no room for both neither takes its place.
    """
    make_folder(settings.at(Path(release.kind)))
    path = settings.at(Path(release.kind)) / f"{release.version:06}"
    path.with_suffix(suffix).unlink(missing_ok=True)
    files = {path.with_suffix(suffix): data} if data else {}
    write_together({**files, path.with_suffix(SIGNED): signed})


def drop_others(settings: Settings, kind: Kind, kept: Collection[int]) -> None:
    """Remove the releases of a kind that are not among those `kept`, the signatures first, so that none counts half."""
    folder = settings.at(Path(kind))
    files = [file for file in folder.iterdir() if file.stem.isdecimal() and int(file.stem) not in kept]
    for file in sorted(files, key=lambda each: each.suffix != SIGNED):
        file.unlink()
    sync_folder(folder)


def read_file(path: Path) -> bytes:
    """Return a file of a release; raises RefusedRelease where it is not there."""
    try:
        return path.read_bytes()
    except OSError as error:
        raise RefusedRelease(f"{path}: {error.strerror or error}; bring the release again") from error


def _kept(signed: Path, roots: RootSet, kind: Kind, suffix: str) -> Kept:
    release = Release.read(read_file(signed), roots, kind)
    file = signed.with_suffix(suffix)
    data = read_file(file) if file.exists() else b""
    release.check_file(data)
    return Kept(release, data)
