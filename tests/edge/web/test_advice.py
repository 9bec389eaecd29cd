"""What is advised: each reason has a fix in pictures, each hazard first aid, and none of it frightens or misleads."""

import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edge.views import Interruption
from edge.web import words
from edge.web.coaching import FIXES, coach_of
from edge.web.first_aid import first_aid
from edge.web.mirror import MIDDLE, NAME_WIDTH, mirror_plot
from edge.web.preparation import STEPS, steps_of
from edge.web.translations import load_languages
from models.catalogue import Catalogue

LANGUAGES = load_languages()
PICTURES = Path(words.__file__).with_name("templates") / "pictures.html"
DRAWN = set(re.findall(r'name == "([a-z-]+)"', PICTURES.read_text("utf-8")))


@pytest.mark.parametrize("code", [*FIXES, *Interruption])
def test_each_reason_that_needs_a_step_has_a_fix_in_pictures(code: str) -> None:
    assert code in FIXES
    coach = coach_of(LANGUAGES["es"], [code])
    assert coach.steps
    assert {step.picture for step in coach.steps} <= DRAWN


@pytest.mark.parametrize(
    ("code", "first", "primary"),
    [
        (Interruption.BATTERY_LOW, "Cargue el analizador o conéctelo.", "repeat"),
        (Interruption.OVERLOAD, "Deje que el analizador se limpie, o limpie su entrada.", "shift"),
        (Interruption.TOO_HOT, "Deje enfriar el analizador, fuera del sol.", "repeat"),
        (Interruption.NO_SAMPLE, "Vuelva a poner la muestra.", "repeat"),
        (Interruption.INSTRUMENT_FAULT, "Apague y encienda el analizador.", "repeat"),
    ],
)
def test_what_ails_the_analyzer_has_its_own_remedy(code: str, first: str, primary: str) -> None:
    coach = coach_of(LANGUAGES["es"], [code])
    assert (coach.steps[0].text, coach.primary) == (first, primary)


def test_a_reason_of_later_software_is_mended_by_one_more_reading() -> None:
    assert coach_of(LANGUAGES["en"], ["a-reason-of-later-software"]).primary == "repeat"


@pytest.mark.parametrize("hazard", Catalogue.load().hazards)
@pytest.mark.parametrize("language", LANGUAGES)
def test_each_hazard_has_first_aid_without_gel_bleach_or_fear(hazard: str, language: str) -> None:
    aid = first_aid(LANGUAGES[language], hazard, whole=True)
    said = " ".join(aid.lines).lower()
    assert len(aid.lines) <= 7
    assert not re.search(r"\b(deadly|lethal|kill\w*|mortal\w*|letal\w*)\b", said)
    assert not re.search(r"(use|con|with|usar|aplique) (gel|bleach|cloro)", said)


@pytest.mark.parametrize("hazard", ["H1-ULTRA", "H2-OPIOID", "H6-SED"])
def test_opioids_remind_of_naloxone(hazard: str) -> None:
    assert "naloxona" in " ".join(first_aid(LANGUAGES["es"], hazard, whole=False).lines)


@pytest.mark.parametrize("analyzer", [*STEPS, None, "another"])
def test_each_analyzer_has_its_steps_in_pictures(analyzer: str | None) -> None:
    steps = steps_of(LANGUAGES["es"], f"{analyzer}:/dev/ttyACM0" if analyzer else None)
    assert len(steps) == 3
    assert {step.picture for step in steps} <= DRAWN


peaks = st.lists(
    st.tuples(st.integers(41, 500), st.integers(1, 1000), st.integers(0, 1000), st.integers(0, 1000)),
    min_size=1,
    max_size=40,
    unique_by=lambda peak: peak[0],
).map(sorted)


@given(peaks)
def test_no_name_of_a_peak_is_crossed_by_a_higher_one(found: Any) -> None:
    drawn = mirror_plot(found, "a reading")
    sticks = [(float(x), float(top)) for x, top in re.findall(rf'class="stick" d="M([\d.]+) {MIDDLE}V([\d.]+)"', drawn)]
    assert sticks
    names = re.findall(r'<text x="([\d.]+)" y="([\d.]+)" text-anchor="middle">', drawn)
    for x, y in ((float(x), float(y)) for x, y in names if float(y) < MIDDLE):
        assert not any(abs(x - at) < NAME_WIDTH / 2 and top < y - 7 for at, top in sticks if at != x)
