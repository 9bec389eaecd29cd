"""All stations at once: a centre comes back, and every station connects in the same second.

    .venv/bin/python -m tests.bench.bench_stampede [--stations 1000] [--write]

nginx, two `garita-central` and PostgreSQL, all real; each station has a certificate of its own and ten entries to send,
and after a refusal or a broken line pauses as the relay does (full jitter). The stations are one program
(tests/bench/crowd.py), whose processor time is told apart from the centre's. 10,000 take some four minutes, most of
which goes into making certificates and batches.
"""

import argparse
import json
import os
import resource
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import psycopg

from deploy.certificates import Certified, issue_client
from sync.contract.ids import StationId
from tests.bench.cheap import Writer
from tests.bench.pages import machine, write_section
from tests.postgres import working_in
from tests.robustness.loss.centre import StateCentre

ENTRIES = 10
BODY = 600
AFTERWARDS = """\
Nobody is refused for good: who is told 429 or 503, or meets a broken line, comes again at random, as the relay does.
Most of the time goes into TLS: two P-384 certificates for each handshake, at nginx as at the station. A process that
only judges batches of ten took 580 a second, and 181 before batches shared a commit
([0026](decisions/0026-one-commit-for-many-batches.md)).
"""
Row = tuple[str, str]


def make_station(folder: Path, authority: Certified, number: int) -> tuple[str, bytes]:
    """Write a station's certificate and batch; return its name and card."""
    writer = Writer(StationId(f"S-{number:05}"), BODY)
    issue_client(authority, writer.station, datetime.now(UTC)).write(folder / writer.station, "client")
    (folder / writer.station / "batch").write_bytes(writer.batch(ENTRIES))
    return writer.station, writer.key.card(writer.station).to_bytes()


def make_crowd(centre: StateCentre, count: int) -> Path:
    """Make stations that the centre admits; return their folder."""
    folder = centre.root / "crowd"
    folder.mkdir()
    shutil.copy(centre.folders[0] / "tls/authority.crt", folder / "ca.crt")
    centre.authority.write(folder, "authority")
    with ProcessPoolExecutor() as makers:
        made = partial(_make, folder)
        cards = list(makers.map(made, range(count), chunksize=100))
    with psycopg.connect(centre.address) as connection, connection.cursor() as cursor:
        cursor.executemany("INSERT INTO stations VALUES (%s, %s, '')", cards)
    return folder


def _make(folder: Path, number: int) -> tuple[str, bytes]:
    return make_station(folder, Certified.read(folder, "authority"), number)


def rush(folder: Path, port: int) -> tuple[list[float], dict[str, int], float]:
    """Let the crowd rush."""
    program = [sys.executable, "-m", "tests.bench.crowd", str(folder), str(port)]
    with subprocess.Popen(program, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as crowd:  # noqa: S603 - our own
        assert crowd.stdin
        assert crowd.stdout
        assert crowd.stdout.readline() == "ready\n"
        said, _ = crowd.communicate("go\n")
    return json.loads(said)


def processor_time(pids: list[int]) -> float:
    """Return the seconds that processes have computed so far."""
    ticks = 0
    for pid in pids:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        ticks += sum(map(int, fields[11:15]))  # itself and the children it waited for
    return ticks / os.sysconf("SC_CLK_TCK")


class Meter:
    """The processor time of the centre's programs since it was made."""

    def __init__(self, centre: StateCentre) -> None:
        self._centre, self._before = centre, self._read(centre)

    def told(self) -> str:
        """Say how much each took."""
        return ", ".join(f"{name} {now - self._before[name]:.0f} s" for name, now in self._read(self._centre).items())

    @staticmethod
    def _read(centre: StateCentre) -> dict[str, float]:
        assert centre.nginx
        workers = Path(f"/proc/{centre.nginx.pid}/task/{centre.nginx.pid}/children").read_text().split()
        return {
            "nginx": processor_time([int(each) for each in workers]),
            "garita-central": processor_time([each.pid for each in centre.ingest if each]),
            "PostgreSQL": processor_time(working_in(centre.postgres.data)),
        }


def rows(count: int) -> Iterator[Row]:
    """Yield what was measured."""
    resource.setrlimit(resource.RLIMIT_NOFILE, (resource.getrlimit(resource.RLIMIT_NOFILE)[1],) * 2)
    with tempfile.TemporaryDirectory(prefix="garita-stampede-") as root:
        centre = StateCentre(Path(root))
        try:
            folder = make_crowd(centre, count)
            meter = Meter(centre)
            ended, outcomes, own_time = rush(folder, centre.port)
            yield "stations at once, entries of each", f"{count:,}, {ENTRIES}"
            yield (
                "half, 99 %, all had their receipts after",
                ", ".join(f"{ended[int(share * (count - 1))]:.1f} s" for share in (0.5, 0.99, 1)),
            )
            yield "answers and broken lines", ", ".join(f"{name}: {times:,}" for name, times in outcomes.items())
            yield "processor time", f"stations {own_time:.0f} s, {meter.told()}"
            with psycopg.connect(centre.address) as connection:
                held = connection.execute("SELECT count(*), count(DISTINCT station) FROM log").fetchone()
            yield "entries in the log, stations", f"{held[0]:,}, {held[1]:,}" if held else "none"
        finally:
            centre.end()


def main() -> None:
    """Measure, print, and perhaps write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--stations", type=int, default=1000)
    parser.add_argument("--write", action="store_true")
    arguments = parser.parse_args()
    lines = ["| what | measured |", "|---|---|"]
    for what, told in rows(arguments.stations):
        lines.append(f"| {what} | {told} |")
        print(lines[-1], flush=True)  # noqa: T201 - the command's voice
    if arguments.write:
        told = f"`python -m tests.bench.bench_stampede --stations {arguments.stations}` on {machine()};"
        text = "\n".join([f"{told} the stations ran on the same cores.", "", *lines, "", AFTERWARDS])
        write_section("All stations at once", text)


if __name__ == "__main__":
    main()
