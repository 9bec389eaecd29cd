"""The audit of a station's journal: everything that a start looks at, every entry, and all that hangs on one."""

from collections.abc import Sequence

from sqlmodel import Session, col, select

from edge.tables import Reading
from sync import anchoring, attachment_store, receipts
from sync.attachment_store import AttachmentWay
from sync.chain import Head
from sync.contract.attachment import attachments_in
from sync.contract.ids import Seq, StationId
from sync.contract.records import parse_reading
from sync.errors import BadReceipt, BrokenChain, UnknownReceipt
from sync.heads import Anchor
from sync.journal import JournalEntry, verify_stored
from sync.keys import StationKey
from sync.note import LogVerifier
from sync.outbox import OutboxEntry
from sync.policy import Policy


def audit(
    session: Session, station: StationId, key: StationKey, logs: Sequence[LogVerifier], anchor: Anchor | None
) -> Head:
    """Return where the journal ends.

    Raises BrokenChain for an entry that was removed, edited, put in or forked, for one that is in no outbox, for an
    attachment that went before it arrived; RolledBack for a journal that was newer once.
    """
    head = verify_stored(session, station, key.public)
    anchoring.check_start(session, station, key, logs, anchor)
    _check_outbox(session, Policy(tuple(logs)))
    lost = attachment_store.lost(session) or _unnamed(session)
    if lost:
        raise BrokenChain(f"entry {lost[0]}: an attachment of it is gone, and no receipt says that the centre has it")
    return head


def _unnamed(session: Session) -> list[Seq]:
    """Return the entries of readings whose attachments are not even on their way."""
    sealed = set(session.exec(select(AttachmentWay.sealed)))
    rows = session.exec(select(Reading.seq, Reading.record).order_by(col(Reading.seq)))
    named = ((seq, attachments_in(parse_reading(data))) for seq, data in rows if seq and data)
    return [Seq(seq) for seq, parts in named if not {part.sealed for part in parts} <= sealed]


def _check_outbox(session: Session, policy: Policy) -> None:
    same = col(OutboxEntry.seq) == col(JournalEntry.seq)
    unqueued = select(JournalEntry.seq).outerjoin(OutboxEntry, same).where(col(OutboxEntry.seq).is_(None))
    lone = session.exec(unqueued.order_by(col(JournalEntry.seq)).limit(1)).first()
    if lone is not None:
        raise BrokenChain(f"entry {lone}: it is in no outbox, so it would never be sent")
    sent = select(JournalEntry.seq, JournalEntry.digest, OutboxEntry.receipt).join(OutboxEntry, same)
    rows = sent.where(col(OutboxEntry.released).is_not(None)).order_by(col(JournalEntry.seq))
    for seq, digest, receipt in session.exec(rows.execution_options(yield_per=1000)):
        try:
            receipts.verify(receipt or "", digest, policy)
        except UnknownReceipt as error:
            raise BrokenChain(
                f"entry {seq}: it counts as sent, by a log whose key is not known here; lay it in log.vkey too: {error}"
            ) from error
        except BadReceipt as error:
            raise BrokenChain(f"entry {seq}: it counts as sent, and its receipt does not prove it: {error}") from error
