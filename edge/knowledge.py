"""What this station identifies with: Garita's own bundle or the state's newer one, the state's changes, and its lists.

In the data directory: `garita.bundle` with `garita.bundle.signed`, and for each change of the library
`library/NNNNNN.signed`, with `NNNNNN.msp` where it adds something. All of it is verified each time it is opened.
The lists are edge/schedules.py's.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from sqlmodel import Session

from edge.keys import read_roots
from edge.releases import SIGNED, keep_release, read_file, signed_files, version_here
from edge.schedules import read_schedules
from edge.settings import Settings
from edge.tables import TakenRelease
from models.additions import Addition, Changes, read_additions
from models.bundle import Bundle
from models.catalogue import Catalogue
from models.errors import UnusableBundle
from models.identification import DEFAULT_BUNDLE, Identifier
from models.library import Library
from sync.errors import RefusedRelease
from sync.files import write_whole
from sync.releases import NOTHING, Kind, Release, Taken
from sync.roots import RootSet

BUNDLE = "garita.bundle"
SPECTRA = ".msp"
BROUGHT: tuple[Kind, ...] = ("library", "schedules")
"""Kinds of release that come as changes or versions, each kept beside the others."""


@dataclass(frozen=True)
class Change:
    """One release of the library: what it adds and what it takes out."""

    release: Release
    additions: tuple[Addition, ...]


def open_identifier(settings: Settings) -> Identifier:
    """Open the newest bundle with the state's changes; raises RefusedRelease, UnreadableFile, or a ModelError."""
    roots = read_roots(settings)
    catalogue = Catalogue.load(schedules=read_schedules(settings, roots))
    bundle = _newest_bundle(settings, roots)
    return Identifier(bundle, catalogue, changes=sum_of(read_changes(settings, roots, catalogue)))


def read_changes(settings: Settings, roots: RootSet, catalogue: Catalogue) -> list[Change]:
    """Return every change of the library, oldest first; raises RefusedRelease, UnreadableFile."""
    changes = [_change(file, roots, catalogue) for file in signed_files(settings, "library")]
    return sorted(changes, key=lambda change: change.release.version)


def sum_of(changes: list[Change]) -> Changes:
    """Return what all changes together come to."""
    together = Changes()
    for change in changes:
        together = together.then(change.additions, change.release.removed)
    return together


def names_here(settings: Settings) -> dict[str, str]:
    """Return the names of the library's substances by skeleton; raises RefusedRelease, UnreadableFile."""
    roots = read_roots(settings)
    library, changes = _base(settings, roots), sum_of(read_changes(settings, roots, Catalogue.load()))
    entries = [*(library.entries[at] for at in changes.kept(library)), *(each.entry for each in changes.additions)]
    return {entry.skeleton: entry.name for entry in entries}


def take_change(settings: Settings, signed: bytes, spectra: bytes, taken: Taken) -> Change:
    """Bring a change of the library; raises RefusedRelease, RefusedChange, UnreadableFile, and what is in use stays."""
    roots = read_roots(settings)
    release = Release.read(signed, roots, "library")
    Taken(max(taken.version, version_here(settings, roots, "library"))).check_newer(release)
    catalogue = Catalogue.load()
    change = Change(release, _additions(release, spectra, catalogue))
    sum_of([*read_changes(settings, roots, catalogue), change]).kept(_base(settings, roots))
    keep_release(settings, release, signed, spectra, SPECTRA)
    return change


def take_bundle(settings: Settings, signed: bytes, data: bytes, taken: Taken) -> Release:
    """Bring a newer bundle whose golden set was run; raises RefusedRelease, and the one in use stays."""
    roots = read_roots(settings)
    release = checked_bundle(roots, signed, data)
    Taken(max(taken.version, _bundle_version(settings, roots))).check_newer(release)
    path = settings.at(Path(BUNDLE))
    path.with_suffix(f".bundle{SIGNED}").unlink(missing_ok=True)
    write_whole(path, data)
    write_whole(path.with_suffix(f".bundle{SIGNED}"), signed)
    return release


def checked_bundle(roots: RootSet, signed: bytes, data: bytes) -> Release:
    """Return the release of a bundle; raises RefusedRelease unless the roots signed this very file as its version."""
    release = Release.read(signed, roots, "bundle")
    release.check_file(data)
    stated = version_of(Bundle.from_bytes(data, BUNDLE))
    if stated != release.version:
        raise RefusedRelease(f"{release.what}: the bundle itself says version {stated}")
    return release


def version_of(bundle: Bundle) -> int:
    """Return the version that a bundle's manifest states. Raises UnusableBundle."""
    version = bundle.manifest.get("version")
    if not isinstance(version, int) or version < 1:
        raise UnusableBundle(f"the bundle's manifest says version {version!r}; expected 1 or more")
    return version


def taken(session: Session, kind: Kind) -> Taken:
    """Return the newest release of a kind that was ever in use here."""
    row = session.get(TakenRelease, kind)
    return Taken(row.version if row else 0)


def admit(session: Session, present: Mapping[Kind, int]) -> dict[Kind, int]:
    """Note what is in use from now on, and return what was before; raises RefusedRelease where something newer was."""
    before = {kind: taken(session, kind) for kind in present}
    for kind, version in present.items():
        before[kind].check_present(version, kind)
        session.merge(TakenRelease(kind=kind, version=version))
    return {kind: before[kind].version for kind in present}


def _newest_bundle(settings: Settings, roots: RootSet) -> Bundle:
    default = Bundle.open(DEFAULT_BUNDLE)
    path = settings.at(Path(BUNDLE))
    if not path.exists():
        return default
    data = read_file(path)
    release = checked_bundle(roots, read_file(path.with_suffix(f".bundle{SIGNED}")), data)
    return default if release.version < version_of(default) else Bundle.from_bytes(data, BUNDLE)


def _base(settings: Settings, roots: RootSet) -> Library:
    return Library.from_bytes(_newest_bundle(settings, roots).part("library.cbor"))


def _bundle_version(settings: Settings, roots: RootSet) -> int:
    """Return the version in place; a file that was cut off while it was brought counts for nothing."""
    try:
        return version_of(_newest_bundle(settings, roots))
    except (RefusedRelease, UnusableBundle):
        return version_of(Bundle.open(DEFAULT_BUNDLE))


def _change(signed: Path, roots: RootSet, catalogue: Catalogue) -> Change:
    release = Release.read(read_file(signed), roots, "library")
    spectra = signed.with_suffix(SPECTRA)
    return Change(release, _additions(release, read_file(spectra) if spectra.exists() else b"", catalogue))


def _additions(release: Release, spectra: bytes, catalogue: Catalogue) -> tuple[Addition, ...]:
    release.check_file(spectra)
    return () if release.digest == NOTHING else read_additions(spectra, release.what, catalogue)
