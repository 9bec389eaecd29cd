"""What the commands on every kind of release share: sign one, and ask what this station took last."""

from collections.abc import Sequence
from pathlib import Path

from edge import knowledge
from edge.database import Database
from edge.keyring import Keyring
from edge.protect import protector_of
from edge.releases import SIGNED
from edge.settings import Settings
from edge.unlock import ask_for_secret
from sync.errors import RefusedRelease, UnusableFile
from sync.files import read_as, refuse_taken, write_new
from sync.releases import Kind, Release, Taken
from sync.roots import RootKey

NEXT_START = "it is used, on record, from the next start on"


def sign_release(release: Release, keys: Sequence[Path], out: Path) -> str:
    """Sign with root holders' keys and return a line that says so; raises RefusedRelease for one key given twice.

    Raises UnusableFile where `out` is there already, and UnusableKey with the name of a file that is no such key.
    """
    refuse_taken(out)
    roots = [read_as(key, RootKey.from_bytes) for key in keys]
    files = [key.read_bytes() for key in keys]
    for key, data in zip(keys, files, strict=True):
        if files.count(data) > 1:
            raise RefusedRelease(f"{key} is given twice, or a copy of it; each root holder signs once")
    write_new(out, release.sign(roots))
    return f"{out}: {release.what}, signed by {len(roots)} root holders"


def taken_here(settings: Settings, kind: Kind) -> Taken:
    """Return the newest release of a kind that was ever in use at a station."""
    database = Database.of(settings, Keyring.unlock(protector_of(settings, ask_for_secret)).key)
    try:
        with database.read() as session:
            return knowledge.taken(session, kind)
    finally:
        database.close()


def read_signed(signed: Path) -> bytes:
    """Return the signatures of a release; raises UnusableFile where they are not there."""
    try:
        return signed.read_bytes()
    except FileNotFoundError as error:
        raise UnusableFile(
            f"{signed} is not there, and only what the state's root holders signed is taken: bring their signatures"
            " there, or tell where they lie with --signed"
        ) from error


def beside(file: Path) -> Path:
    """Return where the signatures of a file lie unless told otherwise."""
    return file.with_name(f"{file.name}{SIGNED}")
