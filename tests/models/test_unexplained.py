"""What recognised substances leave of a reading: masses of theirs, and components that are not theirs."""

import numpy as np
import pytest

from models.calibration import Thresholds
from models.catalogue import Standing
from models.components import sort_out
from models.identification import Identifier
from models.library import Band
from models.mixture import Answer, Decomposition, Found
from models.preprocessing import BINS
from models.unexplained import fragments, heavier, hidden, strange_masses, strangest, unexplained, unlike, unnamed

LIMITS = Thresholds()
STANDINGS = (Standing.UNLISTED, Standing.UNLISTED)
CAFFEINE, WHOLE = "RYYVLZVUVIJVGH", 195


@pytest.fixture(scope="module")
def caffeine(identifier: Identifier) -> int:
    return next(at for at, entry in enumerate(identifier.library.entries) if entry.skeleton == CAFFEINE)


def test_a_substance_explains_its_own_spectrum_and_nothing_else(identifier: Identifier, caffeine: int) -> None:
    own = identifier.library.band(Band.ALL)[:, caffeine].astype(np.float64)
    own /= own.sum()
    strange = np.zeros(BINS)
    strange[np.flatnonzero(own == 0)[-40]] = 1.0
    masses = strange_masses(identifier.index, [caffeine], np.zeros((1, BINS)))
    assert unexplained(own[None], masses) == pytest.approx(0)
    assert unexplained((0.7 * own + 0.3 * strange)[None], masses) == pytest.approx(0.3)
    assert unexplained(np.zeros((1, BINS)), masses) == 0


def test_of_its_fragments_a_whole_alone_has_none(identifier: Identifier, caffeine: int) -> None:
    own = identifier.library.band(Band.ALL)[:, caffeine].astype(np.float64)
    alone = np.zeros(BINS)
    alone[WHOLE : WHOLE + 3] = 1.0
    half = alone.copy()
    half[138] = 1.0
    cocaine = next(at for at, entry in enumerate(identifier.library.entries) if entry.name == "Cocaine")
    told = [fragments(each, identifier.index, [caffeine]) for each in (alone, half, np.maximum(own, alone))]
    assert told[0] == 0
    assert told[0] < told[1] < told[2]
    assert told[2] > 0.9
    assert fragments(half, identifier.index, [caffeine, cocaine]) < told[1]
    assert fragments(half, identifier.index, []) == 1.0


def left(identifier: Identifier, caffeine: int, *spectra: dict[int, float]) -> float:
    rows = np.zeros((len(spectra), BINS))
    for row, ions in zip(rows, spectra, strict=True):
        row[list(ions)] = list(ions.values())
    return unexplained(rows, strange_masses(identifier.index, [caffeine], rows))


@pytest.mark.parametrize(("up", "height"), [(1, 5.0), (17, 0.05), (22, 1.0), (38, 0.05), (41, 0.05), (WHOLE - 1, 1.0)])
def test_adducts_and_the_dimer_are_the_substance_s_own(
    identifier: Identifier, caffeine: int, up: int, height: float
) -> None:
    assert left(identifier, caffeine, {WHOLE: 1.0, WHOLE + up: height}) == 0


@pytest.mark.parametrize(("up", "height"), [(17, 0.1), (22, 1.5), (38, 0.1), (41, 0.1), (WHOLE - 1, 1.5)])
def test_what_is_higher_beside_its_whole_is_another_s(
    identifier: Identifier, caffeine: int, up: int, height: float
) -> None:
    """Butylone's 222 is levamisole's 205 with ammonia, eutylone's 174 paracetamol's 152 with sodium."""
    alone = {WHOLE: 1.0, WHOLE + up: height}
    assert left(identifier, caffeine, alone) == pytest.approx(height / (1 + height))
    assert left(identifier, caffeine, {WHOLE: 1.0}, {WHOLE + up: 0.01}) == pytest.approx(0.01 / 1.01)


def test_above_sodium_only_its_isotope_is_the_substance_s_own(identifier: Identifier, caffeine: int) -> None:
    assert left(identifier, caffeine, {WHOLE: 1.0, WHOLE + 22: 0.5, WHOLE + 23: 0.05}) == 0
    assert left(identifier, caffeine, {WHOLE: 1.0, WHOLE + 22: 0.5, WHOLE + 23: 0.5}) == pytest.approx(0.25)
    assert left(identifier, caffeine, {WHOLE: 1.0, WHOLE + 23: 0.05}) == pytest.approx(0.05 / 1.05)


