"""A centre that went back: one restored from a backup expects an entry again for which it gave a receipt.

What it lost waits again as if it had never been sent, and the receipts are kept: they prove the loss.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Field, Session, SQLModel, col, select

from sync import attachment_store
from sync.claims import Claim
from sync.contract.ids import Seq
from sync.contract.submission import Answer
from sync.outbox import OutboxEntry
from sync.utc import Utc


class CentreLoss(SQLModel, table=True):
    """The centre was found to lack the entries `first` to `last`, and `attachments` are offered again beside them.

    `first` is 0 where it lacked an attachment of entry `last` and no entry.
    """

    __tablename__ = "centre_loss"  # pyright: ignore[reportAssignmentType] - SQLModel declares it as a callable too

    id: int | None = Field(default=None, primary_key=True)
    noticed: datetime = Field(sa_type=Utc)
    first: int
    last: int
    attachments: int
    recorded: bool = Field(default=False, index=True)


class LostReceipt(SQLModel, table=True):
    """A receipt that the centre gave for entry `seq`, or for its attachment `sealed`, before it went back."""

    __tablename__ = "lost_receipt"  # pyright: ignore[reportAssignmentType] - SQLModel declares it as a callable too

    id: int | None = Field(default=None, primary_key=True)
    loss: int = Field(index=True)
    seq: int
    sealed: bytes | None
    receipt: str


class NewestAnswer(SQLModel, table=True):
    """When the centre gave the newest answer that was taken in here, by its own clock and signed by it; one row."""

    __tablename__ = "newest_answer"  # pyright: ignore[reportAssignmentType] - SQLModel declares it as a callable too

    id: int = Field(default=1, primary_key=True)
    said: datetime = Field(sa_type=Utc)


@dataclass(frozen=True)
class Loss:
    """The entries that the centre confirmed and lost, and how many attachments are offered again beside them.

    `first` is 0 where it has the entries and lacks an attachment, one of entry `last`.
    """

    first: Seq
    last: Seq
    attachments: int
    noticed: datetime

    @property
    def entries(self) -> int:
        """How many entries were lost."""
        return self.last - self.first + 1 if self.first else 0

    def __str__(self) -> str:
        if not self.first:
            return (
                f"the centre lost an attachment of entry {self.last}, for which it gave a receipt: {self.attachments}"
                " attachments that are still here are sent again; the receipts are kept as proof"
            )
        return (
            f"the centre lost entries {self.first} to {self.last}, for which it gave receipts: they are sent again, and"
            f" {self.attachments} attachments that are still here; the receipts are kept as proof"
        )


def hear(session: Session, said: datetime) -> bool:
    """Keep when the centre gave an answer, in the caller's transaction; tell whether none that it gave later came."""
    newest = session.get(NewestAnswer, 1)
    if newest and newest.said >= said:
        return False
    session.merge(NewestAnswer(said=said))
    return True


def notice_carried(session: Session, answer: Answer, now: datetime, said: datetime) -> Loss | None:
    """As `notice`, of an answer that may have lain on a stick for long, or been laid there again.

    The centre must have `said` so later than anything else that is known here of it, by its own clock, and later than
    these receipts came, by the station's.
    """
    newer = hear(session, said)
    lost = _confirmed_after(session, answer.contiguous)
    if not newer or any(entry.released and entry.released > said for entry in lost):
        return None
    return notice(session, answer, now)


def notice(session: Session, answer: Answer, now: datetime) -> Loss | None:
    """Let all wait again that an answer shows to be lost, in the caller's transaction; None where it shows nothing.

    It does where an entry cannot follow because the centre expects one that it confirmed. Attachments are offered
    again as far as their bytes are here; of one that it still has the centre only says so again.
    """
    lost = _confirmed_after(session, answer.contiguous)
    if answer.refusal is None or answer.refusal.code != "gap" or not lost:
        return None
    attached = attachment_store.take_back(session)
    row = CentreLoss(noticed=now, first=lost[0].seq, last=lost[-1].seq, attachments=len(attached))
    session.add(row)
    session.flush()
    for entry in lost:
        _keep(session, row, entry.seq, None, entry.receipt)
        entry.receipt = entry.log_index = entry.released = None
        session.add(entry)
    for seq, sealed, receipt in attached:
        _keep(session, row, seq, sealed, receipt)
    return _loss(row)


def notice_attachment(session: Session, claim: Claim, now: datetime) -> Loss:
    """Let attachments wait again, in the caller's transaction: the centre lacks one for which it gave a receipt.

    So it does where it was restored from a backup that has all the entries. Of those that it has it only says so again.
    """
    attached = attachment_store.take_back(session)
    row = CentreLoss(noticed=now, first=0, last=claim.seq, attachments=len(attached))
    session.add(row)
    session.flush()
    for seq, sealed, receipt in sorted(attached, key=lambda each: each[1] != claim.sealed):
        _keep(session, row, seq, sealed, receipt)
        session.flush()
    return _loss(row)


def unrecorded(session: Session) -> list[tuple[Loss, str]]:
    """Return losses that are not on record yet, each with the last of the receipts that prove it; now they are."""
    rows = session.exec(select(CentreLoss).where(col(CentreLoss.recorded).is_(False))).all()
    for row in rows:
        row.recorded = True
        session.add(row)
    return [(_loss(row), _proof(session, row)) for row in rows]


def open_loss(session: Session) -> Loss | None:
    """Return the last loss while not everything of it has arrived again, or None."""
    row = session.exec(select(CentreLoss).order_by(col(CentreLoss.id).desc()).limit(1)).first()
    if row is None:
        return None
    if not row.first:
        return _loss(row) if attachment_store.waiting(session) else None
    waits = select(OutboxEntry).where(col(OutboxEntry.released).is_(None), col(OutboxEntry.seq) <= row.last)
    return _loss(row) if session.exec(waits.limit(1)).first() else None


def _confirmed_after(session: Session, contiguous: int) -> list[OutboxEntry]:
    rows = select(OutboxEntry).where(col(OutboxEntry.seq) > contiguous, col(OutboxEntry.released).is_not(None))
    return list(session.exec(rows.order_by(col(OutboxEntry.seq))))


def _keep(session: Session, row: CentreLoss, seq: int, sealed: bytes | None, receipt: str | None) -> None:
    session.add(LostReceipt(loss=row.id or 0, seq=seq, sealed=sealed, receipt=receipt or ""))


def _proof(session: Session, row: CentreLoss) -> str:
    rows = select(LostReceipt.receipt).where(col(LostReceipt.loss) == row.id, col(LostReceipt.seq) == row.last)
    return session.exec(rows.order_by(col(LostReceipt.sealed).is_not(None), col(LostReceipt.id)).limit(1)).one()


def _loss(row: CentreLoss) -> Loss:
    return Loss(Seq(row.first), Seq(row.last), row.attachments, row.noticed)
