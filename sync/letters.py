"""Seal a letter to the outside body: the same number of bytes for every text, and for none."""

from sync.contract.letter import MAX_TEXT
from sync.errors import SealError
from sync.keys import Recipient

LENGTH_BYTES = 2


def seal_letter(text: str, recipient: Recipient) -> bytes:
    """Return the sealed letter, the recipient's key id first; an empty text makes a blank one. Raises SealError."""
    content = text.encode()
    if len(content) > MAX_TEXT:
        raise SealError(f"a letter of {len(content)} bytes; at most {MAX_TEXT} can be sealed")
    if recipient.purpose != "oversight":
        raise SealError(f"a letter is sealed to the outside body alone, not to a key of purpose {recipient.purpose}")
    padded = len(content).to_bytes(LENGTH_BYTES) + content.ljust(MAX_TEXT, b"\0")
    sealed = recipient.cipher_suite.hpke.encrypt(padded, recipient.hpke, info=letter_info(recipient.kid))  # pyright: ignore[reportArgumentType] - a suite's own keys
    return recipient.kid + sealed


def letter_info(kid: bytes) -> bytes:
    """Return what ties a letter to its recipient."""
    return b"garita/letter/1\0" + kid
