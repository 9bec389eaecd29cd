"""A scale's name on paper: its capacity is never taken for a weight."""

import pytest

from edge.web.scale_words import scale_words
from edge.web.translations import load_languages


@pytest.mark.parametrize(
    ("told", "said"),
    [
        (
            "Mettler-Toledo Garita virtual scale 2200.00 g 0123456789",
            "Báscula: Mettler-Toledo Garita virtual scale, máx. 2200.00\xa0g, serie 0123456789",
        ),
        ("Mettler-Toledo ML503T 520.0090 g", "Báscula: Mettler-Toledo ML503T, máx. 520.0090\xa0g"),
        ("Mettler-Toledo MS 32.2 kg B123", "Báscula: Mettler-Toledo MS, máx. 32.2\xa0kg, serie B123"),
        ("A&D SJ-5000HS", "Báscula: A&D SJ-5000HS"),
        ("MT XS204", "Báscula: MT XS204"),
        ("", "Báscula: "),
    ],
)
def test_the_capacity_is_named_as_such(told: str, said: str) -> None:
    assert scale_words(load_languages()["es"], told) == said
