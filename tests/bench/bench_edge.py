"""What protection costs at the post: commits against the same rows in plain SQLite, and opening a long journal.

    .venv/bin/python -m tests.bench.bench_edge [--rounds 10] [--entries 1000000] [--write]

`--write` puts the table into docs/benchmarks.md.
"""

import argparse
import secrets
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from statistics import median
from typing import Any

from sqlalchemy import event
from sqlalchemy.pool import QueuePool
from sqlmodel import Session, SQLModel, create_engine

from edge.clock import SystemClock, Timekeeper
from edge.database import Database, dbapi2
from edge.duress import Duress
from edge.listings import listed
from edge.raw import seal_raw
from edge.recorder import Recorder
from edge.records import Header, Measurement, identification_part, reading_part, screening, spectrum_part
from edge.simulate import SAMPLES
from edge.stereoisomers import told
from edge.suspects import suspected
from edge.tables import Operator, Reading, Screening
from models.identification import Identifier
from models.reading import read_samples
from sync import anchoring, outbox
from sync.attachment_store import SealedAttachment
from sync.chain import Head, empty
from sync.contract import canonical
from sync.contract.ids import KeyId, OperatorId, ReadingId, ScreeningId, Seq, StationId
from sync.contract.records import ScreeningRecord
from sync.contract.spectrum import Spectra
from sync.cose import EDDSA, protected
from sync.envelope import COSE_SIGN1, Envelope, to_be_signed
from sync.envelope import Header as EnvelopeHeader
from sync.identity import Identity
from sync.journal import JournalEntry, Sealer
from sync.keys import StationKey
from tests.bench.pages import machine, write_section

STATION = StationId("MX-TIJ-01")
BATCH = 100
Row = tuple[str, str]


def a_reading() -> tuple[ScreeningRecord, Measurement]:
    """Return the record of a real sample's reading, and the reading, with a transcript as long as such a one's."""
    sample = read_samples(SAMPLES)[0]
    now = Timekeeper(SystemClock()).now()
    header = Header(STATION, OperatorId("op-1"), now, "garita bench")
    measurement = Measurement("/dev/ttyACM0", None, sample.spectra, secrets.token_bytes(3000))
    identifier = Identifier.open()
    found = identifier.identify(sample.spectra)
    lists = listed(identifier.catalogue, identifier.catalogue.in_force.schedule.effective, found)
    said = identification_part(found, lists | told(identifier.catalogue, found) | suspected(found))
    named = [part for part, _ in seal_raw(measurement)]
    part = reading_part(ReadingId("r-1"), now, now, measurement, said, named)
    return screening(header, ScreeningId("s-1"), "parcel", part), measurement


class Protected:
    """Commits as the station does: row, journal, seal, outbox, attachments, in the encrypted database."""

    def __init__(self, folder: Path, sealer: Sealer, record: ScreeningRecord, measurement: Measurement) -> None:
        self.database = Database(folder / "station.db", secrets.token_bytes(32))
        self._recorder = Recorder(sealer, Timekeeper(SystemClock()), "garita bench", Duress())
        self._record, self._measurement = record, measurement
        with self.database.write() as session:
            _people(session)

    def commit(self) -> None:
        """Commit one screening."""
        with self.database.write() as session:
            seq = self._recorder.record(session, self._record, seal_raw(self._measurement))
            session.add(_reading(seq, self._record.to_bytes()))


class Unsealed(Sealer):
    """Puts the record itself where the envelope would stand: the same work without protection."""

    def seal_after(self, last: Head, record: bytes) -> Envelope:
        """Return something that has an envelope's header, digest and bytes, and no secret kept."""
        header = EnvelopeHeader.model_construct(seq=last.next_seq, prev=last.digest)
        return Envelope(record + secrets.token_bytes(8), KeyId(b""), header, b"", (), b"", b"", b"")


class _Signless:
    """Stands where a station's key would: the work without protection signs nothing."""

    def __init__(self) -> None:
        self.public = StationKey.generate().public

    def sign(self, _: bytes) -> bytes:
        """Return what is as long as a signature."""
        return bytes(64)


