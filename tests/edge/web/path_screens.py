"""The screens of the screening path by name, for the rules that hold on every screen."""

from collections.abc import Iterator, Mapping

from playwright.sync_api import expect

from edge.checking import CHECKS
from edge.subject_records import Told
from edge.web.declaring import PREFIX
from sync.contract.ids import ReadingId
from sync.contract.records import CheckRecord
from tests.edge.bench import finished
from tests.edge.web.officer import Officer


def after_the_reading(officer: Officer, readings: Mapping[str, str]) -> Iterator[str]:
    """Hazard, coach and comparison; `readings` are one of each kind by the name of its screen."""
    officer.open(f"/readings/{readings['result-alarm']}/hazard")
    yield "hazard"
    for name in ("inconclusive", "fault", "stopped"):
        officer.open(f"/readings/{readings[f'result-{name}']}/coach")
        yield f"coach-{name}"
    station = officer.post.station
    screening = station.screenings.view(ReadingId(readings["result-alarm"])).screening
    officer.open(f"/screenings/{screening}/compare")
    yield "compare-one"
    if len(station.casework.dossier(screening).readings) == 1:
        finished(station, station.screenings.start(station.operators.list()[0], screening=screening))
    officer.open(f"/screenings/{screening}/compare")
    yield "compare"


def shift_screens(officer: Officer) -> Iterator[str]:
    """Begin a shift: one check that passed, one that did not; and a blank that did not pass before."""
    station, programme = officer.post.station, officer.post.programme
    if not station.screenings.checks():
        programme.sample("Caffeine")
        finished(station, station.screenings.start(station.operators.list()[0], "blank"))
        programme.blank()
        for check in CHECKS:
            finished(station, station.screenings.start(station.operators.list()[0], check))
    checks = [each for each in station.screenings.recent(99) if isinstance(each.record, CheckRecord)]
    officer.open(f"/shift/{checks[-1].id}")
    expect(officer.page.locator('[data-check="failed"]')).to_be_visible()
    yield "shift-blank-failed"
    officer.open("/shift")
    yield "shift-of-a-demonstration"
    demonstration = station.settings
    station.settings = demonstration.model_copy(update={"daily_check": True})
    officer.open("/shift")
    yield "shift"
    station.settings = demonstration
    for check, record in station.screenings.checks().items():
        officer.open(f"/shift/{record.readings[0].reading}")
        yield f"shift-{check}"


def papers_screens(officer: Officer, readings: Mapping[str, str]) -> Iterator[str]:
    """Check the documents of what may be lawful."""
    screening = officer.post.station.screenings.view(ReadingId(readings["result-caution"])).screening
    place = f"/screenings/{screening}/papers"
    officer.post.station.drafts.forget(screening, PREFIX)
    officer.open(place)
    officer.tap(".primary")
    expect(officer.page.get_by_role("alert")).to_be_visible()
    yield "papers-nothing"
    for name, value in (("substance", "Cafeína anhidra"), ("cas", "58083"), ("importer", "Química del Norte")):
        officer.open(f"{place}/{name}")
        officer.page.locator("#text").fill(value)
        officer.tap(".primary")
        expect(officer.page.locator(".declare")).to_be_visible()
    yield "papers"
    for name in ("exporter", "hs", "quantity"):
        officer.open(f"{place}/{name}")
        yield f"papers-{name}"
    officer.open(place)
    officer.tap(".primary")
    expect(officer.page.locator(".facts")).to_be_visible()
    yield "papers-compared"


def before_the_reading(officer: Officer) -> Iterator[str]:
    """From the kind of subject to the question before the result."""
    page = officer.page
    officer.open("/screenings/new")
    yield "new"
    officer.tap(".kinds form:has([value=container]) button")
    expect(page.locator(".identify")).to_be_visible()
    yield "identify-empty"
    address = page.url.removeprefix(officer.post.url)
    officer.open(f"{address}/keys")
    yield "keys"
    page.locator("#text").fill("CSQU3054384")
    officer.tap(".primary")
    expect(page.locator(".number").first).to_be_visible()
    officer.open(f"{address}/choose?what=cause")
    yield "cause"
    officer.open(f"{address}/choose?what=mode")
    yield "mode"
    officer.open(address)
    expect(page.locator(".number")).to_have_count(2)
    yield "identify"
    officer.tap(".primary")
    expect(page.locator(".scenes")).to_be_visible()
    yield "prepare"
    with officer.post.lasting(60):
        officer.tap(".primary")
        expect(page.locator("garita-live .seen")).to_be_visible()
        yield "reading-asking"
        officer.tap(".actions .primary")
        officer.result("stopped")
    station = officer.post.station
    for sample, name in (("Fentanyl", "hazard-before-the-question"), ("Caffeine", "reading-ended")):
        officer.post.programme.sample(sample)
        screening = station.screenings.open(station.operators.list()[0], "container")
        station.subjects.tell(station.operators.list()[0], screening, Told("sea"))
        reading = station.screenings.start(station.operators.list()[0], screening=screening)
        finished(station, reading)
        officer.open(f"/readings/{reading}")
        expect(page.locator("[data-hazard], .primary[disabled]")).to_be_visible()
        yield name
        if sample == "Fentanyl":
            officer.tap(".primary")
            expect(page.locator(".seen")).to_be_visible()
        page.reload()
        expect(page.locator(".head h1")).to_be_visible()
        yield f"question-{sample.lower()}"
        officer.tap(".seen button[value=powder]")
        officer.result("alarm" if sample == "Fentanyl" else "no_alarm")
