"""Heads: what a station says, with both its keys, of where its journal ends. And what a counter elsewhere says of that.

A head covers every entry before it through the chain of digests, so old entries are proven by one signature, and
stay proven when Ed25519 no longer is.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Literal, Protocol, Self

from pydantic import Field

from sync.chain import Head
from sync.contract.form import Form
from sync.contract.ids import STATION_PATTERN, Seq, StationId
from sync.contract.wall import Wall, format_wall, parse_wall
from sync.cose import Statement
from sync.errors import BadSignature, Malformed, RolledBack
from sync.keys import StationKey
from sync.signatures import DualPublic

WHAT = "head"


class HeadBody(Form, frozen=True, extra="forbid"):
    """What the station signs."""

    format: Literal["garita.head/1"] = "garita.head/1"
    station: Annotated[StationId, Field(pattern=STATION_PATTERN)]
    seq: Annotated[Seq, Field(ge=1, le=2**63 - 1)]
    digest: Annotated[bytes, Field(min_length=32, max_length=32)]
    time: Wall
    counter: Annotated[int, Field(ge=0, le=2**63 - 1)] | None


@dataclass(frozen=True)
class SignedHead:
    """Where the journal of `station` ended at `time`; `counter` is what the anchor shows from then on, or None."""

    station: StationId
    head: Head
    time: datetime
    counter: int | None
    data: bytes

    @classmethod
    def sign(cls, key: StationKey, station: StationId, head: Head, time: datetime, counter: int | None) -> Self:
        """Return the statement, signed by both halves of the station's key."""
        body = HeadBody(station=station, seq=head.seq, digest=head.digest, time=format_wall(time), counter=counter)
        return cls(station, head, time, counter, key.sign_statement(body.to_bytes()).to_bytes())

    @classmethod
    def read(cls, data: bytes, station: StationId, public: DualPublic) -> Self:
        """Return the statement; raises Malformed, or BadSignature unless `station` signed it with both halves."""
        statement = Statement.from_bytes(data, WHAT)
        public.verify(statement)
        if len(statement.signatures) != len(public.halves):
            raise Malformed(f"{WHAT}: {len(statement.signatures)} signatures; {len(public.halves)} were expected")
        body = HeadBody.from_bytes(statement.payload)
        if body.station != station:
            raise BadSignature(f"the {WHAT} is of the journal of {body.station}, not of {station}")
        return cls(station, Head(body.seq, body.digest), parse_wall(body.time), body.counter, data)


class Anchor(Protocol):
    """A counter outside the database that nobody can turn back, as a TPM has one."""

    def read(self) -> int:
        """Return what it shows."""
        ...

    def advance(self) -> int:
        """Let it show one more, and return that."""
        ...


def check_anchor(signed: SignedHead | None, shown: int) -> None:
    """Raise RolledBack unless the newest stored head is the one that the anchor, which shows `shown`, last saw.

    A head is stored before its anchor advances; a power cut between the two leaves the anchor one behind.
    """
    stored = 0 if signed is None else signed.counter
    if stored is None:
        raise RolledBack(f"the newest head (entry {signed.head.seq if signed else 0}) was signed without the anchor")
    if shown > stored:
        raise RolledBack(f"the anchor shows {shown} and the newest stored head {stored}: this is an older journal")
    if shown < stored - 1:
        raise RolledBack(f"the anchor shows {shown} and the newest stored head {stored}: this is another anchor")
