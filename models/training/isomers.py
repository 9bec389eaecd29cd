"""Which entries of the library unit-resolution CID cannot tell apart."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from models.catalogue import Catalogue, Substance
from models.library import Library, LibraryEntry
from models.preprocessing import Bins
from models.search import USUAL

APART = 0.85
"""Isomers whose consensus spectra are at least this alike are one group: two laboratories' spectra of one and the same
compound are less alike than this in more than half of all cases."""


def with_isomers(library: Library, catalogue: Catalogue) -> Library:
    """Name for each entry the isomers that it cannot be told from.

    Entries of the same formula whose spectra are alike, or whose name is (tautomers and salts); catalogue rows with the
    same skeleton (stereoisomers); and catalogue isomers of the same family that have no spectrum, since nothing shows
    that they differ.
    """
    alike = _alike(library)
    measured = {entry.skeleton for entry in library.entries}
    return Library.of(
        tuple(
            replace(entry, isomers=_named(entry, [library.entries[at] for at in alike[number]], catalogue, measured))
            for number, entry in enumerate(library.entries)
        ),
        library.bands,
        library.spectra,
    )


def _alike(library: Library) -> list[list[int]]:
    weighed = USUAL.of(library.bands.transpose(0, 2, 1))
    groups: dict[str, list[int]] = defaultdict(list)
    for number, entry in enumerate(library.entries):
        groups[entry.formula].append(number)
    alike: list[list[int]] = [[] for _ in library.entries]
    for members in groups.values():
        for one, row in zip(members, likeness(weighed[:, members]), strict=True):
            named = library.entries[one].name.casefold()
            alike[one] = [
                other
                for other, value in zip(members, row, strict=True)
                if other != one and (value >= APART or library.entries[other].name.casefold() == named)
            ]
    return alike


def likeness(weighed: Bins) -> Bins:
    """Mean cosine over the bands that both have, of weighed spectra [4, n, BINS]: [n, n]."""
    cosine: Bins = np.einsum("kib,kjb->kij", weighed, weighed)
    has = np.asarray(weighed.any(axis=2), dtype=np.float32)
    both: Bins = np.einsum("ki,kj->ij", has, has)
    return cosine.sum(axis=0) / np.maximum(both, np.float32(1))


def _named(
    entry: LibraryEntry, alike: Sequence[LibraryEntry], catalogue: Catalogue, measured: set[str]
) -> tuple[str, ...]:
    substance = catalogue.find(entry.inchikey)
    names = {other.name for other in alike}
    names |= {row.name for row in catalogue.substances if row.skeleton == entry.skeleton}
    if substance is not None:
        names |= {row.name for row in catalogue.substances if _unseen_sibling(row, substance, measured)}
    return tuple(sorted(names - {entry.name}))


def _unseen_sibling(row: Substance, substance: Substance, measured: set[str]) -> bool:
    same = row.formula == substance.formula and row.family == substance.family
    return same and row.skeleton not in measured
