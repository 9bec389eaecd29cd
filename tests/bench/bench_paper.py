"""How long paper takes: each paper of a one-exhibit seizure, from its records to the PDF, and what the press needs.

.venv/bin/python -m tests.bench.bench_paper [--rounds 5] [--write]
"""

import argparse
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from statistics import median

import pypdfium2

from edge.paper.press import Order, Press
from edge.paper.prints import PAPERS
from models.identification import Identifier
from tests.bench.pages import machine, write_section
from tests.edge.paper.case import a_case, prints
from tests.edge.web.post import Programme, Site

COMMAND = "python -m tests.bench.bench_paper"
KIB = 1024
ABOUT = "A seizure of one exhibit: two readings, one photograph, all its records."
_WATCHED = """import resource, subprocess, sys
subprocess.run([sys.executable, "-m", "edge.paper.pressing"], check=True)
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss, file=sys.stderr)"""
Row = tuple[str, str]


def measure(rounds: int) -> Iterator[Row]:
    """Yield what was measured, and the number."""
    with tempfile.TemporaryDirectory() as folder, ExitStack() as ends:
        site = Site(Path(folder), Identifier.open(), Programme(), ends)
        station = site.post(Path(folder) / "station").station
        officer = next(each for each in station.operators.list() if each.role == "officer")
        case, maker, press = a_case(station, officer), prints(station, "es"), Press()
        for name, make in PAPERS.items():
            times, made = list[float](), b""
            for _ in range(rounds):
                started = time.perf_counter()
                made = press.print(make(maker, case))
                times.append(time.perf_counter() - started)
            pages = len(pypdfium2.PdfDocument(made))
            took = f"{median(times):.2f} s, {max(times):.2f} s"
            yield f"{name}: median and worst of {rounds}; pages; size", f"{took}; {pages}; {len(made) / KIB:.0f} KiB"
        yield "most memory of the press, gone with each print", f"{peak(maker.acta(case)) / KIB:.0f} MiB"


def peak(order: Order) -> int:
    """Return the most memory that the press took for an order, in KiB, as a small program that starts it sees it."""
    command = [sys.executable, "-c", _WATCHED]
    done = subprocess.run(command, input=order.to_bytes(), capture_output=True, check=True)  # noqa: S603 - our own
    return int(done.stderr.split()[-1])


def main() -> None:
    """Measure, and write the section where asked."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--write", action="store_true")
    asked = parser.parse_args()
    rows = list(measure(asked.rounds))
    table = "\n".join(["| what | measured |", "|---|---|", *(f"| {name} | {value} |" for name, value in rows)])
    text = f"`{COMMAND}` on {machine()}.\n\n{ABOUT}\n\n{table}"
    print(text)  # noqa: T201 - a command
    if asked.write:
        write_section("Paper", text)


if __name__ == "__main__":
    main()
