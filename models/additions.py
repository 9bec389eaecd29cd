"""Substances that a state adds to the library itself, or takes out of it: without training, identifiable at once."""

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from hashlib import sha256
from itertools import groupby

import numpy as np

from models.catalogue import Catalogue
from models.errors import RefusedChange, UnreadableFile
from models.formats.text import decode_text
from models.isomers import kin, told_anew
from models.library import Library, LibraryEntry, Packed, Source, Spectra
from models.msp import MspRecord, parse_msp
from models.preprocessing import Bins
from models.references import check_names, check_one, consensus_of, family_of, formula_of, inchikey_of, ion_mz_of
from models.search import laboratories_of

EXPECTED = 3
"""A state adds what it expects to meet: that counts as much as if so many laboratories had measured it."""
TOLD = 20
"""So many records that are no references are told by name, then how many more there are."""
_COMMENT = re.compile(r'"([^"=]+)=([^"]*)"')


@dataclass(frozen=True, eq=False)
class Addition:
    """One substance, with the isomers that only a spectrum could tell from it, and its consensus spectra [4, BINS]."""

    entry: LibraryEntry
    bands: Bins = field(repr=False)


@dataclass(frozen=True)
class Unfit:
    """A substance of which a record cannot be a reference, and why; `skeleton` is empty where no InChIKey was told."""

    name: str
    skeleton: str
    why: UnreadableFile


@dataclass(frozen=True)
class Changes:
    """What is added to a library, and the skeletons (first block of the InChIKey) of what is taken out of it.

    What is added joins what the library has of the same skeleton, or takes the place of what is taken out.
    """

    additions: tuple[Addition, ...] = ()
    removed: frozenset[str] = frozenset()

    def then(self, additions: Iterable[Addition], removed: Collection[str]) -> "Changes":
        """Return these changes and later ones. What is taken out is so with all that was added before."""
        stay = (each for each in self.additions if each.entry.skeleton not in removed)
        added = sorted([*stay, *additions], key=lambda each: each.entry.skeleton)
        return Changes(tuple(added), self.removed | frozenset(removed))

    def apply(self, library: Library) -> Library:
        """Return the library with these changes, those that something was added to behind the others.

        Isomers of what was added or taken out are told anew. Raises RefusedChange where no substance is left.
        """
        if not (self.additions or self.removed):
            return library
        kept, measured = self.kept(library), library.bands
        joined = list(self._joined(library))
        bands = np.concatenate([measured[:, :, kept], *(each.bands(measured)[:, :, None] for each in joined)], axis=-1)
        entries = told_anew(
            library.entries, [library.entries[at] for at in kept], [each.entry(library) for each in joined], bands
        )
        spectra = library.spectra.of_entries(kept)
        if joined:
            spectra = spectra.followed_by(_spectra_of(joined, library), len(kept))
        return Library.of(entries, bands, spectra)

    def laboratories(self, library: Library) -> dict[str, int]:
        """Tell how many laboratories each addition counts as measured by: EXPECTED, or more that did before."""
        measured = {entry.skeleton: laboratories_of(entry) for entry in library.entries}
        return {each.entry.skeleton: max(EXPECTED, measured.get(each.entry.skeleton, 0)) for each in self.additions}

    def _joined(self, library: Library) -> Iterator["_Joined"]:
        places = {entry.skeleton: at for at, entry in enumerate(library.entries) if entry.skeleton not in self.removed}
        for skeleton, additions in groupby(self.additions, key=lambda each: each.entry.skeleton):
            yield _Joined(places.get(skeleton), tuple(additions))

    def kept(self, library: Library) -> list[int]:
        """Places of the library's own entries that stay. Raises RefusedChange where no substance is left at all."""
        gone = self.removed | {each.entry.skeleton for each in self.additions}
        kept = [at for at, entry in enumerate(library.entries) if entry.skeleton not in gone]
        if not (kept or self.additions):
            raise RefusedChange("no substance is left in the library; a change must leave one or more")
        return kept


@dataclass(frozen=True)
class _Joined:
    """What was added of one substance, and its place in the library that it joins, None where it has none there."""

    place: int | None
    additions: tuple[Addition, ...]

    def entry(self, library: Library) -> LibraryEntry:
        """Return one entry with all sources, under the name and key that it had; a stereoisomer is told beside it."""
        newest = self.additions[-1].entry
        added = tuple(source for addition in self.additions for source in addition.entry.sources)
        if self.place is None:
            return replace(newest, sources=tuple(dict.fromkeys(added)))
        there = library.entries[self.place]
        beside = {each.entry.name for each in self.additions if each.entry.inchikey != there.inchikey} - {there.name}
        return replace(
            newest,
            name=there.name,
            inchikey=there.inchikey,
            sources=tuple(dict.fromkeys((*there.sources, *added))),
            isomers=(*newest.isomers, *beside),
        )

    def bands(self, measured: Bins) -> Bins:
        """Mean of the consensus spectra [4, BINS], of each band those that it was measured in."""
        there = [] if self.place is None else [measured[:, :, self.place]]
        each = np.stack([*there, *(addition.bands for addition in self.additions)])
        return np.asarray(each.sum(axis=0) / np.maximum(each.any(axis=2).sum(axis=0), 1)[:, None], dtype=np.float32)


