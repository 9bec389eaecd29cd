"""From home to the signed record, no screen asks for what the officer gave before."""

from collections import Counter

import pytest
from playwright.sync_api import Browser, expect

from sync.contract.casework import ExhibitRecord
from sync.contract.ids import ScreeningId
from tests.edge.web.officer import Officer, at
from tests.edge.web.post import Post
from tests.edge.web.test_seizure import photograph

pytestmark = pytest.mark.browser

ASKED = """() => {
  const heading = document.querySelector("h1").textContent.trim();
  const fields = [...document.querySelectorAll("main input:not([type=hidden], [type=radio])")]
    .filter((field) => field.checkVisibility() && !field.value)
    .map((field) => `${heading} / ${field.labels[0].textContent.trim()}`);
  const picks = Map.groupBy(document.querySelectorAll("main button[name][value]"), ({ name }) => name);
  const open = [...picks.values()].filter((group) => !group.some((each) => each.ariaPressed === "true"));
  const whose = ({ name }) => name === "stance" ? [heading] : [];
  return [...fields, ...open.map((group) => [...whose(group[0]), ...group.map(({ value }) => value).sort()].join(" "))];
}"""
"""What a screen asks for: each empty field by heading and label, each choice that is open by what may be chosen.

What somebody says of it is asked of each of them.
"""

QUESTIONS = 8
"""Kind, number, look, packing, weight, seal, witness, report: so many at least are there to be asked twice."""


class Asked:
    """Walks with an officer, and keeps what each screen asks for."""

    def __init__(self, officer: Officer) -> None:
        self.officer = officer
        self.questions = Counter[str]()

    def tap(self, what: str, then: str) -> None:
        """Tap, and read the screen that comes; `then` stands on it."""
        self.officer.tap(what)
        expect(self.officer.page.locator(then)).to_be_visible()
        self.questions.update(self.officer.page.evaluate(ASKED))

    def type(self, keys: str, then: str) -> None:
        """Tap keys, and the primary button."""
        for key in keys:
            self.officer.tap(f'garita-keys:defined [value="{key}"]:visible')
        self.tap(".actions .primary", then)


def test_nothing_is_asked_twice_on_the_whole_way(chromium: Browser, post: Post) -> None:
    post.programme.sample("Fentanyl")
    with at(chromium, post) as officer:
        officer.sign_in()
        asked = Asked(officer)
        asked.questions.update(officer.page.evaluate(ASKED))
        asked.tap(".kinds form:has([value=vehicle]) button", ".identify")
        screening = ScreeningId(officer.page.url.rsplit("/", 1)[1])
        asked.tap('.sides a[href$="/keys"]', "#text")
        asked.type("ABC", ".number")
        asked.tap(".actions .primary", ".scenes")
        asked.tap(".actions .primary:has-text('Iniciar')", "[data-hazard=first]")
        asked.tap(".actions .primary", ".seen")
        asked.tap(".seen button[value=crystals]", '.actions a[href$="/seizure"]')
        asked.tap(".actions .primary", ".items")
        asked.tap(".actions .primary", "button[value=bag]")
        asked.tap("button[value=bag]", ".count output")
        asked.tap(".actions .primary", '.actions a[href*="/weight/typed"]')
        asked.tap('.actions a[href*="/weight/typed"]', "#value")
        asked.type("12.5", "garita-photo")
        photograph(officer)
        asked.tap('.actions a[href$="/seal/typed"]', "#text")
        asked.type("0042", '.picks a[href$="/witnesses/searched"]')
        asked.tap('.picks a[href$="/witnesses/searched"]', ".told")
        asked.tap("button[value=agreed]", '.picks a[href$="/witnesses/witness"]')
        asked.tap('.picks a[href$="/witnesses/witness"]', "button[value=refused]")
        asked.tap("button[value=agreed]", "#text")
        asked.type("77", '.picks a[href$="/references/report"]')
        asked.tap('.picks a[href$="/references/report"]', "#text")
        asked.type("45", '.picks a[href$="/references/report"]')
        asked.tap(".actions .primary", "garita-hold .primary")
        officer.hold("garita-hold .primary")
        expect(officer.page.locator(".qr svg")).to_be_visible()
        asked.questions.update(officer.page.evaluate(ASKED))
    [(_, times), *_] = asked.questions.most_common()
    assert times == 1, asked.questions
    assert len(asked.questions) >= QUESTIONS, asked.questions
    [exhibit] = post.station.casework.dossier(screening).exhibits
    [described] = exhibit.of(ExhibitRecord)
    assert described.category == "crystals", "what was seen before the result is what the exhibit looks like"
