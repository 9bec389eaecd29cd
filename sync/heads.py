"""Heads: what a station says, with both its keys, of where its journal ends. And what a counter elsewhere says of that.

A head covers every entry before it through the chain of digests, so old entries are proven by one signature, and
stay proven when Ed25519 no longer is.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Literal, Protocol, Self

from pydantic import Field

from sync.chain import Head
from sync.contract import canonical
from sync.contract.form import Form
from sync.contract.ids import STATION_PATTERN, Seq, StationId
from sync.contract.wall import Wall, format_wall, parse_wall
from sync.cose import Statement
from sync.errors import BadSignature, Malformed, RolledBack
from sync.keys import StationKey
from sync.signatures import DualPublic

WHAT = "head"


class _Body(Form, frozen=True, extra="forbid"):
    station: Annotated[StationId, Field(pattern=STATION_PATTERN)]
    seq: Annotated[Seq, Field(ge=1, le=2**63 - 1)]
    digest: Annotated[bytes, Field(min_length=32, max_length=32)]
    time: Wall
    counter: Annotated[int, Field(ge=0, le=2**63 - 1)] | None


class HeadBody(_Body, frozen=True):
    """What the station signs where it has no anchor; before 27 November 2026, also what a nameless one showed."""

    format: Literal["garita.head/1"] = "garita.head/1"


class AnchoredBody(_Body, frozen=True):
    """What the station signs where it has an anchor."""

    format: Literal["garita.head/2"] = "garita.head/2"
    anchor: Annotated[str, Field(min_length=1, max_length=64)]


@dataclass(frozen=True)
class SignedHead:
    """Where the journal of `station` ended at `time`; `counter` is what `anchor` shows from then on.

    Both are None where there is no anchor; an old head has a counter alone.
    """

    station: StationId
    head: Head
    time: datetime
    counter: int | None
    anchor: str | None
    data: bytes

    @classmethod
    def sign(
        cls,
        key: StationKey,
        station: StationId,
        head: Head,
        time: datetime,
        counter: int | None = None,
        anchor: str | None = None,
    ) -> Self:
        """Return the statement, signed by both halves of the station's key."""
        plain = HeadBody(station=station, seq=head.seq, digest=head.digest, time=format_wall(time), counter=counter)
        body = AnchoredBody(**plain.model_dump(exclude={"format"}), anchor=anchor) if anchor else plain
        return cls(station, head, time, counter, anchor, key.sign_statement(body.to_bytes()).to_bytes())

    @classmethod
    def read(cls, data: bytes, station: StationId, public: DualPublic) -> Self:
        """Return the statement; raises Malformed, or BadSignature unless `station` signed it with both halves."""
        statement = Statement.from_bytes(data, WHAT)
        public.verify(statement)
        if len(statement.signatures) != len(public.halves):
            raise Malformed(f"{WHAT}: {len(statement.signatures)} signatures; {len(public.halves)} were expected")
        body = _body(statement.payload)
        if body.station != station:
            raise BadSignature(f"the {WHAT} is of the journal of {body.station}, not of {station}")
        anchor = body.anchor if isinstance(body, AnchoredBody) else None
        return cls(station, Head(body.seq, body.digest), parse_wall(body.time), body.counter, anchor, data)


class Anchor(Protocol):
    """A counter outside the database that nobody can turn back, as a TPM has one; `name` tells it from others."""

    @property
    def name(self) -> str: ...

    def read(self) -> int:
        """Return what it shows."""
        ...

    def advance(self) -> int:
        """Let it show one more, and return that."""
        ...


def check_anchor(signed: SignedHead | None, name: str, shown: int) -> None:
    """Raise RolledBack unless the newest stored head is the one that the anchor `name`, which shows `shown`, last saw.

    A head is stored before its anchor advances; a power cut between the two leaves the anchor one behind.
    """
    stored = 0 if signed is None else signed.counter
    if stored is None:
        raise RolledBack(f"the newest head (entry {signed.head.seq if signed else 0}) was signed without the anchor")
    if signed and signed.anchor is None:
        raise RolledBack(
            "the newest head is of garita.head/1, whose anchor can be forged by who removes the TPM's counter: if this "
            "station was never anchored anew, let two persons do so (garita keys anchor --index N); if it was, this is "
            "an older journal"
        )
    if signed and signed.anchor != name:
        raise RolledBack(
            f"the newest head was anchored by {signed.anchor}, and {name} answers: put right what was changed, the "
            "settings or the TPM; if nobody changed either, this is an older journal"
        )
    if shown > stored:
        raise RolledBack(f"the anchor shows {shown} and the newest stored head {stored}: this is an older journal")
    if shown < stored - 1:
        raise RolledBack(f"the anchor shows {shown} and the newest stored head {stored}: this is another anchor")


def _body(payload: bytes) -> HeadBody | AnchoredBody:
    value = canonical.decode(payload, WHAT)
    anchored = isinstance(value, dict) and "anchor" in value
    return (AnchoredBody if anchored else HeadBody).from_value(value)
