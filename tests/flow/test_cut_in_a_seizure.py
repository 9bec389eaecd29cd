"""Power cut in mid-seizure: service and browser are killed, and the officer goes on where they were."""

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect, sync_playwright

from deploy.demo import Demo
from deploy.processes import Program
from drivers.analyzer_link.simulator import Simulator
from drivers.pty import serve_pty
from edge.simulate import SAMPLES, choose_plays
from edge.station import Station
from sync.contract.casework import ExhibitRecord, PhotoRecord, WeightRecord
from sync.contract.ids import ScreeningId
from sync.contract.seizure import SignatureRecord, WitnessRecord
from tests.edge.bench import STEADY
from tests.edge.web.conftest import CHROMIUM, FLAGS
from tests.ports import kept_port
from tests.robustness.robot.case import READY, photograph, sign
from tests.robustness.robot.hands import Hands

pytestmark = [pytest.mark.browser, pytest.mark.flow]

ALARM = "[data-conclusion=alarm]"
BY_HAND = '.actions a[href*="/typed"]'


@dataclass
class Post:
    """A post whose power can be cut; `screening` is the case that is worked on."""

    demo: Demo
    station: Program
    hands: Hands
    simulator: Simulator
    screening: ScreeningId | None = None

    @property
    def page(self) -> Page:
        return self.hands.page

    def cut(self) -> None:
        """End everything at once, start it again, and let the officer sign in."""
        self.station.kill()
        self.hands.kill()
        self.station = self.demo.start_station()
        self.hands.home()

    def tap(self, what: str) -> None:
        self.hands.tap(self.page.locator(what))

    def type(self, keys: str, field: str) -> None:
        """Tap keys, until the last one is saved."""
        for key in keys:
            with self.page.expect_response("**/drafts") as saved:
                self.page.locator(f'garita-keys:defined button[value="{key}"]').tap()
            assert saved.value.ok
        expect(self.page.locator(field)).to_have_value(keys)


@dataclass(frozen=True)
class Step:
    """What an officer does, and what stands there then: at the next step that home leads to, or `inside` of it."""

    do: Callable[[Post], None]
    stands: str
    value: str = ""
    inside: str = ""

    def find(self, post: Post) -> None:
        if post.page.locator(".begun").count():
            post.tap(".begun")
            post.tap(READY)
        else:
            post.hands.open(f"/screenings/{post.screening}/record")
        if self.inside:
            post.tap(self.inside)

    def check(self, post: Post) -> None:
        expect(post.page.locator(self.stands)).to_be_visible()
        if self.value:
            expect(post.page.locator(self.stands)).to_have_value(self.value)


def weigh(post: Post) -> None:
    post.tap(BY_HAND)
    post.type("12.5", "#value")


def close_the_bag(post: Post) -> None:
    post.tap(BY_HAND)
    post.type("0042", "#text")


def tell_the_person_searched(post: Post) -> None:
    post.tap('a[href$="/witnesses/searched"]')
    post.tap("button[value=agreed]")
    post.tap(READY)


STEPS = (
    Step(lambda post: post.tap("button[value=powder]"), "button[value=bag]"),
    Step(lambda post: post.tap("button[value=bag]"), ".count output:text-is('1')"),
    Step(lambda post: post.tap(".count button >> nth=2"), ".count output:text-is('2')"),
    Step(lambda post: post.tap(READY), 'a[href*="/weight/typed"]'),
    Step(weigh, "#value", "12.5", BY_HAND),
    Step(lambda post: post.tap(READY), "garita-photo"),
    Step(lambda post: photograph(post.hands), 'a[href$="/seal/typed"]'),
    Step(close_the_bag, "#text", "0042", BY_HAND),
    Step(lambda post: post.tap(READY), 'a[href$="/witnesses/searched"]'),
    Step(tell_the_person_searched, "garita-hold .primary"),
    Step(lambda post: sign(post.hands), ".qr svg"),
)


@pytest.fixture
def post(tmp_path: Path) -> Iterator[Post]:
    rng = random.Random(7)  # noqa: S311 - a simulator's noise
    simulator = Simulator(choose_plays(("Fentanyl",), SAMPLES), rng, 0.6, STEADY)
    expect.set_options(timeout=60_000)
    with (
        kept_port() as central,
        kept_port() as port,
        Demo(tmp_path / "state", ports=(central, port)) as demo,
        serve_pty(simulator, demo.state.root / "analyzer"),
        sync_playwright() as playwright,
        playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS) as browser,
    ):
        station = demo.start_station()
        yield Post(demo, station, Hands(browser, demo.address, demo.pin, rng), simulator)


def measure(post: Post) -> None:
    """Take a reading, and cut the power at its result: it stands there as before."""
    post.hands.home()
    post.tap(".quick")
    expect(post.page.locator(ALARM)).to_be_visible()
    address = post.page.url.removeprefix(post.hands.address)
    post.cut()
    post.hands.open(address)
    expect(post.page.locator(ALARM)).to_be_visible()


@pytest.mark.timeout(1800)
@pytest.mark.parametrize("every", [5, pytest.param(1, marks=pytest.mark.looks)])
def test_service_and_browser_killed_in_mid_seizure_lose_nothing_and_measure_once(post: Post, every: int) -> None:
    """Cut at each fifth step; `make looks` cuts at each."""
    measure(post)
    post.tap(READY)
    case = post.page.locator('.actions a[href$="/seizure"]')
    post.screening = ScreeningId((case.get_attribute("href") or "").split("/")[2])
    post.hands.tap(case)
    post.tap(READY)
    for number, step in enumerate(STEPS):
        step.do(post)
        step.check(post)
        if number % every == every - 1:
            post.cut()
            step.find(post)
            step.check(post)
    post.station.kill()
    check_record(post)


def check_record(post: Post) -> None:
    """Look at all that is on record, without the screens."""
    assert post.screening
    station = Station.open(post.demo.data)
    dossier = station.casework.dossier(post.screening)
    station.close()
    [exhibit] = dossier.exhibits
    [described], [weight], [_] = exhibit.of(ExhibitRecord), exhibit.of(WeightRecord), exhibit.of(PhotoRecord)
    assert (described.category, described.packing, described.count) == ("powder", "bag", 2)
    assert (weight.value, weight.unit, weight.source, exhibit.seal_number) == ("12.5", "g", "typed", "0042")
    [witness], [signature] = dossier.of(WitnessRecord), dossier.of(SignatureRecord)
    assert (witness.role, witness.stance, signature.missing) == ("searched", "agreed", [])
    assert (len(dossier.readings), post.simulator.acquisitions) == (1, 1)
