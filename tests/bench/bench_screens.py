"""How fast the screens are, in real Chromium at a real station with its analyzer on a pty.

    .venv/bin/python -m tests.bench.bench_screens [--rounds 20] [--write]

`--write` puts the table into docs/benchmarks.md.
"""

import argparse
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from statistics import median

from playwright.sync_api import Page, sync_playwright

from drivers.family import Role
from models.identification import Identifier
from tests.bench.pages import machine, write_section
from tests.edge.web.conftest import CHROMIUM, FLAGS
from tests.edge.web.officer import Officer, at
from tests.edge.web.post import Post, Programme, Site
from tests.edge.web.test_requirements import WEIGHT
from tests.waiting import wait_until

Row = tuple[str, str, str]
SLOWED = 6
TOUCHED = """() => {
  const keep = (name, time) => sessionStorage.setItem(name, performance.timeOrigin + time);
  addEventListener("pointerup", ({ timeStamp }) => keep("touched", timeStamp), { capture: true });
  addEventListener("click", () => requestAnimationFrame(() => setTimeout(() => keep("shown", performance.now()))));
}"""
PAINTED = """() => new Promise((done) => {
  const told = (entries) => entries.find(({ name }) => name === "first-contentful-paint");
  const paint = told(performance.getEntriesByType("paint"));
  const answer = ({ startTime }) => done(performance.timeOrigin + startTime);
  if (paint) answer(paint);
  else new PerformanceObserver((list) => told(list.getEntries()) && answer(told(list.getEntries())))
    .observe({ type: "paint" });
})"""
READY = """() => {
  const [{ domContentLoadedEventEnd }] = performance.getEntriesByType("navigation");
  return domContentLoadedEventEnd;
}"""


def touches(officer: Officer, rounds: int) -> Iterator[tuple[float, float]]:
    """Yield the milliseconds from touch-up until what was touched shows it, and until the next screen is painted."""
    for _ in range(rounds):
        officer.open("/readings")
        officer.page.wait_for_timeout(500)
        officer.page.evaluate(TOUCHED)
        officer.tap(".primary")
        officer.page.wait_for_url(officer.post.url + "/")
        touched, shown = (float(officer.page.evaluate(f"sessionStorage.getItem('{k}')")) for k in ("touched", "shown"))
        yield shown - touched, painted(officer.page) - touched


def ready(officer: Officer, path: str, rounds: int) -> Iterator[float]:
    """Yield the milliseconds until a screen is there and its scripts have run, with the processor slowed."""
    browser = officer.page.context.new_cdp_session(officer.page)
    browser.send("Emulation.setCPUThrottlingRate", {"rate": SLOWED})
    for _ in range(rounds):
        officer.open(path)
        yield max(officer.page.evaluate(READY), painted(officer.page) - officer.page.evaluate("performance.timeOrigin"))
    browser.send("Emulation.setCPUThrottlingRate", {"rate": 1})


def results(officer: Officer, rounds: int) -> Iterator[float]:
    """Yield the milliseconds from the analyzer's last byte to the first paint of the result."""
    for _ in range(rounds):
        officer.open("/")
        officer.tap(".quick")
        officer.page.wait_for_selector("[data-conclusion]")
        shown = painted(officer.page)
        seen_ns = officer.post.station.ports()[Role.ANALYZER].seen_ns or 0
        yield shown - (seen_ns + time.time_ns() - time.monotonic_ns()) / 1e6


def stops(post: Post, rounds: int) -> Iterator[float]:
    """Yield the milliseconds from the command to stop until the reading has ended and is sealed."""
    with post.lasting(60):
        for _ in range(rounds):
            reading, before = (
                post.station.screenings.start(post.station.operators.list()[0]),
                post.simulator.acquisitions,
            )
            wait_until(lambda before=before: post.simulator.acquisitions > before)
            start = time.perf_counter()
            post.station.screenings.stop(reading)
            wait_until(lambda: post.station.screenings.active() is None)
            yield (time.perf_counter() - start) * 1000


def sounds(post: Post, begun: Path, rounds: int) -> Iterator[float]:
    """Yield the milliseconds from the end of a reading to the start of the program that plays its sound."""
    for _ in range(rounds):
        begun.unlink(missing_ok=True)
        reading = post.station.screenings.start(post.station.operators.list()[0])
        while not post.station.screenings.view(reading).record:
            time.sleep(0.001)
        ended = time.time_ns()
        wait_until(begun.exists)
        yield (begun.stat().st_mtime_ns - ended) / 1e6
        wait_until(lambda: post.station.screenings.active() is None)


def painted(page: Page) -> float:
    """Return when the page was painted first, in milliseconds since 1970."""
    return float(page.evaluate(PAINTED))


def measure(officer: Officer, begun: Path, rounds: int) -> Iterator[Row]:
    """Yield what was measured, the median and the worst, and what is wanted."""
    post = officer.post
    reading = post.measure()
    shown, painted_after = zip(*touches(officer, rounds), strict=True)
    yield row("touch-up until what was touched shows it", iter(shown), "100 ms")
    yield row("touch-up to the first paint of the next screen", iter(painted_after), "")
    for name, path in (("home", "/"), ("result", f"/readings/{reading}"), ("settings", "/settings")):
        yield row(f"{name} ready, processor slowed {SLOWED} times", ready(officer, path, rounds), "1,000 ms")
    yield row("last serial byte to the first paint of the result", results(officer, rounds), "150 ms")
    yield row("command to stop until the reading has ended and is sealed", stops(post, rounds), "1,000 ms")
    yield row("end of the reading to the start of the player (a program)", sounds(post, begun, rounds), "500 ms")
    scripts = sum(file.stat().st_size for file in Path("edge/web/static").rglob("*.js"))
    yield "all scripts together", f"{scripts:,} bytes", "150,000 bytes"
    for name, path in (("home", "/"), ("result", f"/readings/{reading}"), ("why", f"/readings/{reading}/why")):
        yield f"{name} with all that belongs to it", f"{weight(officer, path):,} bytes", "300,000 bytes"


def row(what: str, measured: Iterator[float], most: str) -> Row:
    """Return a row of the table."""
    values = sorted(measured)
    return what, f"{median(values):,.0f} ms ({values[-1]:,.0f})", most


def weight(officer: Officer, path: str) -> int:
    """Return the bytes of a page and what belongs to it, unpacked."""
    officer.open(path)
    return int(officer.page.evaluate(WEIGHT))


def main() -> None:
    """Measure, and print or write the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=20)
    parser.add_argument("--write", action="store_true")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="garita-bench-") as name, ExitStack() as ends, sync_playwright() as driver:
        folder = Path(name)
        player, begun = folder / "player", folder / "begun"
        player.write_text(f"#!/bin/sh\n: > {begun}\n")
        player.chmod(0o755)
        site = Site(folder, Identifier.open(), Programme(), ends)
        post = site.post(folder / "post", player=player)
        post.programme.sample("Fentanyl")
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        with at(browser, post) as officer:
            officer.sign_in()
            rows = list(measure(officer, begun, options.rounds))
        browser.close()
    head = ["| what | median (worst) | at most |", "|---|---|---|"]
    lines = [*head, *(f"| {what} | {value} | {most} |" for what, value, most in rows)]
    said = (
        f"`python -m tests.bench.bench_screens` on {machine()}: {options.rounds} rounds, real Chromium with software "
        "drawing at 1024x600.\n\n" + "\n".join(lines)
    )
    print(said)  # noqa: T201 - a script
    if options.write:
        write_section("Screens", said)


if __name__ == "__main__":
    main()
