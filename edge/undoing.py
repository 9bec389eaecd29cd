"""What its maker may take back of a seizure that is not signed: what was done last with each exhibit goes first."""

from edge.dossier import Dossier
from edge.errors import BadCasework, NotAllowed
from edge.views import OperatorView
from sync.contract.casework import ExhibitCore, PhotoRecord, SealCore, TransferCore, WeightCore
from sync.contract.ids import Seq
from sync.contract.record import Record
from sync.contract.seizure import ReferenceRecord, WitnessRecord

UNDOABLE = (ExhibitCore, WeightCore, PhotoRecord, SealCore, WitnessRecord, ReferenceRecord)


def undoable(found: Dossier, operator: OperatorView) -> tuple[Seq, Record] | None:
    """Return what was put on record last of all that is ever taken back, where this person may take it back now."""
    counting = (each for each in reversed(found.records) if each[0] not in found.voids)
    newest = next((each for each in counting if isinstance(each[1], UNDOABLE)), None)
    try:
        return (newest[0], check_undo(found, operator, newest[0])) if newest else None
    except (BadCasework, NotAllowed):
        return None


def check_undo(found: Dossier, operator: OperatorView, seq: Seq) -> Record:
    """Return what entry `seq` put on record; raises BadCasework, NotAllowed unless it can be taken back now."""
    record = dict(found.records).get(seq)
    if not isinstance(record, UNDOABLE):
        raise BadCasework(f"entry {seq} is nothing of this seizure that can be taken back")
    if record.operator != operator.id:
        raise NotAllowed(f"undo: entry {seq} was made by {record.operator}; its maker takes it back")
    if seq in found.voids:
        raise BadCasework(f"entry {seq} was voided by entry {found.voids[seq].seq}; it counts no more as it is")
    file = next((each for each in found.exhibits if seq in dict(each.records)), None)
    if file and isinstance(record, ExhibitCore) and len(file.counting(Record)) > 1:
        raise BadCasework(f"exhibit {file.number} was weighed, photographed or sealed; take that back first")
    if file and isinstance(record, SealCore) and any(at > seq for at, _ in file.counting(TransferCore)):
        raise BadCasework(f"exhibit {file.number} was handed over under this seal; what was handed over stays closed")
    closed = file.custody.closed if file else None
    if file and isinstance(record, SealCore) and not (closed and closed[0] == seq):
        number = file.stated(seq, record)[0].seal_number
        raise BadCasework(f"seal {number} does not close exhibit {file.number} now")
    return record
