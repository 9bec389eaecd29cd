"""Where a station keeps what the state's root holders released to it: `KIND/NNNNNN.signed` in the data directory."""

from pathlib import Path

from edge.settings import Settings
from sync.errors import RefusedRelease
from sync.files import make_folder, write_whole
from sync.releases import Kind, Release
from sync.roots import RootSet

SIGNED = ".signed"


def signed_files(settings: Settings, kind: Kind) -> list[Path]:
    """Return the releases of a kind that lie here, in the order of their versions."""
    return sorted(settings.at(Path(kind)).glob(f"*{SIGNED}"))


def version_here(settings: Settings, roots: RootSet, kind: Kind) -> int:
    """Return the newest version of a kind that lies here, 0 where there is none; raises RefusedRelease."""
    return max((Release.read(read_file(file), roots, kind).version for file in signed_files(settings, kind)), default=0)


def keep_release(settings: Settings, release: Release, signed: bytes, data: bytes, suffix: str) -> None:
    """Put a release and the file of it in place, the signatures last, so that a cut leaves nothing that counts."""
    make_folder(settings.at(Path(release.kind)))
    path = settings.at(Path(release.kind)) / f"{release.version:06}"
    path.with_suffix(suffix).unlink(missing_ok=True)
    if data:
        write_whole(path.with_suffix(suffix), data)
    write_whole(path.with_suffix(SIGNED), signed)


def read_file(path: Path) -> bytes:
    """Return a file of a release; raises RefusedRelease where it is not there."""
    try:
        return path.read_bytes()
    except OSError as error:
        raise RefusedRelease(f"{path}: {error.strerror or error}; bring the release again") from error
