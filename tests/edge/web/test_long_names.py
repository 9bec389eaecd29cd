"""The result with the longest names of the catalogue: nothing of it is cut off."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser

from edge.views import ReadingView
from edge.web import screen
from edge.web.comparing import Crosscheck
from edge.web.screen import Chip, Frame, Screens
from models.catalogue import Standing, Substance
from tests.edge.web.screens import RULES
from tests.edge.web.test_results import CATALOGUE, component, hit, reading, say

pytestmark = pytest.mark.browser

LISTED = sorted(
    (each for each in CATALOGUE.substances if each.standing is not Standing.UNLISTED),
    key=lambda substance: -max(len(substance.name), len(substance.spanish)),
)
POTENT = [each for each in LISTED if each.hazard == "H1-ULTRA"]
ISOMERS = [each.name for each in LISTED[:3]]
PLACE = "Puesto de Control Aduanero Ciudad Hidalgo, Puente Internacional Suchiate II"


def one(substance: Substance) -> ReadingView:
    named = hit(substance.inchikey, name=substance.name, isomers=ISOMERS)
    return reading("alarm", "controlled-substance", "isomers-not-told-apart", hits=[named])


def mixed(substances: list[Substance]) -> ReadingView:
    hits = [hit(each.inchikey, name=each.name) for each in substances]
    parts = [component(each.inchikey, each.name, 0.15) for each in substances]
    return reading("alarm", "controlled-substance", "mixture", hits=hits, components=parts)


def unsure(first: Substance, second: Substance) -> ReadingView:
    hits = [hit(each.inchikey, name=each.name) for each in (first, second)]
    return reading("caution", "ambiguous", "document-check", "status-unverified", hits=hits)


@pytest.mark.parametrize("language", ["es", "en"])
def test_the_longest_names_fit_on_the_smallest_panel(chromium: Browser, tmp_path: Path, language: str) -> None:
    screens = Screens.load((screen.WEB / "static").as_uri())
    words, drawn = screens.languages[language], tmp_path / "result.html"
    chips = (Chip("queue", "queue", "12 345", ""),)
    cross = Crosscheck("only_one", 1, words.say("Only one reading"), "", "", accepted=False)
    frame = Frame(words, "day", "night", "7-1024x600", "/", PLACE, "A. Castañeda", True, True, False, False, chips, ())
    given = [*map(one, (*LISTED[:8], *POTENT[:8])), mixed(LISTED[:5]), mixed(POTENT[:5]), unsure(*LISTED[1:3])]
    page, faults = chromium.new_page(viewport={"width": 1024, "height": 600}), list[str]()
    for each in given:
        result = say(each, language)
        text = screens.environments[language].get_template("result.html")
        drawn.write_text(text.render(frame=frame, reading=each, result=result, cross=cross), "utf-8")
        page.goto(drawn.as_uri())
        faults += [f"{result.substance}: {fault}" for fault in page.evaluate(RULES, 3)]
    page.close()
    assert not faults, "\n".join(faults)
