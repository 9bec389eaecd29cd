"""The key split in two halves that the machine's TPM keeps: one opens to the PIN, one to the measured start."""

import logging
import secrets
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Literal

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from pydantic import Field

from edge.errors import UnusableKeyFile, WrongSecret
from edge.keyfile import KEY_BYTES, Ask, ProtectedKey
from edge.protectors import tpm_sealing
from edge.protectors.tpm import Tpm
from edge.protectors.tpm_lockout import guard_attempts
from edge.settings import ProtectorName

LOG = logging.getLogger(__name__)

Blob = Annotated[bytes, Field(min_length=1, max_length=2048)]
FEWEST_DIGITS = 6
_NONCE = bytes(12)
"""One boot half covers one PIN half."""


class TpmKey(ProtectedKey, frozen=True):
    """Both halves as this TPM sealed them; the key is the first XOR the second, so either alone says nothing.

    `pin_private` lies under AES-256-GCM, whose key comes of the boot half: no other start can try a PIN. In a file of
    format 1 it lies open, and any system on this machine can.
    """

    format: Literal["garita.protected-key/1", "garita.protected-key/2"] = "garita.protected-key/2"
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
        boot_half = tpm_sealing.unseal_in_boot(self._tpm, (kept.boot_public, kept.boot_private), kept.pcrs)
        sealed = kept.pin_public, self._uncovered(kept, boot_half)
        pin = self._ask("PIN of this station's key").encode()
        return _xor(boot_half, tpm_sealing.unseal_with_pin(self._tpm, sealed, pin))

    def keep(self, key: bytes) -> None:
        """Ask for a new PIN and let the TPM seal both halves; raises WrongSecret for a short one.

        The TPM is made ready first: it keeps its storage key, and nobody takes wrong PINs back.
        """
        pin = self._ask(f"new PIN, {FEWEST_DIGITS} digits or more")
        if len(pin) < FEWEST_DIGITS:
            raise WrongSecret(f"a PIN of {len(pin)} characters; {FEWEST_DIGITS} or more are needed")
        tpm_sealing.lay_storage_key(self._tpm)
        guard_attempts(self._tpm)
        half = secrets.token_bytes(len(key))
        boot_half = _xor(key, half)
        pin_public, pin_private = tpm_sealing.seal_to_pin(self._tpm, half, pin.encode())
        boot_public, boot_private = tpm_sealing.seal_to_boot(self._tpm, boot_half, self._pcrs)
        TpmKey(
            pcrs=self._pcrs,
            pin_public=pin_public,
            pin_private=_cover(boot_half).encrypt(_NONCE, pin_private, pin_public),
            boot_public=boot_public,
            boot_private=boot_private,
        ).write(self._file)

    def _uncovered(self, kept: TpmKey, boot_half: bytes) -> bytes:
        if kept.format == "garita.protected-key/1":
            LOG.warning(
                "%s: any system on this machine can try its PIN; run `garita keys protect --to tpm`", self._file
            )
            return kept.pin_private
        try:
            return _cover(boot_half).decrypt(_NONCE, kept.pin_private, kept.pin_public)
        except InvalidTag as error:
            raise UnusableKeyFile(f"{self._file}: its two halves are not of one key; put its copy back") from error


def _cover(boot_half: bytes) -> AESGCM:
    return AESGCM(HKDF(SHA256(), KEY_BYTES, None, b"garita/pin-half/1").derive(boot_half))


def _xor(first: bytes, second: bytes) -> bytes:
    return bytes(a ^ b for a, b in zip(first, second, strict=True))
