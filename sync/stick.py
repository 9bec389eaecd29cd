"""The way to the centre on a stick: batches out, answers back. The same bytes and the same proofs as by HTTPS.

A file is written beside its place, synced and renamed, so a stick pulled at any time holds whole files and at most one
`.new` that nobody reads. Doing it again goes on where it stopped.
"""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlmodel import Session, col, select

from sync import outbox
from sync.batch import write_batch
from sync.contract.submission import MAX_ENVELOPES, Answer
from sync.errors import CentralRefused, Malformed
from sync.files import make_folder, write_whole
from sync.journal import JournalEntry, Sealer
from sync.note import LogVerifier
from sync.outbox import OutboxEntry
from sync.policy import Policy
from sync.relay import BATCH_BYTES, Entry, verify_receipts

BATCH, ANSWER = ".batch", ".answer"
Sessions = Callable[[], AbstractContextManager[Session]]


@dataclass(frozen=True)
class Exported:
    """What a stick holds now: files, the entries in them, and how many files were there already."""

    files: int
    entries: int
    before: int


@dataclass(frozen=True)
class Imported:
    """How many entries the answers on a stick released, and what was wrong with an answer."""

    released: int
    problems: list[str]


def export(sessions: Sessions, sealer: Sealer, folder: Path) -> Exported:
    """Write all that waits into `folder`; nothing is released by that. Raises OSError where the stick is full."""
    make_folder(folder)
    files = entries = before = 0
    with sessions() as session:
        for batch in _waiting(session):
            path = folder / f"{sealer.station}-{batch[0].seq:09}-{batch[-1].seq:09}{BATCH}"
            envelopes = [entry.envelope for entry in batch]
            data = write_batch(sealer.key, sealer.station, batch[0].seq, batch[0].prev, envelopes)
            if path.exists() and path.read_bytes() == data:
                before += 1
            else:
                write_whole(path, data)
            files, entries = files + 1, entries + len(batch)
    return Exported(files, entries, before)


def import_answers(
    sessions: Callable[[], Session], sealer: Sealer, folder: Path, log: LogVerifier | Policy, now: datetime
) -> Imported:
    """Release what the centre's answers in `folder` prove, oldest first; each receipt is verified as by HTTPS."""
    released, problems = 0, list[str]()
    for path in sorted(folder.glob(f"{sealer.station}-*{ANSWER}")):
        try:
            answer = Answer.from_bytes(path.read_bytes())
        except Malformed as error:
            problems.append(f"{path.name}: {error}")
            continue
        with sessions() as session:
            taken, problem = _take(session, answer, log, now)
            session.commit()
        released += taken
        if problem:
            problems.append(f"{path.name}: {problem}")
    return Imported(released, problems)


def _waiting(session: Session) -> Iterator[list[Entry]]:
    """Yield all that waits, cut as the relay cuts it: by number and by bytes."""
    batch, size = list[Entry](), 0
    rows = select(JournalEntry).join(OutboxEntry, col(OutboxEntry.seq) == col(JournalEntry.seq))
    rows = rows.where(col(OutboxEntry.released).is_(None)).order_by(col(JournalEntry.seq))
    for row in session.exec(rows.execution_options(yield_per=100)):
        size += len(row.envelope)
        if batch and (size > BATCH_BYTES or len(batch) == MAX_ENVELOPES):
            yield batch
            batch, size = [], len(row.envelope)
        batch.append(Entry.of(row))
    if batch:
        yield batch


def _take(session: Session, answer: Answer, log: LogVerifier | Policy, now: datetime) -> tuple[int, str | None]:
    """Release the waiting entries that the answer proves, from the oldest on; refuse the next one as it says."""
    receipted = sorted(receipt.seq for receipt in answer.receipts)
    rows = select(JournalEntry).join(OutboxEntry, col(OutboxEntry.seq) == col(JournalEntry.seq))
    rows = rows.where(col(OutboxEntry.released).is_(None), col(JournalEntry.seq).in_(receipted))
    entries = [Entry.of(row) for row in session.exec(rows.order_by(col(JournalEntry.seq)))]
    arrived, failure = verify_receipts(entries, answer, log)
    for entry, proof, receipt in arrived:
        outbox.release(session, entry.seq, proof, receipt, now)
    if failure is None and answer.refusal:
        failure = CentralRefused(answer.refusal.code, answer.refusal.detail)
    return len(arrived), str(failure) if failure else None
