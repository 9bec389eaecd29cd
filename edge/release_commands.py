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
from sync.errors import RefusedRelease
from sync.files import refuse_taken, write_new
from sync.releases import Kind, Release, Taken
from sync.roots import RootKey

NEXT_START = "it is used, on record, from the next start on"


def sign_release(release: Release, keys: Sequence[Path], out: Path) -> str:
    """Sign with root holders' keys and return a line that says so; raises RefusedRelease for one key given twice.

    Raises UnusableFile where `out` is there already.
    """
    refuse_taken(out)
    files = [key.read_bytes() for key in keys]
    for key, data in zip(keys, files, strict=True):
        if files.count(data) > 1:
            raise RefusedRelease(f"{key} is given twice, or a copy of it; each root holder signs once")
    roots = [RootKey.from_bytes(data) for data in files]
    write_new(out, release.sign(roots))
    return f"{out}: {release.what}, signed by {len(roots)} root holders"


def taken_here(settings: Settings, kind: Kind) -> Taken:
    """Return the newest release of a kind that was ever in use at a station."""
    database = Database(settings.at(settings.database), Keyring.unlock(protector_of(settings, ask_for_secret)).key)
    try:
        with database.read() as session:
            return knowledge.taken(session, kind)
    finally:
        database.close()


def beside(file: Path) -> Path:
    """Return where the signatures of a file lie unless told otherwise."""
    return file.with_name(f"{file.name}{SIGNED}")
