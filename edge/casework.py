"""Casework: exhibits, their weights, photographs, seals and hands; what is voided or amended. Each step is a record.

Nothing here changes a record. Rows beside the journal only remember where an exhibit stands.
"""

import secrets
from collections.abc import Mapping, Sequence
from typing import Literal

from sqlmodel import Session, col, func, select

from edge.amended import check, check_number, review_again
from edge.approvals import Approval
from edge.case_records import CaseRecords, check_letters, check_unsigned, concerned, screening_at
from edge.database import Database
from edge.dossier import Dossier, check_seen, dossier, exhibit_files, keep_record, records_of
from edge.encounters import encounter
from edge.errors import BadCasework, UnknownCase
from edge.exhibit_file import ExhibitFile
from edge.hands import Given, Offers, check_giver, check_opener
from edge.observation_records import observation
from edge.permissions import Action
from edge.pictures import media_of
from edge.png import require_png
from edge.recorder import Recorder
from edge.records import approval_record
from edge.scanning import Scanned
from edge.seals import require_apart, require_number, require_unused, same, says
from edge.standing import Standing
from edge.subject_records import seal_number
from edge.tables import CaseRecord, CaseState, Correction, Exhibit, Screening
from edge.views import OperatorView
from edge.weighing import Kind, Weighed
from edge.weights import same_weight, weight_fields
from sync import attachment_store
from sync.attachments import seal_attachment
from sync.contract.acts import void_subject
from sync.contract.approval import ApprovalRecord
from sync.contract.attachment import AttachmentPart
from sync.contract.casework import (
    AmendmentRecord,
    Category,
    ChangePart,
    Concerned,
    ExhibitRecord,
    Occasion,
    Packing,
    PhotoRecord,
    SealCheckRecord,
    SealRecord,
    TransferRecord,
    VoidRecord,
    WeightRecord,
    WeightUnit,
)
from sync.contract.ids import OperatorId, ScreeningId, Seq
from sync.contract.observations import ObservationRecord
from sync.contract.records import parse_record

Weight = tuple[str, WeightUnit]
"""The digits as the scale or the person gave them, and their unit."""


