"""What the commands on the library and the bundle do: sign, bring, list and compare."""

import re
from collections.abc import Iterator, Mapping, Sequence
from hashlib import sha256
from pathlib import Path

from edge import knowledge
from edge.release_commands import NEXT_START, read_signed, sign_release, taken_here
from edge.settings import Settings
from models.additions import Addition, read_additions
from models.bundle import Bundle
from models.catalogue import Catalogue
from models.identification import DEFAULT_BUNDLE, Identifier
from models.library import Library, LibraryEntry
from models.mislabelled import mislabelled
from sync.errors import RefusedRelease
from sync.releases import MAX_REMOVED, NOTHING, Release

_INCHIKEY = re.compile(r"([A-Z]{14})(?:-[A-Z]{10}-[A-Z])?")


def sign_library(file: Path | None, removed: Sequence[str], version: int, keys: Sequence[Path], out: Path) -> list[str]:
    """Sign a change of the library with root holders' keys and return a line that says so.

    A line more for each substance to take out that did not come with Garita. Raises RefusedRelease, UnreadableFile.
    """
    skeletons = list(dict.fromkeys(map(_skeleton, removed)))
    if len(skeletons) > MAX_REMOVED:
        raise RefusedRelease(f"{len(skeletons)} substances to take out; a release takes {MAX_REMOVED} at most")
    data = file.read_bytes() if file else b""
    if file:
        read_additions(data, file.name, Catalogue.load())
    digest = sha256(data).digest() if file else NOTHING
    signed = sign_release(Release(kind="library", version=version, digest=digest, removed=skeletons), keys, out)
    library = Library.from_bytes(Bundle.open(DEFAULT_BUNDLE).part("library.cbor"))
    strange = [each for each in skeletons if each not in {entry.skeleton for entry in library.entries}]
    said = (f"{each} did not come with Garita; only what a state added can be meant" for each in strange)
    return [signed, *said]


def change_library(data: Path, file: Path | None, signed: Path) -> list[str]:
    """Bring a signed change of the library, and return lines on it; raises RefusedRelease, UnreadableFile."""
    settings, signatures = Settings.load(data), read_signed(signed)
    spectra = file.read_bytes() if file else b""
    names = knowledge.names_here(settings)
    before = knowledge.open_known(settings).identifier if file else None
    change = knowledge.take_change(settings, signatures, spectra, taken_here(settings, "library"))
    removed = (_removed(names, each) for each in change.release.removed)
    warned = _mislabelled(before, change.additions) if before else ()
    lines = [*(_added(each) for each in change.additions), *removed, *warned]
    return [f"{change.release.what} is in place; {NEXT_START}", *lines]


def list_library(data: Path | None) -> Iterator[str]:
    """Yield what the library is, and what the state added and took out."""
    known = _known(data)
    identifier = known.identifier
    yield f"{len(identifier.library.entries)} substances, SHA-256 {identifier.library.digest}"
    yield f"of them {len(identifier.base.entries)} came with the bundle, SHA-256 {identifier.base.digest}"
    yield from map(_added, identifier.changes.additions)
    names = {entry.skeleton: entry.name for entry in identifier.base.entries}
    yield from (_without(names, skeleton) for skeleton in sorted(identifier.changes.removed))
    yield from map(str, known.left_out)


def compare_library(file: Path | None, removed: Sequence[str], data: Path | None) -> Iterator[str]:
    """Yield what a file of reference spectra, and taking substances out, would change, also in groups of isomers.

    A line with `!` says of a substance that its spectra read as something graver.
    Raises UnreadableFile, RefusedRelease for what is no InChIKey, RefusedChange.
    """
    identifier = _known(data).identifier
    there = {entry.skeleton: entry for entry in identifier.library.entries}
    skeletons = [_skeleton(each) for each in removed]
    additions = read_additions(file.read_bytes(), file.name, identifier.catalogue) if file else ()
    for each in additions:
        known = there.get(each.entry.skeleton)
        how = "instead of" if each.entry.skeleton in skeletons else "beside"
        yield f"{_added(each)}, {how} {known.name} from {len(known.sources)} records" if known else _added(each)
    names = {skeleton: entry.name for skeleton, entry in there.items()}
    brought = {each.entry.skeleton for each in additions}
    yield from (_removed(names, each) for each in skeletons if each not in brought)
    library = identifier.changes.then(additions, skeletons).apply(identifier.base)
    yield from _regrouped(there, library)
    yield from _mislabelled(identifier, additions)
    yield f"{len(there)} -> {len(library.entries)} substances, SHA-256 {library.digest}"


def _mislabelled(identifier: Identifier, additions: Sequence[Addition]) -> Iterator[str]:
    """Yield a warning for each addition whose spectra the library knows as something graver."""
    yield from (str(found) for each in additions if (found := mislabelled(identifier, each)))


def _regrouped(there: Mapping[str, LibraryEntry], library: Library) -> Iterator[str]:
    """Yield with whom each new substance is one group, and who is told from other isomers than before."""
    for entry in sorted(library.entries, key=lambda each: each.name):
        before = set(there[entry.skeleton].isomers) if entry.skeleton in there else set[str]()
        joined, told = sorted(set(entry.isomers) - before), sorted(before - set(entry.isomers))
        if joined:
            yield f"~ {entry.name}: one group with {', '.join(joined)}"
        if told:
            yield f"~ {entry.name}: now told from {', '.join(told)}"


def _known(data: Path | None) -> knowledge.Known:
    """Open what a station identifies with, or what comes with Garita."""
    return knowledge.open_known(Settings.load(data)) if data else knowledge.Known(Identifier.open(), ())


def _skeleton(inchikey: str) -> str:
    found = _INCHIKEY.fullmatch(inchikey)
    if found is None:
        raise RefusedRelease(
            f"cannot take out {inchikey!r}: expected an InChIKey such as ZPUCINDJVBIVPJ-LJISPDSOSA-N, as a result tells"
            " it; nothing was signed"
        )
    return found[1]


def _removed(names: Mapping[str, str], skeleton: str) -> str:
    known = names.get(skeleton)
    return f"- {known} ({skeleton})" if known else f"- {skeleton}: the library did not have it; nothing was taken out"


def _without(names: Mapping[str, str], skeleton: str) -> str:
    known = names.get(skeleton)
    return f"- {known} ({skeleton})" if known else f"- {skeleton}: it did not come with the bundle"


def _added(addition: Addition) -> str:
    entry = addition.entry
    return f"+ {entry.name} ({entry.inchikey}, {entry.family or 'no family'}) from {len(entry.sources)} records"
