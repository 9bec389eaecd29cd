"""Signed heads in the journal's database, and what is asked of the journal when a station starts."""

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from datetime import datetime

from sqlmodel import Field, Session, SQLModel, col, select

from sync import receipts
from sync.chain import Head, empty
from sync.contract.ids import StationId
from sync.errors import BadReceipt, BadSignature, BrokenChain, Malformed, RolledBack, UnknownReceipt
from sync.heads import Anchor, SignedHead, check_anchor
from sync.journal import Sealer, digest_of, head, verify_after
from sync.keys import StationKey
from sync.note import LogVerifier
from sync.outbox import newest_receipt
from sync.policy import Policy


class StoredHead(SQLModel, table=True):
    """The newest signed head; it covers all the entries before it, so no other is needed."""

    __tablename__ = "journal_head"  # pyright: ignore[reportAssignmentType] - SQLModel declares it as a callable too

    seq: int = Field(primary_key=True)
    statement: bytes


def newest_head(session: Session, station: StationId, key: StationKey) -> SignedHead | None:
    """Return the newest signed head, or None before the first; raises BrokenChain where it is not the station's own."""
    row = session.exec(select(StoredHead).order_by(col(StoredHead.seq).desc()).limit(1)).first()
    if row is None:
        return None
    try:
        return SignedHead.read(row.statement, station, key.dual)
    except (Malformed, BadSignature) as error:
        raise BrokenChain(f"the signed head of entry {row.seq} was changed: {error}") from error


def sign_head(
    session: Session, sealer: Sealer, now: datetime, counter: int | None = None, anchor: str | None = None
) -> SignedHead:
    """Sign where the journal ends, in the caller's transaction; raises BrokenChain while it is empty."""
    last = head(session)
    if last is None:
        raise BrokenChain(f"the journal of {sealer.station} has no entry yet, so there is no head to sign")
    signed = SignedHead.sign(sealer.key, sealer.station, last, now, counter, anchor)
    for old in session.exec(select(StoredHead)):
        session.delete(old)
    session.flush()
    session.add(StoredHead(seq=last.seq, statement=signed.data))
    return signed


def begin_anchor(
    write: Callable[[], AbstractContextManager[Session]], sealer: Sealer, now: datetime, anchor: Anchor
) -> SignedHead:
    """Let `anchor`, whatever stood in its place before, be the one of the journal from where it ends now."""
    with write() as session:
        signed = sign_head(session, sealer, now, anchor.read() + 1, anchor.name)
    _advance(anchor, signed)
    return signed


def anchor_head(
    write: Callable[[], AbstractContextManager[Session]], sealer: Sealer, now: datetime, anchor: Anchor
) -> SignedHead:
    """Sign where the journal ends, store that, and let the anchor advance: from then on no older journal is taken.

    A power cut in between leaves the anchor one behind, and the next call catches up. Raises RolledBack where it is not
    the anchor of the head before, or shows what it must not.
    """
    with write() as session:
        shown = anchor.read()
        check_anchor(newest_head(session, sealer.station, sealer.key), anchor.name, shown)
        signed = sign_head(session, sealer, now, shown + 1, anchor.name)
    _advance(anchor, signed)
    return signed


def check_start(
    session: Session, station: StationId, key: StationKey, logs: Sequence[LogVerifier], anchor: Anchor | None
) -> Head:
    """Return where the journal ends; raises BrokenChain, or RolledBack where it was newer than it is now.

    Looks at the newest signed head, the anchor, the newest receipt, and each entry since that head: what a start can
    afford. The whole journal is looked at by an audit.
    """
    signed = newest_head(session, station, key)
    if anchor:
        check_anchor(signed, anchor.name, anchor.read())
    elif signed and signed.counter is not None:
        raise RolledBack("this journal is anchored by a counter, and no counter is set up: set it up, or make another")
    if logs:
        _check_receipt(session, logs)
    if signed is None:
        return verify_after(session, station, key.public, empty(station, key.public))
    if digest_of(session, signed.head.seq) != signed.head.digest:
        raise RolledBack(
            f"entry {signed.head.seq}, which was the head on {signed.time:%Y-%m-%d}, is missing or changed"
        )
    return verify_after(session, station, key.public, signed.head)


def unknown_receipt(session: Session, logs: Sequence[LogVerifier]) -> UnknownReceipt | None:
    """Return why the newest receipt proves nothing here: it is of none of `logs`; None where it is of one."""
    try:
        _verify_newest(session, logs)
    except UnknownReceipt as error:
        return error
    except BadReceipt:
        return None
    return None


def _check_receipt(session: Session, logs: Sequence[LogVerifier]) -> None:
    """Raise RolledBack unless the entry of the newest receipt stands in the journal as the national log has it.

    One of a log that is not known here shows nothing to be wrong: the log may have a new key.
    """
    try:
        _verify_newest(session, logs)
    except UnknownReceipt:
        return
    except BadReceipt as error:
        seq, _ = newest_receipt(session) or (0, "")
        raise RolledBack(f"entry {seq} is not the one that the national log has: {error}") from error


def _verify_newest(session: Session, logs: Sequence[LogVerifier]) -> None:
    """Raise BadReceipt unless the newest receipt proves its entry, as it stands here, under one of `logs`."""
    found = newest_receipt(session)
    if found:
        seq, proof = found
        receipts.verify(proof, digest_of(session, seq) or b"", Policy(tuple(logs)))


def _advance(anchor: Anchor, signed: SignedHead) -> None:
    shown = anchor.advance()
    if shown != signed.counter:
        raise RolledBack(
            f"the anchor {anchor.name} was moved to {signed.counter} and shows {shown}: somebody else moves it, or "
            "answers in its place"
        )
