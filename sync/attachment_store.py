"""Sealed attachments at the station, and their way to the centre: after their records, one after the other.

They live in the journal's database and transactions. None is dropped before the centre's receipt for it was verified,
and before the centre, asked again when its time here is over, said that it still has it.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel import Field, Session, SQLModel, col, delete, func, select

from sync.attachments import open_attachment
from sync.claims import Claim
from sync.contract.attachment import AttachmentPart
from sync.contract.ids import Seq
from sync.contract.pieces import Piece
from sync.journal import Sealer
from sync.outbox import LONGEST_PAUSE, OutboxEntry
from sync.utc import Utc

ANSWERS_WITHIN = timedelta(days=30)
SealedAttachment = tuple[AttachmentPart, bytes]
"""What the record says of it, and its sealed bytes."""


class AttachmentEntry(SQLModel, table=True):
    """The sealed bytes of one attachment of entry `seq`; `sealed` is their SHA-256, `claim` the station's signature."""

    __tablename__ = "attachment"  # pyright: ignore[reportAssignmentType] - SQLModel declares it as a callable too

    sealed: bytes = Field(primary_key=True)
    seq: int = Field(index=True)
    claim: bytes
    body: bytes


class AttachmentWay(SQLModel, table=True):
    """How far an attachment is; it stays when the bytes are gone. `receipt` was verified here."""

    __tablename__ = "attachment_way"  # pyright: ignore[reportAssignmentType] - SQLModel declares it as a callable too

    sealed: bytes = Field(primary_key=True)
    seq: int = Field(index=True)
    size: int
    attempts: int = 0
    refusals: int = 0
    next_attempt: datetime | None = Field(default=None, sa_type=Utc)
    last_problem: str | None = None
    receipt: str | None = None
    arrived: datetime | None = Field(default=None, sa_type=Utc, index=True)


class AttachmentQuestion(SQLModel, table=True):
    """Whether the centre still has an attachment whose time here is over; it was `asked` for first at that moment."""

    __tablename__ = "attachment_question"  # pyright: ignore[reportAssignmentType] - SQLModel declares it as a callable too

    sealed: bytes = Field(primary_key=True)
    asked: datetime = Field(sa_type=Utc)
    answered: bool = False


@dataclass(frozen=True)
class Waiting:
    """The next attachment to send; or, where it arrived long ago, to ask for: `asks`."""

    claim: Claim
    signature: bytes
    body: bytes
    attempts: int
    asks: bool

    def piece(self, offset: int, length: int) -> Piece:
        """Return so many bytes of it from `offset` on, or those that are left."""
        return Piece(
            station=self.claim.station,
            seq=self.claim.seq,
            sealed=self.claim.sealed,
            size=self.claim.size,
            claim=self.signature,
            offset=offset,
            data=self.body[offset : offset + length],
        )


_same = col(AttachmentEntry.sealed) == col(AttachmentWay.sealed)
_arrived, _released = col(AttachmentWay.arrived), col(OutboxEntry.released)


def keep(session: Session, sealer: Sealer, seq: Seq, attachments: Sequence[SealedAttachment]) -> None:
    """Keep the sealed bytes of the attachments of entry `seq`, in the caller's transaction."""
    for part, body in attachments:
        claim = Claim(sealer.station, seq, part.sealed, len(body))
        session.add(AttachmentEntry(sealed=part.sealed, seq=seq, claim=claim.sign(sealer.key), body=body))
        session.add(AttachmentWay(sealed=part.sealed, seq=seq, size=len(body)))


def opened(session: Session, part: AttachmentPart) -> bytes | None:
    """Return the bytes that a record names, or None where they have gone from the station; raises OpenError."""
    row = session.get(AttachmentEntry, part.sealed)
    return open_attachment(part, row.body) if row else None


def pause(session: Session, now: datetime) -> timedelta | None:
    """Return how long the next attachment still pauses, zero when it is due, or None when there is none.

    One may go when its record has arrived. A pause that ends later than any can last was set under another clock.
    """
    way = _next(session)
    if way is None:
        return None
    left = (way.next_attempt or now) - now
    return left if timedelta(0) < left <= LONGEST_PAUSE else timedelta(0)


def due(session: Session, sealer: Sealer, now: datetime) -> Waiting | None:
    """Return the next attachment, or None while it pauses and when none may go."""
    way = None if pause(session, now) else _next(session)
    if way is None:
        return None
    return _waiting(sealer, session.get_one(AttachmentEntry, way.sealed), way)


