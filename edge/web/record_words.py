"""Each record of a seizure in one line: its name and its content."""

from collections.abc import Callable, Mapping
from typing import Any

from edge.dossier import Dossier
from edge.observation_records import code_text
from edge.web import forms
from edge.web.case_words import REFERENCES, reason
from edge.web.comparing import accepted_words
from edge.web.exhibit_words import described
from edge.web.hand_words import hands
from edge.web.seal_words import handed, other_seal, seal
from edge.web.sights import place
from edge.web.subject_words import SEEN
from edge.web.translations import Language
from edge.web.translations import mark as _
from edge.web.weight_words import weight
from edge.web.witness_words import WITNESSES, witness
from edge.web.words import CONCLUSIONS, ROLES
from sync.contract.approval import ApprovalRecord
from sync.contract.casework import (
    AmendmentRecord,
    ExhibitCore,
    PhotoRecord,
    SealCheckCore,
    SealCore,
    TransferCore,
    VoidRecord,
    WeightCore,
)
from sync.contract.comparison import ComparisonCore
from sync.contract.ids import Seq
from sync.contract.observations import ObservationCore, SecondTechniqueRecord
from sync.contract.record import Record
from sync.contract.records import ScreeningRecord
from sync.contract.seizure import ReferenceRecord, ReviewRecord, SignatureRecord, WitnessRecord
from sync.contract.subject import InspectionRecord, SubjectRecord

DECISIONS: Mapping[str, str] = {
    "approved": _("Approved"),
    "returned": _("Returned"),
    "corrected": _("Review again"),
}


def observed(language: Language, record: ObservationCore) -> str:
    """Return what an instrument measured."""
    if record.weight:
        return f"{record.weight.value}{forms.SPACE}{record.weight.unit}"
    if record.position:
        return place(language, record.position)
    return code_text(record.code) if record.code else ""


def approvers(language: Language, record: ApprovalRecord) -> str:
    """Return what the two who approved an act are here."""
    return ", ".join(language.say(ROLES[each.role]) if each.role in ROLES else each.role for each in record.persons)


def said(language: Language, record: Record) -> tuple[str, str]:
    """Return the name and the content of a record of a seizure, in one line each."""
    say = language.say

    def why(it: ReviewRecord | AmendmentRecord | VoidRecord) -> str:
        return reason(language, it.reason)

    lines: dict[type[Record], Callable[[Any], tuple[str, str]]] = {
        ScreeningRecord: lambda it: (say("Reading"), say(CONCLUSIONS[it.conclusion])),
        SubjectRecord: lambda it: (say("What is screened?"), ", ".join(each.text for each in it.numbers)),
        InspectionRecord: lambda it: (say("Seen by the officer"), say(SEEN[it.seen])),
        SecondTechniqueRecord: lambda it: (say("Another technique"), it.instrument),
        ObservationCore: lambda it: (say("Told by an instrument"), observed(language, it)),
        ExhibitCore: lambda it: (say("Exhibit %(number)s", number=it.number), described(language, it, it)),
        WeightCore: lambda it: (say("Weight"), weight(language, it)),
        PhotoRecord: lambda it: (say("Photograph"), forms.digest(it.photo.digest.hex()[:16])),
        SealCore: lambda it: (say("Seal") if it.action == "applied" else say("Seal broken"), seal(language, it)),
        SealCheckCore: lambda it: (say("Another seal on the bag"), other_seal(language, it)),
        TransferCore: lambda it: (say("Hand-over"), f"{hands(language, it)} · {handed(language, it)}"),
        ComparisonCore: lambda it: (say("Comparison of readings"), accepted_words(language, it)),
        WitnessRecord: lambda it: (say("Witness"), witness(language, it)),
        ReferenceRecord: lambda it: (say(REFERENCES[it.kind]), it.number),
        SignatureRecord: lambda it: (say("Signature"), it.name),
        ReviewRecord: lambda it: (say(DECISIONS[it.decision]), why(it)),
        AmendmentRecord: lambda it: (say("Amendment of entry %(seq)s", seq=it.concerns.seq), why(it)),
        VoidRecord: lambda it: (say("Entry %(seq)s is void", seq=it.concerns.seq), why(it)),
        ApprovalRecord: lambda it: (say("Two persons approved it"), approvers(language, it)),
    }
    line = next((line for kind, line in lines.items() if isinstance(record, kind)), None)
    return line(record) if line else (record.schema_name, "")


def undone(language: Language, dossier: Dossier, seq: Seq, record: Record) -> str:
    """Return what an undo takes back, in a word or two: of who stood beside it, who; of several exhibits, which."""
    if isinstance(record, WitnessRecord):
        return language.say(WITNESSES[record.role])
    name = said(language, record)[0]
    number = next((each.number for each in dossier.exhibits if seq in dict(each.records)), None)
    if number is None or len(dossier.exhibits) == 1 or isinstance(record, ExhibitCore):
        return name
    return language.say("%(what)s, exhibit %(number)s", what=name, number=number)
