"""What the centre keeps outside of the log: entries that contest others, and what a revoked station sent."""

from hashlib import sha256
from typing import ClassVar, Literal, NamedTuple

from pydantic import Field

from sync.contract.ids import StationId
from sync.contract.submission import MAX_BODY, Message

AsideKind = Literal["contested", "quarantined"]


class AsideKey(NamedTuple):
    """Where an entry stands among those kept aside; they are told in this order."""

    kind: AsideKind = "contested"
    station: str = ""
    seq: int = 0
    digest: bytes = b""


class AsideEntry(Message, frozen=True):
    """An envelope that its station signed, why it is not in the log, and when it came (UTC)."""

    kind: AsideKind
    station: StationId
    seq: int = Field(ge=1, lt=2**63)
    received: str
    envelope: bytes

    @property
    def key(self) -> AsideKey:
        """Where it stands among the others."""
        return AsideKey(self.kind, self.station, self.seq, sha256(self.envelope).digest())


class AsidePage(Message, frozen=True):
    """Some of them in their order; `size` is how many there are in all."""

    MAX_BYTES: ClassVar[int] = MAX_BODY

    format: Literal["garita.aside/1"] = "garita.aside/1"
    size: int = Field(ge=0)
    entries: list[AsideEntry]
