"""What the tests look at is what a station shows: Chromium and its engine alone draw alike, to the pixel."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from edge.web.gallery import PARTS
from tests.edge.web.camera import picture
from tests.edge.web.conftest import CHROMIUM, FLAGS
from tests.edge.web.officer import at
from tests.edge.web.post import Post, Site

pytestmark = pytest.mark.browser

STILL = [part for part in PARTS if part != "photo"]
"""The camera's picture moves."""


@pytest.fixture
def whole(chromium: Browser) -> Iterator[Browser]:
    browser = chromium.browser_type.launch(executable_path=CHROMIUM, args=FLAGS)
    yield browser
    browser.close()


def drawn(browser: Browser, post: Post) -> dict[str, bytes]:
    pictures = dict[str, bytes]()
    with at(browser, post) as officer:
        for part in STILL:
            officer.open(f"/gallery/{part}")
            officer.page.evaluate("() => document.fonts.ready")
            pictures[part] = picture(officer.page.locator("main"))
    return pictures


def test_chromium_draws_to_the_pixel_what_its_engine_draws(
    chromium: Browser, whole: Browser, site: Site, tmp_path: Path
) -> None:
    post = site.post(tmp_path, demo=True)
    shown, seen = drawn(whole, post), drawn(chromium, post)
    assert [part for part in STILL if shown[part] != seen[part]] == []
