"""Attachments: bytes that are sealed beside a record and named in it. See docs/formats/attachment.md.

Each has a key of its own, and the record carries that key: so exactly those who can open the record can open it, the
record's signature covers it by digest, and whoever stores it needs to know nothing but the digest of the sealed bytes.
"""

from hashlib import sha256

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlmodel import Field, Session, SQLModel, col, select

from sync.contract.casework import AttachmentPart
from sync.contract.ids import Seq
from sync.errors import OpenError, SealError

MAX_ATTACHMENT = 64 * 1024 * 1024
NONCE = bytes(12)
"""Fixed, and safe: each key seals one attachment, ever."""


class AttachmentEntry(SQLModel, table=True):
    """The sealed bytes of one attachment of entry `seq`, until the centre has them; `sealed` is their SHA-256."""

    __tablename__ = "attachment"  # pyright: ignore[reportAssignmentType] - SQLModel declares it as a callable too

    sealed: bytes = Field(primary_key=True)
    seq: int = Field(index=True)
    body: bytes


def seal_attachment(data: bytes, name: str, media: str) -> tuple[AttachmentPart, bytes]:
    """Return what the record says of the attachment, and its sealed bytes; raises SealError for one too long."""
    if len(data) > MAX_ATTACHMENT:
        raise SealError(f"an attachment of {len(data)} bytes; at most {MAX_ATTACHMENT} can be sealed")
    key = AESGCM.generate_key(256)
    body = AESGCM(key).encrypt(NONCE, data, None)
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
    try:
        data = AESGCM(part.key).decrypt(NONCE, body, None)
    except InvalidTag as error:
        raise OpenError(f"attachment {part.name!r}: it does not open with the key in its record") from error
    if (sha256(data).digest(), len(data)) != (part.digest, part.size):
        raise OpenError(f"attachment {part.name!r}: what was sealed is not what the record names by digest and size")
    return data


def keep(session: Session, seq: Seq, part: AttachmentPart, body: bytes) -> None:
    """Keep the sealed bytes of an attachment of entry `seq`, in the caller's transaction."""
    session.add(AttachmentEntry(sealed=part.sealed, seq=seq, body=body))


def of_entry(session: Session, seq: Seq) -> list[AttachmentEntry]:
    """Return the attachments of an entry that are still here."""
    return list(session.exec(select(AttachmentEntry).where(col(AttachmentEntry.seq) == seq)))
