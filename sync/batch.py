"""A batch: consecutive entries of one station's journal on their way, the same bytes by HTTPS and on a stick.

Before the entries stands a statement of the station: from which head to which. It is small, it proves where the journal
was, and the chain ties the entries to it. See docs/formats/batch.md.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256
from typing import Annotated, Literal, Self

from pydantic import Field

from sync import frames
from sync.chain import Head
from sync.contract import canonical
from sync.contract.form import Form
from sync.contract.ids import STATION_PATTERN, Seq, StationId
from sync.contract.submission import MAX_BODY, MAX_ENVELOPES, Submission
from sync.cose import EDDSA, parts, protected, signer
from sync.envelope import COSE_SIGN1, MAX_ENVELOPE, SIGNATURE_LENGTH, Envelope, to_be_signed
from sync.errors import BadSignature, Malformed
from sync.frames import Frame
from sync.keys import StationKey, StationPublicKey

MAGIC = b"garita.batch/1\n"
LENGTH = 2
WHAT = "batch"
Digest = Annotated[bytes, Field(min_length=32, max_length=32)]


class BatchHeader(Form, frozen=True, extra="forbid"):
    """What the station states: `count` entries from seq `first` on lead from the head `before` to the head `after`."""

    format: Literal["garita.batch/1"] = "garita.batch/1"
    station: Annotated[StationId, Field(pattern=STATION_PATTERN)]
    first: Annotated[Seq, Field(ge=1, le=2**63 - 1)]
    count: int = Field(ge=1, le=MAX_ENVELOPES)
    before: Digest
    after: Digest

    @property
    def head(self) -> Head:
        """Where the journal is said to have been when the last of these entries was its last."""
        return Head(Seq(self.first + self.count - 1), self.after)


@dataclass(frozen=True)
class Statement:
    """A header and the station's signature (COSE_Sign1); not to be believed before `verify`."""

    header: BatchHeader
    data: bytes

    @classmethod
    def sign(cls, header: BatchHeader, key: StationKey) -> Self:
        """Return the header, signed."""
        head, payload = protected(EDDSA, key.public.kid), header.to_bytes()
        signature = key.sign(to_be_signed(head, payload))
        return cls(header, COSE_SIGN1 + canonical.encode([head, {}, payload, signature]))

    @classmethod
    def from_bytes(cls, data: bytes) -> Self:
        """Read a statement; raises Malformed."""
        _, _, payload, _ = _parts(data)
        return cls(BatchHeader.from_bytes(payload), data)

    def verify(self, station: StationPublicKey) -> None:
        """Raise BadSignature unless the holder of `station` signed it."""
        head, _, payload, signature = _parts(self.data)
        if signer(head, WHAT) != (EDDSA, station.kid):
            raise BadSignature(f"the {WHAT} of {self.header.station} is not signed by its key {station.kid.hex()}")
        station.verify(signature, to_be_signed(head, payload))


@dataclass(frozen=True)
class Batch:
    """A statement and the entries that came with it: all of them, or the first ones of a file that was cut.

    They are packed until `envelopes` is asked for: verify the statement first.
    """

    statement: Statement
    frames: list[Frame]

    @property
    def whole(self) -> bool:
        """Tell whether all the entries are there that the statement counts."""
        return len(self.frames) == self.statement.header.count

    @property
    def size(self) -> int:
        """How many bytes the entries unpack to, at most `MAX_BODY`."""
        return sum(frame.size for frame in self.frames)

    @cached_property
    def envelopes(self) -> list[bytes]:
        """The entries, unpacked; raises Malformed for a damaged one, and where they are not what is stated."""
        envelopes = [frame.unpack() for frame in self.frames]
        if envelopes:
            self._check(envelopes)
        return envelopes

    @property
    def submission(self) -> Submission:
        """What is submitted by it."""
        return Submission(self.statement.header.station, self.envelopes)

    @classmethod
    def from_bytes(cls, data: bytes) -> Self:
        """Read a batch, also one that was cut behind its statement, and unpack nothing; raises Malformed."""
        if not data.startswith(MAGIC):
            raise Malformed(f"{WHAT}: it starts with the line {MAGIC.decode().strip()!r}")
        start = len(MAGIC) + LENGTH
        end = start + int.from_bytes(data[len(MAGIC) : start])
        if len(data) < max(start, end):
            raise Malformed(f"{WHAT}: cut in its statement; copy it again")
        statement = Statement.from_bytes(data[start:end])
        return cls(statement, frames.split(data[end:], WHAT, MAX_ENVELOPE, statement.header.count, MAX_BODY))

    def _check(self, envelopes: Sequence[bytes]) -> None:
        """Raise Malformed where the first entry does not continue the stated head, or the last one is not the other."""
        header, first = self.statement.header, Envelope.from_bytes(envelopes[0]).header
        what = f"{WHAT} {header.station}/{header.first}"
        if (first.seq, first.prev) != (header.first, header.before):
            raise Malformed(f"{what}: its first entry, {first.seq}, does not continue the head that it states")
        if self.whole and sha256(envelopes[-1]).digest() != header.after:
            raise Malformed(f"{what}: its last entry is not the head that it states")


def write_batch(key: StationKey, station: StationId, first: Seq, before: bytes, envelopes: Sequence[bytes]) -> bytes:
    """Return the batch of consecutive entries from seq `first` on; `before` is the digest that the first one names."""
    after = sha256(envelopes[-1]).digest()
    header = BatchHeader(station=station, first=first, count=len(envelopes), before=before, after=after)
    statement = Statement.sign(header, key).data
    return MAGIC + len(statement).to_bytes(LENGTH) + statement + frames.pack(envelopes)


def _parts(data: bytes) -> tuple[bytes, dict[str, object], bytes, bytes]:
    if data[:1] != COSE_SIGN1:
        raise Malformed(f"{WHAT}: its statement starts with tag 18")
    head, unprotected, payload, signature = parts(canonical.decode(data[1:], WHAT), WHAT, bytes, dict, bytes, bytes)
    if unprotected or len(signature) != SIGNATURE_LENGTH:
        raise Malformed(f"{WHAT}: its statement has an empty unprotected header and a signature of 64 bytes")
    signer(head, WHAT)
    return head, unprotected, payload, signature
