"""Open an envelope with a recipient's identity. The station and the centre do not import this."""

import zstandard
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from sync.envelope import BODY_NONCE, MAX_RECORD, Envelope, wrap_info
from sync.errors import OpenError
from sync.identity import Identity
from sync.keys import HPKE


def open_envelope(envelope: Envelope, identity: Identity) -> bytes:
    """Return the record in `envelope`; verify its signature first, this does not.

    Raises OpenError when it was sealed to others, or was damaged, or holds no single zstd frame of a known size.
    """
    kid = identity.recipient.kid
    if kid not in envelope.header.recipients:
        names = ", ".join(each.hex() for each in envelope.header.recipients)
        raise OpenError(f"{envelope} is sealed to {names}, not to {kid.hex()}")
    wrap = envelope.wraps[envelope.header.recipients.index(kid)]
    try:
        dek = HPKE.decrypt(wrap, identity.hpke, info=wrap_info(kid, envelope.header_bytes))
        packed = AESGCM(dek).decrypt(BODY_NONCE, envelope.body, envelope.header_bytes)
    except (InvalidTag, ValueError) as error:
        raise OpenError(f"{envelope} does not open with key {kid.hex()}: it was changed after sealing") from error
    return _unpack(packed, str(envelope))


def _unpack(packed: bytes, name: str) -> bytes:
    try:
        size = zstandard.frame_content_size(packed)
        if not 0 < size <= MAX_RECORD:
            raise OpenError(f"{name}: a record that says {size} bytes; between 1 and {MAX_RECORD} are read")
        return zstandard.ZstdDecompressor().decompress(packed, max_output_size=size, allow_extra_data=False)
    except zstandard.ZstdError as error:
        raise OpenError(f"{name}: its body is not one zstd frame: {error}") from error
