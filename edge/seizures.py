"""The end of a seizure: witnesses, references, its signature and its review; before that, what is taken back."""

from sqlmodel import Session

from edge.case_records import CaseRecords, check_unsigned, concerned
from edge.consent import STEPS, done, is_outdated, is_unasked, witnesses
from edge.database import Database
from edge.dossier import CHANGING, Dossier, check_seen, dossier
from edge.encounters import encounter
from edge.errors import BadCasework, NotAllowed
from edge.recorder import Recorder
from edge.tables import CaseState, Exhibit
from edge.undoing import check_undo
from edge.views import OperatorView
from sync.contract.casework import (
    Concerned,
    ExhibitCore,
    PhotoRecord,
    SealCore,
    SigningMethod,
    WeightCore,
)
from sync.contract.ids import ScreeningId, Seq
from sync.contract.openings import OpeningRecord
from sync.contract.seizure import (
    MissingPart,
    ReferenceKind,
    ReferenceRecord,
    ReviewRecord,
    SignatureRecord,
    UndoRecord,
    WitnessRecord,
    WitnessRole,
)


class Seizures:
    """What a seizure takes beyond its exhibits.

    Every method raises BadCasework for what does not fit, NotAllowed for what is another's, SealError.
    """

    def __init__(self, database: Database, recorder: Recorder) -> None:
        self._database = database
        self._records = CaseRecords(recorder)

    def witness(
        self,
        operator: OperatorView,
        screening: ScreeningId,
        role: WitnessRole,
        stance: str,
        reference: str | None = None,
    ) -> Seq:
        """Record who stood beside the seizure and whether they agreed, or that nobody of that role was there.

        It is about what is done by then, as they saw it: raises BadCasework where nothing is.
        """
        with self._database.write() as session:
            found = dossier(session, encounter(session, operator, screening))
            check_unsigned(session, screening)
            if stance != "absent" and not done(found):
                raise BadCasework(
                    f"nothing of screening {screening} is weighed, photographed or sealed; do that, then put down who"
                    " stood beside it"
                )
            what = {"role": role, "stance": stance, "reference": reference}
            return self._records.put(session, operator, WitnessRecord, screening=screening, **what)

    def refer(self, operator: OperatorView, screening: ScreeningId, kind: ReferenceKind, number: str) -> Seq:
        """Record a number under which others know the case."""
        with self._database.write() as session:
            encounter(session, operator, screening)
            check_unsigned(session, screening)
            return self._records.put(session, operator, ReferenceRecord, screening=screening, kind=kind, number=number)

    def undo(self, operator: OperatorView, screening: ScreeningId, seq: Seq) -> Seq:
        """Take back what the operator put on record about an unsigned seizure; an exhibit goes last."""
        with self._database.write() as session:
            found = dossier(session, encounter(session, operator, screening))
            check_unsigned(session, screening)
            record = check_undo(found, operator, seq)
            if isinstance(record, ExhibitCore):
                session.delete(session.get_one(Exhibit, record.exhibit))
            return self._records.put(
                session, operator, UndoRecord, screening=screening, concerns=concerned(session, seq)
            )

    def sign(
        self, operator: OperatorView, screening: ScreeningId, method: SigningMethod, seen: str | None = None
    ) -> Seq:
        """Sign everything that is on record of a seizure, what was taken back too, and say what it lacks.

        One that a review returned is signed again, with what was amended since, as is one beside which something was
        measured since; it waits for a review again. `seen` is the digest of the dossier that was shown to who signs;
        raises ChangedSince where it is another one now.
        """
        with self._database.write() as session:
            found = dossier(session, encounter(session, operator, screening))
            check_seen(found, seen)
            if not found.unsigned and not _is_returned(session, screening):
                check_unsigned(session, screening)
            if not found.exhibits:
                raise BadCasework(f"screening {screening} has no exhibit; there is nothing to sign")
            made = self._records.put(
                session,
                operator,
                SignatureRecord,
                screening=screening,
                name=operator.name,
                role=operator.role,
                method=method,
                concerns=[Concerned(seq=seq, digest=proof.digest) for seq, proof in found.proofs.items()],
                missing=missing(found),
            )
            session.merge(CaseState(screening=screening, signature=made, decision=None))
        return made

    def review(
        self, operator: OperatorView, screening: ScreeningId, decision: str, reason: str = "", seen: str | None = None
    ) -> Seq:
        """Approve a signed seizure, or return it with a reason; nobody reviews what they signed themselves.

        What was measured after the signature is signed before it is approved.

        `seen` is as for `sign`.
        """
        with self._database.write() as session:
            found = dossier(session, encounter(session, operator, screening))
            state = session.get(CaseState, screening)
            if state is None or state.signature is None:
                raise BadCasework(f"screening {screening} has no signed seizure; there is nothing to review")
            if is_signer(found, operator):
                raise NotAllowed(f"review: {operator.name} signed it; somebody else reviews it")
            check_seen(found, seen)
            if decision == "approved" and found.unsigned:
                raise BadCasework(
                    f"entry {found.unsigned[0]} of screening {screening} was measured after the signature;"
                    " sign the seizure again, then approve it"
                )
            if decision == "approved" and is_party(found, operator):
                raise NotAllowed(
                    f"review: {operator.name} measured, weighed, photographed, opened, closed, amended or voided"
                    " something of it since it was signed, or reported another seal on a bag of it;"
                    " somebody else approves it"
                )
            if decision == "returned" and not reason:
                raise BadCasework("a seizure that is returned takes a reason")
            what = {"decision": decision, "reason": reason, "concerns": concerned(session, state.signature)}
            made = self._records.put(session, operator, ReviewRecord, screening=screening, **what)
            session.merge(CaseState(screening=screening, signature=state.signature, decision=decision))
        return made


