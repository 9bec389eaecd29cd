"""Keys that sign: Ed25519 (RFC 8032) and ML-DSA-65 (FIPS 204), and the two side by side.

Records carry Ed25519 alone, because bytes matter on thin links. What must hold for decades and is rare (journal heads,
recipient lists) is signed by both, and believed only under both.
"""

from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256
from typing import ClassVar, Self

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.mldsa import MLDSA65PrivateKey, MLDSA65PublicKey

from sync.contract.ids import KeyId
from sync.cose import EDDSA, KEY_ID_LENGTH, ML_DSA_65, Signature, Statement, to_be_signed
from sync.errors import BadSignature, UnusableKey


def key_id(public: bytes) -> KeyId:
    """Return the first 8 bytes of SHA-256 over a key's public bytes."""
    return KeyId(sha256(public).digest()[:KEY_ID_LENGTH])


@dataclass(frozen=True)
class PublicKey:
    """A public key's raw bytes; raises UnusableKey where they are none."""

    ALGORITHM: ClassVar[int]
    KIND: ClassVar[type[Ed25519PublicKey] | type[MLDSA65PublicKey]]

    raw: bytes

    def __post_init__(self) -> None:
        try:
            self.KIND.from_public_bytes(self.raw)
        except ValueError as error:
            raise UnusableKey(f"a public key that signs: {error}") from error

    @cached_property
    def kid(self) -> KeyId:
        """The id under which a message names its signer."""
        return key_id(self.raw)

    def verify(self, signature: bytes, data: bytes) -> None:
        """Raise BadSignature unless this key signed `data`."""
        try:
            self.KIND.from_public_bytes(self.raw).verify(signature, data)
        except (InvalidSignature, ValueError) as error:
            raise BadSignature(f"the signature is not by key {self.kid.hex()} over these {len(data)} bytes") from error


class Ed25519Public(PublicKey):
    """32 bytes."""

    ALGORITHM, KIND = EDDSA, Ed25519PublicKey


class MlDsa65Public(PublicKey):
    """1952 bytes."""

    ALGORITHM, KIND = ML_DSA_65, MLDSA65PublicKey


@dataclass(frozen=True)
class DualPublic:
    """Both halves of one signer."""

    ed25519: Ed25519Public
    mldsa65: MlDsa65Public

    @classmethod
    def from_raw(cls, ed25519: bytes, mldsa65: bytes) -> Self:
        """Return the signer with these raw public keys; raises UnusableKey."""
        return cls(Ed25519Public(ed25519), MlDsa65Public(mldsa65))

    @property
    def halves(self) -> tuple[PublicKey, PublicKey]:
        """Ed25519, then ML-DSA-65."""
        return self.ed25519, self.mldsa65

    def verify(self, statement: Statement) -> None:
        """Raise BadSignature unless both halves signed the statement."""
        given = {(each.algorithm, each.kid): each.value for each in statement.signatures}
        for half in self.halves:
            value = given.get((half.ALGORITHM, half.kid))
            if value is None:
                raise BadSignature(f"there is no signature by key {half.kid.hex()}")
            half.verify(value, to_be_signed(half.ALGORITHM, half.kid, statement.payload))

    def named_in(self, statement: Statement) -> bool:
        """Tell whether either half says to have signed; whether it did, `verify` says."""
        names = {(half.ALGORITHM, half.kid) for half in self.halves}
        return any((each.algorithm, each.kid) in names for each in statement.signatures)


class DualKey:
    """The private halves of one signer."""

    def __init__(self, ed25519: Ed25519PrivateKey, mldsa65: MLDSA65PrivateKey) -> None:
        self.ed25519, self.mldsa65 = ed25519, mldsa65
        self.public = DualPublic.from_raw(
            ed25519.public_key().public_bytes_raw(), mldsa65.public_key().public_bytes_raw()
        )

    @classmethod
    def generate(cls) -> Self:
        """Return a new key from the system's randomness."""
        return cls(Ed25519PrivateKey.generate(), MLDSA65PrivateKey.generate())

    @classmethod
    def from_seeds(cls, ed25519: bytes, mldsa65: bytes) -> Self:
        """Return the key of two seeds of 32 bytes."""
        return cls(Ed25519PrivateKey.from_private_bytes(ed25519), MLDSA65PrivateKey.from_seed_bytes(mldsa65))

    @property
    def seeds(self) -> tuple[bytes, bytes]:
        """Both private seeds: secret."""
        return self.ed25519.private_bytes_raw(), self.mldsa65.private_bytes_raw()

    def sign(self, payload: bytes) -> tuple[Signature, Signature]:
        """Return both signatures of a COSE_Sign statement over `payload`."""
        one, two = self.public.halves
        return (
            Signature(one.ALGORITHM, one.kid, self.ed25519.sign(to_be_signed(one.ALGORITHM, one.kid, payload))),
            Signature(two.ALGORITHM, two.kid, self.mldsa65.sign(to_be_signed(two.ALGORITHM, two.kid, payload))),
        )
