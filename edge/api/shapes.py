"""What the JSON side takes and gives. A record keeps the field names of the wire contract; its bytes become base64."""

from base64 import b64encode
from dataclasses import asdict
from typing import Any, Literal, cast

from pydantic import BaseModel, Field

from edge.early import hazard_to_life
from edge.views import HealthView, OperatorView, ReadingView, SubjectKind
from models.catalogue import Catalogue
from sync.contract.records import CheckRecord, ScreeningRecord
from sync.outbox import OutboxState


class SignIn(BaseModel, extra="forbid"):
    """Who wants in, and the PIN."""

    operator: str = Field(max_length=64)
    pin: str = Field(max_length=64)


class StartReading(BaseModel, extra="forbid"):
    """What is screened."""

    subject_kind: SubjectKind = "unidentified"


class StartedReading(BaseModel):
    """The reading that began."""

    reading: str


class SignedIn(BaseModel):
    """Who is signed in now; the token itself is in the cookie."""

    state: Literal["signed_in"] = "signed_in"


def operator_body(operator: OperatorView) -> dict[str, Any]:
    """Return an operator as JSON values."""
    return asdict(operator)


def reading_body(view: ReadingView, catalogue: Catalogue, *, early: bool) -> dict[str, Any]:
    """Return a reading as JSON values; `early`, before the officer said what they see, all but what it came to."""
    record = view.record
    return {
        "reading": view.id,
        "screening": view.screening,
        "training": view.training,
        "operator": view.operator,
        "state": view.state,
        "percent": view.percent,
        "stage": view.stage,
        "started": view.started.model_dump(),
        "problem": view.problem,
        "seq": view.seq,
        "sync": view.sync,
        "log_index": view.log_index,
        "receipt": view.receipt,
        "early": early,
        "hazard_to_life": hazard_to_life(catalogue, record) if record else None,
        "record": record_body(record) if record and not early else None,
    }


def record_body(record: ScreeningRecord | CheckRecord) -> dict[str, Any]:
    """Return a record as JSON values; of its attachments everything but their keys."""
    keys = {"readings": {"__all__": {"attachments": {"__all__": {"key"}}}}}
    value = record.model_dump(by_alias=True, exclude=keys)
    return cast("dict[str, Any]", _plain(value))


def health_body(health: HealthView) -> dict[str, Any]:
    """Return the station's health as JSON values."""
    return asdict(health)


def sync_body(state: OutboxState) -> dict[str, Any]:
    """Return the outbox in numbers as JSON values."""
    return asdict(state)


def _plain(value: object) -> object:
    match value:
        case bytes():
            return b64encode(value).decode()
        case dict():
            return {key: _plain(item) for key, item in cast("dict[str, object]", value).items()}
        case list():
            return [_plain(item) for item in cast("list[object]", value)]
        case _:
            return value