class Plain:
    """The same work in plain SQLite with the same durability; `bare` leaves only its three rows of it."""

    def __init__(
        self, file: Path, sealer: Sealer, record: ScreeningRecord, measurement: Measurement, *, bare: bool
    ) -> None:
        self._engine = create_engine(f"sqlite:///{file}", poolclass=QueuePool)
        event.listen(self._engine, "connect", _durable)
        SQLModel.metadata.create_all(self._engine)
        unsealed = Unsealed(sealer.station, _Signless(), sealer.recipients)  # pyright: ignore[reportArgumentType] - all that it is asked for
        self._recorder = Recorder(unsealed, Timekeeper(SystemClock()), "garita bench", Duress())
        self._record, self._measurement, self._seq, self._bare = record, measurement, 0, bare
        with Session(self._engine) as session:
            _people(session)
            session.commit()

    def commit(self) -> None:
        """Commit one screening."""
        with Session(self._engine) as session:
            data = self._record.to_bytes()
            seq = self._put(session, data) if self._bare else self._recorder.record(session, self._record, self._raw())
            session.add(_reading(seq, data))
            session.commit()

    def _raw(self) -> list[SealedAttachment]:
        plain = (
            self._measurement.transcript,
            Spectra(spectra=[spectrum_part(each) for each in self._measurement.spectra]),
        )
        parts = self._record.readings[0].attachments
        return [
            (part.model_copy(update={"sealed": secrets.token_bytes(32)}), data)
            for part, data in zip(parts, (plain[0], plain[1].to_bytes()), strict=True)
        ]

    def _put(self, session: Session, data: bytes) -> Seq:
        self._seq += 1
        session.add(JournalEntry(seq=self._seq, prev=bytes(32), digest=secrets.token_bytes(32), envelope=data))
        outbox.put(session, Seq(self._seq))
        return Seq(self._seq)


def _durable(connection: Any, _: object) -> None:
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
        connection.execute(f"PRAGMA {pragma}")


def _people(session: Session) -> None:
    session.add(Operator(id="op-1", name="Ana Ruiz", role="officer", pin_hash="none", duress_hash="none"))
    session.flush()
    session.add(Screening(id="s-1", subject_kind="parcel", operator="op-1"))


def _reading(seq: Seq, record: bytes) -> Reading:
    return Reading(
        id=secrets.token_hex(8), screening="s-1", operator="op-1", state="done", started=b"", record=record, seq=seq
    )


def commits(folder: Path, sealer: Sealer, rounds: int) -> Iterator[Row]:
    """Yield the rates of both, in turns, so that whatever else the machine does falls on both."""
    record, measurement = a_reading()
    protected_ = Protected(folder, sealer, record, measurement)
    plain, bare = (
        Plain(folder / f"{name}.db", sealer, record, measurement, bare=name == "bare") for name in ("plain", "bare")
    )
    rates = [tuple(_rate(each.commit) for each in (protected_, plain, bare)) for _ in range(rounds)]
    processor = _processor_ms(protected_.commit)
    protected_.database.close()
    with_, without, rows = (median(column) for column in zip(*rates, strict=True))
    sealed = sealer.seal_after(empty(STATION, sealer.key.public), record.to_bytes())
    yield "record of a screening, its envelope", f"{len(record.to_bytes()):,} and {len(sealed.data):,} bytes"
    attached = sum(len(body) for _, body in seal_raw(measurement))
    yield "its transcript and spectra, sealed beside it", f"{attached:,} bytes"
    yield "commit of a screening: row, journal, seal, outbox, attachments, encrypted", f"{with_:,.0f}/s (at least 60)"
    yield "the same work without sealing and encryption (WAL, synchronous=FULL)", f"{without:,.0f}/s"
    yield "its rows alone: journal, outbox, reading", f"{rows:,.0f}/s"
    yield (
        "processor time of one protected commit",
        f"{processor:.1f} ms, so {1000 / processor:,.0f}/s on a core of its own",
    )
    yield f"against the same work, median of {rounds} turns", f"{median(a / b for a, b, _ in rates):.2f} (at least 0.3)"
    yield "against its rows alone", f"{median(a / c for a, _, c in rates):.2f}"


def _rate(commit: Callable[[], None]) -> float:
    start = time.perf_counter()
    for _ in range(BATCH):
        commit()
    return BATCH / (time.perf_counter() - start)


