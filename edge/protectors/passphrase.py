"""The key wrapped under a passphrase: Argon2id (RFC 9106), AES-256 key wrap (RFC 3394)."""

import secrets
from pathlib import Path
from typing import Annotated, Literal

from argon2.low_level import Type, hash_secret_raw
from cryptography.hazmat.primitives.keywrap import InvalidUnwrap, aes_key_wrap
from pydantic import Field

from edge.errors import WrongSecret
from edge.keyfile import KEY_BYTES, Ask, ProtectedKey
from edge.settings import ProtectorName
from sync.passphrases import spelt, unwrap_key

FEWEST_CHARACTERS = 14


class PassphraseKey(ProtectedKey, frozen=True):
    """The wrapped key and how its wrapping key is made; the bounds keep a forged file from taking all memory."""

    format: Literal["garita.protected-key/1"] = "garita.protected-key/1"
    protector: Literal["passphrase"] = "passphrase"
    salt: Annotated[bytes, Field(min_length=16, max_length=16)]
    passes: Annotated[int, Field(ge=1, le=64)] = 3
    memory_kib: Annotated[int, Field(ge=8 * 1024, le=1024 * 1024)] = 64 * 1024
    lanes: Annotated[int, Field(ge=1, le=16)] = 4
    wrapped: Annotated[bytes, Field(min_length=KEY_BYTES + 8, max_length=KEY_BYTES + 8)] = bytes(KEY_BYTES + 8)

    def wrapping_key(self, passphrase: bytes) -> bytes:
        """Return the key that wraps; slow on purpose."""
        return hash_secret_raw(passphrase, self.salt, self.passes, self.memory_kib, self.lanes, KEY_BYTES, Type.ID)


class PassphraseProtector:
    """Asks for a passphrase at each start. Nothing but its length slows down who copied the disk."""

    name: ProtectorName = "passphrase"
    demo = False

    def __init__(self, file: Path, ask: Ask) -> None:
        self._file = file
        self._ask = ask

    def key(self) -> bytes:
        """Return the key; raises UnusableKeyFile, WrongSecret."""
        kept = PassphraseKey.read(self._file)
        try:
            return unwrap_key(kept.wrapped, self._ask("passphrase of this station's key"), kept.wrapping_key)
        except InvalidUnwrap as error:
            raise WrongSecret("this is not the passphrase of this station's key; try again") from error

    def keep(self, key: bytes) -> None:
        """Ask for a new passphrase and wrap the key under it; raises WrongSecret for a short one."""
        passphrase = spelt(self._ask(f"new passphrase, {FEWEST_CHARACTERS} characters or more"))
        if len(passphrase) < FEWEST_CHARACTERS:
            raise WrongSecret(f"a passphrase of {len(passphrase)} characters; {FEWEST_CHARACTERS} or more are needed")
        kept = PassphraseKey(salt=secrets.token_bytes(16))
        wrapped = aes_key_wrap(kept.wrapping_key(passphrase.encode()), key)
        kept.model_copy(update={"wrapped": wrapped}).write(self._file)
