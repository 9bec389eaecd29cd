"""Power cuts of the centre's machine, at the block: what its disk holds at one instant, all memory lost.

    python -m tests.robustness.centre_cut --rounds 30

Database and centre lie on ext4 over a loop device whose image lies in memory. Stations send batches at the same time;
at a random moment centre and PostgreSQL are stopped, the image is copied as the device has it, and the copy is mounted
in its place (see tests/robustness/block_cut.py). Then every entry for which a receipt was answered is there: byte for
byte, once, in order, and every checkpoint that a receipt carried is the root of the first entries of the log. The
stations send the rest to what came back; the next cut goes on from it. Needs root.
"""

import argparse
import os
import random
import select
import shutil
import signal
import tempfile
import time
from collections.abc import Generator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import TextIO

from sync.batch import Batch, write_batch
from sync.central.centre import Centre
from sync.central.settings import CentralSettings
from sync.chain import empty
from sync.contract.ids import Seq, StationId
from sync.contract.submission import MAX_ENVELOPES
from sync.merkle import EMPTY_ROOT, leaf_hash, node_hash
from sync.note import LogVerifier
from sync.receipts import verify
from tests.bench.cheap import Writer
from tests.postgres import Postgres, working_in
from tests.robustness.block_cut import MEMORY, make_disk, mounted, snapshot
from tests.robustness.forked import Say, forked
from tests.waiting import wait_until

DISK_MIB = 320
STATIONS, ENTRIES, BODY, MOST = 4, 4_000, 300, 12
LONGEST_S = 1.5
MACHINE_ROUNDS = 10
SMALL = ("shared_buffers=32MB", "min_wal_size=32MB", "max_wal_size=48MB", "wal_recycle=off")


