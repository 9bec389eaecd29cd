"""The outbox: which journal entries wait for the centre's receipt. It lives in the journal's database and transactions.

Entries leave in seq order, so the oldest waiting one carries the pause for all. None is ever dropped.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func
from sqlmodel import Field, Session, SQLModel, col, select
from sqlmodel.sql.expression import SelectOfScalar

from sync.contract.ids import Seq
from sync.receipts import VerifiedReceipt
from sync.utc import Utc

FIRST_PAUSE = timedelta(seconds=2)
LONGEST_PAUSE = timedelta(minutes=15)
DOUBLINGS = 9  # 2 s doubled nine times is beyond the longest pause


class OutboxEntry(SQLModel, table=True):
    """One journal entry on its way. `refused` is the centre's code; `receipt` a tlog-proof that was verified here."""

    __tablename__ = "outbox"  # pyright: ignore[reportAssignmentType] - SQLModel declares it as a callable too

    seq: int = Field(primary_key=True)
    queued: datetime | None = Field(
        default=None, sa_type=Utc, sa_column_kwargs={"server_default": func.current_timestamp()}
    )
    attempts: int = 0
    next_attempt: datetime | None = Field(default=None, sa_type=Utc)
    last_problem: str | None = None
    refused: str | None = Field(default=None, index=True)
    receipt: str | None = None
    log_index: int | None = None
    released: datetime | None = Field(default=None, sa_type=Utc, index=True)


_seq, _released, _refused = col(OutboxEntry.seq), col(OutboxEntry.released), col(OutboxEntry.refused)


@dataclass(frozen=True)
class OutboxState:
    """What a person wants to know: how much waits, since when, from which seq on, why, and what arrived last."""

    waiting: int
    oldest: datetime | None
    oldest_seq: Seq | None
    attempts: int
    next_attempt: datetime | None
    refused: int
    refusal: str | None
    last_problem: str | None
    last_receipt: datetime | None
    last_log_index: int | None


def put(session: Session, seq: Seq) -> None:
    """Add a journal entry in the caller's transaction."""
    session.add(OutboxEntry(seq=seq))


def due(session: Session, now: datetime, limit: int) -> list[OutboxEntry]:
    """Return the oldest waiting entries, or none while the oldest one pauses."""
    return [] if pause(session, now) else list(session.exec(_waiting().limit(limit)).all())


def pause(session: Session, now: datetime) -> timedelta | None:
    """Return how long the oldest waiting entry still pauses, zero when it is due, or None when nothing waits.

    A pause that ends later than any pause can last was set under another clock, and counts for nothing.
    """
    head = session.exec(_waiting().limit(1)).first()
    if head is None:
        return None
    left = (head.next_attempt or now) - now
    return left if timedelta(0) < left <= LONGEST_PAUSE else timedelta(0)


def backoff(attempts: int, asked: int = 0) -> timedelta:
    """Return the limit under which the pause after so many vain attempts is drawn (full jitter).

    Where the centre asked for `asked` seconds, all whom it asked come back over twice that time, not in one moment.
    """
    return min(max(FIRST_PAUSE * 2 ** min(attempts, DOUBLINGS), timedelta(seconds=2 * asked)), LONGEST_PAUSE)


def attempts(session: Session, seq: Seq) -> int:
    """Return how often an entry was tried in vain."""
    return _get(session, seq).attempts


def release(session: Session, seq: Seq, proof: str, receipt: VerifiedReceipt, now: datetime) -> None:
    """Mark an entry as arrived; only a verified receipt can do that."""
    entry = _get(session, seq)
    entry.receipt, entry.log_index, entry.released = proof, receipt.index, now
    entry.refused = entry.next_attempt = entry.last_problem = None
    session.add(entry)


def postpone(session: Session, seq: Seq, problem: str, next_attempt: datetime) -> None:
    """Note why an entry could not go, and when to try again."""
    entry = _get(session, seq)
    entry.attempts += 1
    entry.last_problem, entry.next_attempt = problem, next_attempt
    session.add(entry)


def hurry(session: Session) -> None:
    """End the pause of the oldest waiting entry, unless the centre itself asked for it by refusing."""
    head = session.exec(_waiting().limit(1)).first()
    if head and not head.refused:
        head.next_attempt = None
        session.add(head)


def refuse(session: Session, seq: Seq, code: str, detail: str, next_attempt: datetime) -> None:
    """Note that an entry was refused, or its receipt here. It stays, with all later ones, and is offered again."""
    postpone(session, seq, detail, next_attempt)
    _get(session, seq).refused = code


def summary(session: Session) -> OutboxState:
    """Return the outbox's state; attempts, pause, refusal and problem are the oldest waiting entry's."""
    head = session.exec(_waiting().limit(1)).first()
    last = session.exec(select(OutboxEntry).where(_released.is_not(None)).order_by(_seq.desc()).limit(1)).first()
    return OutboxState(
        waiting=session.exec(select(func.count()).where(_released.is_(None))).one(),
        oldest=head.queued if head else None,
        oldest_seq=Seq(head.seq) if head else None,
        attempts=head.attempts if head else 0,
        next_attempt=head.next_attempt if head else None,
        refused=session.exec(select(func.count()).where(_released.is_(None), _refused.is_not(None))).one(),
        refusal=head.refused if head else None,
        last_problem=head.last_problem if head else None,
        last_receipt=last.released if last else None,
        last_log_index=last.log_index if last else None,
    )


def last_release(session: Session) -> datetime | None:
    """Return when the centre confirmed an entry last."""
    return session.exec(select(func.max(_released))).one()


def newest_receipt(session: Session) -> tuple[Seq, str] | None:
    """Return the last entry that arrived, and its receipt."""
    last = session.exec(select(OutboxEntry).where(_released.is_not(None)).order_by(_seq.desc()).limit(1)).first()
    return (Seq(last.seq), last.receipt) if last and last.receipt else None


def _waiting() -> SelectOfScalar[OutboxEntry]:
    return select(OutboxEntry).where(_released.is_(None)).order_by(_seq)


def _get(session: Session, seq: Seq) -> OutboxEntry:
    return session.exec(select(OutboxEntry).where(_seq == seq)).one()