def test_what_may_be_an_adduct_is_no_ion_of_the_substance(identifier: Identifier, caffeine: int) -> None:
    other = np.flatnonzero(unlike(identifier.index, [caffeine]))
    assert {WHOLE + 22, WHOLE + 41, 2 * WHOLE - 1} <= set(other)
    assert not {WHOLE, WHOLE + 1, 138} & set(other)


def test_a_drug_hides_where_its_ions_are_in_what_is_left(identifier: Identifier, caffeine: int) -> None:
    cocaine = next(at for at, entry in enumerate(identifier.library.entries) if entry.name == "Cocaine")
    masses = strange_masses(identifier.index, [caffeine], np.zeros((1, BINS)))
    spectra = identifier.library.band(Band.ALL)[:, [caffeine, cocaine]].astype(np.float64)
    both, alone = spectra @ [0.8, 0.2], spectra[:, 0]
    others = identifier.index.whole.take(np.array([cocaine]))
    assert hidden(both[None], masses, others) > 0.5
    assert hidden(alone[None], masses, others) == 0
    assert hidden(both[None], masses, others.take(np.zeros(0, dtype=np.int64))) == 0


@pytest.mark.parametrize(
    ("mz", "height"),
    [
        (WHOLE + 60, 0.4),
        (WHOLE - 10, 0.0),
        (WHOLE + 22, 0.0),
        (2 * WHOLE - 1, 0.0),
        (2 * WHOLE + 1, 0.0),
        (2 * WHOLE + 21, 0.4),
    ],
)
def test_an_ion_heavier_than_the_whole_is_another_s(
    identifier: Identifier, caffeine: int, mz: int, height: float
) -> None:
    softest = np.zeros((1, BINS))
    softest[0, [WHOLE, mz]] = 0.5, 0.2
    strange = strange_masses(identifier.index, [caffeine], softest)
    assert heavier(softest[0], strange[0], WHOLE) == pytest.approx(height)


def test_an_ion_and_its_isotope_two_above_are_one() -> None:
    softest = np.zeros(BINS)
    softest[[WHOLE, 353, 354, 355]] = 1.0, 0.1, 0.3, 0.15
    assert heavier(softest, np.arange(BINS) != WHOLE, WHOLE) == pytest.approx(0.3)
    softest[354] = 0.0
    assert heavier(softest, np.arange(BINS) != WHOLE, WHOLE) == pytest.approx(0.25)


def test_unlike_wholes_make_a_small_dimer(identifier: Identifier) -> None:
    at = {entry.name: at for at, entry in enumerate(identifier.library.entries)}
    two = [at["Caffeine"], at["Procaine"]]
    softest = np.zeros((1, BINS))
    softest[0, [195, 237, 431]] = 1.0, 0.5, 0.025
    assert heavier(softest[0], strange_masses(identifier.index, two, softest)[0], 237) == 0
    softest[0, 431] = 0.03
    assert heavier(softest[0], strange_masses(identifier.index, two, softest)[0], 237) == pytest.approx(0.03)


def test_the_highest_ion_at_strange_masses_counts_beside_the_highest_of_all() -> None:
    softest = np.zeros(BINS)
    softest[[91, 119, WHOLE]] = 0.1, 0.2, 0.5
    strange = np.arange(BINS) < WHOLE
    assert strangest(softest, strange) == pytest.approx(0.4)
    assert strangest(softest, ~strange) == pytest.approx(1.0)
    assert strangest(np.zeros(BINS), strange) == 0


def found(entry: int, present: float, share: float, probability: float) -> Found:
    return Found(Answer(entry, probability, present, ((entry, probability),), likeness=0.5), share, np.zeros(BINS))


@pytest.mark.parametrize(
    ("other", "left"),
    [
        (found(1, 0.52, 0.1, 0.26), 0.1),
        (found(1, 0.48, 0.1, 0.26), 0.0),
        (found(1, 0.89, 0.1, 0.8), 0.0),
    ],
)
def test_a_component_counts_that_is_likely_there_and_may_be_anything(other: Found, left: float) -> None:
    first = found(0, 0.99, 0.9, 0.99)
    parts = sort_out(Decomposition((first, other), np.zeros(BINS)), LIMITS, STANDINGS)
    assert unnamed(parts, [first], STANDINGS) == left


def test_nothing_is_unnamed_beside_a_substance_that_was_not_found_as_a_component() -> None:
    parts = sort_out(Decomposition((found(1, 0.6, 0.9, 0.3),), np.zeros(BINS)), LIMITS, STANDINGS)
    assert unnamed(parts, [], STANDINGS) == 0
