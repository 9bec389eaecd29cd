"""From casework, instruments and science to what a record says: the only mapping."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from drivers.instrument import InstrumentIdentity
from edge.approvals import Approval
from edge.explanations import explained
from edge.views import Interruption, OperatorView
from models.answer import Hit, Identification
from models.spectrum import Spectrum
from sync.contract.account import AccountEvent, AccountRecord, TokenPart
from sync.contract.approval import ApprovalRecord, ApproverPart
from sync.contract.attachment import AttachmentPart
from sync.contract.facts import Fact, FactRecord
from sync.contract.ids import OperatorId, ReadingId, ScreeningId, StationId
from sync.contract.letter import LetterRecord
from sync.contract.records import (
    PRESUMPTIVE,
    ComponentPart,
    FamilyPart,
    HitPart,
    IdentificationPart,
    InstrumentPart,
    OperatorRecord,
    ReadingPart,
    ResidualPart,
    ScreeningRecord,
    StationRecord,
    Timestamp,
)
from sync.contract.spectrum import SpectrumPart

MZ_UNIT = 1e-4

OperatorEvent = Literal["signed_in", "signed_out", "sign_in_failed", "locked", "training_began", "training_ended"]
StationEvent = Literal["started", "clock_turned_back", "reading_started", "reading_cut_off", "recipients_changed"]


@dataclass(frozen=True)
class Header:
    """What every record says of itself."""

    station: StationId
    operator: OperatorId | None
    recorded: Timestamp
    software: str


@dataclass(frozen=True)
class Measurement:
    """What came of one acquisition: all its bytes, and why it ended early if it did."""

    port: str
    instrument: InstrumentIdentity | None
    spectra: tuple[Spectrum, ...]
    transcript: bytes
    interruption: Interruption | None = None
    problem: str | None = None


def operator_event(header: Header, event: OperatorEvent) -> OperatorRecord:
    """Return the record of something that an operator did, or failed to do."""
    return OperatorRecord(
        station=header.station,
        operator=header.operator,
        recorded=header.recorded,
        software=header.software,
        event=event,
    )


def account_event(
    header: Header, event: AccountEvent, person: OperatorView, token: TokenPart | None = None
) -> AccountRecord:
    """Return the record of a change to a person's account, as it stands since."""
    return AccountRecord(
        station=header.station,
        operator=header.operator,
        recorded=header.recorded,
        software=header.software,
        event=event,
        person=person.id,
        name=person.name,
        role=person.role,
        token=token,
    )


def station_event(header: Header, event: StationEvent, detail: str) -> StationRecord:
    """Return the record of something about the station."""
    return StationRecord(
        station=header.station,
        operator=header.operator,
        recorded=header.recorded,
        software=header.software,
        event=event,
        detail=detail,
    )


def fact(header: Header, name: Fact, detail: str, **values: str) -> FactRecord:
    """Return the record of a fact that nobody told."""
    return FactRecord(
        station=header.station,
        operator=header.operator,
        recorded=header.recorded,
        software=header.software,
        fact=name,
        detail=detail,
        values=values,
    )


def letter_record(header: Header, letters: list[bytes]) -> LetterRecord:
    """Return the record of a day's letters, which nobody at the station wrote as far as it says."""
    return LetterRecord(
        station=header.station, operator=None, recorded=header.recorded, software=header.software, letters=letters
    )


def approval_record(header: Header, approval: Approval) -> ApprovalRecord:
    """Return the record of two persons' approval; the act that it approves is the next entry."""
    return ApprovalRecord(
        station=header.station,
        operator=header.operator,
        recorded=header.recorded,
        software=header.software,
        action=approval.action,
        subject=approval.subject,
        nonce=approval.nonce,
        persons=[
            ApproverPart(operator=each.operator.id, role=each.operator.role, method=each.method, token=each.token)
            for each in (approval.first, approval.second)
        ],
    )


