"""Which PINs are tried first, and that the others are many."""

from random import Random

import pytest

from edge.guessed import is_guessed

PATTERNS = "111111 123456 654321 890123 112233 121212 471471 471174"
FIGURES = "258025 025800 258013 471470 074139 096347 147258 159357 159753 963852 147369 789456 147896 123654 221100"
CORNERS = "139713 791379 713971 117733 139725 001397 579138 791300"
DATES = "150890 311299 010126 290200 290204 900815 261127 198507 021985 151990 194013 132026"
GOOD = "314159 271828 161803 471906 320199 290201 151330 270439 007392 258193 203718 135824 719258 849271 139258 713064"


@pytest.mark.parametrize("pin", f"{PATTERNS} {FIGURES} {CORNERS} {DATES}".split())
def test_patterns_figures_on_the_keys_and_dates_are_tried_first(pin: str) -> None:
    assert is_guessed(pin)


@pytest.mark.parametrize("pin", GOOD.split())
def test_other_digits_are_not(pin: str) -> None:
    assert not is_guessed(pin)


def test_more_than_nine_of_ten_pins_are_free() -> None:
    tried = Random(1).sample(range(10**6), 50_000)  # noqa: S311 - no PIN is made of it
    assert 0.09 < sum(is_guessed(f"{pin:06}") for pin in tried) / len(tried) < 0.1
