"""The isomers of a whole library, as a bundle names them."""

from dataclasses import replace

from models.catalogue import Catalogue
from models.isomers import alike, kin
from models.library import Library, LibraryEntry


def with_isomers(library: Library, catalogue: Catalogue) -> Library:
    """Name for each entry the isomers that it cannot be told from.

    Entries of the same formula whose spectra are alike, or whose name is (tautomers and salts); catalogue rows with the
    same skeleton (stereoisomers); and catalogue isomers of the same family that have no spectrum, since nothing shows
    that they differ.
    """
    bands, entries = library.bands, library.entries
    found = alike(entries, bands, {entry.formula for entry in entries})
    measured = {entry.skeleton for entry in entries}
    named = (
        {entries[at].name for at in found[number]} | _unseen(entry, catalogue, measured)
        for number, entry in enumerate(entries)
    )
    isomers = (
        replace(entry, isomers=tuple(sorted(names - {entry.name}))) for entry, names in zip(entries, named, strict=True)
    )
    return Library.of(tuple(isomers), bands, library.spectra)


def _unseen(entry: LibraryEntry, catalogue: Catalogue, measured: set[str]) -> set[str]:
    rows = kin(entry, catalogue)
    return {row.name for row in rows if row.skeleton == entry.skeleton or row.skeleton not in measured}
