"""The private half of a recipient. Only the vault and the tools that make keys import this."""

from dataclasses import dataclass, field
from functools import cached_property
from hashlib import sha256
from typing import Any, Literal, Protocol, Self

from sync.errors import UnusableKey
from sync.keys import KeyFile, Purpose, Recipient
from sync.suites import SUITES, HybridPrivateKey, SuiteName, private_der, public_der


class Opener(Protocol):
    """Whoever can open what was sealed to `recipient`. A hardware module can hold the classical half of `hpke`."""

    @property
    def recipient(self) -> Recipient:
        """The public half."""
        ...

    @property
    def hpke(self) -> HybridPrivateKey:
        """The key that HPKE opens with."""
        ...


class IdentityFile(KeyFile, frozen=True):
    """A private key at rest: secret."""

    format: Literal["garita.identity/1"] = "garita.identity/1"
    purpose: Purpose
    suite: SuiteName
    post_quantum: bytes
    classical: bytes
    check: bytes


@dataclass(frozen=True)
class Identity:
    """An Opener whose halves are both PKCS#8 DER, ML-KEM in its seed form."""

    purpose: Purpose
    suite: SuiteName
    post_quantum: bytes = field(repr=False)
    classical: bytes = field(repr=False)

    def __post_init__(self) -> None:
        _ = self.recipient

    @classmethod
    def generate(cls, purpose: Purpose, suite: SuiteName = "MLKEM1024_P384") -> Self:
        """Return a new identity from the system's randomness."""
        halves = SUITES[suite].post_quantum, SUITES[suite].classical
        return cls(purpose, suite, *(private_der(half.generate()) for half in halves))

    @property
    def recipient(self) -> Recipient:
        """The public half."""
        return self._recipient

    @property
    def hpke(self) -> HybridPrivateKey:
        """The key that HPKE opens with."""
        return SUITES[self.suite].join_private(*self._halves)

    @cached_property
    def _recipient(self) -> Recipient:
        return Recipient(self.purpose, self.suite, *(public_der(half.public_key()) for half in self._halves))

    @cached_property
    def _halves(self) -> tuple[Any, Any]:
        suite = SUITES[self.suite]
        return suite.post_quantum.load_private(self.post_quantum), suite.classical.load_private(self.classical)

    @property
    def _check(self) -> bytes:
        """Cover what the key id does not: half of ML-KEM's seed (FIPS 203, z) leaves no trace in its public key."""
        return sha256(b"garita/identity/1\0" + self.post_quantum + self.classical).digest()

    def to_bytes(self) -> bytes:
        """Return the file form `garita.identity/1`: secret."""
        return IdentityFile(
            kid=self.recipient.kid,
            purpose=self.purpose,
            suite=self.suite,
            post_quantum=self.post_quantum,
            classical=self.classical,
            check=self._check,
        ).to_bytes()

    @classmethod
    def from_bytes(cls, data: bytes) -> Self:
        """Read the file form; raises UnusableKey."""
        file = IdentityFile.read(data)
        identity = cls(file.purpose, file.suite, file.post_quantum, file.classical)
        file.check_kid(identity.recipient.kid)
        if file.check != identity._check:
            raise UnusableKey(f"the file of identity {file.kid.hex()} was damaged; fetch it again")
        return identity
