"""The panel's brightness, as the kernel's files take it."""

from pathlib import Path

import pytest

from edge.backlight import Backlight
from edge.surroundings import Theme
from tests.edge.test_surroundings import put


def panel(folder: Path, most: str) -> Path:
    return put(folder / "class/backlight/panel", max_brightness=most, brightness=most)


@pytest.mark.parametrize(
    ("theme", "most", "level"),
    [
        ("day", "255", "255"),
        ("indoor", "255", "153"),
        ("night", "255", "5"),
        ("night", "4095", "82"),
        ("night", "7", "1"),
    ],
)
def test_each_theme_has_its_brightness_and_night_is_never_dark(
    tmp_path: Path, theme: Theme, most: str, level: str
) -> None:
    folder = panel(tmp_path, most)
    Backlight(folder, night=2).show(theme)
    assert (folder / "brightness").read_text() == f"{level}\n"


def test_what_somebody_sets_meanwhile_stays_until_the_theme_changes(tmp_path: Path) -> None:
    folder = panel(tmp_path, "100")
    backlight = Backlight(folder, night=2)
    backlight.show("night")
    (folder / "brightness").write_text("50\n")
    backlight.show("night")
    assert (folder / "brightness").read_text() == "50\n"
    backlight.show("day")
    assert (folder / "brightness").read_text() == "100\n"


@pytest.mark.parametrize("most", ["", "much"])
def test_a_backlight_that_cannot_be_read_is_logged_once(
    tmp_path: Path, most: str, caplog: pytest.LogCaptureFixture
) -> None:
    backlight = Backlight(panel(tmp_path, most), night=2)
    for _ in range(3):
        backlight.show("night")
    assert len(caplog.records) == 1


def test_without_a_backlight_nothing_is_written(tmp_path: Path) -> None:
    Backlight(None, night=2).show("night")
    assert list(tmp_path.iterdir()) == []
