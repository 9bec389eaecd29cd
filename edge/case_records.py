"""The one way in which casework goes on record: by who may, about which screening, kept for screens and paper."""

from collections.abc import Mapping

from sqlmodel import Session, select

from edge.amended import review_again
from edge.dossier import keep_record
from edge.encounters import check_act
from edge.errors import BadCasework
from edge.permissions import Action
from edge.recorder import Recorder
from edge.settling import settle
from edge.tables import CaseRecord, CaseState, Exhibit, Reading
from edge.views import OperatorView
from sync.attachment_store import SealedAttachment
from sync.contract.casework import (
    AmendmentRecord,
    Concerned,
    ExhibitRecord,
    PhotoRecord,
    SealCheckRecord,
    SealRecord,
    TransferRecord,
    VoidRecord,
    WeightRecord,
)
from sync.contract.comparison import ComparisonRecord
from sync.contract.ids import ScreeningId, Seq
from sync.contract.observations import ObservationRecord, SecondTechniqueRecord
from sync.contract.papers import PapersRecord
from sync.contract.record import Record
from sync.contract.seizure import ReferenceRecord, ReviewRecord, SignatureRecord, UndoRecord, WitnessRecord
from sync.contract.subject import InspectionRecord, SubjectRecord
from sync.errors import Malformed
from sync.journal import JournalEntry

OfExhibit = WeightRecord | PhotoRecord | SealRecord | SealCheckRecord | TransferRecord
OfScreening = (
    ExhibitRecord
    | WitnessRecord
    | ReferenceRecord
    | SignatureRecord
    | UndoRecord
    | ReviewRecord
    | SubjectRecord
    | InspectionRecord
    | PapersRecord
    | ComparisonRecord
)
OfEntry = VoidRecord | AmendmentRecord

_MOVES = (SealRecord, TransferRecord, VoidRecord, AmendmentRecord, UndoRecord)
"""What moves where an exhibit stands."""

NO_BREAK = "\N{NO-BREAK SPACE}"
"""What stands between a number and its unit in words of this station's own."""

_ACTS: Mapping[type[Record], Action] = {
    SealCheckRecord: "transfer",
    TransferRecord: "transfer",
    VoidRecord: "void",
    ReviewRecord: "review",
}


class CaseRecords:
    """Puts casework on record in the caller's transaction."""

    def __init__(self, recorder: Recorder) -> None:
        self._recorder = recorder

    def put(
        self,
        session: Session,
        operator: OperatorView,
        kind: type[OfExhibit | OfScreening | OfEntry],
        /,
        *attached: SealedAttachment,
        **fields: object,
    ) -> Seq:
        """Return the entry of the new record; raises NotAllowed, SealError, BadCasework for fields that do not fit."""
        check_act(operator, _ACTS.get(kind, "casework"))
        check_letters(**fields)
        header = self._recorder.header(operator.id)
        try:
            record = kind.from_value({**vars(header), "schema": kind.SCHEMA, **fields})
        except Malformed as error:
            raise BadCasework(str(error)) from error
        seq = self._recorder.record(session, record, attached, training=operator.training)
        screening = _screening_of(session, record)
        if screening:
            keep_record(session, screening, seq, record)
        if screening and isinstance(record, _MOVES):
            settle(session, screening)
        return seq

    def told(
        self,
        session: Session,
        operator: OperatorView,
        record: ObservationRecord | SecondTechniqueRecord,
        act: Action = "casework",
    ) -> Seq:
        """Return the entry of what an instrument told for an act; its session's bytes stay in the sealed one alone.

        A second technique changes what was approved.
        """
        check_act(operator, act)
        seq = self._recorder.record(session, record, training=operator.training)
        shown = record.model_copy(update={"transcript": b""}) if isinstance(record, ObservationRecord) else record
        keep_record(session, record.screening, seq, shown)
        if isinstance(record, SecondTechniqueRecord):
            review_again(session, record.screening)
        return seq


def check_letters(**fields: object) -> None:
    """Raise BadCasework for words with a letter that shows nothing or turns those about it, as U+202E does."""
    for name, said in fields.items():
        hidden = (
            [each for each in said if not (each.isprintable() or each == NO_BREAK)] if isinstance(said, str) else []
        )
        if hidden:
            raise BadCasework(f"the {name} holds U+{ord(hidden[0]):04X}, which nobody sees; write it in letters alone")


def check_unsigned(session: Session, screening: ScreeningId) -> None:
    """Raise BadCasework where the seizure is signed."""
    state = session.get(CaseState, screening)
    if state and state.signature:
        raise BadCasework(f"the seizure is signed (entry {state.signature}); amend it, or begin another screening")


def concerned(session: Session, seq: int) -> Concerned:
    """Return how another record names entry `seq`; raises BadCasework where the journal has none."""
    entry = session.get(JournalEntry, seq)
    if entry is None:
        raise BadCasework(f"the journal has no entry {seq}")
    return Concerned(seq=Seq(seq), digest=entry.digest)


def _screening_of(session: Session, record: OfExhibit | OfScreening | OfEntry) -> ScreeningId | None:
    """Return the screening that a record is about; a correction of what is about none is about none."""
    if isinstance(record, OfScreening):
        return record.screening
    if isinstance(record, OfExhibit):
        return ScreeningId(session.exec(select(Exhibit.screening).where(Exhibit.id == record.exhibit)).one())
    return screening_at(session, record.concerns.seq)


def screening_at(session: Session, seq: Seq) -> ScreeningId | None:
    """Return the screening that an entry is about, or None where it is about none."""
    of_case = select(CaseRecord.screening).where(CaseRecord.seq == seq)
    of_reading = select(Reading.screening).where(Reading.seq == seq)
    found = session.exec(of_case).first() or session.exec(of_reading).first()
    return ScreeningId(found) if found else None