class Casework:
    """What officers put on record about things.

    Every method raises BadCasework for what does not fit, NotAllowed for what is another role's, SealError.
    """

    def __init__(self, database: Database, recorder: Recorder) -> None:
        self.offers = Offers()
        self._database = database
        self._recorder = recorder
        self._records = CaseRecords(recorder)

    def dossier(self, screening: ScreeningId) -> Dossier:
        """Return all that is on record about a screening; raises UnknownCase where there is none."""
        with self._database.read() as session:
            row = session.get(Screening, screening)
            if row is None:
                raise UnknownCase(f"there is no screening {screening} at this station")
            return dossier(session, row)

    def screening_at(self, seq: Seq) -> ScreeningId:
        """Return the screening that an entry is about; raises UnknownCase where it is about none."""
        with self._database.read() as session:
            found = screening_at(session, seq)
        if found is None:
            raise UnknownCase(f"entry {seq} is about no screening of this station")
        return found

    def is_void(self, seq: Seq) -> bool:
        """Tell whether an entry counts no more."""
        with self._database.read() as session:
            return _void_of(session, seq) is not None

    def picture(self, part: AttachmentPart) -> bytes | None:
        """Return the bytes of a picture that a record names, while the station keeps them; raises OpenError."""
        with self._database.read() as session:
            return attachment_store.opened(session, part)

    def screening_of(self, exhibit: str) -> ScreeningId:
        """Return the screening of an exhibit; raises UnknownCase where there is none."""
        with self._database.read() as session:
            row = session.get(Exhibit, exhibit)
        if row is None:
            raise UnknownCase(f"there is no exhibit {exhibit} at this station")
        return ScreeningId(row.screening)

    def add_exhibit(
        self,
        operator: OperatorView,
        screening: ScreeningId,
        description: str,
        category: Category | None = None,
        count: int | None = None,
        packing: Packing | None = None,
    ) -> str:
        """Make a thing the next exhibit of a screening, in the operator's hands; return its id."""
        exhibit = f"e-{secrets.token_hex(8)}"
        with self._database.write() as session:
            encounter(session, operator, screening)
            check_unsigned(session, screening)
            newest = session.exec(select(func.max(Exhibit.number)).where(col(Exhibit.screening) == screening)).one()
            row = Exhibit(id=exhibit, screening=screening, number=(newest or 0) + 1, holder=operator.name)
            session.add(row)
            session.merge(CaseState(screening=screening))
            session.flush()
            what = {"screening": screening, "number": row.number, "description": description}
            what |= {"category": category, "count": count, "packing": packing}
            self._records.put(session, operator, ExhibitRecord, exhibit=exhibit, **what)
        return exhibit

    def weigh(
        self,
        operator: OperatorView,
        exhibit: str,
        weight: Weight,
        kind: Literal["gross", "net", "tare"] = "gross",
        scale: str | None = None,
        occasion: Occasion = "found",
    ) -> Seq:
        """Record a weight; `scale` names the instrument that sent it, None says that a person typed it.

        A signed seizure takes only those around a sampling, while the bag is open.
        """
        value, unit = weight
        source = "typed" if scale is None else "scale"
        what = {"kind": kind, "value": value, "unit": unit, "source": source, "scale": scale}
        with self._database.write() as session:
            file = _exhibit(session, operator, exhibit)
            return self._weigh(session, operator, file, occasion, what)

    def weigh_on_scale(
        self, operator: OperatorView, exhibit: str, weighed: Weighed, kind: Kind = "gross", occasion: Occasion = "found"
    ) -> Seq:
        """Record what a scale told: its bytes for the screening and its digits for the exhibit, both or neither."""
        with self._database.write() as session:
            file = _exhibit(session, operator, exhibit)
            observed = observation(self._recorder.header(operator.id), file.screening, weighed, exhibit)
            what = {"kind": kind, **weight_fields(weighed.weight)}
            return self._weigh(session, operator, file, occasion, what, observed)

    def photograph(self, operator: OperatorView, exhibit: str, photo: bytes, media: str, caption: str = "") -> Seq:
        """Record a photograph by its digest and size, and keep its bytes sealed beside the record."""
        if media != media_of(photo):
            raise BadCasework(
                f"a photograph that is sent as {media} begins as {media_of(photo)}; send it as what it is"
            )
        part, body = seal_attachment(photo, "photo", media)
        with self._database.write() as session:
            _exhibit(session, operator, exhibit)
            what = {"exhibit": exhibit, "caption": caption, "photo": part}
            return self._records.put(session, operator, PhotoRecord, (part, body), **what)

    def apply_seal(
        self, operator: OperatorView, exhibit: str, seal_number: str, reason: str, scan: Scanned | None = None
    ) -> Seq:
        """Record that the exhibit's bag was closed; an exhibit has one seal at a time, and a seal one exhibit, ever.

        `scan` read the number, and goes on record in the same step; None says that a person typed it.
        """
        with self._database.write() as session:
            file = _exhibit(session, operator, exhibit)
            _require_open(file)
            require_number(seal_number)
            require_apart(seal_number, dict(records_of(session, file.screening)))
            require_unused(session, seal_number)
            observed = self._scanned(session, operator, file, scan) if scan else None
            return self._seal(session, operator, file, ("applied", seal_number, reason), observed)

    def break_seal(
        self, operator: OperatorView, exhibit: str, seal_number: str, reason: str, scan: Seq | None = None
    ) -> Seq:
        """Record that the exhibit's bag was opened by who has it; the number must be the one on record.

        `scan` is the entry of `scan_seal`; None says that a person typed it.
        """
        with self._database.write() as session:
            file, number = _sealed(session, operator, exhibit, seal_number)
            check_opener(file, operator)
            return self._seal(session, operator, file, ("broken", number, reason), scan)

    def scan_seal(self, operator: OperatorView, exhibit: str, scan: Scanned) -> Seq:
        """Record that the number on record was scanned from the exhibit's bag, before it is opened or handed over."""
        with self._database.write() as session:
            file, _ = _sealed(session, operator, exhibit, seal_number(scan.code.text))
            return self._scanned(session, operator, file, scan, "transfer")

    def report_seal(self, operator: OperatorView, exhibit: str, found: str, scan: Scanned | None = None) -> Seq:
        """Record that the exhibit's bag was found with another seal than the one on record; it is reviewed again.

        `scan` read the number, and goes on record in the same step; None says that a person typed it.
        """
        with self._database.write() as session:
            file = _exhibit(session, operator, exhibit)
            if not file.seal_number or same(file.seal_number, found):
                on_record = f"seal {found}" if file.seal_number else "no seal"
                raise BadCasework(f"exhibit {file.number} has {on_record} on record; that is no other seal")
            review_again(session, file.screening)
            observed = self._scanned(session, operator, file, scan, "transfer") if scan else None
            what = {"on_record": file.seal_number, "found": found, **_number_read(session, file, found, observed)}
            return self._records.put(session, operator, SealCheckRecord, exhibit=exhibit, **what)

    def transfer(
        self,
        operator: OperatorView,
        exhibit: str,
        receiver: str,
        reason: str,
        seal_number: str,
        accepted_by: OperatorId | None = None,
        given: Given | None = None,
        drawn: bytes | None = None,
        seen: str | None = None,
        scan: Seq | None = None,
    ) -> Seq:
        """Record that a sealed exhibit changed hands; the number read from its bag must be the one on record.

        `given` says how the giver signed, by default who is signed in by being so; `drawn` is the signature of a
        receiver who is not of this station, as a PNG. Raises ChangedSince where `seen` is no more the dossier's digest.
        `scan` is the entry of `scan_seal`; None says that a person typed the number.
        """
        given = given or Given(operator)
        signatures = {"given_drawn": given.drawn, "drawn": drawn}
        attached = {name: _signature(name, png) for name, png in signatures.items() if png is not None}
        with self._database.write() as session:
            file, number = _sealed(session, operator, exhibit, seal_number)
            check_giver(session, file, given, accepted_by)
            check_seen(dossier(session, session.get_one(Screening, file.screening)), seen)
            what = {"giver": file.holder, "receiver": receiver, "reason": reason, "seal_number": number}
            what |= {"accepted_by": accepted_by, "given": given.method, "given_by": given.by.id if given.by else None}
            what |= {name: attached[name][0] if name in attached else None for name in signatures}
            read = _number_read(session, file, number, scan)
            return self._records.put(
                session, operator, TransferRecord, *attached.values(), exhibit=exhibit, **what, **read
            )

    def void(self, approval: Approval, seq: Seq, reason: str) -> Seq:
        """Record that entry `seq` no longer counts; it is voided once, and a void is never voided.

        Raises NotAllowed unless the approval is of this void: see `void_subject`.
        """
        operator, _ = approval.of("void", void_subject(seq, reason))
        with self._database.write() as session:
            concerns, screening = _correctable(session, seq), screening_at(session, seq)
            approved = approval_record(self._recorder.header(operator.id), approval)
            before = self._recorder.record(session, approved)
            if screening:
                keep_record(session, screening, before, approved)
                review_again(session, screening)
            made = self._records.put(session, operator, VoidRecord, concerns=concerns, reason=reason)
            session.add(Correction(seq=made, concerns=seq, voids=True))
        return made

    def amend(self, operator: OperatorView, seq: Seq, reason: str, changes: Sequence[tuple[str, str, str]]) -> Seq:
        """Record what entry `seq` should have said: for each field its name, what stood there, and the right words."""
        parts = [ChangePart(field=field, was=was, should_be=should_be) for field, was, should_be in changes]
        check_letters(**{part.field: part.should_be for part in parts})
        with self._database.write() as session:
            concerns = _correctable(session, seq)
            screening = screening_at(session, seq)
            standing = Standing.of(records_of(session, screening) if screening else [])
            record = dict(standing.records).get(seq)
            if screening is None or record is None:
                raise BadCasework(f"entry {seq} is nothing that was put down of a seizure; it is voided, not amended")
            encounter(session, operator, screening)
            check(record, parts, standing.amended.get(seq, {}))
            check_number(session, screening, seq, {part.field: part.should_be for part in parts})
            review_again(session, screening)
            made = self._records.put(
                session, operator, AmendmentRecord, concerns=concerns, reason=reason, changes=parts
            )
            session.add(Correction(seq=made, concerns=seq, voids=False))
        return made

    def _weigh(
        self,
        session: Session,
        operator: OperatorView,
        file: ExhibitFile,
        occasion: Occasion,
        what: Mapping[str, object],
        told: ObservationRecord | None = None,
    ) -> Seq:
        """Record a weight, unless the newest of its kind says just that and stands: a second tap weighs nothing."""
        _check_weighable(session, file, occasion)
        if not str(what["value"]).strip("-0."):
            raise BadCasework(f"exhibit {file.number} weighs nothing; lay it on the pan, and weigh again")
        if str(what["value"]).startswith("-"):
            raise BadCasework(f"exhibit {file.number} weighs less than nothing; set the scale to zero, and weigh again")
        what = {**what, "occasion": occasion}
        twin = same_weight(file, what)
        if twin:
            return twin
        observed = concerned(session, self._records.told(session, operator, told)) if told else None
        fields = {"basis": "untold", "tare": None, **what, "observed": observed}
        return self._records.put(session, operator, WeightRecord, exhibit=file.id, **fields)

    def _seal(
        self, session: Session, operator: OperatorView, file: ExhibitFile, done: tuple[str, str, str], scan: Seq | None
    ) -> Seq:
        """Record what was done with a seal: the action, its number and why; `scan` is the entry that has the number."""
        action, number, reason = done
        what = {"action": action, "seal_number": number, "reason": reason, **_number_read(session, file, number, scan)}
        return self._records.put(session, operator, SealRecord, exhibit=file.id, **what)

    def _scanned(
        self, session: Session, operator: OperatorView, file: ExhibitFile, scan: Scanned, act: Action = "casework"
    ) -> Seq:
        """Record what was scanned from an exhibit's bag."""
        told = observation(self._recorder.header(operator.id), file.screening, scan, file.id)
        return self._records.told(session, operator, told, act)


