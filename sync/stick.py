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

from sync import central_time, losses, outbox
from sync.batch import write_batch
from sync.contract.submission import MAX_ENVELOPES, Answer
from sync.errors import BadReceipt, CentralRefused, Malformed, one_line
from sync.files import sync_folder
from sync.journal import JournalEntry, Sealer
from sync.note import LogVerifier
from sync.outbox import OutboxEntry
from sync.policy import Policy, newest_of
from sync.relay import BATCH_BYTES, Entry, verify_receipts
from sync.stick_files import Exported, found, read

BATCH, ANSWER = ".batch", ".answer"
Sessions = Callable[[], AbstractContextManager[Session]]


@dataclass(frozen=True)
class Imported:
    """How many answers lie on a stick, how many entries or attachments they prove, and what was wrong with which."""

    answers: int
    released: int
    problems: list[str]


def export(sessions: Sessions, sealer: Sealer, folder: Path) -> Exported:
    """Write all that waits into `folder`, made where only its last name is missing; nothing is released by that.

    Raises OSError where the stick is full, or not there.
    """
    if not folder.is_dir():
        folder.mkdir()
        sync_folder(folder.parent)
    done = Exported()
    with sessions() as session:
        for batch in _waiting(session):
            path = folder / f"{sealer.station}-{batch[0].seq:09}-{batch[-1].seq:09}{BATCH}"
            envelopes = [entry.envelope for entry in batch]
            data = write_batch(sealer.key, sealer.station, batch[0].seq, batch[0].prev, envelopes)
            if done.keep(path, data):
                done.items += len(batch)
    return done


def import_answers(
    sessions: Callable[[], Session], sealer: Sealer, folder: Path, log: LogVerifier | Policy, now: datetime
) -> Imported:
    """Release what the centre's answers on a stick prove, oldest first; each receipt is verified as by HTTPS.

    Only the newest key of the log releases. Raises OSError where `folder` cannot be looked into.
    """
    log = newest_of(log)
    answers, released, problems = found(folder, ANSWER, f"{sealer.station}-"), 0, list[str]()
    for path in answers:
        try:
            answer = _read(path, sealer)
        except Malformed as error:
            problems.append(one_line(f"{path.name}: {error}"))
            continue
        with sessions() as session:
            taken, problem = _take(session, answer, log, now)
            session.commit()
        released += taken
        if problem:
            problems.append(one_line(f"{path.name}: {problem}"))
    return Imported(len(answers), released, problems)


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


def _read(path: Path, sealer: Sealer) -> Answer:
    answer = Answer.from_bytes(read(path, Answer.MAX_BYTES))
    if answer.station != sealer.station:
        raise Malformed(f"an answer to {answer.station}; this is {sealer.station}")
    return answer


def _take(session: Session, answer: Answer, log: Policy, now: datetime) -> tuple[int, str | None]:
    """Release the waiting entries that the answer proves, from the oldest on; tell why the next one is refused."""
    receipted = sorted(receipt.seq for receipt in answer.receipts)
    rows = select(JournalEntry).join(OutboxEntry, col(OutboxEntry.seq) == col(JournalEntry.seq))
    rows = rows.where(col(OutboxEntry.released).is_(None), col(JournalEntry.seq).in_(receipted))
    entries = [Entry.of(row) for row in session.exec(rows.order_by(col(JournalEntry.seq)))]
    arrived, failure = verify_receipts(entries, answer, log)
    for entry, proof, receipt in arrived:
        outbox.release(session, entry.seq, proof, receipt, now)
    if failure is None and answer.refusal:
        failure = CentralRefused(answer.refusal.code, answer.refusal.detail)
    problem: object = failure
    try:
        said = central_time.vouched(answer, log.logs)
        problem = losses.notice_carried(session, answer, now, said) or failure
    except BadReceipt as error:
        if answer.refusal:
            problem = f"{failure}. Anybody may have written that onto the stick: {error}"
    return len(arrived), str(problem) if problem else None
