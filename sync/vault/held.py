"""An identity that k of n holders release together, each with a passphrase of their own.

The file holds the identity under a key of which each holder has a share; a share is wrapped under Argon2id of its
holder's passphrase (RFC 9106; AES key wrap, RFC 3394). One holder of one is a passphrase file.
"""

from collections.abc import Mapping
from contextlib import suppress
from secrets import token_bytes
from typing import Annotated, Literal

from argon2.low_level import Type, hash_secret_raw
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.keywrap import InvalidUnwrap, aes_key_wrap
from pydantic import Field

from sync.contract.form import Form
from sync.errors import Malformed, UnusableKey
from sync.identity import Identity
from sync.passphrases import spelt, unwrap_key
from sync.vault.shares import MOST, join, split
from sync.vault.token import TokenIdentityFile

KEY_BYTES = 32
WRAPPED_BYTES = KEY_BYTES + 8
NONCE = bytes(12)
"""Fixed, and safe: each key seals one identity, once."""
FEWEST_CHARACTERS = 14
LONGEST_NAME = 80
PASSES, MEMORY_KIB, LANES = 3, 64 * 1024, 4


class Holder(Form, frozen=True, extra="forbid"):
    """One holder, and their share under their passphrase."""

    name: Annotated[str, Field(min_length=1, max_length=LONGEST_NAME)]
    salt: Annotated[bytes, Field(min_length=16, max_length=16)]
    wrapped: Annotated[bytes, Field(min_length=WRAPPED_BYTES, max_length=WRAPPED_BYTES)]


class HeldIdentity(Form, frozen=True, extra="forbid"):
    """The file `garita.held-identity/1`: secret to nobody, useful to `threshold` holders together."""

    format: Literal["garita.held-identity/1"] = "garita.held-identity/1"
    kid: bytes
    threshold: int = Field(ge=1, le=MOST)
    holders: Annotated[list[Holder], Field(min_length=1, max_length=MOST)]
    sealed: bytes

    @classmethod
    def hold(cls, identity: Identity, threshold: int, passphrases: Mapping[str, str]) -> "HeldIdentity":
        """Return the file in which these holders hold the identity.

        Raises UnusableKey for a short passphrase, and where two holders gave the same one.
        """
        spellings = {name: spelt(passphrase) for name, passphrase in passphrases.items()}
        for name, passphrase in spellings.items():
            if len(passphrase) < FEWEST_CHARACTERS:
                raise UnusableKey(f"the passphrase of {name} has fewer than {FEWEST_CHARACTERS} characters")
        if len(set(spellings.values())) < len(spellings):
            raise UnusableKey("two holders gave one and the same passphrase; begin again, each with one of their own")
        key = token_bytes(KEY_BYTES)
        shares = split(key, threshold, len(passphrases))
        holders = [_holder(*each, share) for each, share in zip(spellings.items(), shares, strict=True)]
        kid = identity.recipient.kid
        sealed = AESGCM(key).encrypt(NONCE, identity.to_bytes(), kid)
        return cls(kid=kid, threshold=threshold, holders=holders, sealed=sealed)

    def release(self, passphrases: Mapping[str, str]) -> Identity:
        """Return the identity; raises UnusableKey unless enough holders gave their true passphrases."""
        shares = dict(
            _share(place, holder, passphrases[holder.name])
            for place, holder in enumerate(self.holders, start=1)
            if holder.name in passphrases
        )
        if len(shares) < self.threshold:
            raise UnusableKey(f"{len(shares)} of {len(self.holders)} holders released the key; {self.threshold} must")
        try:
            return Identity.from_bytes(AESGCM(join(shares)).decrypt(NONCE, self.sealed, self.kid))
        except InvalidTag as error:
            raise UnusableKey(f"the file of the held identity {self.kid.hex()} was changed; fetch it again") from error


def read_identity(data: bytes) -> Identity | HeldIdentity | TokenIdentityFile:
    """Return what a file holds: an identity in plain, one that is held, or one of a token; raises UnusableKey."""
    for kind in (HeldIdentity, TokenIdentityFile):
        with suppress(Malformed):
            return kind.from_bytes(data)
    return Identity.from_bytes(data)


def _holder(name: str, passphrase: str, share: bytes) -> Holder:
    salt = token_bytes(16)
    return Holder(name=name, salt=salt, wrapped=aes_key_wrap(_stretch(passphrase.encode(), salt), share))


def _share(place: int, holder: Holder, passphrase: str) -> tuple[int, bytes]:
    try:
        return place, unwrap_key(holder.wrapped, passphrase, lambda data: _stretch(data, holder.salt))
    except InvalidUnwrap as error:
        raise UnusableKey(f"that is not the passphrase of {holder.name}; try again") from error


def _stretch(passphrase: bytes, salt: bytes) -> bytes:
    return hash_secret_raw(passphrase, salt, PASSES, MEMORY_KIB, LANES, KEY_BYTES, Type.ID)
