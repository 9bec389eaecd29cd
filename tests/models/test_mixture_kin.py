"""Who is meant where a family's fragments are there and the charged whole of its likeliest is another's ion."""

from dataclasses import dataclass

import numpy as np
import pytest

from models.mixture_kin import Probabilities, among_kin
from models.mixture_own import Own

FAMILIES = ("stimulant-amphetamine", "stimulant-amphetamine", "stimulant-amphetamine", "opioid-fentanyl", "")
ENTRIES = np.arange(len(FAMILIES))
LIKELY = np.array([0.7, 0.1, 0.05, 0.03, 0.02, 0.1])


@dataclass(frozen=True)
class Whole:
    """Height in the softest spectrum, and what of it others leave."""

    seen: float
    free: float


HIDDEN, ABSENT, OWN, FAINT = Whole(0.3, 0.0), Whole(0.0, 0.0), Whole(0.2, 1.0), Whole(0.05, 1.0)


def shared(*wholes: Whole) -> list[float]:
    table = np.zeros((len(FAMILIES), len(Own)), dtype=np.float32)
    for row, whole in zip(table, wholes, strict=False):
        row[[Own.ION_SEEN_FIRST, Own.ION_SEEN_MOST]] = whole.seen
        row[[Own.ION_FREE_FIRST, Own.ION_FREE_MOST]] = whole.free
    after = among_kin(LIKELY, table, ENTRIES, FAMILIES)
    assert after.sum() == pytest.approx(LIKELY.sum())
    assert after[3:] == pytest.approx(LIKELY[3:])
    return after[:3].tolist()


@pytest.mark.parametrize(
    ("wholes", "shares"),
    [
        ((OWN, OWN, ABSENT), (0.7, 0.1, 0.05)),
        ((ABSENT, OWN, ABSENT), (0.7, 0.1, 0.05)),
        ((HIDDEN, OWN, ABSENT), (0.0, 0.85, 0.0)),
        ((HIDDEN, OWN, OWN), (0.0, 0.425, 0.425)),
        ((HIDDEN, FAINT, ABSENT), (0.85 / 3, 0.85 / 3, 0.85 / 3)),
        ((HIDDEN, ABSENT, HIDDEN), (0.85 / 3, 0.85 / 3, 0.85 / 3)),
    ],
)
def test_the_kin_with_a_whole_of_its_own_is_meant_or_none_before_the_others(
    wholes: tuple[Whole, ...], shares: tuple[float, ...]
) -> None:
    assert shared(*wholes) == pytest.approx(shares)


@pytest.mark.parametrize(
    ("likely", "families"), [(LIKELY, ("",) * len(FAMILIES)), (np.array([0.01, 0, 0, 0, 0, 0.99]), FAMILIES)]
)
def test_what_is_of_no_family_of_drugs_or_nobody_stays(likely: Probabilities, families: tuple[str, ...]) -> None:
    table = np.zeros((len(FAMILIES), len(Own)), dtype=np.float32)
    table[:, Own.ION_SEEN_MOST] = 0.3
    assert among_kin(likely, table, ENTRIES, families) is likely
