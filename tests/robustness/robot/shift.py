"""A shift of screenings by a robot at the real screens: what it does in each, and what must hold at each end."""

import random
import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

from playwright.sync_api import Error as BrowserError
from playwright.sync_api import Page

from tests.robustness.robot.case import READY, Case
from tests.robustness.robot.hands import DeadEnd, Hands
from tests.robustness.robot.plays import Act, Repertoire

PLATE = "ABC-12-34"
_RESULT = "[data-conclusion]"
_ASKED = ".seen button"
FILLED_IN = 0.5
SEIZED = 0.4
DISTURBED = 0.15
_SCREENING = re.compile(r"s-[0-9a-f]+")
_ENDS = re.compile(r"/readings/r-[0-9a-f]+")


class FalseConclusion(AssertionError):
    """A screen that concludes what is not so."""


class LostField(AssertionError):
    """A field that an officer filled in and that is not there any more."""


@dataclass
class Shift:
    """The robot's work: `conclusions` counts what came, `weaker` what said less, `chaos` what was done to screens."""

    hands: Hands
    repertoire: Repertoire
    rng: random.Random
    conclusions: Counter[str] = field(default_factory=Counter[str])
    seizures: int = 0
    weaker: Counter[str] = field(default_factory=Counter[str])
    chaos: Counter[str] = field(default_factory=Counter[str])

    def screening(self) -> None:
        """Do one screening from home to its result, with what an impatient hand does on the way."""
        self.hands.home()
        self._end_what_runs()
        act = self.repertoire.draw()
        if self.rng.random() < 0.6:
            self._quick()
        else:
            self._identified()
        address = self._reading()
        self._disturb(address)
        self._conclude(act, address)
        if act.true[0] == "alarm" and self.rng.random() < SEIZED:
            self._seize()
        else:
            self.hands.wander(self.rng.randrange(3))
        self._still(act, address)

    def _seize(self) -> None:
        """Make a seizure of the alarm on the screen."""
        seizure = self.hands.page.locator('.actions a[href$="/seizure"]')
        if not seizure.count():
            self.hands.tap(self.hands.page.locator(".actions .primary"))
        if not seizure.count():
            return
        found = _SCREENING.search(seizure.first.get_attribute("href") or "")
        assert found
        Case(self.hands, self.rng, found.group()).run(self._disturb_case)
        self.seizures += 1

    def _disturb_case(self, address: str) -> None:
        if self.rng.random() < DISTURBED:
            self._any(("reload", self.hands.reload), ("kill", lambda: self._kill(address)))

    def _end_what_runs(self) -> None:
        """Wait for the end of a reading that a random finger began: the next act is another sample."""
        running = self.hands.page.locator("a.quick")
        if running.count():
            self.hands.tap(running)
            self._conclude(self.repertoire.now, self._reading())
            self.hands.home()

    def _quick(self) -> None:
        self.hands.tap(self.hands.page.locator(".quick"), times=self.rng.choice((1, 1, 2)))

    def _identified(self) -> None:
        self.hands.tap(self.hands.page.locator(".kinds button").nth(self.rng.randrange(6)))
        if self.rng.random() < FILLED_IN:
            self._fill_in(self.hands.page.url.removeprefix(self.hands.address))
        self.hands.tap(self.hands.page.locator(READY))
        self.hands.tap(self.hands.page.locator(READY))

    def _fill_in(self, screening: str) -> None:
        page = self.hands.page
        self.hands.tap(page.locator('.sides a[href$="/keys"]'))
        page.locator("#text").fill(PLATE)
        self.hands.tap(page.locator(".actions .primary"))
        self._any(("reload", self.hands.reload), ("kill", lambda: self._kill(screening)), ("nothing", lambda: None))
        if PLATE not in self.hands.page.locator("main").inner_text():
            raise LostField(f"{screening}: {PLATE} is not there any more")

    def _reading(self) -> str:
        """Return the address of the reading that was started."""
        found = _ENDS.search(self.hands.page.url)
        if not found:
            raise DeadEnd(f"{self.hands.page.url}: the reading did not start")
        return found.group()

    def _disturb(self, address: str) -> None:
        self._any(
            ("nothing", lambda: None),
            ("reload", self.hands.reload),
            ("back", self.hands.back),
            ("home", self.hands.home),
            ("kill", lambda: self._kill(address)),
            ("double tap", self._answer_twice),
        )

    def _answer_twice(self) -> None:
        self._answer(0, times=2)

    def _answer(self, number: int, times: int = 1) -> None:
        """Say what is seen, where that is asked before the result; a hazard to life and a fault wait for no answer."""
        page = self.hands.page
        if not page.locator(_ASKED).count():
            return
        try:
            self.hands.tap(page.locator(_ASKED).nth(number), times)
        except DeadEnd:
            if not page.locator(_RESULT).count():
                raise

    def _kill(self, address: str) -> None:
        self.hands.kill()
        self.hands.home()
        self.hands.open(address)

    def _conclude(self, act: Act, address: str) -> None:
        """Go back to the reading, answer what is asked before the result, and look at what it came to."""
        self.hands.open(address)
        page = self.hands.page
        page.locator(f"{_RESULT}, {_ASKED}").first.wait_for()
        self._answer(self.rng.randrange(3))
        self._result(page)
        self.hands.look()
        said = self._check(act, address)
        self.conclusions[said] += 1
        if said not in (act.true[0], "stopped"):
            self.weaker[f"{act.name}: {said}"] += 1

    def _result(self, page: Page) -> None:
        """Wait for the result; it comes by itself."""
        try:
            page.locator(_RESULT).wait_for()
        except BrowserError as error:
            told = page.locator("body").inner_text()
            raise DeadEnd(f"{page.url}: no result came; the screen says:\n{told}") from error

    def _still(self, act: Act, address: str) -> None:
        """Whatever was tapped since, the reading says what it said."""
        self.hands.home()
        self.hands.open(address)
        self._result(self.hands.page)
        self._check(act, address)

    def _check(self, act: Act, address: str) -> str:
        said = self.hands.page.locator(_RESULT).first.get_attribute("data-conclusion") or ""
        if said not in (*act.true, "stopped"):
            told = self.hands.page.locator("main").inner_text()
            raise FalseConclusion(f"{address}: {act.name} came to {said}; expected {act.true}:\n{told}")
        return said

    def _any(self, *ways: tuple[str, Callable[[], None]]) -> None:
        name, way = self.rng.choice(ways)
        self.chaos[name] += 1
        try:
            way()
        except BrowserError as error:
            raise DeadEnd(f"{name}: {error}") from error
