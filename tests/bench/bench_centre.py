"""The centre in ratios: ingest against raw COPY of the same bytes on the same PostgreSQL, full and nearly empty.

    .venv/bin/python -m tests.bench.bench_centre [--batches 40] [--stored 10000000] [--turns 10] [--write]

Each batch has 500 entries of 2,048 random bytes, sealed to two recipients in form (5,784 bytes). Raw COPY writes the
same rows into a table of the same form, one commit a batch. Both have as many writers at once. Two centres, one nearly
empty and one full, live on the same server and take turns, the one first and then the other, so that what the machine
does in between meets both.
"""

import argparse
import statistics
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
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

ENTRIES = 500
WRITERS = 4
NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
FILL = 1_000_000
NOTE = """\
Batches of 500 entries of 5,784 bytes; four writers for raw COPY as for ingest; PostgreSQL with `fsync` on, its server
and the centres on the same two cores. In brackets the lowest and the highest of the turns. What fills the full one is
of 1,000 other stations, with bodies of one byte.
"""
Row = tuple[str, str, str]


@dataclass(frozen=True)
class Turn:
    """Entries a second of raw COPY and of ingest, and how long each acknowledgement took, in seconds."""

    raw: float
    own: float
    times: list[float]


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

    def turn(self, batches: int) -> Turn:
        """Let all writers copy, and then send, so many new batches together."""
        sent = [[writer.batch(ENTRIES) for _ in range(batches // WRITERS)] for writer in self.writers]
        count = sum(map(len, sent)) * ENTRIES
        raw = rate(count, lambda: list(self._threads(self._copy, sent)))
        times: list[list[float]] = []
        own = rate(count, lambda: times.extend(self._threads(self._ingest, sent)))
        return Turn(raw, own, [each for some in times for each in some])

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


def rate(count: int, work: Callable[[], object]) -> float:
    """Return how many a second."""
    begin = time.perf_counter()
    work()
    return count / (time.perf_counter() - begin)


def play(small: Bench, full: Bench, batches: int, turns: int) -> Iterator[tuple[Turn, Turn]]:
    """Yield a turn of each, as many times; who begins changes from time to time."""
    for number in range(turns):
        if number % 2:
            of_full = full.turn(batches)
            yield small.turn(batches), of_full
        else:
            of_small = small.turn(batches)
            yield of_small, full.turn(batches)


def rows(batches: int, stored: int, turns: int) -> Iterator[Row]:
    """Yield what was measured."""
    server = Postgres("shared_buffers=512MB", "max_wal_size=8GB", "autovacuum_naptime=15s")
    try:
        with tempfile.TemporaryDirectory() as folder:
            small, full = Bench(Path(folder) / "small", server), Bench(Path(folder) / "full", server)
            full.fill(stored)
            list(play(small, full, batches, 1))
            before = small.centre.store.size(), full.centre.store.size()
            pairs = list(play(small, full, batches, turns))
            after = small.centre.store.size(), full.centre.store.size()
            yield "", f"{before[0]:,} to {after[0]:,} stored", f"{before[1]:,} to {after[1]:,}"
            yield from compared(list(zip(*pairs, strict=True)))
            grown = [b.own / a.own for a, b in pairs]
            yield "ingest against the other (at least 0.9): median, lowest, highest", "1", _spread(grown)
            yield "raw COPY against the other", "1", _spread([b.raw / a.raw for a, b in pairs])
            for each in small, full:
                each.centre.close()
    finally:
        server.end()


def compared(sides: list[tuple[Turn, ...]]) -> Iterator[Row]:
    """Yield what is told of each side."""
    told: dict[str, Callable[[tuple[Turn, ...]], str]] = {
        f"raw COPY, {WRITERS} writers, entries a second": lambda turns: f"{_median(turn.raw for turn in turns):,.0f}",
        "ingest: statement, chain, signature, rows, log, checkpoint, receipts": lambda turns: (
            f"{_median(turn.own for turn in turns):,.0f}"
        ),
        "ingest against raw COPY (at least 0.35)": lambda turns: _spread([turn.own / turn.raw for turn in turns]),
        f"acknowledgement of {ENTRIES} entries: median, p99 (at most 1 s)": _waits,
    }
    for what, tell in told.items():
        yield what, tell(sides[0]), tell(sides[1])


def _waits(turns: tuple[Turn, ...]) -> str:
    cuts = statistics.quantiles([each for turn in turns for each in turn.times], n=100, method="inclusive")
    return f"{cuts[49]:.2f} s, {cuts[98]:.2f} s"


def _median(values: Iterable[float]) -> float:
    return statistics.median(values)


def _spread(ratios: list[float]) -> str:
    return f"{statistics.median(ratios):.2f} ({min(ratios):.2f} to {max(ratios):.2f})"


def main() -> None:
    """Measure, print, and perhaps write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--batches", type=int, default=40)
    parser.add_argument("--stored", type=int, default=10_000_000)
    parser.add_argument("--turns", type=int, default=10)
    parser.add_argument("--write", action="store_true")
    arguments = parser.parse_args()
    lines = ["| | a centre nearly empty | a full one |", "|---|---|---|"]
    for cells in rows(arguments.batches, arguments.stored, arguments.turns):
        lines.append(f"| {' | '.join(cells)} |")
        print(lines[-1], flush=True)  # noqa: T201 - the command's voice
    text = "\n".join([f"`python -m tests.bench.bench_centre` on {machine()}.", "", *lines, "", NOTE])
    if arguments.write:
        write_section("The centre", text)


if __name__ == "__main__":
    main()
