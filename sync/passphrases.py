"""A passphrase is what a person types: the same letters, however a keyboard spells them, open the same key."""

import unicodedata
from collections.abc import Callable

from cryptography.hazmat.primitives.keywrap import InvalidUnwrap, aes_key_unwrap


def spelt(passphrase: str) -> str:
    """Return the one spelling under which keys are wrapped: Unicode's form C (RFC 8265, 4.2.2, rule 4)."""
    return unicodedata.normalize("NFC", passphrase)


def unwrap_key(wrapped: bytes, passphrase: str, stretch: Callable[[bytes], bytes]) -> bytes:
    """Return the key; raises InvalidUnwrap where this is not the passphrase.

    Files made before 27 November 2026 were wrapped under a passphrase as it was typed: it is tried so after.
    """
    try:
        return aes_key_unwrap(stretch(spelt(passphrase).encode()), wrapped)
    except InvalidUnwrap:
        if spelt(passphrase) == passphrase:
            raise
    return aes_key_unwrap(stretch(passphrase.encode()), wrapped)
