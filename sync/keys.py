"""Public halves that a station seals to, and the key with which it signs.

A recipient's key is of the HPKE KEM MLKEM1024_P384 (draft-ietf-hpke-pq): an ML-KEM-1024 half and a P-384 half. The
hybrid has no file form of its own: the halves stand side by side, each as SubjectPublicKeyInfo DER, under one key id.
"""

from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256
from typing import Annotated, Literal, Self

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec, mlkem
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, MLKEM1024P384PublicKey, Suite
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_der_public_key
from pydantic import Field

from sync.contract.form import Form
from sync.contract.ids import KeyId
from sync.errors import BadSignature, Malformed, UnusableKey

Purpose = Literal["national", "escrow"]
Raw32 = Annotated[bytes, Field(min_length=32, max_length=32)]

SUITE = "MLKEM1024_P384"
HPKE = Suite(KEM.MLKEM1024_P384, KDF.HKDF_SHA384, AEAD.AES_256_GCM)
KEY_ID_LENGTH = 8


def key_id(public: bytes) -> KeyId:
    """Return the first 8 bytes of SHA-256 over a key's public bytes."""
    return KeyId(sha256(public).digest()[:KEY_ID_LENGTH])


class KeyFile(Form, frozen=True, extra="forbid"):
    """A key at rest: which form, which id, which bytes."""

    kid: bytes

    @classmethod
    def read(cls, data: bytes) -> Self:
        """Return the file's fields; raises UnusableKey where the bytes do not follow the form."""
        try:
            return cls.from_bytes(data)
        except Malformed as error:
            raise UnusableKey(f"not a usable key file: {error}") from error

    def check_kid(self, computed: KeyId) -> None:
        """Raise UnusableKey unless the file carries the id of the key in it."""
        if self.kid != computed:
            raise UnusableKey(f"the file says key {self.kid.hex()} but holds {computed.hex()}; fetch the file again")


class RecipientFile(KeyFile, frozen=True):
    """Somebody to whom records are sealed."""

    format: Literal["garita.recipient/1"] = "garita.recipient/1"
    purpose: Purpose
    mlkem1024: bytes
    p384: bytes


class StationKeyFile(KeyFile, frozen=True):
    """The private key of a station: the 32 bytes of RFC 8032, section 5.1.5."""

    format: Literal["garita.station-key/1"] = "garita.station-key/1"
    ed25519: Raw32


class StationPublicKeyFile(KeyFile, frozen=True):
    """The public key of a station: the 32 bytes of RFC 8032, section 5.1.5."""

    format: Literal["garita.station-public-key/1"] = "garita.station-public-key/1"
    ed25519: Raw32


@dataclass(frozen=True)
class Recipient:
    """Somebody to whom records are sealed; raises UnusableKey unless both halves are what they should be."""

    purpose: Purpose
    mlkem_spki: bytes
    p384_spki: bytes

    def __post_init__(self) -> None:
        _ = self.hpke

    @cached_property
    def kid(self) -> KeyId:
        """The id under which an envelope names this recipient."""
        return key_id(self.mlkem_spki + self.p384_spki)

    @cached_property
    def hpke(self) -> MLKEM1024P384PublicKey:
        """The key that HPKE seals to."""
        post_quantum, classical = _load_spki(self.mlkem_spki), _load_spki(self.p384_spki)
        if not isinstance(post_quantum, mlkem.MLKEM1024PublicKey):
            raise UnusableKey(f"the first half must be ML-KEM-1024, not {type(post_quantum).__name__}")
        if not isinstance(classical, ec.EllipticCurvePublicKey) or not isinstance(classical.curve, ec.SECP384R1):
            raise UnusableKey(f"the second half must be on the curve P-384, not {type(classical).__name__}")
        return MLKEM1024P384PublicKey(post_quantum, classical)

    def to_bytes(self) -> bytes:
        """Return the file form `garita.recipient/1`."""
        return RecipientFile(
            kid=self.kid, purpose=self.purpose, mlkem1024=self.mlkem_spki, p384=self.p384_spki
        ).to_bytes()

    @classmethod
    def from_bytes(cls, data: bytes) -> Self:
        """Read the file form; raises UnusableKey."""
        file = RecipientFile.read(data)
        recipient = cls(file.purpose, file.mlkem1024, file.p384)
        file.check_kid(recipient.kid)
        return recipient


@dataclass(frozen=True)
class StationPublicKey:
    """The key that a station's signatures verify under."""

    raw: bytes

    def __post_init__(self) -> None:
        try:
            Ed25519PublicKey.from_public_bytes(self.raw)
        except ValueError as error:
            raise UnusableKey(f"a station's public key: {error}") from error

    @cached_property
    def kid(self) -> KeyId:
        """The id under which an envelope names its signer."""
        return key_id(self.raw)

    def verify(self, signature: bytes, data: bytes) -> None:
        """Raise BadSignature unless this key signed `data`."""
        try:
            Ed25519PublicKey.from_public_bytes(self.raw).verify(signature, data)
        except InvalidSignature as error:
            raise BadSignature(f"the signature is not by key {self.kid.hex()} over these {len(data)} bytes") from error

    def to_bytes(self) -> bytes:
        """Return the file form `garita.station-public-key/1`."""
        return StationPublicKeyFile(kid=self.kid, ed25519=self.raw).to_bytes()

    @classmethod
    def from_bytes(cls, data: bytes) -> Self:
        """Read the file form; raises UnusableKey."""
        file = StationPublicKeyFile.read(data)
        public = cls(file.ed25519)
        file.check_kid(public.kid)
        return public


class StationKey:
    """The Ed25519 key with which a station signs its records."""

    def __init__(self, private: Ed25519PrivateKey) -> None:
        self._private = private
        self.public = StationPublicKey(private.public_key().public_bytes_raw())

    @classmethod
    def generate(cls) -> Self:
        """Return a new key from the system's randomness."""
        return cls(Ed25519PrivateKey.generate())

    def sign(self, data: bytes) -> bytes:
        """Return the 64 bytes of the signature over `data`."""
        return self._private.sign(data)

    def to_bytes(self) -> bytes:
        """Return the file form `garita.station-key/1`: secret."""
        return StationKeyFile(kid=self.public.kid, ed25519=self._private.private_bytes_raw()).to_bytes()

    @classmethod
    def from_bytes(cls, data: bytes) -> Self:
        """Read the file form; raises UnusableKey."""
        file = StationKeyFile.read(data)
        key = cls(Ed25519PrivateKey.from_private_bytes(file.ed25519))
        file.check_kid(key.public.kid)
        return key


def _load_spki(der: bytes) -> object:
    try:
        key = load_der_public_key(der)
        again = key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    except Exception as error:
        raise UnusableKey(f"not a public key in DER: {error}") from error
    if again != der:
        raise UnusableKey(f"a public key of {len(der)} bytes in a second spelling; {len(again)} bytes were expected")
    return key
