"""What the browser is given: its size, its digests, its colours, and nothing inline."""

import hashlib
import re
from pathlib import Path

import pytest

from edge.web import pages

WEB = Path(pages.__file__).parent
VENDOR = WEB / "static" / "vendor"
TOKENS = (WEB / "static" / "tokens.css").read_text()
MAX_SCRIPT_BYTES = 150_000
PAIRS = [
    ("text", "ground"), ("text", "card"), ("text", "rail"), ("text", "press"), ("muted", "ground"), ("muted", "card"),
    ("strip-text", "strip"), ("primary-text", "primary"), ("alarm-text", "alarm"), ("caution-text", "caution"),
    ("inconclusive-text", "inconclusive"), ("no-alarm-text", "no-alarm"), ("fault-text", "fault"), ("stick", "card"),
]  # fmt: skip


THEMES = ("day", "indoor", "night")


def palette(theme: str) -> dict[str, str]:
    day, *others = re.split(r'\[data-theme="(\w+)"\]', TOKENS)
    given = dict(zip(others[::2], others[1::2], strict=True))
    return {**_colours(day), **_colours(given.get(theme, ""))}


def _colours(text: str) -> dict[str, str]:
    return dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6})", text))


def contrast(one: str, other: str) -> float:
    """WCAG 2.2 contrast ratio of two sRGB colours."""
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def luminance(colour: str) -> float:
    channels = [int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def test_vendored_files_are_those_that_were_checked() -> None:
    listed = dict(reversed(line.split("  ")) for line in (VENDOR / "SHA512SUMS").read_text().splitlines())
    files = {file.name: file for file in VENDOR.iterdir() if file.name != "SHA512SUMS"}
    assert {name: hashlib.sha512(file.read_bytes()).hexdigest() for name, file in files.items()} == listed


def test_scripts_are_few_bytes() -> None:
    assert sum(file.stat().st_size for file in WEB.rglob("*.js")) < MAX_SCRIPT_BYTES


@pytest.mark.parametrize("template", sorted((WEB / "templates").iterdir()), ids=lambda path: path.name)
def test_templates_hold_nothing_inline(template: Path) -> None:
    text = template.read_text()
    assert not re.search(r"\sstyle=|<style|\son\w+=|javascript:|hx-on|\|\s*safe\b", text)
    assert not re.search(r"<script(?![^>]*\ssrc=)", text)
    assert not re.search(r"(?:src|href)=[\"'](?:https?:)?//", text)


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize(("text", "ground"), PAIRS)
def test_text_stands_out_seven_to_one(theme: str, text: str, ground: str) -> None:
    colours = palette(theme)
    assert contrast(colours[text], colours[ground]) >= 7


@pytest.mark.parametrize("theme", THEMES)
def test_edges_of_controls_stand_out_three_to_one(theme: str) -> None:
    colours = palette(theme)
    assert min(contrast(colours["edge"], colours[ground]) for ground in ("ground", "card")) >= 3


def test_every_colour_is_a_token() -> None:
    for sheet in (WEB / "static").glob("*.css"):
        if sheet.name != "tokens.css":
            assert not re.search(r"#[0-9a-fA-F]{3,8}\b(?=[^{}]*;)|\brgba?\(|\bhsla?\(", sheet.read_text()), sheet.name


def test_red_and_yellow_belong_to_conclusions_alone() -> None:
    for sheet in (WEB / "static").glob("*.css"):
        for rule in re.findall(r"[^{}]+\{[^{}]*var\(--(?:alarm|caution)[^{}]*\}", sheet.read_text()):
            assert re.match(r"\s*\.is-(alarm|caution) \{", rule), rule
