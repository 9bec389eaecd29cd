"""Parts of a day of 10,000 stations with 1,000 records each, played on one centre with PostgreSQL and a vault.

    make day
    .venv/bin/python -m tests.bench.bench_day [--stations 10000] [--minutes 10] [--write]

Two ways to bring a day's records: each by itself, as a station on line does, for so many minutes' share of the day; and
an hour's share at once, as after an hour without a line. Batches go to the centre's own ingest with 40 at a time; nginx
and TLS are in bench_stampede. The vault opens and projects real records. A part that takes less time than it stands for
leaves the rest of the day free. The whole takes some six minutes, of which the stations' own work is a third.
"""

import argparse
import os
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

from sync.batch import Batch
from sync.central.centre import Centre
from sync.central.settings import CentralSettings
from sync.contract.card import StationCard
from sync.contract.ids import StationId
from tests.bench import bench_vault
from tests.bench.cheap import Writer
from tests.bench.pages import machine, write_section
from tests.postgres import Postgres
from tests.soft_token import SOFTHSM, make_token

DAY_S, RECORDS = 86_400, 1_000
HOUR_SHARE = round(RECORDS / 24)
AT_ONCE = 40
CHUNK = 1_000
BODY = 600
TIMES = 100
BEYOND = """\
The stations' own work is not counted. The last column: how many such machines, or such cores of a vault, 100 times the
day takes, which is 11,574 records a second. What ends there, in this order, and what to add:

1. TLS. A station that shakes hands anew for each record costs nginx 3.5 ms: 10 hours of one core for the day, 40 cores
   for 100 times it. Add hosts with nginx alone; they keep nothing.
2. Ingest of records that come one by one. Add `garita-central`, one for each core; they keep nothing either. What waits
   at a station comes as one batch, and costs as in the second row.
3. PostgreSQL's primary: 12,000 records a second, with its centre, on two cores; 58 GB a day, 5.8 TB at 100 times. Then
   regional centres, each with a primary, a log and a vault of its own: stations share no state.
4. The vault. One for each region, each on cores and tokens of its own.
"""
Row = tuple[str, str, str, str]


def now() -> datetime:
    """Return the day that is played."""
    return datetime(2026, 11, 26, 12, tzinfo=UTC)


def write_station(task: tuple[int, int]) -> tuple[bytes, list[bytes]]:
    """Return a station's card, and its batches: so many of one record, and one of an hour's share."""
    number, singles = task
    writer = Writer(StationId(f"S-{number:05}"), BODY)
    return writer.key.card(writer.station).to_bytes(), [
        *(writer.batch(1) for _ in range(singles)),
        writer.batch(HOUR_SHARE),
    ]


class Day:
    """The centre, and how long it took over each way of sending."""

    def __init__(self, centre: Centre, stations: int, minutes: int) -> None:
        self._centre, self._stations = centre, stations
        self.singles = round(RECORDS * minutes / (24 * 60))
        self.alone_s = self.together_s = 0.0

    def play(self) -> None:
        """Let all stations send, a thousand of them at a time: what they write is not measured."""
        with ProcessPoolExecutor() as writers:
            for start in range(0, self._stations, CHUNK):
                tasks = [(number, self.singles) for number in range(start, min(start + CHUNK, self._stations))]
                written = list(writers.map(write_station, tasks, chunksize=20))
                for card, _ in written:
                    self._centre.store.admit(StationCard.from_bytes(card), now())
                for turn in range(self.singles):
                    self.alone_s += self._send([batches[turn] for _, batches in written])
                self.together_s += self._send([batches[-1] for _, batches in written])
        assert self._centre.log.size == self._stations * (self.singles + HOUR_SHARE)

    def _send(self, batches: list[bytes]) -> float:
        begin = time.perf_counter()
        with ThreadPoolExecutor(AT_ONCE) as threads:
            list(threads.map(self._take, batches))
        return time.perf_counter() - begin

    def _take(self, data: bytes) -> None:
        answer = self._centre.ingest.take(Batch.from_bytes(data))
        answer.to_bytes()
        assert answer.refusal is None, answer.refusal
        assert answer.receipts


def row(what: str, records: int, spent: float, day: int) -> Row:
    """Return how fast a way is, how long it takes over a whole day's records, and how many such centres 100x needs."""
    rate = records / spent
    return what, f"{rate:,.0f}", f"{day / rate / 60:,.0f} min", f"{TIMES * day / DAY_S / rate:.1f}"


def rows(stations: int, minutes: int) -> Iterator[Row]:
    """Yield what was measured."""
    day = stations * RECORDS
    server = Postgres("shared_buffers=512MB", "max_wal_size=8GB")
    try:
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name) / "centre"
            Centre.create(folder, "log.test/garita", CentralSettings(postgres=server.create("day")))
            centre = Centre.open(folder, now)
            played = Day(centre, stations, minutes)
            played.play()
            centre.close()
    finally:
        server.end()
    yield row(f"each record by itself, {minutes} minutes' share", stations * played.singles, played.alone_s, day)
    yield row("an hour's share of each station at once", stations * HOUR_SHARE, played.together_s, day)
    with tempfile.TemporaryDirectory() as name:
        os.environ |= make_token(Path(name))
        for what, rate in bench_vault.rates(1500, str(SOFTHSM), Path(name)):
            yield row(f"vault, one core: {what}", 1, 1 / rate, day)


def main() -> None:
    """Play, print, and perhaps write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--stations", type=int, default=10_000)
    parser.add_argument("--minutes", type=int, default=10)
    parser.add_argument("--write", action="store_true")
    arguments = parser.parse_args()
    lines = [f"| what | records/s | a whole day's takes | of these for {TIMES} times the day |", "|---|---|---|---|"]
    for cells in rows(arguments.stations, arguments.minutes):
        lines.append(f"| {' | '.join(cells)} |")
        print(lines[-1], flush=True)  # noqa: T201 - the command's voice
    if arguments.write:
        begin = f"`python -m tests.bench.bench_day --stations {arguments.stations}` on {machine()}."
        write_section("A day", "\n".join([begin, "", *lines, "", BEYOND]))


if __name__ == "__main__":
    main()
