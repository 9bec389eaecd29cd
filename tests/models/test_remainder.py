"""What recognised substances leave of a reading's spectra, as a reading of its own."""

import numpy as np
import pytest

from models.identification import Identifier
from models.library import Band
from models.mixture_index import MixtureIndex
from models.preprocessing import BINS, Bins
from models.remainder import LEAST_LEFT, remainder

CAFFEINE, WHOLE = "RYYVLZVUVIJVGH", 195
FOREIGN = {411: 0.6, 100: 0.3, 72: 0.1}


@pytest.fixture(scope="module")
def index(identifier: Identifier) -> MixtureIndex:
    return MixtureIndex.of(identifier.library, identifier.index)


@pytest.fixture(scope="module")
def caffeine(identifier: Identifier) -> int:
    return next(at for at, entry in enumerate(identifier.library.entries) if entry.skeleton == CAFFEINE)


@pytest.fixture(scope="module")
def pure(identifier: Identifier, caffeine: int) -> Bins:
    own = identifier.library.band(Band.ALL)[:, caffeine]
    return np.asarray(own / own.sum(), dtype=np.float32)


def beside(pure: Bins, ions: dict[int, float], share: float) -> Bins:
    row = (1 - share) * pure
    for mz, part in ions.items():
        row[mz] += share * part
    return row


def test_what_is_left_is_the_other_substance(index: MixtureIndex, caffeine: int, pure: Bins) -> None:
    left = remainder(index, np.stack([beside(pure, FOREIGN, 0.3), pure]), [caffeine])
    assert left.shape == (1, BINS)
    assert left.sum() == pytest.approx(1)
    assert {mz: pytest.approx(left[0, mz], abs=0.02) for mz in FOREIGN} == FOREIGN


@pytest.mark.parametrize(
    ("above", "height"), [(1, 1.0), (22, 1.0), (17, 0.05), (38, 0.05), (41, 0.05), (WHOLE - 1, 1.0)]
)
def test_adducts_and_the_dimer_are_not_left(
    index: MixtureIndex, caffeine: int, pure: Bins, above: int, height: float
) -> None:
    assert not len(remainder(index, beside(pure, {WHOLE: 1.0, WHOLE + above: height}, 0.3)[None], [caffeine]))


@pytest.mark.parametrize("above", [17, 22, 23, 38, 41, WHOLE - 1])
def test_what_is_higher_beside_its_whole_is_left(index: MixtureIndex, caffeine: int, pure: Bins, above: int) -> None:
    assert len(remainder(index, beside(pure, {WHOLE + above: 1.0}, 0.8)[None], [caffeine]))


def test_a_spectrum_of_which_next_to_nothing_is_left_does_not_count(
    index: MixtureIndex, caffeine: int, pure: Bins
) -> None:
    assert not len(remainder(index, beside(pure, FOREIGN, LEAST_LEFT / 2)[None], [caffeine]))
