"""Puts the pictures of all screens on one sheet for each language and theme; Chromium itself lays it out.

    .venv/bin/python -m tests.edge.web.contact_sheet FOLDER docs/screens

FOLDER holds a folder for each look (es-day-1024x600), as test_screens.py writes them.
"""

import shutil
import sys
from html import escape
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from tests.edge.web.conftest import CHROMIUM, FLAGS

LOOKS = ("es-day", "es-night", "en-day", "en-night")
PANEL = "1024x600"
README_PICTURE = ("es-day", "result-alarm.png")
COLUMNS, THUMB = 7, 270
QUALITY = 54
STYLE = f"""body {{ margin: 12px; font: 14px sans-serif; background: #888; display: grid; gap: 10px;
grid-template-columns: repeat({COLUMNS}, {THUMB}px); width: max-content }} figure {{ margin: 0 }}
img {{ width: {THUMB}px; display: block }} figcaption {{ padding: 2px 0; color: #fff }}"""


def sheet(browser: Browser, pictures: list[Path], out: Path) -> None:
    """Write one sheet."""
    figures = "".join(
        f'<figure><img src="{each.as_uri()}"><figcaption>{escape(each.stem)}</figcaption></figure>' for each in pictures
    )
    page_file = pictures[0].parent / "sheet.html"
    page_file.write_text(f"<!doctype html><title>screens</title><style>{STYLE}</style>{figures}", "utf-8")
    page = browser.new_page(viewport={"width": COLUMNS * (THUMB + 10) + 14, "height": 800})
    page.goto(page_file.as_uri(), wait_until="load")
    page.screenshot(path=out, type="jpeg", quality=QUALITY, full_page=True)
    page.close()


def main(folder: Path, out: Path) -> None:
    """Write a sheet for each look, and the picture that README shows."""
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        for look in LOOKS:
            pictures = sorted((folder / f"{look}-{PANEL}").glob("*.png"), key=lambda file: file.stat().st_mtime)
            sheet(browser, pictures, out / f"{look}.jpg")
        browser.close()
    look, name = README_PICTURE
    shutil.copy(folder / f"{look}-{PANEL}" / name, out / name)


if __name__ == "__main__":
    main(Path(sys.argv[1]).resolve(), Path(sys.argv[2]))
