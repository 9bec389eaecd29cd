"""Which substances of a library unit-resolution CID cannot tell apart, for those that came with it and those added."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace

import numpy as np

from models.catalogue import Catalogue, Substance
from models.library import LibraryEntry
from models.preprocessing import Bins
from models.search import USUAL

APART = 0.75
"""Isomers whose consensus spectra are at least this alike are one group: another laboratory's readings of one of two
such are taken for the other in one case of six, of others in one of forty (decision 0042)."""


def alike(entries: Sequence[LibraryEntry], bands: Bins, formulas: Collection[str]) -> dict[int, list[int]]:
    """Return, for each entry of these formulas, the places of the isomers whose spectra or name are like its own.

    `bands` [4, BINS, entries] are the consensus spectra. Of one name are tautomers and salts.
    """
    groups: defaultdict[str, list[int]] = defaultdict(list)
    for number, entry in enumerate(entries):
        if entry.formula in formulas:
            groups[entry.formula].append(number)
    found: dict[int, list[int]] = {}
    for members in groups.values():
        for one, row in zip(members, likeness(USUAL.of(bands[:, :, members].transpose(0, 2, 1))), strict=True):
            named = entries[one].name.casefold()
            found[one] = [
                other
                for other, value in zip(members, row, strict=True)
                if other != one and (value >= APART or entries[other].name.casefold() == named)
            ]
    return found


def likeness(weighed: Bins) -> Bins:
    """Mean cosine over the bands that both have, of weighed spectra [4, n, BINS]: [n, n]."""
    cosine: Bins = np.einsum("kib,kjb->kij", weighed, weighed)
    has = np.asarray(weighed.any(axis=2), dtype=np.float32)
    both: Bins = np.einsum("ki,kj->ij", has, has)
    return cosine.sum(axis=0) / np.maximum(both, np.float32(1))


def kin(entry: LibraryEntry, catalogue: Catalogue) -> Iterator[Substance]:
    """Yield what only a spectrum could tell from an entry: its stereoisomers, and isomers of the same family.

    No spectrum tells stereoisomers apart.
    """
    for row in catalogue.substances:
        if row.skeleton == entry.skeleton or (row.family == entry.family and row.formula == entry.formula):
            yield row


def told_anew(
    before: Sequence[LibraryEntry], kept: Sequence[LibraryEntry], added: Sequence[LibraryEntry], bands: Bins
) -> tuple[LibraryEntry, ...]:
    """Return a changed library's entries, `kept` and then `added`, with the isomers that each cannot be told from.

    `bands` [4, BINS, entries] are theirs. A spectrum tells an added substance from isomers that have one too, except
    from those that what was in its place was not told from; nothing tells it from its other kin. Whom an entry cannot
    be told from cannot be told from it.
    """
    there = {entry.skeleton: entry for entry in before}
    names = {entry.name for entry in (*kept, *added)}
    new = {entry.name for entry in added} - {entry.name for entry in before}
    entries = (*kept, *(_in_place_of(entry, there.get(entry.skeleton), names) for entry in added))
    lost = [there[skeleton] for skeleton in there.keys() - {entry.skeleton for entry in entries}]
    found = alike(entries, bands, {entry.formula for entry in (*added, *lost)})
    isomers = {
        at: {entries[other].name for other in others}
        | (set(entries[at].isomers) - new)
        | {entry.name for entry in lost if _is_kin(entry, entries[at])}
        for at, others in found.items()
    }
    _both_ways(entries, isomers)
    return tuple(
        replace(entry, isomers=tuple(sorted(isomers[at] - {entry.name}))) if at in isomers else entry
        for at, entry in enumerate(entries)
    )


def _in_place_of(entry: LibraryEntry, there: LibraryEntry | None, names: set[str]) -> LibraryEntry:
    """Return an added entry with its kin that has no spectrum, and the isomers of the one that was there."""
    isomers = set(entry.isomers) - names | set(there.isomers if there else ())
    return replace(entry, isomers=tuple(sorted(isomers)))


def _is_kin(one: LibraryEntry, other: LibraryEntry) -> bool:
    return (one.formula, one.family) == (other.formula, other.family) and bool(one.family)


def _both_ways(entries: Sequence[LibraryEntry], isomers: dict[int, set[str]]) -> None:
    places = {(entries[at].name, entries[at].formula): at for at in isomers}
    for at, named in isomers.items():
        for name in tuple(named):
            if (other := places.get((name, entries[at].formula))) is not None:
                isomers[other].add(entries[at].name)
