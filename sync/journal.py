"""The journal as a station stores it: one row for each sealed record, in the caller's transaction."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256

from sqlalchemy import desc, insert
from sqlmodel import Field, Session, SQLModel, col, select

from sync.chain import Head, empty, genesis, verify_chain
from sync.contract.ids import Seq, StationId
from sync.envelope import Envelope
from sync.errors import BrokenChain, Malformed
from sync.heads import SignedHead
from sync.keys import Recipient, StationKey, StationPublicKey
from sync.links import Links
from sync.sealing import seal


class JournalEntry(SQLModel, table=True):
    """One entry: `envelope` is the truth; the other columns repeat what it says, for lookup."""

    __tablename__ = "journal"  # pyright: ignore[reportAssignmentType] - SQLModel declares it as a callable too

    seq: int = Field(primary_key=True)
    prev: bytes
    digest: bytes = Field(unique=True)
    envelope: bytes


_NEWEST = select(JournalEntry.seq, JournalEntry.digest).order_by(desc(col(JournalEntry.seq))).limit(1)
_APPEND = insert(JournalEntry)


@dataclass(frozen=True)
class Sealer:
    """All that a station needs to make its next entry: who it is, how it signs, to whom it seals."""

    station: StationId
    key: StationKey
    recipients: Sequence[Recipient]
    minimum: int = 2

    def seal_after(self, last: Head, record: bytes) -> Envelope:
        """Return `record` sealed as the entry after `last`; raises SealError."""
        sealed = seal(record, self.station, last.next_seq, last.digest, self.key, self.recipients, self.minimum)
        return Envelope.from_bytes(sealed)


def head(session: Session) -> Head | None:
    """Return where the journal ends, or None while it is empty."""
    row = session.exec(_NEWEST).first()
    return Head(Seq(row[0]), row[1]) if row else None


def append(session: Session, sealer: Sealer, record: bytes) -> JournalEntry:
    """Seal `record` as the next entry and add it to the session; the caller commits, or nothing happened.

    Raises SealError. The caller holds the write lock (BEGIN IMMEDIATE); else two may claim one seq, and one will fail.
    """
    last = head(session) or empty(sealer.station, sealer.key.public)
    envelope = sealer.seal_after(last, record)
    entry = JournalEntry(
        seq=envelope.header.seq, prev=envelope.header.prev, digest=envelope.digest, envelope=envelope.data
    )
    session.exec(_APPEND, params=entry.model_dump())
    return entry


def verify_stored(session: Session, station: StationId, public: StationPublicKey) -> Head:
    """Return the head of the stored journal; raises BrokenChain naming the first entry that is not what it must be."""
    return verify_chain(_stored(session), station, public)


def verify_to_head(session: Session, station: StationId, public: StationPublicKey, signed: SignedHead) -> Head:
    """Return the head of the stored journal, as `verify_stored` does, and many times faster.

    Up to the signed head digests prove every entry; those behind it are looked at one by one. Raises BrokenChain.
    """
    columns = select(JournalEntry.seq, JournalEntry.prev, JournalEntry.digest, JournalEntry.envelope)
    rows = columns.where(JournalEntry.seq <= signed.head.seq).order_by(col(JournalEntry.seq))
    links, before = Links(station, empty(station, public)), genesis(station, public)
    for seq, prev, digest, envelope in session.exec(rows.execution_options(yield_per=1000)):
        found = links.add(envelope)
        if (prev, digest) != (before, found):
            raise BrokenChain(f"entry {seq}: its columns say something else than its envelope")
        before = found
    if links.head != signed.head:
        raise BrokenChain(f"the journal ends at entry {links.head.seq}, or differs there from the head that was signed")
    return verify_after(session, station, public, links.head)


def verify_after(session: Session, station: StationId, public: StationPublicKey, last: Head) -> Head:
    """Return the head of the stored journal, whose entries up to `last` are proven. Raises BrokenChain."""
    return verify_chain(_stored(session, last.seq), station, public, last)


def digest_of(session: Session, seq: Seq) -> bytes | None:
    """Return the SHA-256 of a stored entry, computed from its bytes, or None where there is no such entry."""
    row = session.get(JournalEntry, seq)
    return sha256(row.envelope).digest() if row else None


def _stored(session: Session, after: int = 0) -> Iterator[Envelope]:
    rows = select(JournalEntry).where(JournalEntry.seq > after).order_by(col(JournalEntry.seq))
    for row in session.exec(rows.execution_options(yield_per=100)):
        yield _read(row)


def _read(row: JournalEntry) -> Envelope:
    try:
        envelope = Envelope.from_bytes(row.envelope)
    except Malformed as error:
        raise BrokenChain(f"entry {row.seq}: its envelope was changed: {error}") from error
    said = (row.seq, row.prev, row.digest)
    if said != (envelope.header.seq, envelope.header.prev, envelope.digest):
        raise BrokenChain(f"entry {row.seq}: its columns say something else than its envelope, {envelope}")
    return envelope
