"""All stations at once: a centre comes back, and every station connects in the same second.

    .venv/bin/python -m tests.bench.bench_stampede [--stations 1000] [--write]

nginx, two `garita-central` and PostgreSQL, all real; each station has a certificate of its own and ten entries to send,
and after a refusal or a broken line pauses as the relay does (full jitter).
"""

import argparse
import asyncio
import collections
import random
import ssl
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import httpx
import psycopg

from deploy.certificates import issue_client
from sync.contract.ids import StationId
from sync.contract.submission import BATCH_TYPE, Answer
from sync.outbox import backoff
from tests.bench.cheap import Writer
from tests.bench.pages import machine, write_section
from tests.robustness.loss.centre import HOST, StateCentre

ENTRIES = 10
TIMEOUT = 20
Row = tuple[str, str]


class Crowd:
    """Stations that wait for the same moment."""

    def __init__(self, centre: StateCentre, count: int) -> None:
        self.centre, self.outcomes = centre, collections.Counter[str]()
        self.writers = [Writer(StationId(f"S-{number:05}"), 600) for number in range(count)]
        self.batches = [writer.batch(ENTRIES) for writer in self.writers]
        self.contexts = [self._context(writer.station) for writer in self.writers]
        with psycopg.connect(centre.address) as connection, connection.cursor() as cursor:
            rows = [(writer.station, writer.key.card(writer.station).to_bytes()) for writer in self.writers]
            cursor.executemany("INSERT INTO stations VALUES (%s, %s, '')", rows)

    async def rush(self) -> list[float]:
        """Let all of them send; return when each had its receipts, in seconds."""
        begin = time.monotonic()
        ended = await asyncio.gather(*(self._send(place, begin) for place in range(len(self.writers))))
        return sorted(ended)

    async def _send(self, place: int, begin: float) -> float:
        rng, tries = random.Random(place), 0  # noqa: S311 - jitter is no secret
        url = f"https://{HOST}:{self.centre.port}/v1/batches"
        async with httpx.AsyncClient(verify=self.contexts[place], timeout=TIMEOUT) as http:
            while True:
                try:
                    answer = await http.post(url, content=self.batches[place], headers={"Content-Type": BATCH_TYPE})
                    self.outcomes[str(answer.status_code)] += 1
                    if answer.status_code == 200 and len(Answer.from_bytes(answer.content).receipts) == ENTRIES:
                        return time.monotonic() - begin
                except httpx.HTTPError as error:
                    self.outcomes[type(error).__name__] += 1
                await asyncio.sleep(backoff(tries).total_seconds() * rng.random())
                tries += 1

    def _context(self, station: StationId) -> ssl.SSLContext:
        folder = self.centre.root / "certificates" / station
        issue_client(self.centre.authority, station, datetime.now(UTC)).write(folder, "client")
        context = ssl.create_default_context(cafile=str(self.centre.root / "station-tls/ca.crt"))
        context.load_cert_chain(folder / "client.crt", folder / "client.key")
        return context


def rows(count: int) -> Iterator[Row]:
    """Yield what was measured."""
    with tempfile.TemporaryDirectory(prefix="garita-stampede-") as root:
        centre = StateCentre(Path(root))
        try:
            crowd = Crowd(centre, count)
            ended = asyncio.run(crowd.rush())
            with psycopg.connect(centre.address) as connection:
                held = connection.execute("SELECT count(*), count(DISTINCT station) FROM log").fetchone()
            yield "stations at once, entries of each", f"{count:,}, {ENTRIES}"
            yield (
                "half, 99 %, all had their receipts after",
                ", ".join(f"{ended[int(share * (count - 1))]:.1f} s" for share in (0.5, 0.99, 1)),
            )
            yield "answers and broken lines", ", ".join(f"{name}: {times:,}" for name, times in crowd.outcomes.items())
            yield "entries in the log, stations", f"{held[0]:,}, {held[1]:,}" if held else "none"
        finally:
            centre.end()


def main() -> None:
    """Measure, print, and perhaps write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--stations", type=int, default=1000)
    parser.add_argument("--write", action="store_true")
    arguments = parser.parse_args()
    lines = ["| what | measured |", "|---|---|", *(f"| {what} | {told} |" for what, told in rows(arguments.stations))]
    text = "\n".join(
        [f"`python -m tests.bench.bench_stampede` on {machine()}; the stations ran on the same cores.", "", *lines]
    )
    print(text)  # noqa: T201 - the command's voice
    if arguments.write:
        write_section("All stations at once", text)


if __name__ == "__main__":
    main()
