"""Attachments: bytes that are sealed beside a record and named in it. See docs/formats/attachment.md.

Each has a key of its own, and the record carries that key: so exactly those who can open the record can open it, the
record's signature covers it by digest, and whoever stores it needs to know nothing but the digest of the sealed bytes.
"""

import zlib
from hashlib import sha256

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from sync.contract.attachment import AttachmentPart
from sync.errors import OpenError, SealError

MAX_ATTACHMENT = 64 * 1024 * 1024
COMPRESSION = 6
NONCE = bytes(12)
"""Fixed, and safe: each key seals one attachment, ever."""


def seal_attachment(data: bytes, name: str, media: str) -> tuple[AttachmentPart, bytes]:
    """Return what the record says of the attachment, and its sealed bytes; raises SealError for one too long."""
    if len(data) > MAX_ATTACHMENT:
        raise SealError(f"an attachment of {len(data)} bytes; at most {MAX_ATTACHMENT} can be sealed")
    key = AESGCM.generate_key(256)
    body = AESGCM(key).encrypt(NONCE, zlib.compress(data, COMPRESSION), None)
    part = AttachmentPart(
        name=name,
        media=media,
        digest=sha256(data).digest(),
        size=len(data),
        key=key,
        sealed=sha256(body).digest(),
    )
    return part, body


def open_attachment(part: AttachmentPart, body: bytes) -> bytes:
    """Return the bytes that a record names; raises OpenError unless `body` is that attachment, whole."""
    if sha256(body).digest() != part.sealed:
        raise OpenError(f"attachment {part.name!r}: these are not the sealed bytes that the record names")
    if part.size > MAX_ATTACHMENT:
        raise OpenError(f"attachment {part.name!r}: the record says {part.size} bytes; at most {MAX_ATTACHMENT}")
    stream = zlib.decompressobj()
    try:
        data = stream.decompress(AESGCM(part.key).decrypt(NONCE, body, None), part.size + 1)
    except (InvalidTag, zlib.error) as error:
        raise OpenError(f"attachment {part.name!r}: it does not open with the key in its record") from error
    whole = stream.eof and not stream.unused_data
    if not whole or (sha256(data).digest(), len(data)) != (part.digest, part.size):
        raise OpenError(f"attachment {part.name!r}: what was sealed is not what the record names by digest and size")
    return data
