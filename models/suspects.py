"""Who is suspected where a conclusion rests on a component that is not among what is named."""

from collections.abc import Sequence

import numpy as np

from models.calibration import Thresholds
from models.catalogue import Standing
from models.components import POSSIBLE, Parts, Standings, likely
from models.grouping import Group, grouped
from models.library import Library
from models.mixture import Found

MOST_SUSPECTS = 3
LISTED = (Standing.CONTROLLED, Standing.WATCHED)


def suspects_of(parts: Parts, library: Library, standings: Standings, limits: Thresholds) -> list[Group]:
    """Return who of the controlled and watched may be such a component, likeliest first: the likeliest at least."""
    shares = np.zeros(len(library.entries))
    for found in _resting(parts, standings, limits):
        for entry, share in found.answer.rivals:
            if standings[entry] in LISTED:
                shares[entry] = max(shares[entry], share)
    groups = grouped(library, shares, MOST_SUSPECTS)
    return [each for each in groups if each.probability >= min(POSSIBLE, groups[0].probability) and shares[each.first]]


def _resting(parts: Parts, standings: Standings, limits: Thresholds) -> Sequence[Found]:
    """Return the components that are likely enough to be listed for a caution, and that are not named."""
    unnamed = (each for each in parts.found if each not in parts.named)
    return [each for each in unnamed if max(likely(each, law, standings) for law in LISTED) >= limits.caution]
