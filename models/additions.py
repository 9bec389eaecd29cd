"""Substances that a state adds to the library itself, or takes out of it: without training, identifiable at once."""

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field, replace
from hashlib import sha256

import numpy as np

from models.catalogue import Catalogue
from models.errors import RefusedChange, UnreadableFile
from models.formats.text import decode_text
from models.isomers import kin, told_anew
from models.library import Library, LibraryEntry, Packed, Source, Spectra
from models.msp import MspRecord, parse_msp
from models.preprocessing import Bins
from models.references import consensus_of, family_of, formula_of, inchikey_of, ion_mz_of
from models.search import laboratories_of

EXPECTED = 3
"""A state adds what it expects to meet: that counts as much as if so many laboratories had measured it."""
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
    """What is added to a library, and the skeletons (first block of the InChIKey) of what is taken out of it."""

    additions: tuple[Addition, ...] = ()
    removed: frozenset[str] = frozenset()

    def then(self, additions: Iterable[Addition], removed: Collection[str]) -> "Changes":
        """Return these changes and later ones: what comes later counts."""
        added = {each.entry.skeleton: each for each in self.additions if each.entry.skeleton not in removed}
        later = {each.entry.skeleton: each for each in additions}
        out = (self.removed | frozenset(removed)) - later.keys()
        return Changes(tuple((added | later)[skeleton] for skeleton in sorted(added | later)), out)

    def apply(self, library: Library) -> Library:
        """Return the library with these changes: an added substance takes the place of the one that was there.

        Isomers of what was added or taken out are told anew. Raises RefusedChange where no substance is left.
        """
        if not (self.additions or self.removed):
            return library
        kept = self.kept(library)
        bands = np.concatenate(
            [library.bands[:, :, kept], *(each.bands[:, :, None] for each in self.additions)], axis=-1
        )
        added = [each.entry for each in self.additions]
        entries = told_anew(library.entries, [library.entries[at] for at in kept], added, bands)
        spectra = library.spectra.of_entries(kept)
        if self.additions:
            new = np.stack([each.bands for each in self.additions], axis=-1)
            spectra = spectra.followed_by(Spectra.of_bands([Packed.of(band) for band in new]), len(kept))
        return Library.of(entries, bands, spectra)

    def laboratories(self, library: Library) -> dict[str, int]:
        """Tell how many laboratories each addition counts as measured by: EXPECTED, or more whose place it took."""
        measured = {entry.skeleton: laboratories_of(entry) for entry in library.entries}
        return {each.entry.skeleton: max(EXPECTED, measured.get(each.entry.skeleton, 0)) for each in self.additions}

    def kept(self, library: Library) -> list[int]:
        """Places of the library's own entries that stay. Raises RefusedChange where no substance is left at all."""
        gone = self.removed | {each.entry.skeleton for each in self.additions}
        kept = [at for at, entry in enumerate(library.entries) if entry.skeleton not in gone]
        if not (kept or self.additions):
            raise RefusedChange("no substance is left in the library; a change must leave one or more")
        return kept


def read_additions(data: bytes, source: str, catalogue: Catalogue) -> tuple[Addition, ...]:
    """Read substances from MSP: `Name`, `InChIKey`, `PrecursorMZ` or `ExactMass`, positive CID.

    `Formula` and `Family` must tell them where the catalogue does not have the substance. Raises UnreadableFile, naming
    record and line, for what cannot be a reference.
    """
    additions, unfit = sort_additions(data, source, catalogue)
    if unfit:
        raise unfit[0].why
    return additions


def sort_additions(data: bytes, source: str, catalogue: Catalogue) -> tuple[tuple[Addition, ...], tuple[Unfit, ...]]:
    """Read substances as `read_additions` does, and tell those apart that cannot be references.

    Raises UnreadableFile where there is no record, or one that is no MSP.
    """
    substances, unfit = _by_skeleton(data, source)
    digest = sha256(data).hexdigest()
    additions: list[Addition] = []
    for skeleton in sorted(substances):
        records = substances[skeleton]
        try:
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
