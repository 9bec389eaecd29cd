"""The robot's hands and eyes: what an impatient officer does to a screen, and what must hold of each that comes."""

import random
from dataclasses import dataclass, field

from playwright.sync_api import Browser, BrowserContext, Locator, Page, Response, expect
from playwright.sync_api import Error as BrowserError

from tests.edge.web.officer import go_to

SIZE = {"width": 1024, "height": 600}
PATIENCE_MS = 30_000
SETTLED = "load"
TAPPABLE = "main a.button:visible, main button:enabled:visible, footer a.button:visible, footer button:enabled:visible"
LEAVES_THE_PATH = ("/sign-out", "/practice", "/acts", "/accounts", "/export", "/void", "/me")
"""What a random finger may not touch: it would end the session or begin an act of two persons."""


class DeadEnd(AssertionError):
    """A screen that an officer cannot leave, or that is none."""


@dataclass
class Hands:
    """One officer's browser, which may be killed and opened again. `taps` counts; `troubles` must stay empty."""

    browser: Browser
    address: str
    pin: str
    rng: random.Random
    taps: int = 0
    kills: int = 0
    troubles: list[str] = field(default_factory=list[str])
    _context: BrowserContext | None = None
    _page: Page | None = None

    @property
    def page(self) -> Page:
        """The screen in front of the officer."""
        if self._page is None:
            self._context = self.browser.new_context(viewport=SIZE, has_touch=True, locale="es-MX")
            self._context.set_default_timeout(PATIENCE_MS)
            self._page = self._context.new_page()
            self._page.on("response", self._note)
            self._page.on("pageerror", lambda error: self.troubles.append(f"script: {error}"))
            self._page.goto(self.address)
        return self._page

    def kill(self) -> None:
        """End the browser's session as a crash would: no page says good-bye, no cookie is left."""
        if self._context:
            self._context.close()
        self._page = self._context = None
        self.kills += 1

    def open(self, path: str) -> None:
        """Go to a screen by its address."""
        go_to(self.page, self.address + path)
        self.settle()

    def tap(self, what: Locator, times: int = 1) -> None:
        """Tap, as often as an impatient finger does, and wait for the screen that comes."""
        self.taps += 1
        try:
            what.first.tap()
        except BrowserError as error:
            told = self.page.locator("body").inner_text()
            raise DeadEnd(f"{self.page.url}: nothing to tap; {error}\nThe screen says:\n{told}") from error
        for _ in range(times - 1):
            try:
                what.first.tap(timeout=300)
            except BrowserError:  # it is gone already
                break
        self.settle()

    def settle(self) -> None:
        """Wait until a screen is there, and look at it."""
        self.page.wait_for_load_state(SETTLED)
        self.look()

    def look(self) -> None:
        """Raise DeadEnd unless this is one screen with a heading and a way home."""
        page = self.page
        try:
            expect(page.locator("h1")).to_have_count(1, timeout=PATIENCE_MS)
            if "/sign-in" not in page.url:
                expect(page.locator('.rail a[href="/"]')).to_have_count(1, timeout=PATIENCE_MS)
        except AssertionError as error:
            raise DeadEnd(f"{page.url}: {error}") from error

    def wander(self, steps: int) -> None:
        """Tap at random, on what a finger may touch without leaving the path."""
        for _ in range(steps):
            found = [each for each in self.page.locator(TAPPABLE).all() if self._harmless(each)]
            if not found:
                return
            try:
                self.tap(self.rng.choice(found))
            except BrowserError:  # a page that fetched itself anew took it away under the finger
                self.settle()

    def back(self) -> None:
        """Go back, if there is something to go back to."""
        self.page.go_back(wait_until=SETTLED)
        if self.page.url == "about:blank":
            self.open("/")

    def reload(self) -> None:
        """Load the screen again."""
        self.page.reload(wait_until=SETTLED)
        self.settle()

    def home(self) -> None:
        """Be at home, signed in."""
        self.open("/")
        if "/sign-in" in self.page.url:
            self.sign_in()

    def sign_in(self) -> None:
        """Sign in as who came last."""
        if self.page.url.endswith("/sign-in"):
            self.tap(self.page.locator(".primary"))
        for digit in self.pin:
            self.page.locator(f'garita-keys:defined button[value="{digit}"]').tap()
        self.tap(self.page.locator(".primary"))
        self.page.wait_for_url(lambda url: "/sign-in" not in url)  # else the next screen overtakes the answer
        self.settle()

    def _harmless(self, what: Locator) -> bool:
        where = what.evaluate("each => each.getAttribute('href') || each.form?.getAttribute('action') || ''")
        return not any(where.startswith(path) or path in where for path in LEAVES_THE_PATH)

    def _note(self, response: Response) -> None:
        if response.status >= 500:
            self.troubles.append(f"{response.request.method} {response.url}: {response.status}")
