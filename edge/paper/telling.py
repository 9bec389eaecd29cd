"""One record of a dossier in words: title, when, by whom, what it says. A kind that is not here is not printed."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from edge.dossier import Dossier
from edge.paper.correction_words import tell_amendment, tell_approval, tell_review, tell_undo, tell_void
from edge.paper.exhibit_words import tell_exhibit, tell_photo, tell_seal, tell_seal_check, tell_weight
from edge.paper.inspection_words import tell_inspection, tell_papers, tell_subject
from edge.paper.observation_words import tell_comparison, tell_observation, tell_second
from edge.paper.seizure_words import tell_reference, tell_signature, tell_witness
from edge.paper.sheet import Block, Line
from edge.paper.teller import Teller
from edge.paper.transfer_words import tell_transfer
from sync.contract.approval import ApprovalRecord
from sync.contract.attachment import AttachmentPart
from sync.contract.casework import (
    AmendmentRecord,
    ExhibitCore,
    GivenTransfer,
    PhotoRecord,
    SealCheckCore,
    SealCore,
    SignedTransfer,
    TransferCore,
    VoidRecord,
    WeightCore,
)
from sync.contract.comparison import ComparisonCore
from sync.contract.ids import Seq
from sync.contract.observations import ObservationCore, SecondTechniqueRecord
from sync.contract.papers import PapersRecord
from sync.contract.record import Record
from sync.contract.seizure import ReferenceRecord, ReviewRecord, SignatureRecord, UndoRecord, WitnessRecord
from sync.contract.subject import InspectionRecord, SubjectRecord

CORRECTIONS = (AmendmentRecord, ApprovalRecord, VoidRecord)


def block_of(teller: Teller, seq: Seq, record: Record) -> Block | None:
    """Return what paper says of a record; None for a kind that it does not know."""
    tell = next((told for kind, told in TOLD.items() if isinstance(record, kind)), None)
    if tell is None:
        return None
    title, *lines = tell(teller, record)
    lines += [*teller.missing(seq), *teller.uncovered(seq), *teller.takes_in(seq)]
    lines += [teller.corrected(*each) for each in teller.amended.get(seq, ())]
    return Block(title.name, teller.signed(record), lines, teller.void(seq), list(pictures_of(seq, record)))


def corrections_of(teller: Teller, dossier: Dossier) -> list[Block]:
    """Return what was amended or voided, with both texts."""
    told = [block_of(teller, seq, each) for seq, each in dossier.records if isinstance(each, CORRECTIONS)]
    return [each for each in told if each]


def pictures_of(seq: Seq, record: Record) -> dict[str, AttachmentPart]:
    """Return the pictures of an entry by what a page calls them: a photograph, or signatures that were drawn."""
    given = record.given_drawn if isinstance(record, GivenTransfer) else None
    taken = record.photo if isinstance(record, PhotoRecord) else None
    drawn = record.drawn if isinstance(record, SignedTransfer) else None
    named = {f"entry-{seq}-giver": given, f"entry-{seq}": taken or drawn}
    return {name: part for name, part in named.items() if part}


Tell = Callable[[Teller, Any], Iterator[Line]]
TOLD: Mapping[type[Record], Tell] = {
    ExhibitCore: tell_exhibit,
    WeightCore: tell_weight,
    PhotoRecord: tell_photo,
    SealCore: tell_seal,
    SealCheckCore: tell_seal_check,
    TransferCore: tell_transfer,
    VoidRecord: tell_void,
    AmendmentRecord: tell_amendment,
    ApprovalRecord: tell_approval,
    ObservationCore: tell_observation,
    SecondTechniqueRecord: tell_second,
    SubjectRecord: tell_subject,
    InspectionRecord: tell_inspection,
    PapersRecord: tell_papers,
    ComparisonCore: tell_comparison,
    WitnessRecord: tell_witness,
    ReferenceRecord: tell_reference,
    SignatureRecord: tell_signature,
    UndoRecord: tell_undo,
    ReviewRecord: tell_review,
}
"""How each kind is told: first a line whose name is the title, then what it says."""
