"""Whatever a reading's line says of why nothing was concluded is told whole, in the list and beside the others."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser

from edge.views import ReadingId
from edge.web import screen
from edge.web.comparing import Crosscheck
from edge.web.readings import Row
from edge.web.screen import Frame, Screens
from edge.web.words import CONCLUSIONS, REASONS
from tests.edge.web.screens import RULES
from tests.edge.web.test_screens import PANELS

pytestmark = pytest.mark.browser

SHOWN = {"compare.html": 4, "readings.html": 6}
PAGES = {"page": 1, "pages": 2, "more": True}


@pytest.mark.parametrize("panel", PANELS)
@pytest.mark.parametrize("language", ["es", "en"])
@pytest.mark.parametrize("template", SHOWN)
def test_every_reason_is_told_whole_in_a_row(
    chromium: Browser, tmp_path: Path, template: str, language: str, panel: str
) -> None:
    screens = Screens.load((screen.WEB / "static").as_uri())
    words, width, height = screens.languages[language], *PANELS[panel]
    cross = Crosscheck("conflict", 5, words.say("The readings disagree"), "", "", "alarm", accepted=False)
    frame = Frame(words, "day", "night", panel, "/", "", "A. Castañeda", True, True, False, False, (), ())
    word = words.say(CONCLUSIONS["inconclusive"])
    rows = [
        Row(ReadingId("r-1"), "inconclusive", word, each, "", "23:59", "30 sep")
        for each in map(words.say, REASONS.values())
    ]
    shown = SHOWN[template]
    page, found = chromium.new_page(viewport={"width": width, "height": height}), list[str]()
    given: dict[str, object] = {"frame": frame, "cross": cross, "files": (), "screening": "s-1", "newest": "r-1"}
    for first in range(0, len(rows), shown):
        some = rows[first : first + shown]
        text = screens.environments[language].get_template(template).render(**given, rows=some, **PAGES)
        (tmp_path / template).write_text(text, "utf-8")
        page.goto((tmp_path / template).as_uri())
        found += page.evaluate(RULES, 3)
    page.close()
    assert not found, "\n".join(found)
