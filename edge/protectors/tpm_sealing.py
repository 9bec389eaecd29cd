"""Secrets that the TPM seals and gives back: to this machine's start, or to a PIN whose wrong tries it counts."""

import re
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from edge.errors import BootChanged, KeyLockedOut, ProtectorUnavailable, WrongSecret
from edge.protectors.tpm import OWNER_REFUSES, Refusals, Tpm, in_memory

STORAGE_KEY = "0x81004716"
"""Where the TPM keeps the storage key, so that no start needs its owner's authorisation."""

_MADE_IN_THE_TPM = 0x30032
"""TPMA_OBJECT: fixedTPM, fixedParent, sensitiveDataOrigin, restricted, decrypt (TPM 2.0 Part 2, 8.3)."""

_PRIMARY = ("tpm2_createprimary", "-C", "o", "-G", "ecc256", "-c", "primary")
_CREATE = ("tpm2_create", "-C", "primary", "-u", "public", "-r", "private", "-i", "-")
_LOAD = ("tpm2_load", "-C", "primary", "-u", "public", "-r", "private", "-c", "sealed")
_BOUND = "fixedtpm|fixedparent"

_LOCKED: Refusals = {
    "(0x921)": (KeyLockedOut, "too many wrong PINs: the TPM refuses every PIN for a while; keep it powered and wait")
}
_PIN_REFUSED: Refusals = {
    "(0x98E)": (WrongSecret, "this is not the PIN of this station's key; the TPM counts the attempt"),
    **_LOCKED,
}
_BOOT_REFUSED: Refusals = {
    "(0x99D)": (BootChanged, "the machine did not start as it did when the key was kept; a technician must look at it")
}

_ANOTHER = (
    "another TPM than the one that answers keeps this key: put right what was changed, the TPM or `tpm` in "
    "station.toml; a station whose TPM is gone is made new"
)
_FOREIGN: Refusals = {"(0x1DF)": (ProtectorUnavailable, _ANOTHER), **_LOCKED}

Sealed = tuple[bytes, bytes]
"""TPM2B_PUBLIC and TPM2B_PRIVATE; nothing in them is secret without the TPM that made them."""


def lay_storage_key(tpm: Tpm) -> None:
    """Let the TPM keep its storage key; raises ProtectorUnavailable where another's lies in its place.

    A key whose secret somebody knows would open whatever is sealed under it, so one that lies there already must have
    been made in this TPM and be bound to it.
    """
    if not tpm.keeps(STORAGE_KEY):
        with TemporaryDirectory(prefix="garita-tpm-") as name:
            tpm.run(*_PRIMARY, folder=Path(name), refusals=OWNER_REFUSES)
            evict = ("tpm2_evictcontrol", "-C", "o", "-c", "primary", STORAGE_KEY)
            tpm.run(*evict, folder=Path(name), refusals=OWNER_REFUSES)
    told = tpm.run("tpm2_readpublic", "-c", STORAGE_KEY).decode()
    attributes = re.search(r"attributes:\s+value:.*\s+raw: (0x\w+)", told)
    if not attributes or int(attributes[1], 16) & _MADE_IN_THE_TPM != _MADE_IN_THE_TPM:
        raise ProtectorUnavailable(
            f"the TPM's key {STORAGE_KEY} is no storage key that was made in this TPM: somebody laid it; "
            f"remove it (tpm2_evictcontrol -C o -c {STORAGE_KEY})"
        )


def seal_to_pin(tpm: Tpm, secret: bytes, pin: bytes) -> Sealed:
    """Return `secret` (up to 128 bytes) sealed under `pin`; wrong PINs count towards the TPM's own lockout."""
    with _bench(tpm) as folder, in_memory(pin) as file:
        option = ("-p", f"file:/proc/self/fd/{file}", "-a", f"{_BOUND}|userwithauth")
        tpm.run(*_CREATE, *option, folder=folder, secret=secret, passed=file, refusals=_LOCKED)
        return _read(folder)


def seal_to_boot(tpm: Tpm, secret: bytes, pcrs: Sequence[int]) -> Sealed:
    """Return `secret` sealed to what the TPM measured of this start."""
    with _bench(tpm) as folder:
        tpm.run("tpm2_createpolicy", "--policy-pcr", "-l", _selection(pcrs), "-L", "policy", folder=folder)
        tpm.run(*_CREATE, "-L", "policy", "-a", f"{_BOUND}|adminwithpolicy|noda", folder=folder, secret=secret)
        return _read(folder)


def unseal_with_pin(tpm: Tpm, sealed: Sealed, pin: bytes) -> bytes:
    """Return what was sealed under `pin`; raises WrongSecret, KeyLockedOut."""
    with _loaded(tpm, sealed) as folder, in_memory(pin) as file:
        option = ("-p", f"file:/proc/self/fd/{file}")
        return tpm.run("tpm2_unseal", "-c", "sealed", *option, folder=folder, passed=file, refusals=_PIN_REFUSED)


def unseal_in_boot(tpm: Tpm, sealed: Sealed, pcrs: Sequence[int]) -> bytes:
    """Return what was sealed to this start; raises BootChanged."""
    with _loaded(tpm, sealed) as folder:
        option = ("-p", f"pcr:{_selection(pcrs)}")
        return tpm.run("tpm2_unseal", "-c", "sealed", *option, folder=folder, refusals=_BOOT_REFUSED)


@contextmanager
def _bench(tpm: Tpm) -> Generator[Path]:
    """Provide a folder with the storage key's handle: the one that is laid, or, before that, the same one made anew."""
    with TemporaryDirectory(prefix="garita-tpm-") as name:
        folder = Path(name)
        if tpm.keeps(STORAGE_KEY):
            tpm.run("tpm2_readpublic", "-c", STORAGE_KEY, "-t", "primary", folder=folder)
        else:
            tpm.run(*_PRIMARY, folder=folder, refusals=OWNER_REFUSES)
        yield folder


@contextmanager
def _loaded(tpm: Tpm, sealed: Sealed) -> Generator[Path]:
    with _bench(tpm) as folder:
        (folder / "public").write_bytes(sealed[0])
        (folder / "private").write_bytes(sealed[1])
        tpm.run(*_LOAD, folder=folder, refusals=_FOREIGN)
        yield folder


def _read(folder: Path) -> Sealed:
    return (folder / "public").read_bytes(), (folder / "private").read_bytes()


def _selection(pcrs: Sequence[int]) -> str:
    return f"sha256:{','.join(map(str, pcrs))}"
