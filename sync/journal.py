"""The journal as a station stores it: one row for each sealed record, in the caller's transaction."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy import desc
from sqlmodel import Field, Session, SQLModel, col, select

from sync.chain import Head, empty, verify_chain
from sync.contract.ids import Seq, StationId
from sync.envelope import Envelope
from sync.errors import BrokenChain, Malformed
from sync.keys import Recipient, StationKey, StationPublicKey
from sync.sealing import seal


class JournalEntry(SQLModel, table=True):
    """One entry: `envelope` is the truth; the other columns repeat what it says, for lookup."""

    __tablename__ = "journal"  # pyright: ignore[reportAssignmentType] - SQLModel declares it as a callable too

    seq: int = Field(primary_key=True)
    prev: bytes
    digest: bytes = Field(unique=True)
    envelope: bytes


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
    columns = select(JournalEntry.seq, JournalEntry.digest)
    row = session.exec(columns.order_by(desc(col(JournalEntry.seq))).limit(1)).first()
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
    session.add(entry)
    session.flush()
    return entry


def verify_stored(session: Session, station: StationId, public: StationPublicKey) -> Head:
    """Return the head of the stored journal; raises BrokenChain naming the first entry that is not what it must be."""
    return verify_chain(_stored(session), station, public)


def _stored(session: Session) -> Iterator[Envelope]:
    rows = session.exec(select(JournalEntry).order_by(col(JournalEntry.seq)).execution_options(yield_per=100))
    for row in rows:
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
