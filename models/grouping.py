"""Hits as groups: isomers that the technique cannot tell apart stand and fall together."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from models.catalogue import Catalogue
from models.library import Library

FAR_LIKELIER = 3.0
"""Who is so many times as likely as another of its group gives the group its own name, however little known."""


@dataclass(frozen=True)
class Group:
    """`first` is the place of the likeliest of `members`; `probability` is that of all, whose own are `shares`."""

    first: int
    members: tuple[int, ...]
    shares: tuple[float, ...]
    probability: float


def grouped(library: Library, probabilities: NDArray[np.float64], most: int) -> list[Group]:
    """Gather entries with those that they cannot be told from, likeliest first, at most `most` groups."""
    neighbours = neighbours_of(library)
    groups: list[Group] = []
    taken: set[int] = set()
    for first in map(int, _likeliest(probabilities, 8 * most)):
        if first in taken:
            continue
        members = (first, *(other for other in neighbours[first] if other not in taken))
        taken.update(members)
        shares = tuple(map(float, probabilities[list(members)]))
        groups.append(Group(first, members, shares, min(1.0, sum(shares))))
    return sorted(groups, key=lambda group: -group.probability)[:most]


def _likeliest(probabilities: NDArray[np.float64], count: int) -> NDArray[np.int64]:
    """Places of the `count` likeliest, likeliest first, of two alike the earlier."""
    least = np.partition(probabilities, -count)[-count] if len(probabilities) > count else -np.inf
    at = np.flatnonzero(probabilities >= least)
    return at[np.argsort(-probabilities[at], kind="stable")][:count]


def renown_of(
    library: Library, laboratories: Sequence[int], catalogue: Catalogue, added: Collection[str]
) -> tuple[int, ...]:
    """How well each entry is known: by how many laboratories, most where the catalogue has it or the state `added` it.

    `added` are skeletons.
    """
    most = max(laboratories) + 1
    return tuple(
        most if entry.skeleton in added or catalogue.find(entry.inchikey) is not None else by
        for entry, by in zip(library.entries, laboratories, strict=True)
    )


def named_by(members: Iterable[tuple[int, float]], renown: Sequence[int]) -> int:
    """Return the place of the member that a group has its name of: that of most `renown`, which every place has.

    `members` are places and probabilities; of two alike the likelier counts. No officer has heard of isocaffeine.
    """
    ranked = sorted(members, key=lambda each: -each[1])
    most = ranked[0][1]
    return max((at for at, share in ranked if share * FAR_LIKELIER >= most), key=lambda at: renown[at])


@lru_cache(maxsize=4)
def neighbours_of(library: Library) -> list[tuple[int, ...]]:
    """Places of the entries that each entry cannot be told from: its isomers, and others of its own name."""
    places: dict[tuple[str, str], list[int]] = defaultdict(list)
    for at, entry in enumerate(library.entries):
        places[entry.name, entry.formula].append(at)
    return [
        tuple(
            other
            for name in (entry.name, *entry.isomers)
            for other in places.get((name, entry.formula), ())
            if other != at
        )
        for at, entry in enumerate(library.entries)
    ]
