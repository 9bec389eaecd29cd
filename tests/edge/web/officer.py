"""An officer at the screen: taps what a finger would tap, and notices what should not be."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from playwright.sync_api import Browser, ConsoleMessage, Locator, Page, Request, expect
from playwright.sync_api import Error as BrowserError

from tests.edge.web.post import PIN, Post

WATCH = """addEventListener("securitypolicyviolation", (event) =>
  console.error(`CSP ${event.violatedDirective} ${event.blockedURI}`));"""

OVERTAKEN = ("ERR_ABORTED", "interrupted by another navigation")

MEANT = ("status of 4", "pubKeyCredParams is missing")
"""Answers that are meant to be errors; and tokens whose keys are RSA are not taken."""


@dataclass
class Officer:
    """A browser at a post. `troubles` gathers what the browser complained about; `taps` counts."""

    page: Page
    post: Post
    taps: int = 0
    troubles: list[str] = field(default_factory=list[str])

    def open(self, path: str) -> None:
        """Go to a screen by its address."""
        go_to(self.page, self.post.url + path)

    def tap(self, where: str | Locator) -> None:
        """Tap once."""
        self.taps += 1
        (self.page.locator(where) if isinstance(where, str) else where).tap()

    def hold(self, where: str | Locator) -> None:
        """Hold a button until its ring is full, and let go: one tap."""
        self.taps += 1
        with self.finger(where):
            expect(self.page.locator("garita-hold[data-state=full]")).to_be_visible()

    @contextmanager
    def finger(self, where: str | Locator) -> Iterator[Callable[[float, float], None]]:
        """Put a finger on the middle of something, and lift it at the end; what is yielded moves it by pixels."""
        target = self.page.locator(where) if isinstance(where, str) else where
        target.tap(trial=True)
        box = target.bounding_box()
        assert box
        place = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
        touches = self.page.context.new_cdp_session(self.page)

        def touch(kind: str, points: list[dict[str, float]]) -> None:
            touches.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})

        touch("touchStart", [{"x": place[0], "y": place[1]}])
        yield lambda x, y: touch("touchMove", [{"x": place[0] + x, "y": place[1] + y}])
        touch("touchEnd", [])

    def enter(self, digits: str) -> None:
        """Tap the digits, then the primary button."""
        for digit in digits:
            self.tap(f'garita-keys:defined button[value="{digit}"]')
        self.tap(".primary")

    def try_pin(self, digits: str) -> None:
        """Enter a PIN for the one whom the screen offers first."""
        self.open("/sign-in")
        self.tap(".primary")
        self.enter(digits)

    def sign_in(self) -> None:
        """Sign in as that one and come home, without the taps, which test_whole_way and test_screens do."""
        first = self.post.station.operators.list()[0]
        answer = self.page.request.post(
            f"{self.post.url}/api/sign-in",
            data={"operator": first.id, "pin": PIN},
            headers={"Sec-Fetch-Site": "same-origin"},
        )
        assert answer.ok, answer.text()
        self.open("/")
        expect(self.page.locator(".quick")).to_be_visible()

    def result(self, conclusion: str) -> None:
        """Wait for a result by itself."""
        expect(self.page.locator(f'[data-conclusion="{conclusion}"]')).to_be_visible()

    def note(self, message: ConsoleMessage) -> None:
        """Keep what the console says, but for what is meant."""
        if message.type in ("error", "warning") and not any(each in message.text for each in MEANT):
            self.troubles.append(message.text)

    def watch(self, request: Request) -> None:
        """Keep every request that leaves the post."""
        if not request.url.startswith((self.post.url, "data:")):
            self.troubles.append(f"left the post: {request.url}")


def go_to(page: Page, url: str) -> None:
    """Go to a screen, also where the one before goes on by itself at that moment and wins once."""
    for last in (False, False, True):
        try:
            page.goto(url)
        except BrowserError as error:
            if last or not any(each in str(error) for each in OVERTAKEN):
                raise
            page.wait_for_load_state()
            if page.url == url:  # an earlier try of this came through after all
                return
        else:
            return


@contextmanager
def at(
    chromium: Browser,
    post: Post,
    language: str = "es",
    theme: str = "day",
    size: tuple[int, int] = (1024, 600),
    *,
    scripts: bool = True,
) -> Iterator[Officer]:
    """Stand at a post's screen; whoever does so fails if the browser complained."""
    width, height = size
    context = chromium.new_context(
        viewport={"width": width, "height": height}, has_touch=True, locale="es-MX", java_script_enabled=scripts
    )
    context.set_default_timeout(60_000)
    context.add_init_script(WATCH)
    cookies = {"garita_language": language, "garita_theme": theme}
    context.add_cookies([{"name": name, "value": value, "url": post.url} for name, value in cookies.items()])
    officer = Officer(context.new_page(), post)
    officer.page.on("console", officer.note)
    officer.page.on("pageerror", lambda error: officer.troubles.append(str(error)))
    officer.page.on("request", officer.watch)
    try:
        yield officer
    finally:
        context.close()
    assert not officer.troubles, "\n".join(officer.troubles)
