"""The card by which a station is admitted: who it is and which keys sign its journal."""

from hashlib import sha256
from typing import Annotated, Literal

from pydantic import Field

from sync.contract.ids import STATION_PATTERN, StationId
from sync.contract.submission import Message

MOST_STATIONS = 100_000
"""Ten times the stations of the largest state that is planned for; lists of stations are read up to as many."""
MAX_LIST = MOST_STATIONS * 4096
"""Bytes of such a list: a card has 2 KiB, and what is told beside it, like a statement, less."""

MAX_LISTED = MOST_STATIONS * 32
"""Values of such a list, CBOR's own: a card has nine."""


class StationCard(Message, frozen=True):
    """A station's id, its raw Ed25519 public key (32 bytes) and its raw ML-DSA-65 public key (1952 bytes).

    Entries verify under the first; heads of the journal under both.
    """

    format: Literal["garita.station-card/1"] = "garita.station-card/1"
    station: Annotated[StationId, Field(pattern=STATION_PATTERN)]
    public_key: Annotated[bytes, Field(min_length=32, max_length=32)]
    head_key: Annotated[bytes, Field(min_length=1952, max_length=1952)]

    @property
    def fingerprint(self) -> str:
        """What stands for a station and its keys where people compare them: SHA-256 of its card, in hexadecimal.

        The card has the name: whoever pins it lets these keys speak as this station, and as no other.
        """
        return sha256(self.to_bytes()).hexdigest()
