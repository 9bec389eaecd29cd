"""All that is on record about a screening, in the order of the journal: what screens list and paper prints."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from hashlib import sha256
from operator import itemgetter
from typing import TypeVar

from sqlmodel import Session, col, select

from edge.errors import ChangedSince
from edge.reading_views import reading_view
from edge.seal_reports import SealReport, open_reports
from edge.tables import CaseRecord, Exhibit, Reading, Screening
from edge.views import ReadingView
from sync.contract.approval import ApprovalRecord
from sync.contract.casework import (
    AmendmentRecord,
    Concerned,
    ExhibitCore,
    NumberRead,
    PhotoRecord,
    SealCheckCore,
    SealCore,
    TransferCore,
    VoidRecord,
    WeightCore,
    WeightRecord,
)
from sync.contract.ids import ScreeningId, Seq
from sync.contract.printing import PrintRecord
from sync.contract.record import Record
from sync.contract.records import parse_record
from sync.contract.seizure import ReviewRecord, SignatureRecord, UndoRecord
from sync.journal import JournalEntry
from sync.outbox import OutboxEntry

Kind = TypeVar("Kind", bound=Record)
Numbered = tuple[Seq, Record]
_OF_EXHIBITS = (ExhibitCore, WeightCore, PhotoRecord, SealCore, SealCheckCore, TransferCore)


@dataclass(frozen=True)
class Proof:
    """By what outsiders find a sealed entry: SHA-256 of its envelope, and its place in the national log once there."""

    digest: bytes
    log_index: int | None


@dataclass(frozen=True)
class Voided:
    """What says of an entry that it counts no more: its seq, and by whose approval.

    The second of the two may stand in the sealed entry before it alone.
    """

    seq: Seq
    record: VoidRecord
    persons: Sequence[str]

    @property
    def reason(self) -> str:
        """Why it counts no more."""
        return self.record.reason


@dataclass(frozen=True)
class ExhibitFile:
    """An exhibit as it stands, and every record of it, oldest first."""

    id: str
    number: int
    seal_number: str | None
    holder: str
    records: Sequence[Numbered]
    amended: Mapping[Seq, Mapping[str, str]] = field(default_factory=dict[Seq, Mapping[str, str]])
    """What entries should have said: the right words by field."""
    voided: Collection[Seq] = ()
    """Entries that count no more."""
    reports: Sequence[SealReport] = ()
    """What was found on its bag in place of the seal on record, and nobody else answered yet."""

    def of(self, kind: type[Kind]) -> list[Kind]:
        """Return its records of one kind, oldest first."""
        return [record for _, record in self.records if isinstance(record, kind)]

    @property
    def closing(self) -> tuple[SealCore, bool] | None:
        """The record of the seal that closes its bag now, as it stands, and whether it was amended."""
        found = [(now, now is not was) for now, was in self.stood(SealCore) if now.seal_number == self.seal_number]
        return found[-1] if found else None

    @property
    def weights(self) -> list[tuple[WeightCore, bool]]:
        """Its weights as they stand, oldest first, and whether each was amended."""
        return [(now, now is not was) for now, was in self.stood(WeightCore)]

    def stood(self, kind: type[Kind]) -> list[tuple[Kind, Kind]]:
        """Return its records of one kind that count, oldest first: each as it should have said, and as it was made.

        Both are one object where nobody amended it.
        """
        known = [(seq, it) for seq, it in self.records if isinstance(it, kind) and seq not in self.voided]
        return [(self.stated(seq, it)[0] if seq in self.amended else it, it) for seq, it in known]

    def earlier(self, kind: type[Kind]) -> list[Kind]:
        """Return its records of one kind as they were made, where they were amended or count no more."""
        return [it for seq, it in self.records if isinstance(it, kind) and (seq in self.amended or seq in self.voided)]

    @property
    def broken(self) -> tuple[SealCore, bool] | None:
        """The record that its bag was opened, as it stands, where it lies open now, and whether it was amended."""
        found = [(now, now is not was) for now, was in self.stood(SealCore)]
        return found[-1] if found and not self.seal_number and found[-1][0].action == "broken" else None

    def stated(self, seq: Seq, record: Kind) -> tuple[Kind, bool]:
        """Return a record as it should have said, and whether it was amended."""
        changes = self.amended.get(seq, {})
        return record.model_copy(update=dict(changes)), bool(changes)


@dataclass(frozen=True)
class Dossier:
    """A screening: its readings, its exhibits, and every other record about it that stands, each oldest first.

    `undone` are those that their maker took back before the signature, and the records that say so. `proofs` has every
    entry of the journal, also of those, in its order. `printed` is apart: that a paper was made is no evidence.
    """

    screening: ScreeningId
    subject_kind: str
    operator: str
    training: bool
    readings: Sequence[ReadingView]
    exhibits: Sequence[ExhibitFile]
    records: Sequence[Numbered] = field(default_factory=list[Numbered])
    proofs: Mapping[Seq, Proof] = field(default_factory=dict[Seq, Proof])
    undone: Sequence[Numbered] = field(default_factory=list[Numbered])
    printed: Sequence[Numbered] = field(default_factory=list[Numbered])

    def of(self, kind: type[Kind]) -> list[Kind]:
        """Return its records of one kind, oldest first."""
        return [record for _, record in self.records if isinstance(record, kind)]

    @property
    def voids(self) -> Mapping[Seq, Voided]:
        """What says of entries that they count no more, by entry; what was weighed or scanned for one goes with it."""
        known = dict(self.records)
        voids = ((seq, each) for seq, each in self.records if isinstance(each, VoidRecord))
        found = {each.concerns.seq: Voided(seq, each, _persons(known.get(Seq(seq - 1)), each)) for seq, each in voids}
        return found | {told.seq: found[seq] for seq in found if (told := _observed(known.get(seq)))}

    @property
    def amendments(self) -> Mapping[Seq, Sequence[tuple[Seq, AmendmentRecord]]]:
        """What entries should have said, by entry, oldest first; an amendment that was made void is none."""
        found: dict[Seq, list[tuple[Seq, AmendmentRecord]]] = {}
        for seq, each in self.records:
            if isinstance(each, AmendmentRecord) and seq not in self.voids:
                found.setdefault(each.concerns.seq, []).append((seq, each))
        return found

    @property
    def reviewed(self) -> Mapping[Seq, Sequence[Seq]]:
        """The amendments and voids that each review takes in: those since the signature or the review before it."""
        found, since = dict[Seq, Sequence[Seq]](), list[Seq]()
        for seq, each in self.records:
            if isinstance(each, AmendmentRecord | VoidRecord):
                since.append(seq)
            elif isinstance(each, SignatureRecord | ReviewRecord):
                found |= {seq: since} if isinstance(each, ReviewRecord) else {}
                since = []
        return found

    @property
    def outdated_review(self) -> Seq | None:
        """The newest review, where it approved what was corrected since."""
        reviews = [(seq, each) for seq, each in self.records if isinstance(each, ReviewRecord)]
        if not reviews or reviews[-1][1].decision != "approved":
            return None
        corrections = [seq for seq, each in self.records if isinstance(each, AmendmentRecord | VoidRecord)]
        return reviews[-1][0] if corrections and corrections[-1] > reviews[-1][0] else None

    def before(self, entry: Seq) -> "Dossier":
        """Return its readings and records as they stood when `entry` was made."""
        readings = [each for each in self.readings if each.seq and each.seq < entry]
        return replace(self, readings=readings, records=[each for each in self.records if each[0] < entry])

    @property
    def digest(self) -> str:
        """SHA-256 over the digests of all its entries, in hex: another one as soon as anything is put on record."""
        return sha256(b"".join(proof.digest for proof in self.proofs.values())).hexdigest()

    @property
    def entries(self) -> list[Numbered]:
        """Everything that stands, its readings too, in the order of the journal."""
        measured: list[Numbered] = [(each.seq, each.record) for each in self.readings if each.seq and each.record]
        return sorted([*measured, *self.records], key=itemgetter(0))


def check_seen(found: Dossier, seen: str | None) -> None:
    """Raise ChangedSince where a dossier is no more what was shown to who signs: `seen` is its digest then."""
    if seen not in (None, found.digest):
        raise ChangedSince(f"screening {found.screening} changed after it was shown; look through it again and sign")


def _persons(approval: Record | None, void: VoidRecord) -> Sequence[str]:
    if isinstance(approval, ApprovalRecord):
        return [each.operator for each in approval.persons]
    return [void.operator] if void.operator else []


def _observed(record: Record | None) -> Concerned | None:
    return record.observed if isinstance(record, WeightRecord | NumberRead) else None


def keep_record(session: Session, screening: ScreeningId, seq: Seq, record: Record) -> None:
    """Keep what was put on record as entry `seq` about a screening."""
    session.add(CaseRecord(seq=seq, screening=screening, record=record.to_bytes()))


def records_of(session: Session, screening: ScreeningId) -> list[Numbered]:
    """Return what was put on record about a screening, oldest first; its readings stand in their own table."""
    rows = select(CaseRecord).where(CaseRecord.screening == screening).order_by(col(CaseRecord.seq))
    return [(Seq(row.seq), parse_record(row.record)) for row in session.exec(rows)]


def standing(session: Session, screening: ScreeningId) -> list[Numbered]:
    """Return what was put on record about a screening and not taken back, oldest first."""
    return _apart(records_of(session, screening))[0]


def dossier(session: Session, encounter: Screening) -> Dossier:
    """Return all that is on record about a screening; a reading that runs is there as it stands in its row."""
    screening = ScreeningId(encounter.id)
    kept = records_of(session, screening)
    printed = [each for each in kept if isinstance(each[1], PrintRecord)]
    records, undone = _apart([each for each in kept if each not in printed])
    exhibits = select(Exhibit).where(Exhibit.screening == screening).order_by(col(Exhibit.number))
    readings = select(Reading).where(Reading.screening == screening).order_by(col(Reading.number))
    measured = [reading_view(session, row, None) for row in session.exec(readings)]
    seqs = [seq for seq, _ in (*records, *undone)] + [reading.seq for reading in measured if reading.seq]
    return Dossier(
        screening=screening,
        subject_kind=encounter.subject_kind,
        operator=encounter.operator,
        training=encounter.training,
        readings=measured,
        exhibits=[_exhibit(row, records) for row in session.exec(exhibits)],
        records=records,
        undone=undone,
        printed=printed,
        proofs=_proofs(session, seqs),
    )


def _proofs(session: Session, seqs: Iterable[Seq]) -> dict[Seq, Proof]:
    entries = select(JournalEntry.seq, JournalEntry.digest, OutboxEntry.log_index)
    entries = entries.join(OutboxEntry, col(OutboxEntry.seq) == col(JournalEntry.seq), isouter=True)
    entries = entries.where(col(JournalEntry.seq).in_(list(seqs))).order_by(col(JournalEntry.seq))
    return {Seq(seq): Proof(digest, index) for seq, digest, index in session.exec(entries)}


def _apart(records: Sequence[Numbered]) -> tuple[list[Numbered], list[Numbered]]:
    """Return what stands, and what was taken back."""
    back = {record.concerns.seq for _, record in records if isinstance(record, UndoRecord)}
    undone = [each for each in records if each[0] in back or isinstance(each[1], UndoRecord)]
    return [each for each in records if each not in undone], undone


def _exhibit(row: Exhibit, records: Sequence[Numbered]) -> ExhibitFile:
    own = [each for each in records if isinstance(each[1], _OF_EXHIBITS) and each[1].exhibit == row.id]
    voided = {record.concerns.seq for _, record in records if isinstance(record, VoidRecord)}
    amended, reports = _amended(records, voided), open_reports(row.id, records, voided)
    return ExhibitFile(row.id, row.number, row.seal_number, row.holder, own, amended, voided, reports)


def _amended(records: Sequence[Numbered], voided: Collection[Seq]) -> dict[Seq, dict[str, str]]:
    """Return what entries should have said, by field; the newest amendment that was not voided tells."""
    found: dict[Seq, dict[str, str]] = {}
    for seq, record in records:
        if isinstance(record, AmendmentRecord) and seq not in voided:
            found.setdefault(record.concerns.seq, {}).update({each.field: each.should_be for each in record.changes})
    return found
