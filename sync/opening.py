"""Open an envelope with a recipient's identity. The station and the centre do not import this."""

import zlib

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from sync.envelope import BODY_NONCE, MAX_RECORD, Envelope, commitment, wrap_info
from sync.errors import OpenError
from sync.identity import Opener
from sync.suites import SUITES


def open_envelope(envelope: Envelope, identity: Opener) -> bytes:
    """Return the record in `envelope`; verify its signature first, this does not. Raises OpenError."""
    return open_with_key(envelope, unwrap(envelope, identity))


def unwrap(envelope: Envelope, identity: Opener) -> bytes:
    """Return the content key: whoever has it can open this envelope and no other.

    Raises OpenError when it was sealed to others, was damaged, or the key is not the one that the header commits to.
    """
    kid, suite = identity.recipient.kid, envelope.header.suite
    if kid not in envelope.header.recipients:
        names = ", ".join(each.hex() for each in envelope.header.recipients)
        raise OpenError(f"{envelope} is sealed to {names}, not to {kid.hex()}")
    if suite != identity.recipient.suite:
        raise OpenError(f"{envelope} is of suite {suite}, and key {kid.hex()} of {identity.recipient.suite}")
    wrap = envelope.wraps[envelope.header.recipients.index(kid)]
    try:
        dek = SUITES[suite].hpke.decrypt(wrap, identity.hpke, info=wrap_info(kid, envelope.header_bytes))
    except (InvalidTag, ValueError) as error:
        raise OpenError(f"{envelope} does not open with key {kid.hex()}: it was changed after sealing") from error
    if commitment(dek) != envelope.header.commitment:
        raise OpenError(f"{envelope}: the key wrapped for {kid.hex()} is not the one that its header commits to")
    return dek


def open_with_key(envelope: Envelope, dek: bytes) -> bytes:
    """Return the record under its content key; raises OpenError unless the body is one zlib stream of a sane size."""
    if commitment(dek) != envelope.header.commitment:
        raise OpenError(f"{envelope}: this is not the key that its header commits to")
    try:
        packed = AESGCM(dek).decrypt(BODY_NONCE, envelope.body, envelope.header_bytes)
    except InvalidTag as error:
        raise OpenError(f"{envelope}: its body does not open with the key that its header commits to") from error
    return _unpack(packed, str(envelope))


def _unpack(packed: bytes, name: str) -> bytes:
    stream = zlib.decompressobj()
    try:
        record = stream.decompress(packed, MAX_RECORD + 1)
    except zlib.error as error:
        raise OpenError(f"{name}: its body is not one zlib stream: {error}") from error
    if not 0 < len(record) <= MAX_RECORD:
        raise OpenError(f"{name}: a record of {len(record)} bytes or more; between 1 and {MAX_RECORD} are read")
    if not stream.eof or stream.unused_data:
        raise OpenError(f"{name}: its body is not one whole zlib stream and nothing else")
    return record
