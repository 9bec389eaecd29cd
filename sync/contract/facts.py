"""Facts about the station itself that no officer tells: each one is a record."""

from typing import ClassVar, Literal

from pydantic import Field

from sync.contract.record import Record

Fact = Literal[
    "power_lost",
    "model_changed",
    "library_changed",
    "self_check",
    "maintenance",
    "session_expired",
    "clock_changed",
    "space_low",
    "space_full",
    "space_back",
    "centre_went_back",
    "clock_put_right",
    "policy_changed",
    "settings_changed",
]


class FactRecord(Record, frozen=True):
    """One fact: what happened, in words for a person, and its values, each under a name."""

    SCHEMA: ClassVar[str] = "garita.fact/1"

    schema_name: Literal["garita.fact/1"] = Field(alias="schema", default="garita.fact/1")
    fact: Fact
    detail: str
    values: dict[str, str]
