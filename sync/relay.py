"""The relay carries the outbox to the centre, in order, for as long as it takes; then what is attached to it."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from threading import Event
from typing import Self

from sqlmodel import Session, col, select

from sync import central_time, losses, outbox
from sync.batch import Batch, write_batch
from sync.client import CentralClient
from sync.contract.ids import Seq
from sync.contract.submission import MAX_ENVELOPES, Answer
from sync.errors import BadReceipt, CentralRefused, CentralUnreachable
from sync.journal import JournalEntry, Sealer
from sync.note import LogVerifier
from sync.outbox import FIRST_PAUSE, LONGEST_PAUSE, backoff
from sync.policy import Policy, newest_of
from sync.receipts import VerifiedReceipt, verify
from sync.uploads import Uploads

LOG = logging.getLogger(__name__)

BATCH_BYTES = 8 * 1024 * 1024
BAD_RECEIPT = "bad_receipt"
LONGEST_SLEEP = timedelta(seconds=60)


@dataclass(frozen=True)
class Entry:
    """What is sent of one journal entry, and what its receipt must prove."""

    seq: Seq
    prev: bytes
    digest: bytes
    envelope: bytes

    @classmethod
    def of(cls, row: JournalEntry) -> Self:
        """Return what is sent of a row of the journal."""
        return cls(Seq(row.seq), row.prev, row.digest, row.envelope)


@dataclass(frozen=True)
class DrainReport:
    """How many entries were released, and what stopped the others, if anything did."""

    released: int
    problem: str | None


class Relay:
    """Sends what is due; only a receipt that verifies under the log's key, and the witnesses', releases an entry.

    `sessions` gives sessions that the relay commits itself. `heard` is told the centre's own time with each answer.
    There is no last attempt: after each failure it pauses for a random time below a limit that doubles up to 15 minutes
    (full jitter), and the pause outlives a restart. After each try that did not get through it offers half as many
    bytes: a line that often breaks still carries something.
    """

    def __init__(
        self,
        sessions: Callable[[], Session],
        client: CentralClient,
        sealer: Sealer,
        log: LogVerifier | Policy,
        now: Callable[[], datetime],
        random: Random,
        heard: Callable[[datetime], None] = lambda _: None,
    ) -> None:
        self._sessions, self._client, self._station, self._key = sessions, client, sealer.station, sealer.key
        self._log, self._now, self._random = newest_of(log), now, random
        self._logs = self._log.logs
        self._heard = heard
        self._uploads = Uploads(sessions, client, sealer, self._logs, now, random)
        self._batch_bytes = BATCH_BYTES

    def run(self, stop: Event, wake: Event) -> None:
        """Drain whenever `wake` is set or a pause ends, until `stop` is set (and then `wake`)."""
        while not stop.is_set():
            wake.clear()
            try:
                self.drain(stop)
                sleep = self._sleep()
            except Exception:  # the thread must outlive whatever happens: nothing else carries the evidence
                LOG.exception("the relay could not work; it tries again")
                sleep = FIRST_PAUSE
            wake.wait(sleep.total_seconds())

    def drain(self, stop: Event | None = None) -> DrainReport:
        """Send what is due, batch by batch, until nothing is due, something is wrong, or `stop` is set.

        Attachments go piece by piece, and a record that was made meanwhile goes before the next piece.
        """
        released = 0
        while not (stop and stop.is_set()):
            batch = self._batch()
            if not batch and not self._uploads.step():
                break
            taken, problem = self._send(batch) if batch else (0, None)
            released += taken
            if problem:
                LOG.warning("%s", problem)
                return DrainReport(released, problem)
        return DrainReport(released, None)

    def _batch(self) -> list[Entry]:
        batch, size = list[Entry](), 0
        with self._sessions() as session:
            for waiting in outbox.due(session, self._now(), MAX_ENVELOPES):
                row = session.exec(select(JournalEntry).where(col(JournalEntry.seq) == waiting.seq)).one()
                size += len(row.envelope)
                if batch and size > self._batch_bytes:
                    break
                batch.append(Entry.of(row))
        return batch

    def _pack(self, batch: list[Entry]) -> bytes:
        envelopes = [entry.envelope for entry in batch]
        return write_batch(self._key, self._station, batch[0].seq, batch[0].prev, envelopes)

    def _send(self, batch: list[Entry]) -> tuple[int, str | None]:
        packed = self._pack(batch)
        try:
            answer = self._client.submit(self._station, packed)
        except CentralUnreachable as error:
            self._batch_bytes = max(self._batch_bytes // 2, 1)
            return 0, self._postpone(batch[0].seq, str(error), wait=error.wait)
        except CentralRefused as error:
            return 0, self._refuse(batch[0], error)
        said = self._hear(answer, packed)
        self._batch_bytes = min(self._batch_bytes * 2, BATCH_BYTES)
        return self._take(batch, answer, said)

    def _hear(self, answer: Answer, packed: bytes) -> datetime | None:
        """Tell what time it is at the centre, where it says so; a false one is worth a line in the log, no more."""
        if answer.time is None:
            return None
        try:
            said = central_time.read(answer, Batch.from_bytes(packed).statement.data, self._logs)
        except BadReceipt as error:
            LOG.warning("%s", error)
            return None
        self._heard(said)
        return said

    def _take(self, batch: list[Entry], answer: Answer, said: datetime | None) -> tuple[int, str | None]:
        """Release entries from the oldest on, as far as there are receipts that verify; offer lost ones again."""
        arrived, failure = verify_receipts(batch, answer, self._log)
        with self._sessions() as session:
            for entry, proof, receipt in arrived:
                outbox.release(session, entry.seq, proof, receipt, self._now())
            if said:
                losses.hear(session, said)
            lost = losses.notice(session, answer, self._now())
            session.commit()
        if lost:
            return len(arrived), self._postpone(lost.first, str(lost))
        if isinstance(failure, CentralRefused):
            return len(arrived), self._refuse(batch[len(arrived)], failure)
        if failure:
            return len(arrived), self._postpone(batch[len(arrived)].seq, str(failure), BAD_RECEIPT)
        return len(arrived), None

    def _postpone(self, seq: Seq, problem: str, code: str | None = None, wait: int = 0) -> str:
        """Pause; with a code a person learns that the line is good and what came over it is not."""
        with self._sessions() as session:
            end = self._now() + backoff(outbox.attempts(session, seq), wait) * self._random.random()
            if code:
                outbox.refuse(session, seq, code, problem, end)
            else:
                outbox.postpone(session, seq, problem, end)
            session.commit()
        return problem

    def _refuse(self, entry: Entry, refusal: CentralRefused) -> str:
        with self._sessions() as session:
            outbox.refuse(session, entry.seq, refusal.code, refusal.detail, self._now() + LONGEST_PAUSE)
            session.commit()
        return f"entry {entry.seq}: {refusal}"

    def _sleep(self) -> timedelta:
        with self._sessions() as session:
            pause = outbox.pause(session, self._now())
        pauses = (pause, self._uploads.pause())
        return min([LONGEST_SLEEP, *(each for each in pauses if each is not None)])


def verify_receipts(
    batch: list[Entry], answer: Answer, log: LogVerifier | Policy
) -> tuple[list[tuple[Entry, str, VerifiedReceipt]], BadReceipt | CentralRefused | None]:
    """Return the entries with their receipts up to the first without one that verifies, and what is wrong with that."""
    proofs = {receipt.seq: receipt.proof for receipt in answer.receipts}
    arrived: list[tuple[Entry, str, VerifiedReceipt]] = []
    for entry in batch:
        proof = proofs.get(entry.seq)
        if proof is None and answer.refusal:
            return arrived, CentralRefused(answer.refusal.code, answer.refusal.detail)
        if proof is None:
            return arrived, BadReceipt(f"entry {entry.seq}: the centre gave neither a receipt nor a reason")
        try:
            arrived.append((entry, proof, verify(proof, entry.digest, log)))
        except BadReceipt as error:
            return arrived, BadReceipt(f"entry {entry.seq}: {error}")
    return arrived, None
