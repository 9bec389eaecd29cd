"""The envelope: one record, sealed and signed, as it stands in the journal and travels.

COSE_Sign1 (RFC 9052, 4.2; EdDSA) over [header, wraps, body]; see docs/formats/envelope.md. This file reads and
verifies; sealing and opening stand apart, so that the centre can do neither.
"""

from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256
from typing import Annotated, Any, Literal, Self

from pydantic import Field

from sync.contract import canonical
from sync.contract.form import Form
from sync.contract.ids import STATION_PATTERN, EnvelopeDigest, KeyId, Seq, StationId
from sync.cose import EDDSA, KEY_ID_LENGTH, parts, protected, signer
from sync.errors import BadSignature, Malformed
from sync.keys import StationPublicKey
from sync.suites import SUITES, TAG_LENGTH, SuiteName

MAX_RECORD = canonical.MAX_BYTES
MAX_ENVELOPE = MAX_RECORD + 256 * 1024
MAX_RECIPIENTS = 8
SIGNATURE_LENGTH = 64

COSE_SIGN1 = b"\xd2"
BODY_NONCE = bytes(12)
"""Fixed, and safe: each key encrypts one body, ever."""

KeyIdField = Annotated[KeyId, Field(min_length=KEY_ID_LENGTH, max_length=KEY_ID_LENGTH)]


class Header(Form, frozen=True, extra="forbid"):
    """What anybody may see of a record: whose, which, after which, and who can open it."""

    format: Literal["garita.envelope/1"] = "garita.envelope/1"
    suite: SuiteName
    station: Annotated[StationId, Field(pattern=STATION_PATTERN)]
    seq: Annotated[Seq, Field(ge=1, le=2**63 - 1)]
    prev: Annotated[bytes, Field(min_length=32, max_length=32)]
    commitment: Annotated[bytes, Field(min_length=32, max_length=32)]
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
        head, unprotected, payload, signature = parts(outer, "envelope", bytes, dict, bytes, bytes)
        if unprotected:
            raise Malformed("envelope: its unprotected header must be empty")
        if len(signature) != SIGNATURE_LENGTH:
            raise Malformed(f"envelope: a signature of {len(signature)} bytes; {SIGNATURE_LENGTH} were expected")
        value = canonical.decode(payload, "envelope payload", MAX_ENVELOPE)
        header_bytes, wraps, body = parts(value, "envelope payload", bytes, list, bytes)
        header = Header.from_bytes(header_bytes)
        _check_wraps(header, wraps)
        if len(body) <= TAG_LENGTH:
            raise Malformed(f"envelope: a body of {len(body)} bytes holds nothing")
        return cls(data, _signer(head), header, header_bytes, tuple(wraps), body, payload, signature)

    @cached_property
    def digest(self) -> EnvelopeDigest:
        """SHA-256 of all the bytes: the next entry's `prev`, and the entry in the national log."""
        return EnvelopeDigest(sha256(self.data).digest())

    def verify(self, station: StationPublicKey) -> None:
        """Raise BadSignature unless the holder of `station` signed this envelope."""
        if self.key_id != station.kid:
            raise BadSignature(f"{self} is signed by key {self.key_id.hex()}, not {station.kid.hex()}")
        try:
            station.verify(self.signature, to_be_signed(protected(EDDSA, self.key_id), self.payload))
        except BadSignature as error:
            raise BadSignature(f"{self}: {error}") from error

    def __str__(self) -> str:
        return f"envelope {self.header.station}/{self.header.seq}"


def to_be_signed(head: bytes, payload: bytes) -> bytes:
    """Return the Sig_structure of RFC 9052, section 4.4, of a COSE_Sign1 with the protected header `head`."""
    return canonical.encode(["Signature1", head, b"", payload])


def commitment(dek: bytes) -> bytes:
    """Return what the header says of the content key, so that no other key opens the body, as AES-GCM allows."""
    return sha256(b"garita/commit/1\0" + dek).digest()


def wrap_info(kid: KeyId, header_bytes: bytes) -> bytes:
    """Return what ties a wrapped key to its recipient and to its header."""
    return b"garita/dek/1\0" + kid + sha256(header_bytes).digest()


def _signer(head: bytes) -> KeyId:
    algorithm, kid = signer(head, "envelope")
    if algorithm != EDDSA:
        raise Malformed(f"envelope: signed with algorithm {algorithm}; {EDDSA} (EdDSA) was expected")
    return kid


def _check_wraps(header: Header, wraps: list[Any]) -> None:
    if len(set(header.recipients)) != len(header.recipients):
        raise Malformed("envelope: the same recipient is named twice")
    if len(wraps) != len(header.recipients):
        raise Malformed(f"envelope: {len(wraps)} wrapped keys for {len(header.recipients)} recipients")
    length = SUITES[header.suite].wrap_length
    if any(not isinstance(wrap, bytes) or len(wrap) != length for wrap in wraps):
        raise Malformed(f"envelope: a wrapped key of {header.suite} has {length} bytes")
