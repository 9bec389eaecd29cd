"""In a language a good deal longer, and in one from right to left, no screen scrolls, overlaps or loses a control."""

import re

import pytest
from playwright.sync_api import Browser

from tests.edge.web.camera import keep
from tests.edge.web.case_screens import Cases
from tests.edge.web.foreign import teach
from tests.edge.web.officer import at
from tests.edge.web.post import Post, Site
from tests.edge.web.screens import RULES, Readings, screens

pytestmark = [pytest.mark.browser, pytest.mark.looks]

FORGIVEN = re.compile(
    r"clipped by 0 x \d+: (SECTION|SPAN|A)\.|clipped by \d+ x \d: (H1|SPAN|P)\.|outside: (UL|OL|DL|DIV|TABLE)\."
    r"|cut off: (LI|P|STRONG|DT|DD)\.|broken: "
)
"""A text too long for its card or row ends early, a title or the first line of a row ends in dots, and a word that is
wider than its button goes on on the next line. Nothing else."""

TIGHT = ("identify", "weight-by-hand", "weight-refused", "reference", "papers-nothing", "compare-many")
TIGHTLY = re.compile(r"clipped by 0 x \d+: (MAIN|GARITA-KEYS)\.|outside: (BUTTON|A)\.|-?\d+\.\d mm between ")
"""Screens whose keys, codes or rows leave no room for a longer line: there the gap below may be smaller than 3 mm."""


def forgiven(screen: str, fault: str) -> bool:
    """Tell whether a longer language may break this rule on this screen."""
    return bool(FORGIVEN.match(fault) or (screen in TIGHT and TIGHTLY.match(fault)))


@pytest.fixture(scope="module")
def abroad(site: Site, tmp_path_factory: pytest.TempPathFactory) -> tuple[Post, Readings, Cases]:
    """Provide a post that speaks both, with a reading of each kind and cases at every step."""
    post = site.post(tmp_path_factory.mktemp("abroad"), demo=True, **site.companions())
    teach(post.app)
    readings = Readings.take(post)
    return post, readings, Cases.make(post, readings.by_name["result-alarm"])


@pytest.mark.parametrize(("language", "direction"), [("de", "ltr"), ("ar", "rtl")])
def test_every_screen_holds_other_languages(
    chromium: Browser, abroad: tuple[Post, Readings, Cases], language: str, direction: str
) -> None:
    post, readings, cases = abroad
    faults = list[str]()
    with at(chromium, post, language) as officer:
        for name in screens(officer, readings, cases):
            keep(officer.page, f"{language}/{name}")
            found: list[str] = officer.page.evaluate(RULES, 3)
            faults += [f"{name}: {fault}" for fault in found if not forgiven(name, fault)]
            assert officer.page.locator("html").get_attribute("dir") == direction
    assert not faults, "\n".join(faults)
