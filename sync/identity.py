"""The private half of a recipient. Only the vault and the tools that make keys import this."""

from dataclasses import dataclass, field
from functools import cached_property
from hashlib import sha256
from typing import Literal, Self

from cryptography.hazmat.primitives.asymmetric import ec, mlkem
from cryptography.hazmat.primitives.hpke import MLKEM1024P384PrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_der_private_key,
)

from sync.errors import UnusableKey
from sync.keys import KeyFile, Purpose, Recipient


class IdentityFile(KeyFile, frozen=True):
    """A private key at rest: secret."""

    format: Literal["garita.identity/1"] = "garita.identity/1"
    purpose: Purpose
    mlkem1024: bytes
    p384: bytes
    check: bytes


@dataclass(frozen=True)
class Identity:
    """Whoever can open what was sealed to `recipient`; both halves are PKCS#8 DER, ML-KEM in its seed form."""

    purpose: Purpose
    mlkem_pkcs8: bytes = field(repr=False)
    p384_pkcs8: bytes = field(repr=False)

    def __post_init__(self) -> None:
        _ = self.recipient

    @classmethod
    def generate(cls, purpose: Purpose) -> Self:
        """Return a new identity from the system's randomness."""
        return cls(
            purpose,
            _pkcs8(mlkem.MLKEM1024PrivateKey.generate()),
            _pkcs8(ec.generate_private_key(ec.SECP384R1())),
        )

    @cached_property
    def recipient(self) -> Recipient:
        """The public half."""
        post_quantum, classical = self._halves
        return Recipient(self.purpose, _spki(post_quantum.public_key()), _spki(classical.public_key()))

    @cached_property
    def hpke(self) -> MLKEM1024P384PrivateKey:
        """The key that HPKE opens with."""
        return MLKEM1024P384PrivateKey(*self._halves)

    @cached_property
    def _halves(self) -> tuple[mlkem.MLKEM1024PrivateKey, ec.EllipticCurvePrivateKey]:
        post_quantum, classical = _load_pkcs8(self.mlkem_pkcs8), _load_pkcs8(self.p384_pkcs8)
        if not isinstance(post_quantum, mlkem.MLKEM1024PrivateKey):
            raise UnusableKey(f"the first half must be ML-KEM-1024, not {type(post_quantum).__name__}")
        if not isinstance(classical, ec.EllipticCurvePrivateKey) or not isinstance(classical.curve, ec.SECP384R1):
            raise UnusableKey(f"the second half must be on the curve P-384, not {type(classical).__name__}")
        return post_quantum, classical

    @property
    def _check(self) -> bytes:
        """Cover what the key id does not: half of ML-KEM's seed (FIPS 203, z) leaves no trace in its public key."""
        return sha256(b"garita/identity/1\0" + self.mlkem_pkcs8 + self.p384_pkcs8).digest()

    def to_bytes(self) -> bytes:
        """Return the file form `garita.identity/1`: secret."""
        return IdentityFile(
            kid=self.recipient.kid,
            purpose=self.purpose,
            mlkem1024=self.mlkem_pkcs8,
            p384=self.p384_pkcs8,
            check=self._check,
        ).to_bytes()

    @classmethod
    def from_bytes(cls, data: bytes) -> Self:
        """Read the file form; raises UnusableKey."""
        file = IdentityFile.read(data)
        identity = cls(file.purpose, file.mlkem1024, file.p384)
        file.check_kid(identity.recipient.kid)
        if file.check != identity._check:
            raise UnusableKey(f"the file of identity {file.kid.hex()} was damaged; fetch it again")
        return identity


def _pkcs8(key: mlkem.MLKEM1024PrivateKey | ec.EllipticCurvePrivateKey) -> bytes:
    return key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())


def _spki(key: mlkem.MLKEM1024PublicKey | ec.EllipticCurvePublicKey) -> bytes:
    return key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)


def _load_pkcs8(der: bytes) -> object:
    try:
        key = load_der_private_key(der, password=None)
        again = key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
    except Exception as error:
        raise UnusableKey(f"not a private key in DER ({type(error).__name__})") from error
    if again != der:
        raise UnusableKey(f"a private key of {len(der)} bytes in a second spelling; {len(again)} bytes were expected")
    return key
