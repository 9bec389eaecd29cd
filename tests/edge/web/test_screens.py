"""Every screen, in both languages, three themes and on three panels.

`make test` sees three looks: each language on the smallest panel, each theme, and the largest panel once. All others,
with the panel between them, `make looks` sees.
"""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass

import pytest
from playwright.sync_api import Browser, Error, Page

from models.identification import Identifier
from tests.edge.web.camera import keep
from tests.edge.web.case_screens import Cases
from tests.edge.web.officer import at
from tests.edge.web.post import Post, Programme, Site
from tests.edge.web.screens import COLOURS, EVERYTHING, Readings, axe_violations, broken_rules, screens

pytestmark = pytest.mark.browser

PANELS = {"7-1024x600": (1024, 600), "8-1280x800": (1280, 800), "10-1280x800": (1280, 800)}
LOOKS = ("es day", "es night", "es indoor", "en day", "en night", "en indoor")
ORDINARY = {
    ("es day", "7-1024x600"): EVERYTHING,
    ("en night", "7-1024x600"): EVERYTHING,
    ("es indoor", "10-1280x800"): COLOURS,
}
JUDGED = {**ORDINARY, ("en indoor", "8-1280x800"): EVERYTHING}
SEEN = [
    pytest.param(look, panel, marks=() if (look, panel) in ORDINARY else pytest.mark.looks)
    for look in LOOKS
    for panel in PANELS
]


@dataclass(frozen=True)
class Stand:
    """A post with a reading of each kind, and a seizure at each stage."""

    post: Post
    readings: Readings
    cases: Cases


@pytest.fixture(scope="module")
def stands(
    tmp_path_factory: pytest.TempPathFactory, identifier: Identifier, programme: Programme
) -> Iterator[dict[str, Stand]]:
    """Provide one post for each panel."""
    with ExitStack() as ends:
        site = Site(tmp_path_factory.mktemp("screens"), identifier, programme, ends)
        posts = {panel: site.post(site.folder / panel, panel=panel, demo=True, **site.companions()) for panel in PANELS}
        yield {panel: _stand(post) for panel, post in posts.items()}


def _stand(post: Post) -> Stand:
    readings = Readings.take(post)
    return Stand(post, readings, Cases.make(post, readings.by_name["result-alarm"]))


@pytest.mark.timeout(900)
@pytest.mark.parametrize(("look", "panel"), SEEN)
def test_every_screen_keeps_the_rules(chromium: Browser, stands: dict[str, Stand], look: str, panel: str) -> None:
    """Axe judges each language, theme and panel once: on another it finds the same."""
    stand, size, faults = stands[panel], PANELS[panel], list[str]()
    language, theme = look.split()
    judged = JUDGED.get((look, panel))
    group = f"{language}-{theme}-{size[0]}x{size[1]}"
    with at(chromium, stand.post, language, theme, size) as officer:
        for name in screens(officer, stand.readings, stand.cases):

            def look_at(name: str = name) -> list[str]:
                keep(officer.page, f"{group}/{name}")
                broken = broken_rules(officer, name, language, theme)
                return broken + (axe_violations(officer, name, judged) if judged else [])

            faults += steady(officer.page, look_at)
    assert not faults, "\n".join(faults)


def steady(page: Page, look: Callable[[], list[str]]) -> list[str]:
    """Look again, once, where the page moved on by itself in the middle: what it moved to keeps the rules, too."""
    try:
        return look()
    except Error:
        page.wait_for_load_state("load")
        return look()
