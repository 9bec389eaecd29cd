"""The screens of accounts, approvals, practice and letters keep the rules of every screen, in both languages."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from sync.identity import Identity
from tests.edge.bench import rename
from tests.edge.web.camera import keep
from tests.edge.web.officer import Officer, at
from tests.edge.web.post import PIN, Post, Site
from tests.edge.web.screens import axe_violations, broken_rules

pytestmark = pytest.mark.browser

SIZES = {"7-1024x600": (1024, 600), "10-1280x800": (1280, 800)}


def account_screens(officer: Officer, admin: str, person: str) -> Iterator[str]:
    """Go to one screen after the other and yield its name."""
    officer.post.station.letterbox._outside = Identity.generate("oversight").recipient
    officer.open("/letter")
    yield "letter"
    officer.tap('garita-keys:defined [data-set]:not([hidden]) button[value="A"]')
    officer.tap('[data-set]:not([hidden]) button[value="more"]')
    officer.tap('[data-set]:not([hidden]) button[value="Ñ"]')
    assert officer.page.locator("#text").input_value() == "AÑ"
    officer.tap(".primary")
    expect(officer.page.get_by_role("status")).to_be_visible()
    yield "letter-sealed"
    officer.open(f"/sign-in/{admin}")
    officer.enter(PIN)
    expect(officer.page.locator(".quick")).to_be_visible()
    for path in ("settings", "me", "me/pin", "me/duress", "staff", "staff/new", "staff/new?role=technician"):
        officer.open(f"/{path}")
        yield path.replace("/", "-").replace("?role=", "-")
    officer.open("/me/pin")
    for name, digits in (("current", PIN), ("new", "123456")):
        officer.page.locator(f"[name={name}]").fill(digits)
    officer.tap(".primary")
    expect(officer.page.get_by_role("alert")).to_be_visible()
    yield "me-pin-refused"
    officer.open("/staff/new?role=officer")
    officer.page.locator("#text").fill(" marta  GIL")
    with officer.page.expect_navigation() as answered:
        officer.tap(".primary")
    assert answered.value.status == 409
    yield "enrol-refused"
    for path in ("", "/pin", "/token"):
        officer.open(f"/staff/{person}{path}")
        yield f"account{path.replace('/', '-')}"
    officer.open(f"/staff/{person}")
    officer.tap('form[action$="/leave"] button')
    expect(officer.page.locator("#prove")).to_be_visible()
    yield "act-first"
    officer.enter(PIN)
    expect(officer.page.locator(".tiles")).to_be_visible()
    yield "act-beside"
    officer.tap(".tiles a")
    expect(officer.page.locator("#prove")).to_be_visible()
    yield "act-second"
    officer.enter(PIN)
    expect(officer.page.get_by_role("status")).to_be_visible()
    yield "act-done"
    station = officer.post.station
    twin = station.operators.enrol("Marta Gil 4471", "technician", PIN)
    rename(station, twin, "Marta Gil")
    for path in ("", f"/{twin.id}"):
        officer.open(f"/staff{path}")
        expect(officer.page.get_by_role("alert")).to_be_visible()
        yield f"{'account' if path else 'staff'}-of-one-name"


@pytest.fixture
def demo_post(site: Site, tmp_path: Path, request: pytest.FixtureRequest) -> Post:
    """Provide a demonstration, where PINs stand for tokens, on the panel that the test names."""
    return site.post(tmp_path, panel=request.param, demo=True)


@pytest.mark.parametrize(
    ("demo_post", "look"),
    [("7-1024x600", "es day"), ("7-1024x600", "en night"), ("10-1280x800", "es night")],
    indirect=["demo_post"],
)
def test_account_screens_keep_the_rules(chromium: Browser, demo_post: Post, look: str) -> None:
    station, faults = demo_post.station, list[str]()
    admin = station.operators.enrol("Marta Gil", "admin", PIN)
    person = next(each for each in station.operators.list() if each.role == "officer")
    language, theme = look.split()
    with at(chromium, demo_post, language, theme, SIZES[station.settings.panel]) as officer:
        for name in account_screens(officer, admin.id, person.id):
            keep(officer.page, f"accounts-{language}-{theme}/{name}")
            faults += broken_rules(officer, name, language, theme)
            faults += axe_violations(officer, name)
    assert not faults, "\n".join(faults)