def _signature(name: str, png: bytes) -> tuple[AttachmentPart, bytes]:
    """Seal a drawn signature; raises BadCasework for what is no picture that paper draws."""
    require_png(name, png)
    return seal_attachment(png, "signature", "image/png")


def _number_read(session: Session, file: ExhibitFile, number: str, scan: Seq | None) -> Mapping[str, object]:
    """Return how a seal's number was read; raises BadCasework where entry `scan` has another, or of another bag."""
    if scan is None:
        return {"source": "typed", "observed": None}
    told = dict(records_of(session, file.screening)).get(scan)
    if not isinstance(told, ObservationRecord) or told.exhibit != file.id or not says(told, number):
        raise BadCasework(f"entry {scan} is no scan of seal {number}; scan the number on the bag again")
    return {"source": "scanned", "observed": concerned(session, scan)}


def _exhibit(session: Session, operator: OperatorView, exhibit: str) -> ExhibitFile:
    row = session.get(Exhibit, exhibit)
    if row is None:
        raise UnknownCase(f"there is no exhibit {exhibit} at this station")
    screening = ScreeningId(row.screening)
    encounter(session, operator, screening)
    return next(each for each in exhibit_files(session, screening) if each.id == exhibit)


def _check_weighable(session: Session, file: ExhibitFile, occasion: Occasion) -> None:
    if occasion == "found":
        check_unsigned(session, file.screening)
    else:
        _require_open(file)


