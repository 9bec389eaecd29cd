"""The envelope: one record, sealed and signed, as it stands in the journal and travels.

COSE_Sign1 (RFC 9052, 4.2; EdDSA) over [header, wraps, body]; see docs/formats/envelope.md. This file reads and
verifies; sealing and opening stand apart, so that the centre can do neither.
"""

from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256
from typing import Annotated, Any, Literal, Self, cast

from pydantic import Field

from sync.contract import canonical
from sync.contract.form import Form
from sync.contract.ids import STATION_PATTERN, EnvelopeDigest, KeyId, Seq, StationId
from sync.errors import BadSignature, Malformed
from sync.keys import KEY_ID_LENGTH, StationPublicKey

MAX_RECORD = canonical.MAX_BYTES
MAX_ENVELOPE = MAX_RECORD + 256 * 1024
MAX_RECIPIENTS = 8
WRAP_LENGTH = {"MLKEM1024_P384": 1568 + 97 + 32 + 16}
SIGNATURE_LENGTH = 64
TAG_LENGTH = 16

COSE_SIGN1 = b"\xd2"
PROTECTED = bytes.fromhex("a201270448")
BODY_NONCE = bytes(12)
"""Fixed, and safe: each key encrypts one body, ever."""

KeyIdField = Annotated[KeyId, Field(min_length=KEY_ID_LENGTH, max_length=KEY_ID_LENGTH)]


class Header(Form, frozen=True, extra="forbid"):
    """What anybody may see of a record: whose, which, after which, and who can open it."""

    format: Literal["garita.envelope/1"] = "garita.envelope/1"
    suite: Literal["MLKEM1024_P384"] = "MLKEM1024_P384"
    station: Annotated[StationId, Field(pattern=STATION_PATTERN)]
    seq: Annotated[Seq, Field(ge=1, le=2**63 - 1)]
    prev: Annotated[bytes, Field(min_length=32, max_length=32)]
    recipients: Annotated[list[KeyIdField], Field(min_length=1, max_length=MAX_RECIPIENTS)]


@dataclass(frozen=True, repr=False)
class Envelope:
    """A parsed envelope; its parts are what `data` says, not yet that they are true: call `verify`."""

    data: bytes
    key_id: KeyId
    header: Header
    header_bytes: bytes
    wraps: tuple[bytes, ...]
    body: bytes
    payload: bytes
    signature: bytes

    @classmethod
    def from_bytes(cls, data: bytes) -> Self:
        """Read an envelope strictly; raises Malformed naming the part."""
        if data[:1] != COSE_SIGN1:
            raise Malformed("envelope: a COSE_Sign1 starts with tag 18")
        outer = canonical.decode(data[1:], "envelope", MAX_ENVELOPE)
        protected, unprotected, payload, signature = _parts(outer, "envelope", bytes, dict, bytes, bytes)
        if unprotected:
            raise Malformed("envelope: its unprotected header must be empty")
        if len(signature) != SIGNATURE_LENGTH:
            raise Malformed(f"envelope: a signature of {len(signature)} bytes; {SIGNATURE_LENGTH} were expected")
        value = canonical.decode(payload, "envelope payload", MAX_ENVELOPE)
        header_bytes, wraps, body = _parts(value, "envelope payload", bytes, list, bytes)
        header = Header.from_bytes(header_bytes)
        _check_wraps(header, wraps)
        if len(body) <= TAG_LENGTH:
            raise Malformed(f"envelope: a body of {len(body)} bytes holds nothing")
        return cls(data, _signer(protected), header, header_bytes, tuple(wraps), body, payload, signature)

    @cached_property
    def digest(self) -> EnvelopeDigest:
        """SHA-256 of all the bytes: the next entry's `prev`, and the entry in the national log."""
        return EnvelopeDigest(sha256(self.data).digest())

    def verify(self, station: StationPublicKey) -> None:
        """Raise BadSignature unless the holder of `station` signed this envelope."""
        if self.key_id != station.kid:
            raise BadSignature(f"{self} is signed by key {self.key_id.hex()}, not {station.kid.hex()}")
        try:
            station.verify(self.signature, to_be_signed(protected_header(self.key_id), self.payload))
        except BadSignature as error:
            raise BadSignature(f"{self}: {error}") from error

    def __str__(self) -> str:
        return f"envelope {self.header.station}/{self.header.seq}"


def protected_header(kid: KeyId) -> bytes:
    """Return {1: -8 (EdDSA), 4: kid}, the only protected header there is."""
    return PROTECTED + kid


def to_be_signed(protected: bytes, payload: bytes) -> bytes:
    """Return the Sig_structure of RFC 9052, section 4.4, without external data."""
    return canonical.encode(["Signature1", protected, b"", payload])


def wrap_info(kid: KeyId, header_bytes: bytes) -> bytes:
    """Return what ties a wrapped key to its recipient and to its header."""
    return b"garita/dek/1\0" + kid + sha256(header_bytes).digest()


def _parts(value: object, what: str, *kinds: type) -> list[Any]:
    if not isinstance(value, list) or [type(part) for part in cast("list[object]", value)] != list(kinds):
        raise Malformed(f"{what}: expected [{', '.join(kind.__name__ for kind in kinds)}]")
    return cast("list[Any]", value)


def _signer(protected: bytes) -> KeyId:
    if not protected.startswith(PROTECTED) or len(protected) != len(PROTECTED) + KEY_ID_LENGTH:
        raise Malformed("envelope: its protected header must be {1: -8, 4: key id of 8 bytes}")
    return KeyId(protected[len(PROTECTED) :])


def _check_wraps(header: Header, wraps: list[Any]) -> None:
    if len(set(header.recipients)) != len(header.recipients):
        raise Malformed("envelope: the same recipient is named twice")
    if len(wraps) != len(header.recipients):
        raise Malformed(f"envelope: {len(wraps)} wrapped keys for {len(header.recipients)} recipients")
    length = WRAP_LENGTH[header.suite]
    if any(not isinstance(wrap, bytes) or len(wrap) != length for wrap in wraps):
        raise Malformed(f"envelope: a wrapped key of {header.suite} has {length} bytes")
