"""What this station identifies with: Garita's own bundle or the state's newer one, the state's changes, and its lists.

In the data directory: `bundle/NNNNNN.bundle` with `NNNNNN.signed`, the newest and the one before it, and for each
change of the library `library/NNNNNN.signed`, with `NNNNNN.msp` where it adds something. All of it is verified each
time it is opened; what cannot be used is left out and told, and a station opens without it. The lists are
edge/schedules.py's.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from sqlmodel import Session, select

from edge.keys import read_roots
from edge.left_out import LeftOut, Why
from edge.releases import Kept, check_brought, drop_others, keep_release, kept_releases, lost_of
from edge.schedules import SUFFIX as LISTS
from edge.schedules import read_schedules, schedules_of
from edge.settings import Settings
from edge.tables import SeenRelease, TakenRelease
from models.additions import Addition, Changes, Unfit, read_additions, sort_additions
from models.bundle import Bundle
from models.catalogue import Catalogue
from models.errors import ModelError, RefusedChange, UnreadableFile, UnusableBundle
from models.identification import DEFAULT_BUNDLE, Identifier
from models.library import Library
from models.manifest import Manifest
from models.preprocessing import VERSION
from sync.errors import RefusedRelease
from sync.files import alone
from sync.releases import NOTHING, Kind, Release, Taken
from sync.roots import RootSet

BUNDLE = ".bundle"
SPECTRA = ".msp"


@dataclass(frozen=True)
class Change:
    """One release of the library that is in use: what it adds, and the skeletons of what it takes out."""

    release: Release
    additions: tuple[Addition, ...]
    removed: frozenset[str]

    @property
    def skeletons(self) -> frozenset[str]:
        """Whom it tells of."""
        return self.removed | {each.entry.skeleton for each in self.additions}


@dataclass(frozen=True)
class Known:
    """What a station identifies with, and what is left out of it."""

    identifier: Identifier
    left_out: tuple[LeftOut, ...]


def open_known(settings: Settings) -> Known:
    """Open the newest bundle with the state's changes, as far as they can be used.

    Raises UnusableKeyFile without root keys, and UnusableBundle, UnusableCatalogue or UnusableSchedules where Garita's
    own files are damaged.
    """
    roots = read_roots(settings)
    own, no_lists = read_schedules(settings, roots)
    catalogue = Catalogue.load(schedules=schedules_of(own))
    changes, no_changes = read_changes(settings, roots, catalogue)
    bundle, no_bundle = _newest_bundle(settings, roots)
    identifier, unusable = _open(bundle, catalogue, sum_of(changes))
    return Known(identifier, (*no_bundle, *unusable, *no_changes, *no_lists))


def read_changes(settings: Settings, roots: RootSet, catalogue: Catalogue) -> tuple[list[Change], list[LeftOut]]:
    """Return every change of the library, oldest first, and what of them cannot be used and no later one told of."""
    kept, left_out = kept_releases(settings, roots, "library", SPECTRA)
    changes: list[Change] = []
    told: set[str] = set()
    for each in reversed(kept):
        change, unfit = _usable(each, catalogue)
        left_out += [_unfit(each.release, one) for one in unfit if one.skeleton not in told]
        told |= change.skeletons
        changes.append(change)
    return changes[::-1], left_out


def sum_of(changes: Iterable[Change]) -> Changes:
    """Return what all changes together come to."""
    together = Changes()
    for change in changes:
        together = together.then(change.additions, change.removed)
    return together


def names_here(settings: Settings) -> dict[str, str]:
    """Return the names of the library's substances by skeleton; raises UnusableKeyFile."""
    roots = read_roots(settings)
    library = _base(settings, roots)
    changes = sum_of(read_changes(settings, roots, Catalogue.load())[0])
    entries = [*(library.entries[at] for at in changes.kept(library)), *(each.entry for each in changes.additions)]
    return {entry.skeleton: entry.name for entry in entries}


