"""What a screen is told: frozen, and nothing in it that a screen could change."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Literal

from sync.contract.acts import Role
from sync.contract.ids import OperatorId, ReadingId, ScreeningId, Seq
from sync.contract.record import ClockTrust
from sync.contract.records import Check, CheckRecord, ScreeningRecord, Timestamp

SubjectKind = Literal["unidentified", "vehicle", "parcel", "container", "luggage", "person", "cargo"]
ReadingState = Literal["measuring", "done", "failed", "stopped"]
SyncState = Literal["waiting", "sent", "refused"]
SubjectOrCheck = SubjectKind | Check
"""What a reading is of: a subject, or a blank or reference sample that checks the analyzer."""
AnalyzerState = Literal["not-configured", "absent", "connected", "measuring"]
SpaceState = Literal["ok", "low", "full"]
EventKind = Literal["progress", "finished"]


class Interruption(StrEnum):
    """Why a reading came to no identification: the reason code that its record carries and a screen translates."""

    STOPPED = "stopped"
    CUT_OFF = "cut-off"
    NOT_READY = "instrument-not-ready"
    TIME_LIMIT = "time-limit"
    PORT_UNAVAILABLE = "port-unavailable"
    PORT_LOST = "port-lost"
    NO_RESPONSE = "no-response"
    BAD_FRAME = "bad-frame"
    INSTRUMENT_FAULT = "instrument-fault"
    OVERLOAD = "instrument-overload"
    BATTERY_LOW = "instrument-battery-low"
    TOO_HOT = "instrument-too-hot"
    NO_SAMPLE = "instrument-no-sample"
    UNKNOWN_INSTRUMENT = "unknown-instrument"
    INTERNAL = "internal-error"
    NOT_SEALED = "sealing-failed"


@dataclass(frozen=True)
class OperatorView:
    """A person who may sign in here; `training` says that what they do now is practice."""

    id: OperatorId
    name: str
    role: Role
    training: bool = False


@dataclass(frozen=True)
class AccountView:
    """A person's account, also of one who left; `tokens` counts their FIDO2 tokens.

    `shares_name`: they work here, and so does somebody else of their name, from before no two of one were enrolled.
    """

    operator: OperatorView
    left: bool
    tokens: int = 0
    shares_name: bool = False


@dataclass(frozen=True)
class EnvelopeView:
    """The sealed form of a record: SHA-256 of its bytes in hex; purpose and key id (hex) of each who can open it."""

    digest: str
    sealed_to: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class ReadingView:
    """One reading as it stands now.

    `stage` is "connecting", "identifying", "finished" or the instrument's own word while it measures.
    `problem` is an Interruption (stable code) for a reading that failed or was stopped; the words are in the record.
    `record` and `seq` are there from the moment the reading is sealed; `sync` is None before that.
    A reading whose record could not be sealed is "failed" with the problem "sealing-failed" and has no record.
    A `training` one was practice: what looks like its record is none. `exhibit` is the id of the one that it is of.
    """

    id: ReadingId
    screening: ScreeningId
    operator: OperatorId
    state: ReadingState
    percent: float
    stage: str
    started: Timestamp
    problem: Interruption | None
    record: ScreeningRecord | CheckRecord | None
    seq: Seq | None
    sync: SyncState | None
    receipt: str | None
    log_index: int | None
    training: bool
    exhibit: str | None = None


@dataclass(frozen=True)
class Event:
    """One thing that happened in a reading; ids rise, so a client says which one it saw last.

    "progress" carries {"percent", "stage"}; "finished" is always the last one and carries {"state"}.
    """

    id: int
    kind: EventKind
    data: Mapping[str, str | float]


@dataclass(frozen=True)
class HealthView:
    """The station in one glance, at `now`. `demo_key`: the database key lies in a plain file, as only a demo may do."""

    station: str
    post: str
    software: str
    analyzer: AnalyzerState
    clock: ClockTrust
    now: datetime
    disk_free: int
    space: SpaceState
    waiting: int
    refused: int
    oldest_waiting: datetime | None
    demo_key: bool
    library: str
    bundle: str
