"""How soon a pulled cable is seen on the officer's screen, and how soon the instrument is ready again.

    .venv/bin/python -m tests.bench.bench_cables --rounds 20 [--write]

A whole station with its screens in Chromium, its analyzer and scale on pseudo-terminals behind links. Exit status 1
where one of them took longer than is asked for.
"""

import argparse
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import sync_playwright

from drivers.analyzer_link.simulator import Simulator
from drivers.families import FAMILIES
from drivers.pty import SimulatedPort, serve_pty
from edge.views import Interruption
from models.identification import Identifier
from sync.contract.ids import ReadingId
from tests.bench.pages import machine, write_section
from tests.edge.bench import finished, noise
from tests.edge.web.conftest import CHROMIUM, FLAGS
from tests.edge.web.officer import Officer, at
from tests.edge.web.post import Post, Programme, Site
from tests.waiting import wait_until

COMMAND = ".venv/bin/python -m tests.bench.bench_cables --rounds 20 --write"
ABOUT = "From the moment that the cable is pulled or plugged until Chromium shows it: no restart, and no touch."
UNPLUG_TO_ERROR_S = 1.0
REPLUG_TO_READY_S = 3.0
ASKED = {"unplug": UNPLUG_TO_ERROR_S, "replug": REPLUG_TO_READY_S}
CHIP = """(words) => document.querySelector('.strip [data-fresh="analyzer"]').textContent.includes(words)"""
ROW = """([name, words]) => [...document.querySelectorAll('.ports tbody tr')]
  .some((row) => row.textContent.includes(name) && row.textContent.includes(words))"""


@dataclass(frozen=True)
class Bench:
    """A post and an officer before its screens."""

    post: Post
    officer: Officer

    def see(self, script: str, argument: object) -> None:
        """Wait until the page shows what `script` asks of it."""
        wait_until(lambda: self.officer.page.evaluate(script, argument))

    @property
    def link(self) -> Path:
        return Path(self.post.port.path)

    def analyzer(self) -> SimulatedPort:
        return serve_pty(Simulator(self.post.programme, noise(), 0.4), self.link)


def measure(bench: Bench, rounds: int, scale: Path) -> dict[str, list[float]]:
    """Return the seconds of each round for each thing that is measured."""
    times: dict[str, list[float]] = {}

    def note(name: str, action: Callable[[], None], seen: Callable[[], object]) -> None:
        start = time.monotonic()
        action()
        seen()
        times.setdefault(name, []).append(time.monotonic() - start)

    def shown(words: str) -> Callable[[], object]:
        return lambda: bench.see(CHIP, words)

    def listed(words: str) -> Callable[[], object]:
        return lambda: bench.see(ROW, ["Scale", words])

    analyzer = bench.post.port
    for _ in range(rounds):
        bench.officer.open("/")
        note("unplug: analyzer, on the status strip", analyzer.close, shown("No analyzer"))
        ports: list[SimulatedPort] = []
        note("replug: analyzer, on the status strip", lambda held=ports: held.append(bench.analyzer()), shown("ready"))
        analyzer = ports[0]
        assert bench.post.station.screenings.view(ReadingId(bench.post.measure())).problem is None

        bench.officer.open("/device/ports")
        played = _scale(scale)
        listed("Plugged in")()
        note("unplug: scale, on the page of ports", played.close, listed("Unplugged"))
        note("replug: scale, on the page of ports", lambda held=ports: held.append(_scale(scale)), listed("Plugged in"))
        assert bench.post.station.companions.scale
        bench.post.station.companions.scale.weigh("100.00 g")
        ports[1].close()
        listed("Unplugged")()
        analyzer = _in_mid_reading(bench, analyzer, note)
    analyzer.close()
    return times


def _in_mid_reading(
    bench: Bench, analyzer: SimulatedPort, note: Callable[[str, Callable[[], None], Callable[[], object]], None]
) -> SimulatedPort:
    """Pull the cable while the analyzer measures: the result says what happened, by itself."""
    analyzer.close()
    slow = serve_pty(Simulator(bench.post.programme, noise(), 30), bench.link)
    bench.officer.open("/")
    bench.see(CHIP, "ready")
    bench.officer.tap(".quick")
    bench.officer.page.locator("progress").wait_for()
    bench.see("() => document.querySelector('progress')?.value > 0", None)
    reading = bench.post.station.screenings.active()
    assert reading is not None
    note("unplug: analyzer in mid-reading, its result", slow.close, lambda: bench.officer.result("fault"))
    assert finished(bench.post.station, reading).problem is Interruption.PORT_LOST
    again = bench.analyzer()
    bench.see(CHIP, "ready")
    return again


def _scale(link: Path) -> SimulatedPort:
    simulation = FAMILIES["mt-sics"].simulation
    assert simulation is not None
    return serve_pty(simulation.begin("100 g", None, noise()), link)


def table(times: dict[str, list[float]]) -> tuple[str, bool]:
    """Return the table, and whether everything was soon enough."""
    rows = ["| seconds until it is shown | rounds | median | longest | asked for |", "|---|---|---|---|---|"]
    well = True
    for name, seconds in times.items():
        most = ASKED[name.partition(":")[0]]
        well &= max(seconds) <= most
        rows.append(f"| {name} | {len(seconds)} | {statistics.median(seconds):.2f} | {max(seconds):.2f} | {most:g} |")
    return "\n".join(rows), well


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--rounds", type=int, default=20)
    options.add_argument("--write", action="store_true", help="write docs/benchmarks.md")
    chosen = options.parse_args()
    with ExitStack() as ends:
        folder = Path(ends.enter_context(tempfile.TemporaryDirectory()))
        site = Site(folder, Identifier.open(), Programme(), ends)
        post = site.post(folder / "post", scale=f"mt-sics:{folder / 'scale'}")
        browser = ends.enter_context(sync_playwright()).chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        officer = ends.enter_context(at(browser, post, "en"))
        officer.sign_in()
        text, well = table(measure(Bench(post, officer), chosen.rounds, folder / "scale"))
    print(text, "as it must be" if well else "NOT as it must be", sep="\n")  # noqa: T201 - a command
    if chosen.write:
        write_section("Cables pulled and plugged", f"    {COMMAND}\n\n{ABOUT}\n\n{text}\n\n{machine()}")
    sys.exit(0 if well else 1)


if __name__ == "__main__":
    main()
