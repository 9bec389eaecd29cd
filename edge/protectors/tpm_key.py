"""The key split in two halves that the machine's TPM keeps: one opens to the PIN, one to the measured start."""

import secrets
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field

from edge.errors import WrongSecret
from edge.keyfile import Ask, ProtectedKey
from edge.protectors.tpm import Tpm
from edge.settings import ProtectorName

Blob = Annotated[bytes, Field(min_length=1, max_length=2048)]
FEWEST_DIGITS = 6
ATTEMPTS = 5
RECOVERY_S = 600
LOCKOUT_S = 24 * 3600


class TpmKey(ProtectedKey, frozen=True):
    """Both halves as this TPM sealed them; the key is the first XOR the second, so either alone says nothing."""

    protector: Literal["tpm"] = "tpm"
    pcrs: Annotated[list[Annotated[int, Field(ge=0, le=23)]], Field(min_length=1, max_length=24)]
    pin_public: Blob
    pin_private: Blob
    boot_public: Blob
    boot_private: Blob


class TpmProtector:
    """Opens with the PIN on this machine as it started when the key was kept. The TPM itself counts wrong PINs.

    The start is looked at first: on a machine that was changed, no PIN is tried.
    """

    name: ProtectorName = "tpm"
    demo = False

    def __init__(self, file: Path, ask: Ask, tpm: Tpm, pcrs: Sequence[int]) -> None:
        self._file = file
        self._ask = ask
        self._tpm = tpm
        self._pcrs = list(pcrs)

    def key(self) -> bytes:
        """Return the key; raises UnusableKeyFile, BootChanged, WrongSecret, KeyLockedOut, ProtectorUnavailable."""
        kept = TpmKey.read(self._file)
        boot_half = self._tpm.unseal_in_boot(kept.boot_public, kept.boot_private, kept.pcrs)
        pin = self._ask("PIN of this station's key").encode()
        return _xor(boot_half, self._tpm.unseal_with_pin(kept.pin_public, kept.pin_private, pin))

    def keep(self, key: bytes) -> None:
        """Ask for a new PIN and let the TPM seal both halves; raises WrongSecret for a short one."""
        pin = self._ask(f"new PIN, {FEWEST_DIGITS} digits or more")
        if len(pin) < FEWEST_DIGITS:
            raise WrongSecret(f"a PIN of {len(pin)} characters; {FEWEST_DIGITS} or more are needed")
        self._tpm.limit_attempts(ATTEMPTS, RECOVERY_S, LOCKOUT_S)
        half = secrets.token_bytes(len(key))
        pin_public, pin_private = self._tpm.seal_to_pin(half, pin.encode())
        boot_public, boot_private = self._tpm.seal_to_boot(_xor(key, half), self._pcrs)
        TpmKey(
            pcrs=self._pcrs,
            pin_public=pin_public,
            pin_private=pin_private,
            boot_public=boot_public,
            boot_private=boot_private,
        ).write(self._file)


def _xor(first: bytes, second: bytes) -> bytes:
    return bytes(a ^ b for a, b in zip(first, second, strict=True))
