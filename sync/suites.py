"""The cipher suites that Garita knows: the allow-list. An envelope and each recipient name theirs.

A suite is a hybrid KEM of two halves (draft-ietf-hpke-pq) with its HPKE parameters (RFC 9180). A new suite is a new
value here; one that is no longer sealed under stays, so that what was sealed under it still opens.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

from cryptography.hazmat.primitives.asymmetric import ec, mlkem
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.hpke import (
    AEAD,
    KDF,
    KEM,
    MLKEM768X25519PrivateKey,
    MLKEM768X25519PublicKey,
    MLKEM1024P384PrivateKey,
    MLKEM1024P384PublicKey,
    Suite,
)
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_der_private_key,
    load_der_public_key,
)

from sync.errors import UnusableKey

SuiteName = Literal["MLKEM1024_P384", "MLKEM768_X25519"]
HybridPublicKey = MLKEM1024P384PublicKey | MLKEM768X25519PublicKey
HybridPrivateKey = MLKEM1024P384PrivateKey | MLKEM768X25519PrivateKey

DEK_LENGTH = 32
TAG_LENGTH = 16


@dataclass(frozen=True)
class Half:
    """One half of a hybrid key: its name, its keys' classes (and curve), and how a new one is made."""

    name: str
    public: type[Any]
    private: type[Any]
    generate: Callable[[], Any]
    curve: type[ec.EllipticCurve] | None = None

    def load_public(self, der: bytes) -> Any:  # noqa: ANN401 - a key of this half
        """Return the public key in SubjectPublicKeyInfo; raises UnusableKey for another kind or a second spelling."""
        try:
            key = load_der_public_key(der)
            again = public_der(key)
        except Exception as error:
            raise UnusableKey(f"not a public key in DER: {error}") from error
        return self._checked(key, self.public, der, again)

    def load_private(self, der: bytes) -> Any:  # noqa: ANN401 - a key of this half
        """Return the private key in PKCS#8; raises UnusableKey for another kind or a second spelling."""
        try:
            key = load_der_private_key(der, password=None)
            again = private_der(key)
        except Exception as error:
            raise UnusableKey(f"not a private key in DER ({type(error).__name__})") from error
        return self._checked(key, self.private, der, again)

    def _checked(self, key: Any, kind: type[Any], der: bytes, again: bytes) -> Any:  # noqa: ANN401 - a key of this half
        if not isinstance(key, kind) or (self.curve and not isinstance(key.curve, self.curve)):
            raise UnusableKey(f"a half must be {self.name}, not {type(key).__name__}")
        if again != der:
            raise UnusableKey(f"a key of {len(der)} bytes in a second spelling; {len(again)} bytes were expected")
        return key


@dataclass(frozen=True)
class CipherSuite:
    """A name, HPKE's parameters, the length of `enc`, the two halves, and how they are joined to one key."""

    name: SuiteName
    hpke: Suite
    enc_length: int
    post_quantum: Half
    classical: Half
    join_public: Callable[[Any, Any], HybridPublicKey]
    join_private: Callable[[Any, Any], HybridPrivateKey]

    @property
    def wrap_length(self) -> int:
        """Bytes of one wrapped key."""
        return self.enc_length + DEK_LENGTH + TAG_LENGTH


SUITES: dict[str, CipherSuite] = {
    suite.name: suite
    for suite in (
        CipherSuite(
            "MLKEM1024_P384",
            Suite(KEM.MLKEM1024_P384, KDF.HKDF_SHA384, AEAD.AES_256_GCM),
            1568 + 97,
            Half(
                "ML-KEM-1024", mlkem.MLKEM1024PublicKey, mlkem.MLKEM1024PrivateKey, mlkem.MLKEM1024PrivateKey.generate
            ),
            Half(
                "P-384",
                ec.EllipticCurvePublicKey,
                ec.EllipticCurvePrivateKey,
                lambda: ec.generate_private_key(ec.SECP384R1()),
                ec.SECP384R1,
            ),
            MLKEM1024P384PublicKey,
            MLKEM1024P384PrivateKey,
        ),
        CipherSuite(
            "MLKEM768_X25519",
            Suite(KEM.MLKEM768_X25519, KDF.HKDF_SHA256, AEAD.AES_256_GCM),
            1088 + 32,
            Half("ML-KEM-768", mlkem.MLKEM768PublicKey, mlkem.MLKEM768PrivateKey, mlkem.MLKEM768PrivateKey.generate),
            Half("X25519", X25519PublicKey, X25519PrivateKey, X25519PrivateKey.generate),
            MLKEM768X25519PublicKey,
            MLKEM768X25519PrivateKey,
        ),
    )
}


def public_der(key: Any) -> bytes:  # noqa: ANN401 - a key of any half
    """Return a public key as SubjectPublicKeyInfo, DER."""
    return key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)


def private_der(key: Any) -> bytes:  # noqa: ANN401 - a key of any half
    """Return a private key as PKCS#8, DER, unencrypted."""
    return key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