def all_waiting(session: Session, sealer: Sealer) -> Iterator[Waiting]:
    """Yield every attachment that the centre has not confirmed, by entry."""
    rows = select(AttachmentEntry, AttachmentWay).join(AttachmentWay, _same).where(_arrived.is_(None))
    for row, way in session.exec(rows.order_by(col(AttachmentWay.seq)).execution_options(yield_per=10)):
        yield _waiting(sealer, row, way)


def confirm(session: Session, sealed: bytes) -> None:
    """Note that the centre, asked again, still has an attachment."""
    question = session.get_one(AttachmentQuestion, sealed)
    question.answered = True
    session.add(question)


def claim_of(session: Session, sealer: Sealer, sealed: bytes) -> Claim | None:
    """Return what the station claims of an attachment that the centre has not confirmed, or None."""
    way = session.get(AttachmentWay, sealed)
    return Claim(sealer.station, way.seq, sealed, way.size) if way and way.arrived is None else None


def arrive(session: Session, sealed: bytes, receipt: str, now: datetime) -> None:
    """Note a receipt that was verified."""
    way = session.get_one(AttachmentWay, sealed)
    way.receipt, way.arrived, way.next_attempt, way.last_problem = receipt, now, None, None
    session.add(way)


def postpone(session: Session, sealed: bytes, problem: str, next_attempt: datetime, *, refused: bool) -> None:
    """Note why an attachment could not go, and when to try again; one that was refused lets the others go first."""
    way = session.get_one(AttachmentWay, sealed)
    way.attempts += 1
    way.refusals += refused
    way.last_problem, way.next_attempt = problem, next_attempt
    session.add(way)


def take_back(session: Session) -> list[tuple[Seq, bytes, str]]:
    """Let every attachment that arrived and is still here wait again; return entry, SHA-256 and receipt of each."""
    ways = session.exec(select(AttachmentWay).join(AttachmentEntry, _same).where(_arrived.is_not(None))).all()
    taken = [(Seq(way.seq), way.sealed, way.receipt or "") for way in ways]
    for way in ways:
        way.receipt = way.arrived = way.next_attempt = None
        session.add(way)
    session.exec(delete(AttachmentQuestion))
    return taken


def waiting(session: Session) -> int:
    """Return how many attachments the centre has not confirmed."""
    return session.exec(select(func.count()).select_from(AttachmentWay).where(_arrived.is_(None))).one()


def lost(session: Session) -> list[Seq]:
    """Return the entries that have an attachment whose bytes are gone though no receipt for it came."""
    rows = select(AttachmentWay.seq).outerjoin(AttachmentEntry, _same)
    rows = rows.where(_arrived.is_(None), col(AttachmentEntry.sealed).is_(None))
    return [Seq(seq) for seq in session.exec(rows.order_by(col(AttachmentWay.seq)))]


def let_go(session: Session, arrived_before: datetime, now: datetime) -> int:
    """Delete the bytes of attachments whose receipt is older than that and that the centre still has; return how many.

    Those for which it was not asked are asked for from now on. Where nobody answers for `ANSWERS_WITHIN`, as where only
    sticks go, the receipt is enough.
    """
    old = select(AttachmentEntry.sealed).join(AttachmentWay, _same).where(_arrived <= arrived_before)
    for sealed in session.exec(old.where(col(AttachmentEntry.sealed).not_in(select(AttachmentQuestion.sealed)))).all():
        session.add(AttachmentQuestion(sealed=sealed, asked=now))
    session.flush()
    heard = col(AttachmentQuestion.answered) | (col(AttachmentQuestion.asked) <= now - ANSWERS_WITHIN)
    over = select(AttachmentQuestion.sealed).where(heard)
    gone = session.exec(delete(AttachmentEntry).where(col(AttachmentEntry.sealed).in_(over)))
    return gone.rowcount


def _waiting(sealer: Sealer, row: AttachmentEntry, way: AttachmentWay) -> Waiting:
    claim = Claim(sealer.station, Seq(row.seq), row.sealed, len(row.body))
    return Waiting(claim, row.claim, row.body, way.attempts, asks=way.arrived is not None)


def _next(session: Session) -> AttachmentWay | None:
    rows = select(AttachmentWay).join(AttachmentEntry, _same)
    rows = rows.join(OutboxEntry, col(OutboxEntry.seq) == col(AttachmentWay.seq))
    rows = rows.where(_released.is_not(None)).order_by(col(AttachmentWay.refusals), col(AttachmentWay.seq)).limit(1)
    open_ = select(AttachmentQuestion.sealed).where(col(AttachmentQuestion.answered).is_(False))
    waits = session.exec(rows.where(_arrived.is_(None))).first()
    return waits or session.exec(rows.where(_arrived.is_not(None), col(AttachmentWay.sealed).in_(open_))).first()
