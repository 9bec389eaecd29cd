"""A whole post on loopback: the real station, the real drivers, the simulated analyzer on a pty, and Chromium."""

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect, sync_playwright

from models.identification import Identifier
from tests.edge.web.post import Post, Programme, Site

CHROMIUM = "/usr/bin/chromium"
ENGINE = "/usr/bin/chromium-headless-shell"
"""Chromium's engine without the windows and services around it, for two fifths less work: test_engine.py."""
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--use-fake-device-for-media-stream",
    "--use-fake-ui-for-media-stream",
]
AS_CHROMIUM = "--font-render-hinting=slight"
"""How the engine draws letters as Chromium does, to the pixel."""


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    expect.set_options(timeout=60_000)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=ENGINE, args=[*FLAGS, AS_CHROMIUM])
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def programme() -> Programme:
    return Programme()


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory, identifier: Identifier, programme: Programme) -> Iterator[Site]:
    """Provide a place for posts, which all end with the module."""
    with ExitStack() as ends:
        yield Site(tmp_path_factory.mktemp("site"), identifier, programme, ends)


@pytest.fixture
def post(site: Site, tmp_path: Path) -> Post:
    """Provide a post of its own, with its analyzer plugged in and nobody signed in."""
    return site.post(tmp_path)