def take_change(settings: Settings, signed: bytes, spectra: bytes, taken: Taken) -> Change:
    """Bring a change of the library; raises RefusedRelease, RefusedChange, UnreadableFile, and what is in use stays."""
    roots = read_roots(settings)
    release = Release.read(signed, roots, "library")
    release.check_file(spectra)
    catalogue = Catalogue.load()
    whole, left_out = read_changes(settings, roots, catalogue)
    check_brought(release, [each.release.version for each in whole], left_out, taken)
    additions = () if release.digest == NOTHING else read_additions(spectra, release.what, catalogue)
    change = Change(release, additions, frozenset(release.removed))
    sum_of(sorted([*whole, change], key=lambda each: each.release.version)).kept(_base(settings, roots))
    keep_release(settings, release, signed, spectra, SPECTRA)
    return change


def take_bundle(settings: Settings, signed: bytes, data: bytes, taken: Taken) -> Release:
    """Bring a newer bundle whose golden set was run; raises RefusedRelease or OSError, and the one in use stays."""
    roots = read_roots(settings)
    release = checked_bundle(roots, signed, data)
    with alone(settings.at(settings.roots)):
        kept, damaged = kept_releases(settings, roots, "bundle", BUNDLE)
        before = [each.release.version for each in kept]
        check_brought(release, [version_of(Bundle.open(DEFAULT_BUNDLE)), *before], damaged, taken)
        keep_release(settings, release, signed, data, BUNDLE)
        drop_others(settings, "bundle", {release.version, *before[-1:]})
    return release


def checked_bundle(roots: RootSet, signed: bytes, data: bytes) -> Release:
    """Return the release of a bundle that this software can use; raises UnusableBundle where it cannot.

    Raises RefusedRelease unless the roots signed this very file as its version.
    """
    release = Release.read(signed, roots, "bundle")
    release.check_file(data)
    _usable_bundle(Kept(release, data))
    return release


def _usable_bundle(kept: Kept) -> Bundle:
    bundle, what = Bundle.from_bytes(kept.data, kept.release.what), kept.release.what
    manifest = Manifest.of(bundle)
    if manifest.version != kept.release.version:
        raise RefusedRelease(f"{what}: the bundle itself says version {manifest.version}")
    if manifest.preprocessing != VERSION:
        raise UnusableBundle(f"{what} is for {manifest.preprocessing}; the bundle of this software is for {VERSION}")
    return bundle


def version_of(bundle: Bundle) -> int:
    """Return the version that a bundle's manifest states. Raises UnusableBundle."""
    return Manifest.of(bundle).version


def versions_here(settings: Settings, roots: RootSet, bundle: Bundle) -> dict[Kind, int]:
    """Return the newest version of each kind that is whole here, `bundle` in use; 0 where there is none."""
    here: dict[Kind, int] = {"bundle": version_of(bundle)}
    for kind, versions in whole_here(settings, roots).items():
        here[kind] = max(versions, default=0)
    return here


def whole_here(settings: Settings, roots: RootSet) -> dict[Kind, list[int]]:
    """Return the versions that lie here whole, of each kind whose releases count together."""
    brought: dict[Kind, str] = {"library": SPECTRA, "schedules": LISTS}
    here: dict[Kind, list[int]] = {}
    for kind, suffix in brought.items():
        here[kind] = [each.release.version for each in kept_releases(settings, roots, kind, suffix)[0]]
    return here


def taken(session: Session, kind: Kind) -> Taken:
    """Return the newest release of a kind that was ever in use here, and all that were."""
    row = session.get(TakenRelease, kind)
    seen = session.exec(select(SeenRelease.version).where(SeenRelease.kind == kind)).all()
    return Taken(row.version if row else 0, frozenset(seen))


def admit(session: Session, present: Mapping[Kind, int]) -> dict[Kind, int]:
    """Note what is in use from now on, and return the newest that was before; that is remembered where it is lost."""
    before: dict[Kind, int] = {kind: taken(session, kind).version for kind in present}
    for kind, version in present.items():
        session.merge(TakenRelease(kind=kind, version=max(version, before[kind])))
    return before


