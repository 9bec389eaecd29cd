"""Chlorine and bromine by the isotope two above the whole, and which families of drugs have them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.catalogue import Catalogue
from models.family_rule import Rule
from models.halogens import CLASSES, class_of, halogen_class
from models.identification import Identifier
from models.preprocessing import BINS
from models.training.halogens import halogen_ratios
from tests.models.test_families import reading


@pytest.mark.parametrize(
    ("whole", "spectrum", "expected"),
    [
        (286, {286: 1.0}, 0),
        (285, {285: 1.0, 287: 0.32, 193: 0.4}, 1),
        (319, {319: 1.0, 321: 0.64}, 2),
        (353, {353: 1.0, 355: 0.97}, 2),
        (304, {304: 0.01, 182: 1.0}, None),
    ],
)
def test_the_isotope_two_above_the_whole_tells_the_class(
    whole: int, spectrum: dict[int, float], expected: int | None
) -> None:
    assert halogen_class(reading(spectrum), whole) == expected


def test_only_spectra_that_show_the_whole_count() -> None:
    bins = reading({285: 1.0, 287: 0.32}, {193: 1.0, 287: 0.5})
    assert halogen_class(bins, 285) == 1


@pytest.mark.parametrize("whole", [0, BINS - 2, BINS])
def test_without_a_whole_in_reach_there_is_no_class(whole: int) -> None:
    assert halogen_class(reading({200: 1.0}), whole) is None


@given(st.floats(0, 10))
def test_a_higher_isotope_is_never_a_lower_class(height: float) -> None:
    assert 0 <= class_of(height) <= class_of(height + 0.1) < CLASSES


def test_what_is_carried_is_what_the_formulas_of_today_say(identifier: Identifier, catalogue: Catalogue) -> None:
    carried = Rule.load().halogens
    assert carried.keys() == halogen_ratios(catalogue, identifier.base).keys()


def test_chlorine_speaks_for_benzodiazepines_and_against_opiates(identifier: Identifier, catalogue: Catalogue) -> None:
    ratios = halogen_ratios(catalogue, identifier.base)
    assert ratios["benzodiazepine"][1] > 1
    assert ratios["opiate"][1] < 0 < ratios["opiate"][0]
