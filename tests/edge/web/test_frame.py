"""What stands around every screen: light by itself, what is wrong and what to do about it, help, settings."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from edge.web.help_words import TOPICS, topic_of
from tests.edge.test_surroundings import put
from tests.edge.web.officer import Officer, at
from tests.edge.web.post import Post, Site
from tests.edge.web.screens import RULES
from tests.waiting import wait_until

LIGHT = "bus/iio/devices/iio:device0"
PANEL = "class/backlight/panel"
BRIGHTNESS = {"day": 255, "indoor": 153, "night": 5}


@pytest.fixture(scope="module")
def sensing(site: Site, tmp_path_factory: pytest.TempPathFactory) -> Post:
    """Provide a post with a battery, a light sensor, a panel to dim, and a scale that is not there."""
    folder = tmp_path_factory.mktemp("sensing")
    put(folder / LIGHT, in_illuminance_input="30000")
    put(folder / "class/power_supply/BAT0", type="Battery", capacity="83", status="Discharging")
    put(folder / PANEL, max_brightness="255", brightness="255")
    return site.post(folder, sensors=folder, backlight=folder / PANEL, scale="mt-sics:/dev/garita-none")


@pytest.fixture
def officer(chromium: Browser, sensing: Post) -> Iterator[Officer]:
    with at(chromium, sensing, "en", "auto") as officer:
        officer.sign_in()
        yield officer


def theme(officer: Officer, name: str) -> None:
    expect(officer.page.locator("html")).to_have_attribute("data-theme", name)
    brightness = officer.post.station.settings.sensors / PANEL / "brightness"
    wait_until(lambda: brightness.read_text() == f"{BRIGHTNESS[name]}\n")


@pytest.mark.browser
def test_the_theme_and_the_panel_follow_the_light_until_somebody_chooses(officer: Officer, sensing: Post) -> None:
    folder = sensing.station.settings.sensors
    theme(officer, "day")
    put(folder / LIGHT, in_illuminance_input="1")
    theme(officer, "night")
    put(folder / LIGHT, in_illuminance_input="300")
    theme(officer, "indoor")
    officer.tap(".rail .fourth button")
    theme(officer, "day")
    put(folder / LIGHT, in_illuminance_input="1")
    officer.open("/settings")
    theme(officer, "day")
    officer.tap(officer.page.get_by_role("button", name="Automatic"))
    theme(officer, "night")


@pytest.mark.browser
def test_what_is_wrong_is_counted_on_every_screen_and_led_to_its_remedy(officer: Officer, sensing: Post) -> None:
    folder = sensing.station.settings.sensors
    notices = officer.page.get_by_role("link", name="notices")
    expect(notices).to_have_text("2 notices")
    put(folder / "class/power_supply/BAT0", capacity="12")
    expect(notices).to_have_text("3 notices")
    expect(officer.page.locator(".strip .battery")).to_contain_text("12")
    sensing.station.panel.set(discreet=True)
    expect(notices).to_have_text("4 notices")
    officer.tap(notices)
    remedies = {"battery": "/device", "clock": "/device", "scale-lost": "/device/ports", "sound": "/settings"}
    for code, remedy in remedies.items():
        expect(officer.page.locator(f"[data-trouble={code}]")).to_have_attribute("href", remedy)
    sensing.station.panel.set(discreet=False)
    put(folder / "class/power_supply/BAT0", capacity="83")
    expect(officer.page.get_by_role("link", name="notices")).to_have_text("2 notices")


@pytest.mark.browser
def test_sound_practice_and_light_are_set_with_a_touch_each(officer: Officer, sensing: Post) -> None:
    officer.tap(".rail .third")
    before = officer.taps
    officer.tap(officer.page.get_by_role("button", name="Volume: medium"))
    expect(officer.page.get_by_role("button", name="Volume: loud")).to_be_visible()
    officer.tap(officer.page.get_by_role("button", name="Discreet: off"))
    expect(officer.page.get_by_role("button", name="Discreet: on")).to_be_visible()
    expect(officer.page.locator("html")).to_have_attribute("data-discreet", "")
    officer.tap(officer.page.get_by_role("button", name="Discreet: on"))
    officer.tap(officer.page.get_by_role("button", name="Practice: off"))
    expect(officer.page.locator(".strip")).to_contain_text("PRACTICE")
    officer.tap(officer.page.get_by_role("button", name="Practice: on"))
    expect(officer.page.locator(".strip")).not_to_contain_text("PRACTICE")
    assert officer.taps - before == 5
    assert sensing.station.panel.now.volume == 3


@pytest.mark.browser
def test_an_alarm_beside_a_suspect_neither_flashes_nor_shouts(officer: Officer, sensing: Post) -> None:
    sensing.programme.sample("Fentanyl")
    reading = sensing.measure()
    size, motion = "fontSize", "animationName"
    loud = _style(officer, reading, size), _style(officer, reading, motion, ".conclusion")
    sensing.station.panel.set(discreet=True)
    quiet = _style(officer, reading, size), _style(officer, reading, motion, ".conclusion")
    sensing.station.panel.set(discreet=False)
    assert (loud[1], quiet[1]) == ("flash", "none")
    assert float(quiet[0].removesuffix("px")) < 0.65 * float(loud[0].removesuffix("px"))
    expect(officer.page.locator(".conclusion h1")).to_have_text("ALARM")
    expect(officer.page.locator('[data-shape="alarm"]')).to_be_visible()


def _style(officer: Officer, reading: str, name: str, of: str = ".conclusion h1") -> str:
    officer.open(f"/readings/{reading}")
    return officer.page.locator(of).evaluate("(element, name) => getComputedStyle(element)[name]", name)


@pytest.mark.browser
def test_help_is_one_touch_away_and_leads_back(chromium: Browser, site: Site, tmp_path: Path) -> None:
    post = site.post(tmp_path)
    with at(chromium, post, "es") as officer:
        officer.sign_in()
        post.station._times._clock._synchronised = tmp_path  # type: ignore[attr-defined] - a clock that is right
        officer.open("/readings")
        officer.tap(officer.page.get_by_role("link", name="Ayuda"))
        expect(officer.page.locator("h1")).to_have_text("Ayuda: Listas")
        officer.tap(".primary")
        expect(officer.page).to_have_url(post.url + "/readings")


def test_every_kind_of_screen_has_its_help() -> None:
    places = {
        "/": "Home",
        "/shift": "Start of the shift",
        "/screenings/new": "What is inspected",
        "/screenings/s-1": "What is inspected",
        "/screenings/s-1/prepare": "Prepare the sample",
        "/readings/r-1": "Reading and result",
        "/readings/r-1/coach": "Reading and result",
        "/readings/r-1/why": "Behind the result",
        "/screenings/s-1/compare": "Readings compared",
        "/readings/r-1/hazard": "Protection and first aid",
        "/screenings/s-1/seizure": "The seizure step by step",
        "/exhibits/e-1/weight": "One step of the seizure",
        "/screenings/s-1/sample": "One step of the seizure",
        "/screenings/s-1/witnesses/searched": "One step of the seizure",
        "/screenings/s-1/references/detention": "One step of the seizure",
        "/screenings/s-1/papers/importer": "One step of the seizure",
        "/screenings/s-1/review": "Review and sign",
        "/screenings/s-1/sign": "Review and sign",
        "/screenings/s-1/decision/return": "Review and sign",
        "/screenings/s-1/entries": "What is on record",
        "/entries/36/amend": "What is on record",
        "/screenings/s-1/export": "Evidence that leaves",
        "/exhibits/e-1/handover": "Review and sign",
        "/screenings/s-1/print": "Print",
        "/sync/stick": "USB stick",
        "/cases": "Lists",
        "/cases/search": "Lists",
        "/device/ports": "Device",
        "/settings": "Settings",
        "/sign-in": "Persons",
    }
    assert {place: topic_of(place).title for place in places} == places
    assert {topic.title for _, topic in TOPICS} == set(places.values())


@pytest.mark.browser
def test_a_library_past_its_day_and_a_long_queue_are_told(chromium: Browser, site: Site, tmp_path: Path) -> None:
    post = site.post(tmp_path, knowledge_due="2026-01-31")
    day = post.station.health().now - timedelta(days=1)
    assert post.station.settings.knowledge_due
    assert post.station.settings.knowledge_due < day.date()
    with at(chromium, post, "es") as officer:
        officer.open("/troubles")
        expect(officer.page.locator("[data-trouble=knowledge]")).to_contain_text("La biblioteca está vencida")


@pytest.mark.browser
def test_what_is_not_in_use_is_told_with_what_to_do(chromium: Browser, site: Site, tmp_path: Path) -> None:
    post = site.post(tmp_path, vibrational_library="lost.library")
    with at(chromium, post, "es") as officer:
        officer.sign_in()
        officer.open("/troubles")
        officer.tap("[data-trouble=unused]")
        expect(officer.page.locator(".points")).to_contain_text("Biblioteca de infrarrojo y Raman")
        expect(officer.page.locator(".points")).to_contain_text("Tráigalo otra vez")


@pytest.mark.browser
def test_an_alarm_sounds_is_silenced_from_any_screen_and_the_next_one_sounds_again(
    chromium: Browser, site: Site, tmp_path: Path
) -> None:
    heard, program = tmp_path / "heard", tmp_path / "player"
    heard.mkdir()
    program.write_text(f"#!/bin/sh\ncat > {heard}/$$\n")
    program.chmod(0o755)
    post = site.post(tmp_path / "post", player=program)
    post.programme.sample("Fentanyl")
    with at(chromium, post, "en") as officer:
        officer.sign_in()
        for number in (1, 2):
            expect(officer.page.locator(".strip .sound")).to_have_count(number - 1)
            officer.open("/")
            before = len(list(heard.iterdir()))
            officer.tap(".quick")
            officer.result("alarm")
            wait_until(lambda before=before: len(list(heard.iterdir())) > before)
            officer.tap(officer.page.get_by_role("button", name="Silence"))
            expect(officer.page.locator(".strip .sound")).to_contain_text("Sound paused")
            officer.result("alarm")


PANELS = {"7-1280x800": (1280, 800), "8-1280x800": (1280, 800), "10-1024x600": (1024, 600)}


@pytest.mark.browser
@pytest.mark.parametrize("panel", PANELS)
def test_targets_have_their_size_on_every_panel(chromium: Browser, site: Site, tmp_path: Path, panel: str) -> None:
    post = site.post(tmp_path, panel=panel)
    reading = post.measure()
    with at(chromium, post, size=PANELS[panel]) as officer:
        officer.sign_in()
        for path in ("", "settings", "troubles", "help", f"readings/{reading}"):
            officer.open(f"/{path}")
            assert officer.page.evaluate(RULES, 3) == [], path