def _spectra_of(joined: Sequence[_Joined], library: Library) -> Spectra:
    """Return the spectra of what was added to, counted from 0: those that were measured before, then the new ones."""
    at = {each.place: number for number, each in enumerate(joined) if each.place is not None}
    there = library.spectra.of_entries(list(at))
    new = np.stack([addition.bands for each in joined for addition in each.additions], axis=-1)
    added = Spectra.of_bands([Packed.of(band) for band in new])
    owners = np.repeat(np.arange(len(joined)), [len(each.additions) for each in joined])
    owner = np.concatenate([np.array([*at.values()], dtype=np.int64)[there.owner], owners[added.owner]])
    return there.followed_by(added, len(at)).owned_by(owner)


def read_additions(data: bytes, source: str, catalogue: Catalogue) -> tuple[Addition, ...]:
    """Read substances from MSP: `Name`, `InChIKey`, `PrecursorMZ` or `ExactMass`, positive CID.

    `Formula` and `Family` must tell them where the catalogue does not have the substance. Raises UnreadableFile, naming
    record and line, for what cannot be a reference.
    """
    additions, unfit = sort_additions(data, source, catalogue, new=True)
    if unfit:
        more = f"; {len(unfit) - TOLD} more" if len(unfit) > TOLD else ""
        raise UnreadableFile("\n".join(str(each.why) for each in unfit[:TOLD]) + more)
    return additions


def sort_additions(
    data: bytes, source: str, catalogue: Catalogue, *, new: bool = False
) -> tuple[tuple[Addition, ...], tuple[Unfit, ...]]:
    """Read substances as `read_additions` does, and tell those apart that cannot be references.

    What is `new` has no name that the catalogue gives to another; what is in use may have been taken before that rule.

    Raises UnreadableFile where there is no record, or one that is no MSP.
    """
    substances, unfit = _by_skeleton(data, source)
    digest = sha256(data).hexdigest()
    additions: list[Addition] = []
    for skeleton in sorted(substances):
        records = substances[skeleton]
        try:
            if new:
                check_names(records, source, catalogue)
            additions.append(_addition(records, source, digest, catalogue))
        except UnreadableFile as error:
            unfit.append(Unfit(records[0].name, skeleton, error))
    return tuple(additions), tuple(unfit)


def _by_skeleton(data: bytes, source: str) -> tuple[dict[str, list[MspRecord]], list[Unfit]]:
    substances: dict[str, list[MspRecord]] = defaultdict(list)
    unfit: dict[str, Unfit] = {}
    for record in parse_msp(decode_text(data), source):
        try:
            substances[inchikey_of(record, source)[:14]].append(record)
        except UnreadableFile as error:
            unfit.setdefault(record.name, Unfit(record.name, "", error))
    if not (substances or unfit):
        raise UnreadableFile(f"{source}: no record in it; expected MSP records of reference spectra")
    return substances, list(unfit.values())


def _addition(records: Sequence[MspRecord], source: str, digest: str, catalogue: Catalogue) -> Addition:
    first, inchikey = records[0], inchikey_of(records[0], source)
    check_one(records, source, "formula")
    check_one(records, source, "family")
    substance = catalogue.find(inchikey)
    formula = formula_of(first, source, substance)
    ion_mz, *_ = [ion_mz_of(record, source, formula) for record in records]
    entry = LibraryEntry(
        name=substance.name if substance else first.name,
        inchikey=inchikey,
        formula=formula,
        family=family_of(first, source, substance, catalogue),
        ion_mz=ion_mz,
        sources=tuple(_source(record, f"{digest[:16]}-{record.line}") for record in records),
    )
    kindred = {row.name for row in kin(entry, catalogue)} - {entry.name}
    return Addition(replace(entry, isomers=tuple(sorted(kindred))), consensus_of(records, source, ion_mz))


def _source(record: MspRecord, accession: str) -> Source:
    comments = dict(_COMMENT.findall(record.text("comments")))
    return Source(record.text("db#") or accession, comments.get("contributor", "state"), comments.get("licence", ""))