def _is_returned(session: Session, screening: ScreeningId) -> bool:
    state = session.get(CaseState, screening)
    return state is not None and state.decision == "returned"


def is_signer(found: Dossier, operator: OperatorView) -> bool:
    """Tell whether they signed a seizure, so that somebody else reviews it."""
    return any(each.operator == operator.id for each in found.of(SignatureRecord))


def is_party(found: Dossier, operator: OperatorView) -> bool:
    """Tell whether who may review a seizure approves it not: they changed it, or had a hand in a seal that is another.

    Who changed it since it was signed, or since somebody else approved it, judges their own work.
    """
    reported = any(operator.id in report.parties for exhibit in found.exhibits for report in exhibit.reports)
    return reported or operator.id in _changers(found)


def _changers(found: Dossier) -> set[str | None]:
    """Return who changed what was signed, by id, where nobody else signed or approved it since."""
    by = set[str | None]()
    for _, each in found.entries:
        approves = isinstance(each, ReviewRecord) and each.decision == "approved" and each.operator not in by
        if isinstance(each, SignatureRecord) or approves:
            by.clear()
        elif isinstance(each, (*CHANGING, WeightCore, PhotoRecord, OpeningRecord, SealCore)):
            by.add(each.operator)
    return by


def missing(found: Dossier) -> list[MissingPart]:
    """Return what a whole seizure has and this one has not: a bag that lies open has no seal.

    An answer from before the last step is none, nor is a void one. Where a person is searched, nobody else's answer
    stands for theirs.
    """
    parts = [
        MissingPart(exhibit=exhibit.id, step=step)
        for exhibit in found.exhibits
        for step, kind in STEPS.items()
        if not exhibit.stood(kind) or (step == "seal" and not exhibit.seal_number)
    ]
    witnessed = witnesses(found) and not is_outdated(found) and not is_unasked(found)
    return parts if witnessed else [*parts, MissingPart(exhibit=None, step="witnesses")]