class Sender:
    """A station with all that it will ever send; it resumes where the centre says."""

    def __init__(self, name: StationId) -> None:
        writer = Writer(name, BODY)
        self.station, self.key = name, writer.key
        batches = (Batch.from_bytes(writer.batch(MAX_ENVELOPES)) for _ in range(ENTRIES // MAX_ENVELOPES))
        self.envelopes = [each for batch in batches for each in batch.envelopes]

    def batch(self, held: int, count: int) -> bytes:
        """Return the batch of `count` entries behind those that are held."""
        before = sha256(self.envelopes[held - 1]).digest() if held else empty(self.station, self.key.public).digest
        return write_batch(self.key, self.station, Seq(held + 1), before, self.envelopes[held : held + count])

    def send(self, centre: Centre, rng: random.Random, say: Say) -> None:
        """Send until there is nothing left; say of each receipt what it proves."""
        log = LogVerifier.from_vkey(centre.vkey)
        head = centre.store.head(self.station)
        held = head.seq if head else 0
        while held < ENTRIES:
            answer = centre.ingest.take(Batch.from_bytes(self.batch(held, rng.randint(1, MOST))))
            assert answer.refusal is None, answer.refusal
            for receipt in answer.receipts:
                proven = verify(receipt.proof, sha256(self.envelopes[receipt.seq - 1]).digest(), log)
                say(f"{self.station} {receipt.seq} {proven.index} {proven.size} {proven.root.hex()}")
            held = answer.contiguous


@dataclass
class Acknowledged:
    """What the receipts have proven so far: where each entry is in the log, and the root of each size."""

    places: dict[tuple[str, int], int]
    roots: dict[int, str]

    def hear(self, line: str) -> None:
        """Learn one line that a station said."""
        station, seq, index, size, root = line.split()
        self.places[station, int(seq)] = int(index)
        assert self.roots.setdefault(int(size), root) == root, f"two roots of {size} entries"


class Machine:
    """The centre's machine: a disk, and what runs on it."""

    def __init__(self, folder: Path, engine: str) -> None:
        self.image, self.mount = folder / "disk.img", folder / "mount"
        self.senders = [Sender(StationId(f"MX-CUT-{number:02}")) for number in range(STATIONS)]
        self.acknowledged = Acknowledged({}, {})
        self.postgres: Postgres | None = None
        make_disk(self.image, DISK_MIB)
        self.mount.mkdir()
        with self._disk():
            self.mount.chmod(0o755)
            address = ""
            if engine == "postgres":
                self.postgres = Postgres(*SMALL, below=self.mount)
                address = self.postgres.create("cut")
            Centre.create(self.data, "log.test/garita", CentralSettings(port=0, postgres=address))
            with self.centre() as centre:
                for each in self.senders:
                    centre.store.admit(each.key.card(each.station), datetime.now(UTC))
            self._stop_postgres()

    @property
    def data(self) -> Path:
        """The centre's data folder."""
        return self.mount / "central"

    @contextmanager
    def centre(self) -> Generator[Centre]:
        """Open the centre."""
        opened = Centre.open(self.data)
        try:
            yield opened
        finally:
            opened.close()

    def cut(self, rng: random.Random) -> None:
        """Start, take entries in, lose power at a random moment, and look at what is there then."""
        copy = self.image.with_name("disk.cut")
        with mounted(self.image, self.mount):
            self._start()
            try:
                with forked(lambda say: self._serve(rng.getrandbits(32), say)) as (pid, lines):
                    self._hear(lines, rng.uniform(0, LONGEST_S))
                    self._stop_all(pid)
                    snapshot(self.image, copy)
                    os.kill(pid, signal.SIGKILL)
                    for line in lines.read().splitlines():
                        self.acknowledged.hear(line)
            finally:
                self._kill_postgres()
        copy.replace(self.image)

    def check(self) -> int:
        """Start on what the cut left, and look; return how many entries are stored."""
        with self._disk():
            self._start()
            try:
                with self.centre() as centre:
                    return self._check(centre)
            finally:
                self._stop_postgres()

    def _check(self, centre: Centre) -> int:
        stored = centre.store.envelopes(0, centre.log.size, 2**40)
        assert [each.index for each in stored] == list(range(centre.log.size))
        places = {(each.station, each.seq): each.index for each in stored}
        assert len(places) == len(stored), "an entry is stored twice"
        for station, seq in self.acknowledged.places:
            assert places.get((StationId(station), Seq(seq))) == self.acknowledged.places[station, seq]
        for sender in self.senders:
            mine = [each.envelope for each in stored if each.station == sender.station]
            assert mine == sender.envelopes[: len(mine)], "not what the station sent, or not in order"
        roots = prefix_roots([leaf_hash(sha256(each.envelope).digest()) for each in stored])
        for size, root in self.acknowledged.roots.items():
            assert roots[size].hex() == root, f"a receipt's checkpoint of {size} entries is not of this log"
        return len(stored)

    @contextmanager
    def _disk(self) -> Generator[None]:
        """Mount the disk; afterwards its image is another file, whoever may still hold the first one."""
        with mounted(self.image, self.mount):
            yield
        shutil.copyfile(self.image, self.image.with_name("disk.next"))
        self.image.with_name("disk.next").replace(self.image)

    def _serve(self, seed: int, say: Say) -> None:
        with self.centre() as centre, ThreadPoolExecutor(STATIONS) as threads:
            sent = [
                threads.submit(sender.send, centre, random.Random(seed + number), say)  # noqa: S311 - a test's dice
                for number, sender in enumerate(self.senders)
            ]
            for each in sent:
                each.result()
            signal.pause()  # all is sent; the power goes all the same

    def _hear(self, lines: TextIO, seconds: float) -> None:
        """Let them work for so long after the first receipt, and listen."""
        self.acknowledged.hear(lines.readline())
        end = time.monotonic() + seconds
        while (left := end - time.monotonic()) > 0 and select.select([lines], [], [], left)[0]:
            self.acknowledged.hear(lines.readline())

    def _start(self) -> None:
        if self.postgres:
            for lock in (self.postgres.data / "postmaster.pid", *self.postgres.folder.glob(".s.PGSQL.*")):
                lock.unlink(missing_ok=True)  # a dead machine's
            self.postgres.start()

    def _stop_all(self, pid: int) -> None:
        os.kill(pid, signal.SIGSTOP)
        if self.postgres:
            for process in working_in(self.postgres.data):
                with suppress(ProcessLookupError):
                    os.kill(process, signal.SIGSTOP)

    def _kill_postgres(self) -> None:
        if self.postgres:
            for process in working_in(self.postgres.data):
                with suppress(ProcessLookupError):
                    os.kill(process, signal.SIGKILL)
            self._let_go(self.postgres)

    def _stop_postgres(self) -> None:
        if self.postgres:
            self.postgres.stop()
            self._let_go(self.postgres)

    @staticmethod
    def _let_go(postgres: Postgres) -> None:
        """Wait until no process of it holds the disk any more."""
        wait_until(lambda: not working_in(postgres.data))


def prefix_roots(leaves: list[bytes]) -> list[bytes]:
    """Return the root of the first n leaves (RFC 9162, 2.1.1) for each n."""
    roots, peaks = [EMPTY_ROOT], list[tuple[int, bytes]]()
    for leaf in leaves:
        width, value = 1, leaf
        while peaks and peaks[-1][0] == width:
            width, value = 2 * width, node_hash(peaks.pop()[1], value)
        peaks.append((width, value))
        top = peaks[-1][1]
        for _, left in reversed(peaks[:-1]):
            top = node_hash(left, top)
        roots.append(top)
    return roots


def cuts(engine: str, rounds: int, rng: random.Random) -> tuple[int, int]:
    """Cut the power of one machine so often, or until all is sent; return how much was acknowledged, and stored."""
    stored = 0
    with tempfile.TemporaryDirectory(prefix="garita-cut-", dir=MEMORY) as name:
        Path(name).chmod(0o711)  # the database's user has a way through
        machine = Machine(Path(name), engine)
        for number in range(1, rounds + 1):
            if stored < STATIONS * ENTRIES:
                machine.cut(rng)
                stored = machine.check()
            print(f"{engine}, cut {number}: {stored} entries", flush=True)  # noqa: T201 - a script
        return len(machine.acknowledged.places), stored


def main() -> None:
    """Cut the power many times on either engine, of a new machine after every ten; any loss ends with a traceback."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=30)
    options = parser.parse_args()
    for engine in ("postgres", "sqlite"):
        rng, begun = random.Random(1), time.monotonic()  # noqa: S311 - a test's dice
        parts = [min(MACHINE_ROUNDS, options.rounds - done) for done in range(0, options.rounds, MACHINE_ROUNDS)]
        counts = [cuts(engine, part, rng) for part in parts]
        acknowledged, stored = map(sum, zip(*counts, strict=True))
        told = f"{acknowledged} acknowledged, {stored} stored, none lost, {time.monotonic() - begun:.0f} s"
        print(f"{engine}, {options.rounds} power cuts: {told}")  # noqa: T201 - a script


if __name__ == "__main__":
    main()
