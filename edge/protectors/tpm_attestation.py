"""A signing key that never leaves its TPM: by it the TPM itself proves, and no other, what one of its indices holds."""

import os
import secrets
from base64 import urlsafe_b64encode
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Self

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256

from edge.errors import ProtectorUnavailable
from edge.protectors.tpm import OWNER_REFUSES, Refusals, Tpm, in_memory
from sync.errors import RolledBack

ATTESTATION_KEY = "0x81004717"
"""Where the TPM keeps the key, so that no start needs its owner's authorisation."""

_ATTRIBUTES = "fixedtpm|fixedparent|sensitivedataorigin|userwithauth|noda|restricted|sign"
_PRIMARY = ("tpm2_createprimary", "-C", "o", "-G", "ecc256:ecdsa-sha256:null", "-a", _ATTRIBUTES, "-c", "attesting")
_EVICT = ("tpm2_evictcontrol", "-C", "o", "-c", "attesting", ATTESTATION_KEY)
_SHAPE = bytes.fromhex("0023 000b 00050472 0000 0010 0018 000b 0003 0010 0020")
"""TPMT_PUBLIC up to the point: those attributes, no policy, P-256, ECDSA with SHA-256, a coordinate of 32 bytes.

The TPM made such a key itself, and lets it sign what the TPM states of itself alone (TPM 2.0 Part 2, 8.3 and 12.2.4).
"""
_COORDINATE = 32
_STATES_AN_INDEX = bytes.fromhex("ff544347 8014")
"""TPM_GENERATED_VALUE and TPM_ST_ATTEST_NV, with which a TPMS_ATTEST of an index begins (Part 2, 10.12.12)."""
_FROM_THE_START = bytes(2)
"""The offset in TPMS_NV_CERTIFY_INFO (Part 2, 10.12.8)."""
_NONCE_BYTES = 32
_MOST_BYTES = 1024
_CLOCK_AND_FIRMWARE = 17 + 8
_ANOTHER = "what answers is not the TPM that anchored this journal, or somebody changes what it says"


@dataclass(frozen=True)
class Certified:
    """What the TPM signed of an index: `name` is over its number and attributes, `held` is what it holds."""

    name: bytes
    held: bytes


@dataclass(frozen=True)
class AttestationKey:
    """The public part (TPMT_PUBLIC) of the key that a TPM keeps at ATTESTATION_KEY."""

    public: bytes

    @classmethod
    def lay(cls, tpm: Tpm) -> Self:
        """Let the TPM make and keep the key, where it has none; raises ProtectorUnavailable."""
        if not tpm.keeps(ATTESTATION_KEY):
            with TemporaryDirectory(prefix="garita-tpm-") as name:
                tpm.run(*_PRIMARY, folder=Path(name), refusals=OWNER_REFUSES)
                tpm.run(*_EVICT, folder=Path(name), refusals=OWNER_REFUSES)
        return cls.read(tpm)

    @classmethod
    def read(cls, tpm: Tpm) -> Self:
        """Return the key that the TPM keeps; raises RolledBack for none, ProtectorUnavailable for another sort."""
        none = (
            f"the TPM has no key {ATTESTATION_KEY}: it is not the one that anchored this journal, or it was cleared; "
            "put the right one back. If this station was anchored before 28 November 2026, let two persons anchor it "
            "anew (garita keys anchor --index N)"
        )
        command = ("tpm2_readpublic", "-Q", "-c", ATTESTATION_KEY, "-f", "tss", "-o", "/dev/stdout")
        public = tpm.run(*command, refusals={"(0x18B)": (RolledBack, none)})[2:]
        if not public.startswith(_SHAPE) or len(public) != len(_SHAPE) + _COORDINATE + 2 + _COORDINATE:
            raise ProtectorUnavailable(
                f"the TPM's key {ATTESTATION_KEY} is no attestation key that was made in this TPM: somebody laid it; "
                f"remove it (tpm2_evictcontrol -C o -c {ATTESTATION_KEY})"
            )
        return cls(public)

    @property
    def fingerprint(self) -> str:
        """SHA-256 of the public part, as base64url without padding: 43 letters that tell this TPM from every other."""
        return urlsafe_b64encode(sha256(self.public).digest()).decode().rstrip("=")

    def certified(self, tpm: Tpm, index: str, size: int, refusals: Refusals) -> Certified:
        """Return what the TPM signs, now, of `size` bytes of an index; raises RolledBack where another signed."""
        nonce = secrets.token_bytes(_NONCE_BYTES)
        with in_memory(b"") as file:
            signing = ("-C", ATTESTATION_KEY, "-g", "sha256", "-s", "ecdsa", "-f", "plain", "-q", nonce.hex())
            out = ("-o", "/dev/stdout", "--attestation", f"/proc/self/fd/{file}")
            of = ("-c", index, "--size", str(size), index)
            signature = tpm.run("tpm2_nvcertify", "-Q", *signing, *out, *of, passed=file, refusals=refusals)
            return self.check(os.pread(file, _MOST_BYTES, 0), signature, nonce, size)

    def check(self, statement: bytes, signature: bytes, nonce: bytes, size: int) -> Certified:
        """Return what a TPMS_ATTEST says of an index; raises RolledBack unless this key signed it over `nonce`.

        It must be of the first `size` bytes: a part of a counter is a smaller number.
        """
        x, y = self.public[len(_SHAPE) :][:_COORDINATE], self.public[-_COORDINATE:]
        try:
            point = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), b"\x04" + x + y)
            point.verify(signature, statement, ec.ECDSA(SHA256()))
        except (InvalidSignature, ValueError) as error:
            raise RolledBack(f"{_ANOTHER}: its key did not sign what is said of the counter") from error
        _, rest = _sized(statement[len(_STATES_AN_INDEX) :])
        asked, rest = _sized(rest)
        if not statement.startswith(_STATES_AN_INDEX) or asked != nonce:
            raise RolledBack(f"{_ANOTHER}: it says of the counter what it was asked another time")
        name, rest = _sized(rest[_CLOCK_AND_FIRMWARE:])
        held, _ = _sized(rest[len(_FROM_THE_START) :])
        if not rest.startswith(_FROM_THE_START) or len(held) != size:
            raise RolledBack(f"{_ANOTHER}: it says {len(held)} bytes of the counter, not the first {size}")
        return Certified(name, held)


def _sized(data: bytes) -> tuple[bytes, bytes]:
    """Split what two bytes of length are before from what follows."""
    end = 2 + int.from_bytes(data[:2])
    return data[2:end], data[end:]
