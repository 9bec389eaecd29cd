"""Pictures of what a browser shows."""

import os
import time
from pathlib import Path

from playwright.sync_api import Error as BrowserError
from playwright.sync_api import Locator, Page

BLINKED = "Unable to capture screenshot"
"""What Chromium says where its compositor had no frame to copy, as on a busy machine: the page has no part in it."""


def picture(of: Page | Locator, path: Path | None = None) -> bytes:
    """Return a PNG, and keep it where a path is named; take it again where the browser itself failed to."""
    for wait in (0.2, 1, 3):
        try:
            return of.screenshot(path=path, animations="disabled")
        except BrowserError as error:
            if BLINKED not in str(error):
                raise
            time.sleep(wait)
    return of.screenshot(path=path, animations="disabled")


def keep(page: Page, name: str) -> None:
    """Keep a picture for whoever looks, in the folder that GARITA_SCREENS names; where it names none, take none."""
    if folder := os.environ.get("GARITA_SCREENS"):
        picture(page, Path(folder) / f"{name}.png")
