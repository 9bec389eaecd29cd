"""A station that writes and sends in a process of its own, to be killed at any moment and begun again."""

import contextlib
import ctypes
import logging
import os
import random
import signal
import ssl
import time
import traceback
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
from sqlalchemy import event
from sqlalchemy.exc import OperationalError
from sqlmodel import Session, SQLModel, create_engine, select

from sync import attachment_store, outbox
from sync.attachment_store import AttachmentEntry, AttachmentWay
from sync.attachments import seal_attachment
from sync.client import CentralClient
from sync.contract.ids import Seq
from sync.journal import JournalEntry, Sealer, append
from sync.note import LogVerifier
from sync.outbox import OutboxEntry
from sync.relay import Relay
from tests.robustness.loss.wire import BadHttp

HASTE = 300
"""The station's clock runs so many times faster, so that pauses of minutes pass in a scenario of seconds."""
PAGES_OF_A_FULL_DISK = 120


@dataclass
class Station:
    """Its file, its keys, and what of it must be at the centre; `seed` decides what it writes."""

    folder: Path
    sealer: Sealer
    log: LogVerifier
    tls: Path
    seed: int
    rounds: int = 0
    child: int = 0
    full_disk: bool = False
    chance: float = 0.0
    _begun: float = field(default_factory=time.monotonic)

    def begin(self, port: int, records: int) -> None:
        """Start the process: write `records` more and send, until killed."""
        self.rounds += 1
        self.child = os.fork()
        if self.child == 0:
            try:
                _die_with_parent()
                logging.disable()
                self._live(port, records)
            except BaseException:
                (self.folder / "last-words").write_text(traceback.format_exc())
                raise
            finally:
                os._exit(1)

    def kill(self) -> None:
        """End the process as a power cut would."""
        if self.child:
            os.kill(self.child, signal.SIGKILL)
            os.waitpid(self.child, 0)
            self.child = 0

    @contextlib.contextmanager
    def session(self, pages: int | None = None) -> Iterator[Session]:
        """Look into the station's file."""
        engine = create_engine(f"sqlite:///{self.folder / 'station.db'}", connect_args={"timeout": 30})

        @event.listens_for(engine, "connect")
        def _(connection: object, _record: object) -> None:
            cursor = connection.cursor()  # type: ignore[attr-defined]
            for pragma in ("journal_mode=WAL", "synchronous=FULL", *([f"max_page_count={pages}"] if pages else [])):
                cursor.execute(f"PRAGMA {pragma}")

        SQLModel.metadata.create_all(engine, tables=[SQLModel.metadata.tables[name] for name in TABLES])
        try:
            with Session(engine) as session:
                yield session
        finally:
            engine.dispose()

    def waiting(self) -> int:
        """Return what the centre has not confirmed."""
        with self.session() as session:
            return outbox.summary(session).waiting + attachment_store.waiting(session)

    def journal(self) -> list[JournalEntry]:
        """Return all that was ever acknowledged to an officer."""
        with self.session() as session:
            return list(session.exec(select(JournalEntry).order_by("seq")).all())

    def receipts(self) -> dict[int, str]:
        """Return the receipts by seq."""
        with self.session() as session:
            return {each.seq: each.receipt or "" for each in session.exec(select(OutboxEntry)).all()}

    def attachments(self) -> list[tuple[AttachmentEntry, AttachmentWay]]:
        """Return the attachments and how far they are."""
        with self.session() as session:
            return [
                (each, session.get_one(AttachmentWay, each.sealed)) for each in session.exec(select(AttachmentEntry))
            ]

    def now(self) -> datetime:
        """Return the hasty clock's time."""
        return datetime(2026, 11, 22, tzinfo=UTC) + timedelta(seconds=(time.monotonic() - self._begun) * HASTE)

    def _live(self, port: int, records: int) -> None:
        rng = random.Random(f"{self.seed}/{self.rounds}")  # noqa: S311 - a scenario's dice
        relay = self._relay(port, rng)
        while True:
            if records:
                records -= self._write(rng)
            relay.drain()
            time.sleep(0 if records else 0.01)

    def _relay(self, port: int, rng: random.Random) -> Relay:
        context = ssl.create_default_context(cafile=str(self.tls / "ca.crt"))
        context.load_cert_chain(self.tls / "client.crt", self.tls / "client.key")
        inner = httpx.HTTPTransport(verify=context)
        http = httpx.Client(
            transport=BadHttp(inner, rng, lambda: self.chance), base_url=f"https://127.0.0.1:{port}", timeout=10
        )
        return Relay(self._new_session, CentralClient(http), self.sealer, self.log, self.now, rng)

    def _new_session(self) -> Session:
        if not hasattr(self, "_engine"):
            self._engine = create_engine(f"sqlite:///{self.folder / 'station.db'}", connect_args={"timeout": 30})
            event.listen(self._engine, "connect", lambda connection, _: connection.execute("PRAGMA synchronous=FULL"))
        return Session(self._engine)

    def _write(self, rng: random.Random) -> bool:
        """Write a record, sometimes with an attachment; a full disk refuses it, and it was never acknowledged."""
        size = rng.choice((40, 2_000, 20_000))
        try:
            with self.session(PAGES_OF_A_FULL_DISK if self.full_disk else None) as session:
                entry = append(session, self.sealer, rng.randbytes(size))
                outbox.put(session, Seq(entry.seq))
                if rng.random() < 0.3:
                    part = seal_attachment(rng.randbytes(rng.choice((10, 3_000, 200_000))), "photo", "image/jpeg")
                    attachment_store.keep(session, self.sealer, Seq(entry.seq), [part])
                session.commit()
        except OperationalError:
            self.full_disk = rng.random() < 0.7
            return False
        return True


TABLES = ("journal", "outbox", "attachment", "attachment_way", "attachment_question", "newest_answer")
PR_SET_PDEATHSIG = 1


def _die_with_parent() -> None:
    """Let the kernel end this process when the one that began it ends (prctl(2))."""
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
