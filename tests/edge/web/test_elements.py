"""What is held, drawn and photographed arrives at the server as it was; and nothing that was not meant."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from edge.web.gallery import PARTS
from tests.edge.web.camera import keep
from tests.edge.web.officer import Officer, at
from tests.edge.web.post import Post, Site
from tests.edge.web.screens import RULES, axe_violations

pytestmark = pytest.mark.browser

HELD = "garita-hold button"


@pytest.fixture(scope="module")
def demo(site: Site, tmp_path_factory: pytest.TempPathFactory) -> Post:
    """Provide a demonstration: only there is the gallery."""
    return site.post(tmp_path_factory.mktemp("gallery"), demo=True)


@pytest.fixture
def officer(chromium: Browser, demo: Post) -> Iterator[Officer]:
    with at(chromium, demo, "en") as officer:
        yield officer


@pytest.mark.parametrize("theme", ["day", "indoor", "night"])
def test_every_component_in_every_state_keeps_the_rules(chromium: Browser, demo: Post, theme: str) -> None:
    faults = list[str]()
    with at(chromium, demo, "es", theme) as officer:
        for part in PARTS:
            officer.open(f"/gallery/{part}")
            keep(officer.page, f"gallery-{theme}/{part}")
            faults += [f"{part}: {fault}" for fault in officer.page.evaluate(RULES, 3)]
            faults += axe_violations(officer, part)
    assert not faults, "\n".join(faults)


def told(officer: Officer, words: str) -> None:
    expect(officer.page.locator(".head output")).to_have_text(words)


def test_a_station_at_work_has_no_gallery(chromium: Browser, post: Post) -> None:
    with at(chromium, post) as officer:
        assert officer.page.request.get(f"{post.url}/gallery").status == 404


def test_a_button_that_was_held_long_enough_acts_when_it_is_let_go(officer: Officer) -> None:
    officer.open("/gallery/hold")
    with officer.finger(HELD):
        expect(officer.page.locator("garita-hold[data-state=full]")).to_contain_text("Let go now")
        expect(officer.page.locator(".head output")).to_have_count(0)
    told(officer, "yes")


def test_a_button_that_was_only_tapped_does_nothing_and_says_so(officer: Officer) -> None:
    officer.open("/gallery/hold")
    officer.tap(HELD)
    expect(officer.page.locator(HELD)).to_contain_text("Hold it longer")
    expect(officer.page.locator(".head output")).to_have_count(0)


def test_a_finger_that_slides_off_changes_its_mind(officer: Officer) -> None:
    officer.open("/gallery/hold")
    with officer.finger(HELD) as move:
        expect(officer.page.locator("garita-hold[data-state=full]")).to_be_visible()
        move(0, -300)
        expect(officer.page.locator("garita-hold[data-state=full]")).to_have_count(0)
    expect(officer.page.locator(".head output")).to_have_count(0)


def test_a_key_can_be_held_as_well(officer: Officer) -> None:
    officer.open("/gallery/hold")
    officer.page.locator(HELD).press("Enter")
    expect(officer.page.locator(HELD)).to_contain_text("Hold it longer")
    officer.page.keyboard.down("Enter")
    expect(officer.page.locator("garita-hold[data-state=full]")).to_be_visible()
    officer.page.keyboard.up("Enter")
    told(officer, "yes")


def test_without_scripts_the_server_learns_that_nothing_was_held(chromium: Browser, demo: Post) -> None:
    with at(chromium, demo, "en", scripts=False) as officer:
        officer.open("/gallery/hold")
        officer.tap(HELD)
        told(officer, "tapped")


def test_a_signature_arrives_with_its_strokes_and_its_picture(officer: Officer) -> None:
    officer.open("/gallery/sign")
    for _ in range(2):
        with officer.finger("garita-sign canvas") as move:
            move(40, 10)
            move(80, -30)
    officer.tap(".primary")
    strokes, points, png = officer.page.locator(".head output").inner_text().split(" / ")
    assert (int(strokes), int(points) >= 6, int(png) > 500) == (2, True, True)


def test_a_signature_can_be_drawn_again_and_an_empty_one_is_not_taken(officer: Officer) -> None:
    officer.open("/gallery/sign")
    with officer.finger("garita-sign canvas") as move:
        move(40, 10)
    expect(officer.page.locator("#mark")).not_to_have_value("")
    officer.tap("garita-sign button")
    expect(officer.page.locator("#mark")).to_have_value("")
    officer.tap(".primary")
    expect(officer.page.get_by_role("alert")).to_contain_text("That cannot be recorded as it stands")


def test_the_camera_takes_a_photograph_that_may_be_taken_again(officer: Officer) -> None:
    officer.open("/gallery/photo")
    expect(officer.page.locator("garita-photo[data-state=live]")).to_be_visible()
    frame, kept = (officer.page.locator(each).bounding_box() for each in ("garita-photo .guide", "garita-photo video"))
    assert frame == kept, "the frame shows just what the photograph will hold"
    expect(officer.page.get_by_text("Lay the ruler here")).to_be_visible()
    officer.tap(officer.page.get_by_role("button", name="Take the photograph"))
    officer.tap(officer.page.get_by_role("button", name="Take it again"))
    officer.tap(officer.page.get_by_role("button", name="Take the photograph"))
    officer.tap(officer.page.get_by_role("button", name="Keep this photograph"))
    kind, size = officer.page.locator(".head output").inner_text().split()
    assert (kind, int(size) > 5000) == ("ffd8ff", True)


def test_where_no_camera_answers_a_file_is_taken(chromium: Browser, demo: Post, tmp_path: Path) -> None:
    picture = tmp_path / "a.jpg"
    picture.write_bytes(bytes.fromhex("ffd8ff") + bytes(100))
    with at(chromium, demo, "en", scripts=False) as officer:
        officer.open("/gallery/photo")
        officer.page.locator("input[type=file]").set_input_files(picture)
        officer.tap(".primary")
        told(officer, "ffd8ff 103")
