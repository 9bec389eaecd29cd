"""Evidence in numbers: bytes and rates of sealing, opening, and verifying a journal, on one core.

    .venv/bin/python -m tests.bench.bench_sync [--entries 20000] [--write]

`--write` puts the table into docs/benchmarks.md. The stored journal is a plain SQLite file; a station's is encrypted.
"""

import argparse
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from secrets import token_bytes

from sqlmodel import Session, SQLModel, create_engine, insert

from sync.chain import Head, check_next, empty, verify_chain
from sync.contract.ids import StationId
from sync.envelope import Envelope
from sync.heads import SignedHead
from sync.identity import Identity
from sync.journal import JournalEntry, Sealer, verify_stored, verify_to_head
from sync.keys import StationKey
from sync.links import Links
from sync.opening import open_envelope
from sync.suites import SUITES
from tests.bench.pages import machine, write_section

STATION = StationId("MX-TIJ-01")
NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
SECONDS = 2.0
Row = tuple[str, str]


def rate(work: Callable[[], object]) -> float:
    """Return how often `work` can be done in a second of one core."""
    work()
    count, start = 0, time.process_time()
    while time.process_time() - start < SECONDS:
        work()
        count += 1
    return count / (time.process_time() - start)


def of_suite(name: str) -> Iterator[Row]:
    """Yield bytes and rates of one suite."""
    national, escrow = (Identity.generate(purpose, name) for purpose in ("national", "escrow"))  # type: ignore[arg-type]
    sealer = Sealer(STATION, StationKey.generate(), [national.recipient, escrow.recipient])
    start, record = empty(STATION, sealer.key.public), token_bytes(2048)
    envelope = sealer.seal_after(start, record)
    yield f"{name}: 2,048 random bytes, two recipients, sealed", f"{len(envelope.data):,} bytes"
    yield f"{name}: overhead per record", f"{len(envelope.data) - 2048:,} bytes"
    yield (
        f"{name}: seal (compress, two wraps, sign, read again, verify)",
        f"{rate(lambda: sealer.seal_after(start, record)):,.0f}/s",
    )
    yield f"{name}: open", f"{rate(lambda: open_envelope(envelope, national)):,.0f}/s"


def journal(sealer: Sealer, count: int) -> list[Envelope]:
    """Return a chain of sealed entries of about 4 KB each."""
    head, entries = empty(STATION, sealer.key.public), list[Envelope]()
    for _ in range(count):
        entries.append(sealer.seal_after(head, token_bytes(600)))
        head = check_next(head, entries[-1])
    return entries


def of_journal(count: int, folder: Path) -> Iterator[Row]:
    """Yield the rates of verifying a journal of `count` entries, in memory and stored."""
    small = [Identity.generate(purpose, "MLKEM768_X25519").recipient for purpose in ("national", "escrow")]
    padding = [Identity.generate("national", "MLKEM768_X25519").recipient]
    sealer = Sealer(STATION, StationKey.generate(), [*small, *padding])
    entries = journal(sealer, count)
    start, mean = empty(STATION, sealer.key.public), sum(len(each.data) for each in entries) / count
    yield "entries in the journal, mean size", f"{count:,}, {mean:,.0f} bytes"
    begin = time.process_time()
    links = Links(STATION, start)
    for each in entries:
        links.add(each.data)
    yield "digests alone, in memory", f"{count / (time.process_time() - begin):,.0f}/s"
    begin = time.process_time()
    verify_chain((Envelope.from_bytes(each.data) for each in entries), STATION, sealer.key.public)
    yield "every signature, in memory", f"{count / (time.process_time() - begin):,.0f}/s"
    signed = SignedHead.sign(sealer.key, STATION, links.head, NOW, None)
    yield from of_store(folder, entries, sealer, signed)
    yield from of_heads(sealer, links.head, signed)


def of_store(folder: Path, entries: list[Envelope], sealer: Sealer, signed: SignedHead) -> Iterator[Row]:
    """Yield the rates of verifying a stored journal."""
    engine = create_engine(f"sqlite:///{folder / 'journal.db'}")
    SQLModel.metadata.create_all(engine, tables=[SQLModel.metadata.tables["journal"]])
    with Session(engine) as session:
        rows = [{"seq": e.header.seq, "prev": e.header.prev, "digest": e.digest, "envelope": e.data} for e in entries]
        session.execute(insert(JournalEntry), rows)
        session.commit()
        begin = time.process_time()
        verify_to_head(session, STATION, sealer.key.public, signed)
        yield "stored, up to a signed head", f"{len(entries) / (time.process_time() - begin):,.0f}/s"
        begin = time.process_time()
        verify_stored(session, STATION, sealer.key.public)
        yield "stored, every signature", f"{len(entries) / (time.process_time() - begin):,.0f}/s"
    engine.dispose()


def of_heads(sealer: Sealer, head: Head, signed: SignedHead) -> Iterator[Row]:
    """Yield bytes and rates of signed heads."""
    dual = sealer.key.dual
    yield "signed head (Ed25519 and ML-DSA-65)", f"{len(signed.data):,} bytes"
    yield "sign a head", f"{rate(lambda: SignedHead.sign(sealer.key, STATION, head, NOW, 1)):,.0f}/s"
    yield "verify a head", f"{rate(lambda: SignedHead.read(signed.data, STATION, dual)):,.0f}/s"


def main() -> None:
    """Measure, print, and perhaps write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--entries", type=int, default=20_000)
    parser.add_argument("--write", action="store_true")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        rows = [row for name in SUITES for row in of_suite(name)] + list(of_journal(arguments.entries, Path(folder)))
    lines = ["| what | measured |", "|---|---|", *(f"| {what} | {measured} |" for what, measured in rows)]
    text = "\n".join(
        [f"`python -m tests.bench.bench_sync` on {machine()}; rates are per second of one core's time.", "", *lines]
    )
    print(text)  # noqa: T201 - the command's voice
    if arguments.write:
        write_section("Evidence", text)


if __name__ == "__main__":
    main()
