"""Hits as groups: isomers that the technique cannot tell apart stand and fall together."""

from collections import defaultdict
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from models.library import Library


@dataclass(frozen=True)
class Group:
    """`first` is the place of the likeliest member; `probability` that of all members together."""

    first: int
    members: tuple[int, ...]
    probability: float


def grouped(library: Library, probabilities: NDArray[np.float64], most: int) -> list[Group]:
    """Gather entries with those that they cannot be told from, likeliest first, at most `most` groups."""
    neighbours = neighbours_of(library)
    groups: list[Group] = []
    taken: set[int] = set()
    for first in map(int, np.argsort(-probabilities, kind="stable")[: 8 * most]):
        if first in taken:
            continue
        members = (first, *(other for other in neighbours[first] if other not in taken))
        taken.update(members)
        groups.append(Group(first, members, float(min(1.0, probabilities[list(members)].sum()))))
    return sorted(groups, key=lambda group: -group.probability)[:most]


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