def _processor_ms(commit: Callable[[], None]) -> float:
    start = time.process_time()
    for _ in range(BATCH):
        commit()
    return (time.process_time() - start) * 1000 / BATCH


def long_journal(folder: Path, sealer: Sealer, entries: int) -> Iterator[Row]:
    """Yield how long a start takes to open a journal of so many entries, the last 1,000 of which wait to be sent."""
    file, key = folder / "long.db", secrets.token_bytes(32)
    start = time.perf_counter()
    _build(file, key, sealer, entries)
    built = time.perf_counter() - start
    times = sorted(_open(file, key, sealer) for _ in range(5))
    yield f"journal of {entries:,} entries (built in {built:,.0f} s)", f"{file.stat().st_size / 2**20:,.0f} MiB"
    yield "opening it: key, schema, signed head, outbox; median and worst of 5", f"{times[2]:.2f} s, {times[-1]:.2f} s"


def _open(file: Path, key: bytes, sealer: Sealer) -> float:
    start = time.perf_counter()
    database = Database(file, key)
    with database.read() as session:
        anchoring.check_start(session, STATION, sealer.key, (), None)
        state = outbox.summary(session)
    spent = time.perf_counter() - start
    database.close()
    if not state.waiting:
        raise ValueError("the outbox is empty")
    return spent


def _build(file: Path, key: bytes, sealer: Sealer, entries: int) -> None:
    """Fill the tables with entries that are chained and signed, each under its own header, all with one body."""
    Database(file, key).close()
    connection = dbapi2.connect(str(file), isolation_level=None)
    connection.execute(f"PRAGMA key = \"x'{key.hex()}'\"")
    for pragma in ("journal_mode=OFF", "synchronous=OFF", "cache_size=-200000"):
        connection.execute(f"PRAGMA {pragma}")
    connection.execute("BEGIN")
    connection.executemany(
        "INSERT INTO journal (seq, prev, digest, envelope) VALUES (?, ?, ?, ?)", _chained(sealer, entries)
    )
    query = "INSERT INTO outbox (seq, attempts, log_index, released) VALUES (?, 0, ?, ?)"
    arrived = ((seq, seq - 1, "2026-11-22 12:00:00.000000") for seq in range(1, entries - 999))
    connection.executemany(query, arrived)
    waiting = ((seq, None, None) for seq in range(entries - 999, entries + 1))
    connection.executemany(query, waiting)
    connection.execute("COMMIT")
    connection.close()
    database = Database(file, key)
    with database.write() as session:
        anchoring.sign_head(session, sealer, datetime.now(UTC))
    database.close()


def _chained(sealer: Sealer, entries: int) -> Iterator[tuple[int, bytes, bytes, bytes]]:
    model = sealer.seal_after(empty(STATION, sealer.key.public), b"x" * 200)
    head, key = empty(STATION, sealer.key.public), sealer.key
    kid = protected(EDDSA, key.public.kid)
    for _ in range(entries):
        header = model.header.model_copy(update={"seq": head.next_seq, "prev": head.digest}).to_bytes()
        payload = canonical.encode([header, list(model.wraps), model.body])
        data = COSE_SIGN1 + canonical.encode([kid, {}, payload, key.sign(to_be_signed(kid, payload))])
        before, head = head, Head(head.next_seq, sha256(data).digest())
        yield head.seq, before.digest, head.digest, data
    Envelope.from_bytes(data).verify(key.public)


def main() -> None:
    """Measure, and print or write the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=10)
    parser.add_argument("--entries", type=int, default=1_000_000)
    parser.add_argument("--write", action="store_true")
    options = parser.parse_args()
    identities = [Identity.generate("national"), Identity.generate("escrow")]
    sealer = Sealer(STATION, StationKey.generate(), [each.recipient for each in identities])
    with tempfile.TemporaryDirectory(prefix="garita-bench-") as name:
        rows = [*commits(Path(name), sealer, options.rounds), *long_journal(Path(name), sealer, options.entries)]
    lines = ["| what | measured |", "|---|---|", *(f"| {what} | {value} |" for what, value in rows)]
    said = f"`python -m tests.bench.bench_edge` on {machine()}.\n\n" + "\n".join(lines)
    print(said)  # noqa: T201 - a script
    if options.write:
        write_section("At rest", said)


if __name__ == "__main__":
    main()