def missing(present: Mapping[Kind, int], before: Mapping[Kind, int], left_out: Sequence[LeftOut]) -> list[LeftOut]:
    """Return the releases that were in use `before`, are newer than what is `present`, and are not told of already."""
    told = {(each.part, each.version) for each in left_out if each.part != "bundle"}
    told |= {("bundle", before["bundle"]) for each in left_out if each.part == "bundle"}
    return [
        LeftOut(kind, Why.MISSING, f"{kind} release {before[kind]} was in use here and is missing", before[kind])
        for kind, version in present.items()
        if version < before[kind] and (kind, before[kind]) not in told
    ]


def lost(session: Session, whole: Mapping[Kind, Sequence[int]], left_out: Sequence[LeftOut]) -> list[LeftOut]:
    """Note what is in use from now on; return each release that was, or is left out between two, and not told of."""
    told = {(each.part, each.version) for each in left_out}
    found = list[LeftOut]()
    for kind, versions in whole.items():
        for version in sorted(lost_of(versions, taken(session, kind).seen)):
            detail = f"{kind} release {version} was in use here, or was left off a stick, and is missing"
            found.append(LeftOut(kind, Why.MISSING, detail, version))
        for version in versions:
            session.merge(SeenRelease(kind=kind, version=version))
    return [each for each in found if (each.part, each.version) not in told]


def _newest_bundle(settings: Settings, roots: RootSet) -> tuple[Bundle, list[LeftOut]]:
    """Return the newest bundle that can be used, the state's or Garita's own, and the newer ones that cannot."""
    own = Bundle.open(DEFAULT_BUNDLE)
    kept, damaged = kept_releases(settings, roots, "bundle", BUNDLE)
    unfit: list[LeftOut] = []
    found = own
    for each in reversed(kept):
        if each.release.version < version_of(own):
            break
        try:
            found = _usable_bundle(each)
            break
        except (RefusedRelease, UnusableBundle) as error:
            unfit.append(LeftOut("bundle", Why.UNFIT, str(error), each.release.version))
    in_use = version_of(found)
    return found, [*(each for each in damaged if each.version is None or each.version > in_use), *unfit]


def _open(bundle: Bundle, catalogue: Catalogue, changes: Changes) -> tuple[Identifier, list[LeftOut]]:
    """Open a bundle with changes; without them where no substance is left, and else Garita's own bundle with them."""
    try:
        return Identifier(bundle, catalogue, changes=changes), []
    except RefusedChange as error:
        return Identifier(bundle, catalogue), [LeftOut("library", Why.UNFIT, str(error))]
    except ModelError as error:
        default = Bundle.open(DEFAULT_BUNDLE)
        if bundle.digest == default.digest:
            raise
        identifier, more = _open(default, catalogue, changes)
        return identifier, [LeftOut("bundle", Why.UNFIT, str(error), version_of(bundle)), *more]


def _base(settings: Settings, roots: RootSet) -> Library:
    return Library.from_bytes(_newest_bundle(settings, roots)[0].part("library.cbor"))


def _usable(kept: Kept, catalogue: Catalogue) -> tuple[Change, list[Unfit]]:
    """Return what of a release can be used; what it was to bring anew and cannot is not taken out either."""
    release = kept.release
    if release.digest == NOTHING:
        return Change(release, (), frozenset(release.removed)), []
    try:
        additions, unfit = sort_additions(kept.data, release.what, catalogue)
    except UnreadableFile as error:
        return Change(release, (), frozenset()), [Unfit("", "", error)]
    return Change(release, additions, frozenset(release.removed) - {each.skeleton for each in unfit}), list(unfit)


def _unfit(release: Release, unfit: Unfit) -> LeftOut:
    return LeftOut("library", Why.UNFIT, str(unfit.why), release.version, unfit.name)
