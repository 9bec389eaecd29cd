"""A centre that holds a journal with casework in it."""

import zlib
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from sync.attachments import NONCE
from sync.central.centre import Centre
from sync.chain import check_next, empty
from sync.contract.attachment import AttachmentPart
from sync.contract.ids import OperatorId, ReadingId, ScreeningId, StationId
from sync.contract.records import (
    PRESUMPTIVE,
    HitPart,
    IdentificationPart,
    InstrumentPart,
    OperatorRecord,
    ReadingPart,
    Record,
    ScreeningRecord,
    StationRecord,
    Timestamp,
)
from sync.contract.stereoisomers import FIELD, FormPart, StereoisomersPart, StereoPart
from sync.contract.submission import Submission
from sync.contract.suspects import FIELD as SUSPECTS
from sync.contract.suspects import SuspectsPart
from sync.envelope import Envelope
from sync.journal import Sealer
from sync.vault.cases import Cases

STATION = StationId("MX-TIJ-01")
OFFICER = OperatorId("officer-1")


def at(minute: int) -> Timestamp:
    wall = f"2026-11-22T12:{minute:02d}:00.000000Z"
    return Timestamp(wall=wall, monotonic_ns=minute * 60 * 10**9, boot="boot", trust="synchronised")


def attachment_of(data: bytes) -> tuple[AttachmentPart, bytes]:
    """Return what is said of a transcript, under a key that is the same each time, and its sealed bytes."""
    key = sha256(data).digest()
    body = AESGCM(key).encrypt(NONCE, zlib.compress(data), None)
    digest, sealed = sha256(data).digest(), sha256(body).digest()
    part = AttachmentPart(name="transcript", media="x/y", digest=digest, size=len(data), key=key, sealed=sealed)
    return part, body


def _stereoisomers(inchikey: str) -> StereoisomersPart:
    form = FormPart(name="mirrored", inchikey=f"{inchikey}-2", kind="enantiomer", listed=[])
    return StereoisomersPart(of=[StereoPart(substance=inchikey, elements=1, forms=[form])])


def reading(name: str | None, minute: int, suspects: SuspectsPart | None = None) -> ReadingPart:
    hits = [
        HitPart(name=name, inchikey=f"{name}-KEY", probability=0.9, score=0.95, isomers=["pseudo" + name]),
        HitPart(name="second", inchikey="SECOND-KEY", probability=None, score=0.2, isomers=[]),
    ] if name else []  # fmt: skip
    identification = IdentificationPart(
        conclusion="alarm",
        reasons=["controlled-substance"],
        hits=hits,
        families=[],
        unknown=False,
        library="00",
        bundle="00",
        components=[],
        residual=None,
        **{FIELD: _stereoisomers(f"{name}-KEY").model_dump()},
    )
    if suspects:
        identification = identification.model_copy(update={SUSPECTS: suspects.model_dump()})
    return ReadingPart(
        reading=ReadingId(f"reading-{minute}"),
        started=at(minute),
        ended=at(minute + 1),
        outcome="measured" if name else "failed",
        problem=None if name else "no-response",
        instrument=InstrumentPart(port="p", maker="Garita", model="sim", serial_number="1", firmware="1"),
        attachments=[attachment_of(b"bytes")[0]],
        identification=identification if name else None,
    )


def screening(name: str | None, minute: int, suspects: SuspectsPart | None = None) -> ScreeningRecord:
    return ScreeningRecord(
        station=STATION,
        operator=OFFICER,
        recorded=at(minute),
        software="test",
        screening=ScreeningId(f"screening-{minute}"),
        subject_kind="parcel",
        presumptive=PRESUMPTIVE,
        conclusion="alarm" if name else "fault",
        readings=[reading(name, minute, suspects)],
    )


@pytest.fixture
def records() -> list[Record]:
    return [
        StationRecord(station=STATION, operator=None, recorded=at(0), software="test", event="started", detail=""),
        OperatorRecord(station=STATION, operator=OFFICER, recorded=at(1), software="test", event="signed_in"),
        screening("cocaine", 2),
        screening(None, 5),
        screening("fentanyl", 8),
    ]


@pytest.fixture
def sealed(records: list[Record], sealer: Sealer) -> list[Envelope]:
    return seal_all(sealer, [record.to_bytes() for record in records])


def seal_all(sealer: Sealer, records: list[bytes]) -> list[Envelope]:
    head, envelopes = empty(sealer.station, sealer.key.public), list[Envelope]()
    for record in records:
        envelopes.append(sealer.seal_after(head, record))
        head = check_next(head, envelopes[-1])
    return envelopes


@pytest.fixture
def seal_records(sealer: Sealer) -> Callable[[list[bytes]], list[Envelope]]:
    return lambda records: seal_all(sealer, records)


@pytest.fixture
def submit(centre: Centre) -> Callable[[list[Envelope]], None]:
    def submit_all(envelopes: list[Envelope]) -> None:
        answer = centre.ingest.submit(Submission(station=STATION, envelopes=[each.data for each in envelopes]))
        assert answer.refusal is None

    return submit_all


@pytest.fixture
def cases_file(tmp_path: Path) -> Path:
    return tmp_path / "cases.db"


@pytest.fixture
def cases(cases_file: Path) -> Cases:
    return Cases(cases_file, new=True)
