"""Where each station's journal stands, told by the centre and proven by the stations: for auditors."""

from typing import ClassVar, Literal

from pydantic import Field

from sync.contract.card import MAX_LIST, MAX_LISTED, StationCard
from sync.contract.submission import Message


class Standing(Message, frozen=True):
    """The newest statement of a station (of a batch), and the log index of the head that it states."""

    index: int = Field(ge=0)
    card: StationCard
    statement: bytes


class Standings(Message, frozen=True):
    """One for each station that sent anything."""

    MAX_BYTES: ClassVar[int] = MAX_LIST
    MAX_VALUES: ClassVar[int] = MAX_LISTED

    format: Literal["garita.standings/1"] = "garita.standings/1"
    standings: list[Standing]
