"""Every screen of a post by name, and the rules that hold on each of them."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import expect
from sqlmodel import delete, update

from drivers.analyzer_link.plays import Fault
from edge.left_out import LeftOut, Why
from sync.losses import CentreLoss
from tests.edge.bench import finished, went_back
from tests.edge.web.case_screens import Cases, case_screens
from tests.edge.web.officer import Officer
from tests.edge.web.path_screens import after_the_reading, before_the_reading, papers_screens, shift_screens
from tests.edge.web.post import PIN, Post
from tests.edge.web.stick_screens import stick_screens

FORBIDDEN = (
    "identified", "confirmed", "clear", "clean", "positive", "negative", "seize", "seized", "arrest", "guilty",
    "limpio", "limpia", "positivo", "negativo", "identificado", "identificada", "confirmado", "confirmada", "decomisar",
    "incautar", "culpable",
)  # fmt: skip
ONLY_IN = {
    "seguro": ("No significa que sea seguro."),
    "safe": ("It does not mean that it is safe.",),
}
PRESUMPTIVE = {
    "es": "Presuntivo: requiere confirmación de laboratorio",
    "en": "Presumptive: requires laboratory confirmation",
}
TELLS_A_CONCLUSION = (
    "result-",
    "detail",
    "why",
    "others",
    "record",
    "technical",
    "readings",
    "beside",
    "print",
    "seizure",
    "review",
    "case-record",
    "label",
    "cases",
    "entries",
    "entry",
    "compare",
)
TAGS = ["wcag2a", "wcag2aa", "wcag2aaa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
EVERYTHING = {"type": "tag", "values": TAGS}
"""From A to AAA, and best practice."""
COLOURS = {"type": "rule", "values": ["color-contrast", "color-contrast-enhanced", "link-in-text-block"]}
"""What of axe-core can differ from one theme to another."""

RULES = Path(__file__).with_name("rules.js").read_text("utf-8")


@dataclass(frozen=True)
class Readings:
    """One reading of each kind, by the name of its screen."""

    by_name: dict[str, str]

    @classmethod
    def take(cls, post: Post) -> "Readings":
        """Measure each of them."""
        measured: dict[str, str] = {}
        for name, sample in (
            ("result-no-alarm", "Caffeine"),
            ("result-caution", "Ketamine"),
            ("result-isomers", "Mephedrone"),
            ("result-stereoisomers", "Methamphetamine"),
        ):
            post.programme.sample(sample)
            measured[name] = post.measure()
        post.programme.mixture("Cocaine", "Ketamine")
        measured["result-mixture"] = post.measure()
        post.programme.suspected()
        measured["result-suspected"] = post.measure()
        post.programme.noise()
        measured["result-inconclusive"] = post.measure()
        post.programme.fault(Fault.DETECTOR)
        measured["result-fault"] = post.measure()
        measured["result-stopped"] = _stopped(post)
        post.programme.sample("Fentanyl")
        measured["result-alarm"] = post.measure()
        return cls(measured)


def screens(officer: Officer, readings: Readings, cases: Cases) -> Iterator[str]:
    """Go to one screen after the other and yield its name."""
    officer.open("/sign-in")
    yield "people"
    officer.tap(".primary")
    officer.enter("111111")
    expect(officer.page.get_by_role("alert")).to_be_visible()
    yield "pin"
    officer.enter("471906")
    expect(officer.page.locator(".quick")).to_be_visible()
    yield "home"
    yield from before_the_reading(officer)
    for name, reading in readings.by_name.items():
        officer.open(f"/readings/{reading}")
        if name == "result-alarm":
            yield f"{name}-first"
            officer.tap(".primary")
            expect(officer.page.locator('.actions a[href$="/detail"]')).to_be_visible()
        yield name
    for part in ("detail", "why", "others", "record", "technical"):
        officer.open(f"/readings/{readings.by_name['result-alarm']}/{part}")
        yield part
    for part in ("why", "others"):
        officer.open(f"/readings/{readings.by_name['result-stereoisomers']}/{part}")
        yield f"{part}-stereoisomers"
    yield from shift_screens(officer)
    yield from papers_screens(officer, readings.by_name)
    yield from after_the_reading(officer, readings.by_name)
    officer.open(f"/readings/{readings.by_name['result-alarm']}/beside")
    yield "beside"
    for part in ("weight", "position", "code", "file"):
        officer.open(f"/readings/{readings.by_name['result-alarm']}/beside/{part}")
        yield f"beside-{part}"
    officer.open(f"/screenings/{cases.signed}/print")
    yield "print"
    officer.open(f"/exhibits/{cases.signed_for}/label")
    yield "label"
    officer.open("/shift/story")
    yield "story"
    for path in ("readings", "sync", "device", "device/ports", "settings", "readings/unknown", "help", "troubles"):
        officer.open(f"/{path}")
        yield path.replace("readings/unknown", "problem").replace("/", "-")
    yield from _unused(officer)
    yield from _went_back(officer)
    yield from case_screens(officer, cases)
    yield from stick_screens(officer, cases)
    yield from _live(officer)
    yield from measuring_nothing(officer)


def measuring_nothing(officer: Officer) -> Iterator[str]:
    """Go to Home of who measures nothing, with more readings than it lists."""
    post = officer.post
    technician = next(each for each in post.station.operators.list() if each.role == "technician")
    signed_in = officer.page.request.post(
        f"{post.url}/api/sign-in",
        data={"operator": technician.id, "pin": PIN},
        headers={"Sec-Fetch-Site": "same-origin"},
    )
    assert signed_in.ok
    officer.open("/")
    expect(officer.page.locator(".primary")).to_have_attribute("href", "/device")
    yield "home-measuring-nothing"


def broken_rules(officer: Officer, name: str, language: str, theme: str) -> list[str]:
    """Return every rule that the screen breaks."""
    page = officer.page
    faults: list[str] = page.evaluate(RULES, 3)
    html = page.locator("html")
    if (html.get_attribute("lang"), html.get_attribute("data-theme")) != (language, theme):
        faults.append("another language or theme")
    text = page.locator("body").inner_text()
    if name.startswith(TELLS_A_CONCLUSION) and PRESUMPTIVE[language] not in text:
        faults.append("the presumptive line is missing")
    return [f"{name}: {fault}" for fault in (*faults, *_words(text))]


def axe_violations(officer: Officer, name: str, judged: dict[str, Any] = EVERYTHING) -> list[str]:
    """Return what axe-core finds, which tells of nothing else: what it passes is most of what it would say."""
    options = json.dumps({"runOnly": judged, "resultTypes": ["violations"]})
    found = officer.page.evaluate(f"{AXE_SCRIPT};\naxe.run({options}).then(({{ violations }}) => violations)")
    return [f"{name}: axe {each['id']}: {[node['html'][:120] for node in each['nodes']]}" for each in found]


def _unused(officer: Officer) -> Iterator[str]:
    """Go to what is not used at the station, with more of it than a screen shows."""
    station = officer.post.station
    newdrug = "N-(1-fenetilpiperidin-4-il)-N-fenilfurano-2-carboxamida"
    station.left_out = [
        LeftOut("library", Why.UNFIT, "no Family", 7, newdrug),
        LeftOut("bundle", Why.DAMAGED, "not as it was signed"),
        LeftOut("sending", Why.DAMAGED, "no certificate"),
        LeftOut("witnesses", Why.MISSING, "not named"),
        LeftOut("vibrational", Why.UNFIT, "another format"),
        *(LeftOut("library", Why.UNFIT, "no Family", 8, f"{newdrug} {number}") for number in range(3)),
    ]
    officer.open("/device/unused")
    yield "unused"
    station.left_out = []


def _went_back(officer: Officer) -> Iterator[str]:
    """Go to what is told of a centre that lost what it had confirmed: records, or only what is attached to them."""
    station = officer.post.station
    went_back(station)
    officer.open("/troubles")
    yield "troubles-went-back"
    with station._database.write() as session:
        session.execute(update(CentreLoss).values(first=0))
    officer.open("/sync")
    yield "sync-went-back"
    with station._database.write() as session:
        session.execute(delete(CentreLoss))


def _stopped(post: Post) -> str:
    with post.lasting(30):
        reading = post.station.screenings.start(post.station.operators.list()[0])
        post.station.screenings.stop(reading)
        finished(post.station, reading)
    return reading


def _live(officer: Officer) -> Iterator[str]:
    officer.post.programme.sample("Caffeine")
    with officer.post.lasting(30):
        officer.open("/")
        officer.tap(".quick")
        expect(officer.page.locator("garita-live")).to_be_visible()
        yield "reading"
        officer.tap(".primary")
        officer.result("stopped")


def _words(text: str) -> Iterator[str]:
    words = set(text.lower().replace(":", " ").replace(".", " ").replace(",", " ").split())
    yield from (f"says {word!r}" for word in FORBIDDEN if word in words)
    for word, allowed in ONLY_IN.items():
        left = text
        for phrase in allowed:
            left = left.replace(phrase, "")
        if word in left.lower():
            yield f"says {word!r} outside {allowed}"
