"""What a record says: the inner contract, read only by those whom it was sealed to.

Each record names its schema (`garita.screening/1`). Unknown fields are kept and written back.
A published version is never edited; a change is a new version.
"""

from typing import Annotated, Any, ClassVar, Literal, cast

from pydantic import Field

from sync.contract import canonical
from sync.contract.account import AccountRecord
from sync.contract.approval import ApprovalRecord
from sync.contract.attachment import AttachmentPart, Label
from sync.contract.casework import CASEWORK
from sync.contract.comparison import COMPARISON
from sync.contract.facts import FactRecord
from sync.contract.ids import ReadingId, ScreeningId
from sync.contract.imports import ImportRecord
from sync.contract.letter import LetterRecord
from sync.contract.observations import OBSERVATIONS
from sync.contract.openings import OpeningRecord
from sync.contract.papers import PAPERS
from sync.contract.printing import PRINTING
from sync.contract.record import Digest, Grown, Part, Record, Timestamp
from sync.contract.seizure import SEIZURE
from sync.contract.spectrum import SpectrumPart
from sync.contract.subject import SUBJECT
from sync.contract.training import TrainingRecord

PRESUMPTIVE = "Presuntivo: requiere confirmación de laboratorio"

Conclusion = Literal["alarm", "caution", "no_alarm", "inconclusive", "fault"]
Check = Literal["blank", "reference"]
Probability = Annotated[float, Field(ge=0, le=1)]


class InstrumentPart(Part, frozen=True):
    """The instrument in its own words, and where it was plugged in."""

    port: str
    maker: str
    model: str
    serial_number: str
    firmware: str


class HitPart(Part, frozen=True):
    """One substance offered; `isomers` are those that this technique cannot tell from it."""

    name: str
    inchikey: str
    probability: Probability | None
    score: float
    isomers: list[str]


class FamilyPart(Part, frozen=True):
    """One family of substances offered."""

    family: str
    probability: Probability


class ComponentPart(Part, frozen=True):
    """One substance of a mixture, or the isomers that it cannot be told from, and its share of the ion current."""

    name: str
    inchikey: str
    isomers: list[str]
    share: Probability
    probability: Probability


class ResidualPart(Part, frozen=True):
    """What no component explains: its share of the ion current, and its strongest m/z."""

    share: Probability
    mz: list[int]


class IdentificationPart1(Part, frozen=True):
    """What Garita concluded, presumptively, and with which library and bundle, before mixtures were taken apart."""

    conclusion: Conclusion
    reasons: list[str]
    hits: list[HitPart]
    families: list[FamilyPart]
    unknown: bool
    library: str
    bundle: str


class IdentificationPart(IdentificationPart1, frozen=True):
    """What Garita concluded, and what the reading was taken apart into; `residual` is null where none was searched."""

    components: list[ComponentPart]
    residual: ResidualPart | None


class ReadingCore(Part, frozen=True):
    """One acquisition: what every version says of it."""

    reading: ReadingId
    started: Timestamp
    ended: Timestamp
    outcome: Literal["measured", "stopped", "failed"]
    problem: str | None
    instrument: InstrumentPart | None


class ReadingPart(ReadingCore, Grown, frozen=True):
    """One acquisition; `transcript` (docs/formats/transcript.md) and `spectra` (Spectra) hold all its bytes.

    `exhibit` is the one that it is of, told before it began. A reading of none has no such field.
    """

    identification: IdentificationPart | None
    attachments: list[AttachmentPart]
    exhibit: Label | None = None

    def attachment(self, name: str) -> AttachmentPart | None:
        """Return what the record says of one attachment."""
        return next((each for each in self.attachments if each.name == name), None)


class ScreeningCore(Record, frozen=True):
    """One encounter with a subject: what every version says of it."""

    screening: ScreeningId
    subject_kind: str
    presumptive: str
    conclusion: Conclusion


class ScreeningRecord(ScreeningCore, frozen=True):
    """One encounter with a subject, its readings and what they came to.

    Where its own conclusion was held back it is `inconclusive`, whatever the reading's says, and the field `held` has
    the reason as a code.
    """

    SCHEMA: ClassVar[str] = "garita.screening/2"

    schema_name: Literal["garita.screening/2"] = Field(alias="schema", default="garita.screening/2")
    readings: list[ReadingPart]


class CheckRecord(ScreeningCore, frozen=True):
    """A reading that checks the analyzer, of a blank or of the reference sample `expected`: no subject was screened.

    `problems` say, in codes, why it did not pass.
    """

    SCHEMA: ClassVar[str] = "garita.check/1"

    schema_name: Literal["garita.check/1"] = Field(alias="schema", default="garita.check/1")
    check: Check
    expected: str | None
    passed: bool
    problems: list[str]
    readings: list[ReadingPart]


class ReadingPart1(ReadingCore, frozen=True):
    """A reading of version 1, whose bytes stand in the record itself."""

    identification: IdentificationPart1 | None
    spectra: list[SpectrumPart]
    transcript: bytes
    transcript_digest: Digest


class ScreeningRecord1(ScreeningCore, frozen=True):
    """Version 1: read as it is, written no more."""

    SCHEMA: ClassVar[str] = "garita.screening/1"

    schema_name: Literal["garita.screening/1"] = Field(alias="schema", default="garita.screening/1")
    readings: list[ReadingPart1]


class OperatorRecord(Record, frozen=True):
    """An operator signed in, signed out, failed to, or began or ended practice."""

    SCHEMA: ClassVar[str] = "garita.operator/1"

    schema_name: Literal["garita.operator/1"] = Field(alias="schema", default="garita.operator/1")
    event: Literal[
        "enrolled", "signed_in", "signed_out", "sign_in_failed", "locked", "training_began", "training_ended"
    ]


class StationRecord(Record, frozen=True):
    """Something about the station itself: it started, its clock was turned back, a reading was cut off."""

    SCHEMA: ClassVar[str] = "garita.station/1"

    schema_name: Literal["garita.station/1"] = Field(alias="schema", default="garita.station/1")
    event: Literal["started", "clock_turned_back", "reading_started", "reading_cut_off", "recipients_changed"]
    detail: str


KINDS: tuple[type[Record], ...] = (
    ScreeningRecord,
    ScreeningRecord1,
    CheckRecord,
    OperatorRecord,
    StationRecord,
    FactRecord,
    ImportRecord,
    AccountRecord,
    ApprovalRecord,
    TrainingRecord,
    LetterRecord,
    OpeningRecord,
    *CASEWORK,
    *SEIZURE,
    *OBSERVATIONS,
    *SUBJECT,
    *PAPERS,
    *PRINTING,
    *COMPARISON,
)
SCHEMAS: dict[str, type[Record]] = {kind.SCHEMA: kind for kind in KINDS}


def parse_record(data: bytes) -> Record:
    """Read a record of any schema; one of an unknown schema comes back as a plain Record with all its fields."""
    value = canonical.decode(data, "record")
    schema = cast("dict[str, Any]", value).get("schema") if isinstance(value, dict) else None
    return SCHEMAS.get(str(schema), Record).from_value(value)


def parse_reading(data: bytes) -> ScreeningRecord | CheckRecord:
    """Read the record of one reading, of a subject or of a check; raises Malformed for any other."""
    record = parse_record(data)
    return record if isinstance(record, CheckRecord) else ScreeningRecord.from_bytes(data)