def _require_open(file: ExhibitFile) -> None:
    if file.seal_number:
        raise BadCasework(f"exhibit {file.number} is under seal {file.seal_number}; record first that it was broken")


def _sealed(session: Session, operator: OperatorView, exhibit: str, seal_number: str) -> tuple[ExhibitFile, str]:
    """Return an exhibit and the number on record of its seal, which must be this one."""
    file = _exhibit(session, operator, exhibit)
    if not file.seal_number or not same(file.seal_number, seal_number):
        on_record = f"seal {file.seal_number}" if file.seal_number else "no seal"
        raise BadCasework(f"exhibit {file.number} has {on_record} on record, not {seal_number}; look at the bag again")
    return file, file.seal_number


def _correctable(session: Session, seq: Seq) -> Concerned:
    found = concerned(session, seq)
    kept = session.get(CaseRecord, seq)
    if kept and isinstance(parse_record(kept.record), ApprovalRecord):
        raise BadCasework(f"entry {seq} is the approval of another; correct the entry that this one concerns")
    if session.get(Correction, seq):
        raise BadCasework(f"entry {seq} is a correction itself; correct the entry that it concerns")
    by = _void_of(session, seq)
    if by:
        raise BadCasework(f"entry {seq} was voided by entry {by}")
    if kept and seq in dict(Standing.of(records_of(session, ScreeningId(kept.screening))).undone):
        raise BadCasework(f"entry {seq} was taken back, or takes another back; nothing of it counts")
    return found


def _void_of(session: Session, seq: Seq) -> int | None:
    voided = select(Correction.seq).where(col(Correction.concerns) == seq, col(Correction.voids))
    return session.exec(voided).first()
