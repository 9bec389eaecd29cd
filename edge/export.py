"""Evidence that leaves the station in a file: sealed entries with their receipts, attachments and a signed head.

The station keeps no key that opens what it sealed, so what is in the file is disclosed by who holds the state's key.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256

from sqlalchemy import ColumnElement
from sqlmodel import Session, col, func, select

from edge.approvals import Approval
from edge.database import Database
from edge.errors import BadCasework
from edge.recorder import Recorder
from edge.records import approval_record
from edge.views import OperatorView
from sync.anchoring import newest_head
from sync.attachment_store import AttachmentEntry
from sync.contract.acts import release_subject
from sync.contract.casework import ExportRecord
from sync.contract.ids import Seq
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
    """Which entries leave, for whom, and why: by whose order, for which case."""

    first: Seq
    last: Seq
    receiver: str
    reason: str

    @property
    def subject(self) -> str:
        """What the two who approve it are told that it is."""
        return release_subject(self.first, self.last, self.receiver, self.reason)


def most_bytes(database: Database, leaving: Leaving) -> int:
    """Return how many bytes a bundle takes at most; raises BadCasework where the journal has no such entries."""
    own = col(JournalEntry.seq).between(leaving.first, leaving.last)
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

    Raises NotAllowed unless the approval is of this export, BadCasework where the journal has no such entries, and
    BadReceipt, BadSignature or Malformed for what nobody outside would believe.
    """
    persons = approval.of("release", leaving.subject)
    sealer = recorder.sealer
    with database.read() as session:
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
    said = {**vars(header), **vars(leaving), "schema": ExportRecord.SCHEMA, "digest": digest}
    try:
        recorder.record(session, ExportRecord.from_value(said))
    except Malformed as error:
        raise BadCasework(str(error)) from error


def _entries(session: Session, leaving: Leaving) -> list[Evidence]:
    rows = select(JournalEntry, OutboxEntry).join(OutboxEntry, col(OutboxEntry.seq) == col(JournalEntry.seq))
    rows = rows.where(col(JournalEntry.seq).between(leaving.first, leaving.last)).order_by(col(JournalEntry.seq))
    found = [Evidence(Envelope.from_bytes(entry.envelope), way.receipt) for entry, way in session.exec(rows)]
    _check_all(len(found), leaving)
    return found


def _check_all(found: int, leaving: Leaving) -> None:
    if not found or found != leaving.last - leaving.first + 1:
        raise BadCasework(f"the journal has no entries {leaving.first} to {leaving.last}")


def _attachments(session: Session, leaving: Leaving) -> list[Attachment]:
    bodies = session.exec(select(AttachmentEntry.body).where(_attached(leaving)))
    return [Attachment(media_type=SEALED, data=body) for body in bodies]


def _attached(leaving: Leaving) -> ColumnElement[bool]:
    return col(AttachmentEntry.seq).between(leaving.first, leaving.last)


def _named(operator: OperatorView) -> str:
    return f"{operator.name} ({operator.role}, {operator.id})"
