"""Requirements of docs/ux.md that no other test holds yet. Each name says which one it is."""

import base64
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.edge.web.camera import picture
from tests.edge.web.officer import Officer, at
from tests.edge.web.post import Post, Site
from tests.edge.web.screens import Readings

pytestmark = pytest.mark.browser

MAX_PAGE_BYTES = 300_000
CONCLUSIONS = {"alarm": "ALARMA", "caution": "PRECAUCIÓN", "inconclusive": "NO CONCLUYENTE", "no_alarm": "SIN ALARMA",
               "fault": "FALLA DEL EQUIPO"}  # fmt: skip
WEIGHT = """() => [...performance.getEntriesByType("navigation"), ...performance.getEntriesByType("resource")]
  .reduce((sum, { decodedBodySize }) => sum + decodedBodySize, 0)"""
COUNTED = """addEventListener("DOMContentLoaded", () => {
  const shown = document.querySelector("garita-live output");
  if (!shown) return;
  let updates = 0;
  new MutationObserver((changes) => {
    updates += changes.filter(({ addedNodes }) => addedNodes.length).length;
    sessionStorage.setItem("updates", updates);
  }).observe(shown, { childList: true });
});"""
TOO_BRIGHT = """async (picture) => {
  const image = new Image();
  image.src = picture;
  await image.decode();
  const canvas = Object.assign(document.createElement("canvas"), { width: image.width, height: image.height });
  const pen = canvas.getContext("2d");
  pen.drawImage(image, 0, 0);
  const { data } = pen.getImageData(0, 0, canvas.width, canvas.height);
  let bright = 0;
  for (let at = 0; at < data.length; at += 4) bright += Math.min(data[at], data[at + 1], data[at + 2]) > 250;
  return bright;
}"""
MEETS_NOTHING_YET = """(age) => {
  const appears = (button) => {
    button.style.animation = "none";
    button.getAnimations();
    button.style.animation = "";
    return button.getAnimations().find((each) => each.animationName === "settle");
  };
  const under = (button) => {
    const { left, top, width, height } = button.getBoundingClientRect();
    return button.contains(document.elementFromPoint(left + width / 2, top + height / 2));
  };
  return [...document.querySelectorAll(".button:not([disabled])")].filter((button) => {
    const settle = appears(button);
    if (!settle) return true;
    settle.pause();
    settle.currentTime = age;
    return under(button);
  }).length;
}"""


@pytest.fixture(scope="module")
def stand(site: Site, tmp_path_factory: pytest.TempPathFactory) -> tuple[Post, Readings]:
    """Provide a post with a reading of each kind."""
    post = site.post(tmp_path_factory.mktemp("requirements"))
    return post, Readings.take(post)


@pytest.fixture
def officer(chromium: Browser, stand: tuple[Post, Readings]) -> Iterator[Officer]:
    with at(chromium, stand[0]) as officer:
        officer.sign_in()
        yield officer


def results(readings: Readings) -> dict[str, str]:
    return {name.removeprefix("result-").replace("-", "_"): reading for name, reading in readings.by_name.items()}


def test_08_each_conclusion_is_told_by_word_and_shape_without_colour(
    officer: Officer, stand: tuple[Post, Readings]
) -> None:
    officer.page.context.new_cdp_session(officer.page).send(
        "Emulation.setEmulatedVisionDeficiency", {"type": "achromatopsia"}
    )
    shapes = set[bytes]()
    for kind, word in CONCLUSIONS.items():
        officer.open(f"/readings/{results(stand[1])[kind]}")
        expect(officer.page.locator(".conclusion h1")).to_have_text(word)
        shape = officer.page.locator(f'.conclusion [data-shape="{kind}"]')
        expect(shape).to_be_visible()
        shapes.add(picture(shape))
    assert len(shapes) == len(CONCLUSIONS)


def test_11_what_raises_no_alarm_is_neutral_and_never_green(officer: Officer, stand: tuple[Post, Readings]) -> None:
    for theme in ("day", "indoor", "night"):
        officer.page.context.add_cookies([{"name": "garita_theme", "value": theme, "url": officer.post.url}])
        officer.open(f"/readings/{results(stand[1])['no_alarm']}")
        ground = officer.page.locator(".conclusion").evaluate("(each) => getComputedStyle(each).backgroundColor")
        red, green, blue = (int(part) for part in ground.removeprefix("rgb(").removesuffix(")").split(", "))
        assert green - max(red, blue) < 8


