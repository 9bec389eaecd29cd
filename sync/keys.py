"""Public halves that a station seals to, and the key with which it signs.

A recipient's key is a hybrid of the suite that it names. The hybrid has no file form of its own: the halves stand side
by side, each as SubjectPublicKeyInfo DER, under one key id.
"""

from dataclasses import dataclass
from functools import cached_property
from typing import Annotated, Literal, Self

from pydantic import Field

from sync.contract.card import StationCard
from sync.contract.form import Form
from sync.contract.ids import KeyId, StationId
from sync.cose import Statement
from sync.errors import Malformed, UnusableKey
from sync.signatures import DualKey, DualPublic, Ed25519Public, key_id
from sync.suites import SUITES, CipherSuite, HybridPublicKey, SuiteName

Purpose = Literal["national", "escrow", "oversight"]
"""What a key is for: `national` and `escrow` open every record, `oversight` opens what is told to an outside body."""
Raw32 = Annotated[bytes, Field(min_length=32, max_length=32)]


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
    suite: SuiteName
    post_quantum: bytes
    classical: bytes


class StationKeyFile(KeyFile, frozen=True):
    """The private keys of a station: Ed25519 (RFC 8032, 5.1.5) for records, ML-DSA-65 (FIPS 204, seed) for heads."""

    format: Literal["garita.station-key/1"] = "garita.station-key/1"
    ed25519: Raw32
    mldsa65: Raw32


class StationPublicKeyFile(KeyFile, frozen=True):
    """The public key of a station: the 32 bytes of RFC 8032, section 5.1.5."""

    format: Literal["garita.station-public-key/1"] = "garita.station-public-key/1"
    ed25519: Raw32


@dataclass(frozen=True)
class Recipient:
    """Somebody to whom records are sealed; raises UnusableKey unless both halves are what the suite asks."""

    purpose: Purpose
    suite: SuiteName
    post_quantum: bytes
    classical: bytes

    def __post_init__(self) -> None:
        _ = self.hpke

    @cached_property
    def kid(self) -> KeyId:
        """The id under which an envelope names this recipient."""
        return key_id(b"garita/recipient/1\0" + self.suite.encode() + b"\0" + self.post_quantum + self.classical)

    @property
    def cipher_suite(self) -> CipherSuite:
        """The suite that the key is of."""
        return SUITES[self.suite]

    @cached_property
    def hpke(self) -> HybridPublicKey:
        """The key that HPKE seals to."""
        suite = self.cipher_suite
        return suite.join_public(
            suite.post_quantum.load_public(self.post_quantum), suite.classical.load_public(self.classical)
        )

    @property
    def file(self) -> RecipientFile:
        """The file form `garita.recipient/1`."""
        return RecipientFile(
            kid=self.kid,
            purpose=self.purpose,
            suite=self.suite,
            post_quantum=self.post_quantum,
            classical=self.classical,
        )

    def to_bytes(self) -> bytes:
        """Return the bytes of the file form."""
        return self.file.to_bytes()

    @classmethod
    def from_bytes(cls, data: bytes) -> Self:
        """Read the file form; raises UnusableKey."""
        return cls.from_file(RecipientFile.read(data))

    @classmethod
    def from_file(cls, file: RecipientFile) -> Self:
        """Return the recipient of a file's fields; raises UnusableKey."""
        recipient = cls(file.purpose, file.suite, file.post_quantum, file.classical)
        file.check_kid(recipient.kid)
        return recipient


class StationPublicKey(Ed25519Public):
    """The key that a station's records verify under."""

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
    """The key with which a station signs its records, and with its second half also its journal's heads."""

    def __init__(self, dual: DualKey) -> None:
        self._dual = dual
        self.public = StationPublicKey(dual.public.ed25519.raw)

    @classmethod
    def generate(cls) -> Self:
        """Return a new key from the system's randomness."""
        return cls(DualKey.generate())

    @property
    def dual(self) -> DualPublic:
        """What the journal's heads verify under."""
        return self._dual.public

    def card(self, station: StationId) -> StationCard:
        """Return the card by which `station` is admitted with this key."""
        return StationCard(station=station, public_key=self.public.raw, head_key=self.dual.mldsa65.raw)

    def sign(self, data: bytes) -> bytes:
        """Return the 64 bytes of the Ed25519 signature over `data`."""
        return self._dual.ed25519.sign(data)

    def sign_statement(self, payload: bytes) -> Statement:
        """Return `payload` signed by both halves."""
        return Statement(payload, self._dual.sign(payload))

    def to_bytes(self) -> bytes:
        """Return the file form `garita.station-key/1`: secret."""
        ed25519, mldsa65 = self._dual.seeds
        return StationKeyFile(kid=self._kid, ed25519=ed25519, mldsa65=mldsa65).to_bytes()

    @classmethod
    def from_bytes(cls, data: bytes) -> Self:
        """Read the file form; raises UnusableKey."""
        file = StationKeyFile.read(data)
        key = cls(DualKey.from_seeds(file.ed25519, file.mldsa65))
        file.check_kid(key._kid)
        return key

    @property
    def _kid(self) -> KeyId:
        """Cover both halves, so that a damaged file shows."""
        return key_id(self.public.raw + self.dual.mldsa65.raw)
