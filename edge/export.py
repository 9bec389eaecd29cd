"""Evidence that leaves the station in a file: sealed entries with their receipts, attachments and a signed head.

The station keeps no key that opens what it sealed, so what is in the file is disclosed by who holds the state's key.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from typing import Any

from sqlalchemy import ColumnElement
from sqlmodel import Session, col, func, or_, select

from edge.approvals import Approval
from edge.database import Database
from edge.errors import BadCasework
from edge.recorder import Recorder
from edge.records import approval_record
from edge.tables import CaseRecord, ImportedFile
from edge.views import OperatorView
from sync.anchoring import newest_head
from sync.attachment_store import AttachmentEntry
from sync.contract.acts import release_subject
from sync.contract.casework import MOST_ALSO, ExportRecord
from sync.contract.ids import Seq
from sync.contract.named import named_in
from sync.contract.records import parse_record
from sync.court import SEALED, Attachment, Evidence, Export, make_bundle
from sync.envelope import Envelope
from sync.errors import Malformed
from sync.journal import JournalEntry
from sync.note import LogVerifier
from sync.outbox import OutboxEntry

BESIDE = 512
HEAD = 64 * 1024
"""More than a bundle has beside each entry, and once: card, head, keys of the log, why it leaves."""


@dataclass(frozen=True)
class Leaving:
    """Which entries leave, for whom, and why: by whose order, for which case; `also` those that they name."""

    first: Seq
    last: Seq
    receiver: str
    reason: str
    also: tuple[Seq, ...] = ()

    @property
    def subject(self) -> str:
        """What the two who approve it are told that it is."""
        return release_subject(self.first, self.last, self.receiver, self.reason, self.also)


def whole(database: Database, leaving: Leaving) -> Leaving:
    """Return it with `also` every entry outside of it that one of it names: files, and the entries with their bytes.

    Raises BadCasework where those are too many.
    """
    with database.read() as session:
        also = _beyond(session, leaving)
    if len(also) > MOST_ALSO:
        named = f"{len(also)} entries outside of them, from {also[0]} on"
        raise BadCasework(
            f"entries {leaving.first} to {leaving.last} name {named}; {MOST_ALSO} go along, so let more leave at once"
        )
    return replace(leaving, also=also)


def most_bytes(database: Database, leaving: Leaving) -> int:
    """Return how many bytes a bundle takes at most; raises BadCasework where the journal has no such entries."""
    own = _leaves(JournalEntry.seq, leaving)
    sizes = func.sum(func.length(JournalEntry.envelope)), func.sum(func.length(OutboxEntry.receipt))
    ways = col(OutboxEntry.seq) == col(JournalEntry.seq)
    bodies = func.sum(func.length(AttachmentEntry.body))
    with database.read() as session:
        rows = select(func.count(), *sizes).select_from(JournalEntry).join(OutboxEntry, ways).where(own)
        count, envelopes, receipts = session.exec(rows).one()
        _check_all(count, leaving)
        attached = session.exec(select(bodies).where(_attached(leaving))).one()
    return envelopes + (receipts or 0) + (attached or 0) + count * BESIDE + HEAD


def export_evidence(
    database: Database, recorder: Recorder, logs: Sequence[LogVerifier], leaving: Leaving, approval: Approval
) -> bytes:
    """Return a court bundle of sealed entries, once the export is on record.

    Raises NotAllowed unless the approval is of this export, BadCasework where the journal has no such entries or they
    name others that do not leave with them, and BadReceipt, BadSignature or Malformed for what nobody outside would
    believe.
    """
    persons = approval.of("release", leaving.subject)
    sealer = recorder.sealer
    with database.read() as session:
        if left := set(_beyond(session, leaving)) - set(leaving.also):
            raise BadCasework(f"entries {leaving.first} to {leaving.last} name {sorted(left)}, which do not leave too")
        evidence = _entries(session, leaving)
        head = newest_head(session, sealer.station, sealer.key)
        bundle = make_bundle(
            Export(time=recorder.header().recorded.wall, persons=[*map(_named, persons)], reason=leaving.reason),
            logs,
            [sealer.key.card(sealer.station)],
            evidence,
            heads=[head] if head else [],
            attachments=_attachments(session, leaving),
        )
    with database.write() as session:
        _note(session, recorder, leaving, approval, sha256(bundle).digest())
    return bundle


def _note(session: Session, recorder: Recorder, leaving: Leaving, approval: Approval, digest: bytes) -> None:
    header = recorder.header(approval.first.operator.id)
    recorder.record(session, approval_record(header, approval))
    said = {**vars(header), **vars(leaving), "also": [*leaving.also], "schema": ExportRecord.SCHEMA, "digest": digest}
    try:
        recorder.record(session, ExportRecord.from_value(said))
    except Malformed as error:
        raise BadCasework(str(error)) from error


def _entries(session: Session, leaving: Leaving) -> list[Evidence]:
    rows = select(JournalEntry, OutboxEntry).join(OutboxEntry, col(OutboxEntry.seq) == col(JournalEntry.seq))
    rows = rows.where(_leaves(JournalEntry.seq, leaving)).order_by(col(JournalEntry.seq))
    found = [Evidence(Envelope.from_bytes(entry.envelope), way.receipt) for entry, way in session.exec(rows)]
    _check_all(len(found), leaving)
    return found


def _check_all(found: int, leaving: Leaving) -> None:
    if leaving.last < leaving.first or found != leaving.last - leaving.first + 1 + len(leaving.also):
        raise BadCasework(f"the journal has no entries {leaving.first} to {leaving.last}")


def _beyond(session: Session, leaving: Leaving) -> tuple[Seq, ...]:
    """Return the entries outside of those that leave that one of these names, in their order."""
    records = select(CaseRecord.record).where(col(CaseRecord.seq).between(leaving.first, leaving.last))
    told = (seq for data in session.exec(records) for seq in named_in(parse_record(data)))
    named = {seq for seq in told if not leaving.first <= seq <= leaving.last}
    entry = col(ImportedFile.seq)
    files = select(ImportedFile.digest).where(or_(entry.between(leaving.first, leaving.last), entry.in_(named)))
    bytes_of = select(func.min(entry)).where(col(ImportedFile.digest).in_(files)).group_by(col(ImportedFile.digest))
    named |= {Seq(seq) for seq in session.exec(bytes_of)}
    return tuple(sorted(seq for seq in named if not leaving.first <= seq <= leaving.last))


def _leaves(seq: Any, leaving: Leaving) -> ColumnElement[bool]:  # noqa: ANN401 - a column, which its class says is a number
    return or_(col(seq).between(leaving.first, leaving.last), col(seq).in_(leaving.also))


def _attachments(session: Session, leaving: Leaving) -> list[Attachment]:
    bodies = session.exec(select(AttachmentEntry.body).where(_attached(leaving)))
    return [Attachment(media_type=SEALED, data=body) for body in bodies]


def _attached(leaving: Leaving) -> ColumnElement[bool]:
    return _leaves(AttachmentEntry.seq, leaving)


def _named(operator: OperatorView) -> str:
    return f"{operator.name} ({operator.role}, {operator.id})"
