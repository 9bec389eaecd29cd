"""A seizure by the robot: from the alarm to the signed record, with reloads and killed browsers on the way."""

import itertools
import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from playwright.sync_api import Page, expect

from tests.robustness.robot.hands import PATIENCE_MS, DeadEnd, Hands

MOST_STEPS = 40
READY = ".actions .primary:not([disabled])"
_SEALS = itertools.count(1)


@dataclass
class Case:
    """One seizure; `picked` is what was chosen and must still stand there when the record is signed."""

    hands: Hands
    rng: random.Random
    screening: str
    picked: list[str] = field(default_factory=list[str])

    def run(self, disturb: Callable[[str], None]) -> None:
        """Go on until the record is signed; `disturb` is done to the screen at some steps, and must change nothing."""
        self.hands.open(f"/screenings/{self.screening}/seizure")
        for _ in range(MOST_STEPS):
            if self.hands.page.url.endswith("/record"):
                return self._check()
            before = self._heading()
            disturb(self.hands.page.url.removeprefix(self.hands.address))
            if self._heading() != before:
                raise DeadEnd(f"{self.hands.page.url}: was {before!r}, and is {self._heading()!r} after it came back")
            self._step()
        raise DeadEnd(f"{self.hands.page.url}: not signed after {MOST_STEPS} steps")

    def _step(self) -> None:
        page = self.hands.page
        steps: Mapping[str, Callable[[Page], None]] = {
            "new": self._pick,
            "photo": lambda _: photograph(self.hands),
            "seal": self._seal,
            "searched": self._answer,
            "review": lambda _: sign(self.hands),
        }
        steps.get(page.url.rpartition("/")[2], self._primary)(page)

    def _primary(self, page: Page) -> None:
        self.hands.tap(page.locator(READY))

    def _pick(self, page: Page) -> None:
        picks = page.locator(".pick")
        if not picks.count():
            return self._primary(page)
        chosen = picks.nth(self.rng.randrange(picks.count()))
        self.picked.append(chosen.inner_text())
        return self.hands.tap(chosen)

    def _seal(self, page: Page) -> None:
        self.hands.open(f"{page.url.removeprefix(self.hands.address)}/typed")
        page = self.hands.page
        page.locator("#text").fill(f"ROBOT-{next(_SEALS):05d}")
        self._primary(page)

    def _answer(self, page: Page) -> None:
        """Say one of the answers of the person searched."""
        answers = page.locator(".either button")
        self.hands.tap(answers.nth(self.rng.randrange(answers.count())))

    def _heading(self) -> str:
        return self.hands.page.locator("h1").first.inner_text()

    def _check(self) -> None:
        self.hands.open(f"/screenings/{self.screening}/exhibits")
        shown = self.hands.page.locator("main").inner_text()
        lost = [each for each in self.picked[:2] if each not in shown]
        if lost:
            raise DeadEnd(f"{self.hands.page.url}: {lost} was picked and is not there; the screen says {shown!r}")


def photograph(hands: Hands) -> None:
    """Take the photograph that the screen asks for, and keep it."""
    page = hands.page
    for state in ("live", "taken"):
        expect(page.locator(f"garita-photo[data-state={state}]")).to_be_visible(timeout=PATIENCE_MS)
        page.locator(READY).first.tap()
    page.wait_for_url(lambda url: not url.endswith("/photo"), timeout=PATIENCE_MS)
    hands.settle()


def sign(hands: Hands) -> None:
    """Hold the button that signs until it is full, and let it go."""
    page, button = hands.page, hands.page.locator("garita-hold .primary")
    button.tap(trial=True)
    box = button.bounding_box()
    assert box
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.mouse.down()
    expect(page.locator("garita-hold[data-state=full]")).to_be_visible(timeout=PATIENCE_MS)
    page.mouse.up()
    page.wait_for_url("**/record", timeout=PATIENCE_MS)
    hands.settle()