def test_15_what_was_touched_shows_it_before_the_next_screen_comes(officer: Officer) -> None:
    officer.page.clock.install()
    officer.open("/readings")
    marked = officer.page.locator(".primary").evaluate(
        "(link) => { link.addEventListener('click', (event) => event.preventDefault(), { capture: true });"
        " link.click(); const held = 'touched' in link.dataset;"
        " link.replaceWith(link.cloneNode(true)); return held; }"
    )
    assert not marked
    officer.page.locator(".primary").evaluate("(link) => link.setAttribute('href', '#')")
    officer.page.clock.pause_at(officer.page.evaluate("Date.now()") + 1000)
    officer.tap(".primary")
    expect(officer.page.locator(".primary[data-touched]")).to_be_visible()
    officer.page.clock.run_for(1500)
    expect(officer.page.locator(".primary[data-touched]")).to_have_count(0)


def test_16_progress_is_shown_twice_a_second(officer: Officer) -> None:
    """The analyzer tells it every half second of its own time; none of it is left out on the way to the screen."""
    officer.post.programme.sample("Caffeine")
    seconds = 6
    officer.page.add_init_script(COUNTED)
    officer.open("/")
    with officer.post.lasting(seconds):
        officer.tap(".quick")
        officer.result("no_alarm")
    assert int(officer.page.evaluate("sessionStorage.getItem('updates')")) >= 2 * seconds


def test_17_a_new_browser_finds_the_reading_that_is_under_way(chromium: Browser, stand: tuple[Post, Readings]) -> None:
    post, _ = stand
    before = post.simulator.acquisitions
    with post.lasting(60):
        with at(chromium, post) as officer:
            officer.sign_in()
            officer.tap(".quick")
            expect(officer.page.locator("garita-live")).to_be_visible()
            address = officer.page.url
        with at(chromium, post) as officer:
            officer.sign_in()
            officer.tap("a.quick")
            expect(officer.page).to_have_url(address)
            officer.tap(".primary")
            officer.result("stopped")
    assert post.simulator.acquisitions == before + 1


@pytest.mark.parametrize(("kind", "most_a_second"), [("alarm", 3), ("caution", 3)])
def test_20_nothing_flashes_more_than_three_times_a_second_and_whoever_asks_for_rest_gets_it(
    officer: Officer, stand: tuple[Post, Readings], kind: str, most_a_second: float
) -> None:
    officer.open(f"/readings/{results(stand[1])[kind]}")
    conclusion = officer.page.locator(".conclusion")
    seconds, times = conclusion.evaluate(
        "(each) => { const { animationDuration, animationIterationCount } = getComputedStyle(each);"
        " return [parseFloat(animationDuration), parseFloat(animationIterationCount)]; }"
    )
    assert 1 / seconds <= most_a_second
    assert seconds * times <= 5.5
    officer.page.emulate_media(reduced_motion="reduce")
    assert conclusion.evaluate("(each) => getComputedStyle(each).animationName") == "none"


def test_22_what_is_touched_acts_when_the_finger_leaves_and_not_if_it_slides_off(officer: Officer) -> None:
    officer.open("/readings")
    with officer.finger(".primary") as move:
        expect(officer.page).to_have_url(officer.post.url + "/readings")
        move(0, -300)
    officer.tap(".primary")
    expect(officer.page).to_have_url(officer.post.url + "/")


def test_24_a_control_answers_only_after_it_has_been_there_for_400_ms(officer: Officer) -> None:
    for path in ("/", "/readings", "/settings"):
        officer.open(path)
        assert officer.page.evaluate(MEETS_NOTHING_YET, 0) == 0
        assert officer.page.evaluate(MEETS_NOTHING_YET, 399) == 0
        assert officer.page.evaluate(MEETS_NOTHING_YET, 401) == officer.page.locator(".button:not([disabled])").count()


def test_31_a_page_is_less_than_300_kb_with_all_that_belongs_to_it(
    chromium: Browser, stand: tuple[Post, Readings]
) -> None:
    post, readings = stand
    alarm = results(readings)["alarm"]
    with at(chromium, post) as officer:
        officer.sign_in()
        for path in ("", f"readings/{alarm}", f"readings/{alarm}/why", "settings"):
            officer.open(f"/{path}")
            assert 10_000 < officer.page.evaluate(WEIGHT) < MAX_PAGE_BYTES, path


def test_33_at_night_no_pixel_is_white(chromium: Browser, stand: tuple[Post, Readings]) -> None:
    post, readings = stand
    with at(chromium, post, theme="night") as officer, at(chromium, post) as judge:
        officer.sign_in()
        for path in ("", "settings", "help", "device", f"readings/{results(readings)['alarm']}"):
            officer.open(f"/{path}")
            assert _bright(judge.page, picture(officer.page)) == 0, path


def _bright(judge: Page, picture: bytes) -> int:
    count: int = judge.evaluate(TOO_BRIGHT, f"data:image/png;base64,{base64.b64encode(picture).decode()}")
    return count