def screening(
    header: Header,
    screening_id: ScreeningId,
    subject_kind: str,
    reading: ReadingPart,
    held: str | None = None,
    failed: Sequence[str] = (),
) -> ScreeningRecord:
    """Return the record of a screening with one reading; its conclusion is the screening's, unless `held` back.

    `failed` is what was wrong at the checks of the analyzer before it.
    """
    concluded = reading.identification.conclusion if reading.identification else "fault"
    back: dict[str, Any] = {"held": held} if held else {}
    back |= {"checks_failed": list(failed)} if failed else {}
    return ScreeningRecord(
        station=header.station,
        operator=header.operator,
        recorded=header.recorded,
        software=header.software,
        screening=screening_id,
        subject_kind=subject_kind,
        presumptive=PRESUMPTIVE,
        conclusion="inconclusive" if held else concluded,
        readings=[reading],
        **back,
    )


def reading_part(
    reading: ReadingId,
    started: Timestamp,
    ended: Timestamp,
    measurement: Measurement,
    identification: IdentificationPart,
    attachments: list[AttachmentPart],
    exhibit: str | None = None,
) -> ReadingPart:
    """Return one reading, whatever came of it; `exhibit` is the id of the one that it is of."""
    sampled: dict[str, Any] = {"exhibit": exhibit} if exhibit else {}
    return ReadingPart(
        reading=reading,
        started=started,
        ended=ended,
        outcome=_outcome(measurement.interruption),
        problem=measurement.problem,
        instrument=_instrument(measurement),
        attachments=attachments,
        identification=identification,
        **sampled,
    )


def identification_part(identification: Identification, further: Mapping[str, Any]) -> IdentificationPart:
    """Return what Garita concluded; `further`: lists of the day, stereoisomers, suspects."""
    residual = identification.residual
    return IdentificationPart(
        conclusion=identification.conclusion.value,
        reasons=[reason.value for reason in identification.reasons],
        hits=[hit_part(hit) for hit in identification.hits],
        families=[FamilyPart(family=each.family, probability=each.probability) for each in identification.families],
        unknown=identification.unknown,
        library=identification.library,
        bundle=identification.bundle,
        components=[
            ComponentPart(
                name=each.name,
                inchikey=each.inchikey,
                isomers=list(each.isomers),
                share=each.share,
                probability=each.probability,
            )
            for each in identification.components
        ],
        residual=residual and ResidualPart(share=residual.share, mz=list(residual.mz)),
        **explained(identification.explanation),
        **further,
    )


def hit_part(hit: Hit) -> HitPart:
    """Return one substance offered."""
    return HitPart(
        name=hit.name,
        inchikey=hit.inchikey,
        probability=hit.probability,
        score=hit.score,
        isomers=list(hit.isomers),
    )


def interrupted_part(
    interruption: Interruption, library: str, bundle: str, lists: Mapping[str, Any]
) -> IdentificationPart:
    """Return what is concluded from a reading that was not finished: never a verdict on the sample."""
    return IdentificationPart(
        conclusion="inconclusive" if interruption is Interruption.STOPPED else "fault",
        reasons=[interruption.value],
        hits=[],
        families=[],
        unknown=False,
        library=library,
        bundle=bundle,
        components=[],
        residual=None,
        **lists,
    )


def spectrum_part(spectrum: Spectrum) -> SpectrumPart:
    """Return a spectrum in the record's units: m/z in 1e-4 as uint32, intensity as float32, little-endian."""
    return SpectrumPart(
        technique=spectrum.technique.value,
        collision_energy=spectrum.collision_energy,
        precursor_mz=spectrum.precursor_mz,
        polarity=spectrum.polarity.value,
        mz=np.rint(spectrum.mz / MZ_UNIT).astype("<u4").tobytes(),
        intensity=np.minimum(spectrum.intensity, np.finfo("<f4").max).astype("<f4").tobytes(),
    )


def _outcome(interruption: Interruption | None) -> Literal["measured", "stopped", "failed"]:
    if interruption is None:
        return "measured"
    return "stopped" if interruption is Interruption.STOPPED else "failed"


def _instrument(measurement: Measurement) -> InstrumentPart | None:
    identity = measurement.instrument
    if identity is None:
        return None
    return InstrumentPart(
        port=measurement.port,
        maker=identity.maker,
        model=identity.model,
        serial_number=identity.serial_number,
        firmware=identity.firmware,
    )
