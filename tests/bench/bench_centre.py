"""The centre in ratios: ingest against raw COPY of the same bytes on the same PostgreSQL, full and nearly empty.

    .venv/bin/python -m tests.bench.bench_centre [--batches 60] [--stored 10000000] [--write]

Each batch has 500 entries of 2,048 random bytes, sealed to two recipients in form (5,784 bytes). Raw COPY writes the
same rows into a table of the same form, one commit a batch. Both have as many writers at once; turns alternate.
"""

import argparse
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from secrets import token_hex

import psycopg

from sync.batch import Batch
from sync.central.centre import Centre
from sync.central.settings import CentralSettings
from sync.contract.ids import StationId
from tests.bench.cheap import Writer
from tests.bench.pages import machine, write_section
from tests.postgres import Postgres
from tests.waiting import wait_until

ENTRIES = 500
WRITERS = 4
NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
FILL = 1_000_000
COUNTED = 12
TOUCHED = "SELECT blks_hit + blks_read FROM pg_stat_database WHERE datname = current_database()"
OTHERS = "SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()"
Row = tuple[str, str]


class Bench:
    """A centre on a PostgreSQL of its own, and stations that send to it."""

    def __init__(self, folder: Path, server: Postgres) -> None:
        self.address = server.create(f"b{token_hex(4)}")
        Centre.create(folder, "log.test/garita", CentralSettings(postgres=self.address, station_mib_per_hour=2**20))
        self.centre = Centre.open(folder, lambda: NOW)
        self.writers = [Writer(StationId(f"MX-BEN-{number:02}")) for number in range(WRITERS)]
        for each in self.writers:
            self.centre.store.admit(each.key.card(each.station), NOW)
        with psycopg.connect(self.address, autocommit=True) as connection:
            connection.execute("CREATE TABLE raw (LIKE envelopes INCLUDING ALL) PARTITION BY HASH (station)")
            for part in range(16):
                table = f"CREATE TABLE raw_{part:02} PARTITION OF raw FOR VALUES WITH (MODULUS 16, REMAINDER {part})"
                connection.execute(table.encode())

    def turn(self, batches: int) -> tuple[float, float, list[float]]:
        """Return the entries a second of raw COPY and of ingest, and how long each acknowledgement took."""
        sent = [[writer.batch(ENTRIES) for _ in range(batches // WRITERS)] for writer in self.writers]
        count = sum(map(len, sent)) * ENTRIES
        raw = rate(count, lambda: list(self._threads(self._copy, sent)))
        times: list[list[float]] = []
        own = rate(count, lambda: times.extend(self._threads(self._ingest, sent)))
        return raw, own, [each for some in times for each in some]

    def _threads(self, work: Callable[[list[bytes]], list[float]], sent: list[list[bytes]]) -> Iterator[list[float]]:
        with ThreadPoolExecutor(WRITERS) as threads:
            yield from threads.map(work, sent)

    def _ingest(self, batches: list[bytes]) -> list[float]:
        times = list[float]()
        for data in batches:
            begin = time.perf_counter()
            answer = self.centre.ingest.take(Batch.from_bytes(data))
            answer.to_bytes()
            times.append(time.perf_counter() - begin)
            assert answer.refusal is None, answer.refusal
            assert len(answer.receipts) == ENTRIES
        return times

    def _copy(self, batches: list[bytes]) -> list[float]:
        with psycopg.connect(self.address, autocommit=True) as connection:
            for data in batches:
                batch = Batch.from_bytes(data)
                header = batch.statement.header
                with connection.transaction(), connection.cursor() as cursor:
                    query = "COPY raw (station, seq, digest, received, envelope) FROM STDIN (FORMAT BINARY)"
                    with cursor.copy(query) as copy:
                        copy.set_types(["text", "int8", "bytea", "timestamptz", "bytea"])
                        for seq, each in enumerate(batch.envelopes, start=header.first):
                            copy.write_row((header.station, seq, sha256(each).digest(), NOW, each))
        return []

    def fill(self, stored: int) -> None:
        """Let the tables hold `stored` entries more, of 1,000 other stations, with bodies of a few bytes."""
        with psycopg.connect(self.address, autocommit=True) as connection:
            connection.execute("INSERT INTO stations SELECT 'S' || n, '', '' FROM generate_series(0, 999) AS n")
            for start in range(0, stored, FILL):
                connection.execute(
                    "INSERT INTO envelopes SELECT 'S' || (n %% 1000), n / 1000 + 1, sha256(n::text::bytea), now(),"
                    " '\\x00' FROM generate_series(%s, %s) AS n",
                    (start, start + FILL - 1),
                )
                connection.execute(
                    "INSERT INTO pending (station, seq, digest) SELECT 'S' || (n %% 1000), n / 1000 + 1,"
                    " sha256(n::text::bytea) FROM generate_series(%s, %s) AS n",
                    (start, start + FILL - 1),
                )
                self.centre.log.catch_up()
            connection.execute("VACUUM ANALYZE")
            connection.execute("CHECKPOINT")

    def blocks(self) -> float:
        """Return how many 8 KiB blocks the database touches for a batch, which no neighbour on the machine changes."""
        sent = [self.writers[0].batch(ENTRIES) for _ in range(COUNTED)]
        before = self._touched()
        self._ingest(sent)
        return (self._touched() - before) / COUNTED

    def _touched(self) -> int:
        self.centre.store.close()  # a session tells its counts when it ends
        with psycopg.connect(self.address, autocommit=True) as connection:
            wait_until(lambda: connection.execute(OTHERS).fetchone() == (0,))
            return connection.execute(TOUCHED).fetchone()[0]  # type: ignore[index] - one row


def rate(count: int, work: Callable[[], object]) -> float:
    """Return how many a second."""
    begin = time.perf_counter()
    work()
    return count / (time.perf_counter() - begin)


def measure(bench: Bench, batches: int, turns: int) -> tuple[float, float, list[float]]:
    """Return medians over turns, and every acknowledgement's time."""
    found = [bench.turn(batches) for _ in range(turns)]
    times = [each for _, _, some in found for each in some]
    return statistics.median(f[0] for f in found), statistics.median(f[1] for f in found), times


def rows(batches: int, stored: int, turns: int) -> Iterator[Row]:
    """Yield what was measured."""
    server = Postgres("shared_buffers=512MB", "max_wal_size=8GB", "autovacuum_naptime=15s")
    try:
        with tempfile.TemporaryDirectory() as folder:
            bench = Bench(Path(folder) / "centre", server)
            bench.turn(batches)
            raw, own, times = measure(bench, batches, turns)
            yield f"raw COPY, {WRITERS} writers, entries a second", f"{raw:,.0f}"
            yield "ingest: statement, chain, signature, rows, log, checkpoint, receipts", f"{own:,.0f}"
            yield "ingest against raw COPY (at least 0.35)", f"{own / raw:.2f}"
            yield (
                "acknowledgement of 500 entries: median, p99 (at most 1 s)",
                f"{_p(times, 50):.2f} s, {_p(times, 99):.2f} s",
            )
            blocks = bench.blocks()
            bench.fill(stored)
            size = bench.centre.store.size()
            raw_full, own_full, times = measure(bench, batches, turns)
            yield f"with {size:,} entries stored: raw COPY, ingest", f"{raw_full:,.0f}, {own_full:,.0f}"
            yield (
                "ingest then against before (at least 0.9), raw COPY too",
                f"{own_full / own:.2f}, {raw_full / raw:.2f}",
            )
            yield "blocks touched for a batch, before and then", f"{blocks:,.0f}, {bench.blocks():,.0f}"
            yield "acknowledgement then: median, p99", f"{_p(times, 50):.2f} s, {_p(times, 99):.2f} s"
            bench.centre.close()
    finally:
        server.end()


def _p(times: list[float], percent: int) -> float:
    return statistics.quantiles(times, n=100, method="inclusive")[percent - 1]


def main() -> None:
    """Measure, print, and perhaps write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--batches", type=int, default=60)
    parser.add_argument("--stored", type=int, default=10_000_000)
    parser.add_argument("--turns", type=int, default=5)
    parser.add_argument("--write", action="store_true")
    arguments = parser.parse_args()
    lines = ["| what | measured |", "|---|---|"]
    for what, measured in rows(arguments.batches, arguments.stored, arguments.turns):
        lines.append(f"| {what} | {measured} |")
        print(lines[-1], flush=True)  # noqa: T201 - the command's voice
    text = "\n".join([f"`python -m tests.bench.bench_centre` on {machine()}.", "", *lines])
    if arguments.write:
        write_section("The centre", text)


if __name__ == "__main__":
    main()
