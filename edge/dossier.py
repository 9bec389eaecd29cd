"""All that is on record about a screening, in the order of the journal: what screens list and paper prints."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from hashlib import sha256
from operator import itemgetter
from typing import Literal, NamedTuple

from sqlmodel import Session, col, select

from edge.errors import ChangedSince
from edge.exhibit_file import ExhibitFile, Kind, files
from edge.reading_views import reading_view
from edge.standing import Numbered, Standing
from edge.tables import CaseRecord, Operator, Reading, Screening
from edge.views import ReadingView
from sync.contract.approval import ApprovalRecord
from sync.contract.casework import AmendmentRecord, Concerned, ExhibitCore, NumberRead, VoidRecord, WeightRecord
from sync.contract.ids import ScreeningId, Seq
from sync.contract.observations import SecondTechniqueRecord
from sync.contract.printing import PrintRecord
from sync.contract.record import Record
from sync.contract.records import ScreeningCore, parse_record
from sync.contract.seizure import ReviewRecord, SignatureRecord
from sync.journal import JournalEntry
from sync.outbox import OutboxEntry

MEASURED = (ScreeningCore, SecondTechniqueRecord)
"""What a screening comes to follows from these."""
CHANGING = (*MEASURED, AmendmentRecord, VoidRecord)
"""After these, what was approved is another thing."""


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


class Sampled(NamedTuple):
    """The number of an exhibit, and why it is none any more."""

    number: int
    gone: Literal["", "void", "undone"]


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
        """The newest review, where it approved what was corrected, or measured beside, since."""
        reviews = [(seq, each) for seq, each in self.records if isinstance(each, ReviewRecord)]
        if not reviews or reviews[-1][1].decision != "approved":
            return None
        changes = [seq for seq, each in self.entries if isinstance(each, CHANGING)]
        return reviews[-1][0] if changes and changes[-1] > reviews[-1][0] else None

    @property
    def unsigned(self) -> Sequence[Seq]:
        """What was measured since the newest signature and counts: nobody signed it. None of a seizure without one."""
        signed = [seq for seq, each in self.records if isinstance(each, SignatureRecord)][-1:]
        since = [(seq, each) for at in signed for seq, each in self.entries if seq > at]
        return [seq for seq, each in since if isinstance(each, MEASURED) and seq not in self.voids]

    def exhibit_of(self, told: ReadingView | SecondTechniqueRecord) -> int | None:
        """Return the number of the exhibit that a reading or a file is of; one taken back or made void is none."""
        made = [(seq, it) for seq, it in self.records if isinstance(it, ExhibitCore) and it.exhibit == told.exhibit]
        return next((it.number for seq, it in made if seq not in self.voids), None)

    @property
    def sampled(self) -> Mapping[Seq, Sampled]:
        """The exhibits that readings and files were of when made, by entry; what was of none is not there."""
        files = [(seq, each) for seq, each in self.records if isinstance(each, SecondTechniqueRecord)]
        told = [*((each.seq, each) for each in self.readings if each.seq), *files]
        made = {it.exhibit: Sampled(it.number, "undone") for _, it in self.undone if isinstance(it, ExhibitCore)}
        for seq, it in self.records:
            if isinstance(it, ExhibitCore):
                made[it.exhibit] = Sampled(it.number, "void" if seq in self.voids else "")
        return {seq: made[each.exhibit] for seq, each in told if each.exhibit in made}

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


def exhibit_files(session: Session, screening: ScreeningId) -> list[ExhibitFile]:
    """Return the exhibits of a screening by their numbers."""
    return files(Standing.of(records_of(session, screening)), _names(session))


def dossier(session: Session, encounter: Screening) -> Dossier:
    """Return all that is on record about a screening; a reading that runs is there as it stands in its row."""
    screening = ScreeningId(encounter.id)
    kept = records_of(session, screening)
    told = [each for each in kept if not isinstance(each[1], PrintRecord)]
    standing = Standing.of(told)
    readings = select(Reading).where(Reading.screening == screening).order_by(col(Reading.number))
    measured = [reading_view(session, row, None) for row in session.exec(readings)]
    seqs = [seq for seq, _ in told] + [reading.seq for reading in measured if reading.seq]
    return Dossier(
        screening=screening,
        subject_kind=encounter.subject_kind,
        operator=encounter.operator,
        training=encounter.training,
        readings=measured,
        exhibits=files(standing, _names(session)),
        records=standing.records,
        undone=standing.undone,
        printed=[each for each in kept if isinstance(each[1], PrintRecord)],
        proofs=_proofs(session, seqs),
    )


def _proofs(session: Session, seqs: Iterable[Seq]) -> dict[Seq, Proof]:
    entries = select(JournalEntry.seq, JournalEntry.digest, OutboxEntry.log_index)
    entries = entries.join(OutboxEntry, col(OutboxEntry.seq) == col(JournalEntry.seq), isouter=True)
    entries = entries.where(col(JournalEntry.seq).in_(list(seqs))).order_by(col(JournalEntry.seq))
    return {Seq(seq): Proof(digest, index) for seq, digest, index in session.exec(entries)}


def _names(session: Session) -> dict[str, str]:
    """Return the names of everybody there ever was, by id."""
    return dict(session.exec(select(Operator.id, Operator.name)).all())
