"""The state's root keys: who may say to whom records are sealed. A station pins their public halves."""

from dataclasses import dataclass
from hashlib import sha256
from typing import Annotated, Literal, Self

from pydantic import Field

from sync.contract.form import Form
from sync.contract.ids import KeyId
from sync.cose import Statement
from sync.errors import BadSignature, Malformed, UnusableKey
from sync.keys import KeyFile, Raw32
from sync.signatures import DualKey, DualPublic, key_id

MAX_ROOTS = 16


class RootKeyFile(KeyFile, frozen=True):
    """The private key of one root holder: secret."""

    format: Literal["garita.root-key/1"] = "garita.root-key/1"
    ed25519: Raw32
    mldsa65: Raw32


class RootPart(Form, frozen=True, extra="forbid"):
    """One root holder's public halves."""

    ed25519: Raw32
    mldsa65: bytes


class RootFile(Form, frozen=True, extra="forbid"):
    """The root holders, and how many of them must sign."""

    format: Literal["garita.root/1"] = "garita.root/1"
    threshold: int = Field(ge=1, le=MAX_ROOTS)
    keys: Annotated[list[RootPart], Field(min_length=1, max_length=MAX_ROOTS)]


class RootKey(DualKey):
    """What one root holder signs with."""

    def to_bytes(self) -> bytes:
        """Return the file form `garita.root-key/1`: secret."""
        ed25519, mldsa65 = self.seeds
        return RootKeyFile(kid=_kid(self.public), ed25519=ed25519, mldsa65=mldsa65).to_bytes()

    @classmethod
    def from_bytes(cls, data: bytes) -> Self:
        """Read the file form; raises UnusableKey."""
        file = RootKeyFile.read(data)
        key = cls.from_seeds(file.ed25519, file.mldsa65)
        file.check_kid(_kid(key.public))
        return key


@dataclass(frozen=True)
class RootSet:
    """The pinned root holders; raises UnusableKey where two share a key, or they are fewer than must sign."""

    threshold: int
    keys: tuple[DualPublic, ...]

    def __post_init__(self) -> None:
        halves = [half.raw for key in self.keys for half in key.halves]
        if len(set(halves)) != len(halves):
            raise UnusableKey("two root holders have the same key; each needs one of their own")
        if not 1 <= self.threshold <= len(self.keys) <= MAX_ROOTS:
            raise UnusableKey(f"{len(self.keys)} root holders, of whom {self.threshold} must sign: that cannot be")

    @property
    def digest(self) -> bytes:
        """SHA-256 of the file form: what a ceremony reads aloud."""
        return sha256(self.to_bytes()).digest()

    def verify(self, statement: Statement) -> None:
        """Raise BadSignature unless `threshold` root holders signed, with both halves; strangers do not count."""
        signers = [key for key in self.keys if key.named_in(statement)]
        for key in signers:
            key.verify(statement)
        if len(signers) < self.threshold:
            raise BadSignature(f"{len(signers)} of {len(self.keys)} root holders signed; {self.threshold} must")

    def to_bytes(self) -> bytes:
        """Return the file form `garita.root/1`."""
        keys = [RootPart(ed25519=key.ed25519.raw, mldsa65=key.mldsa65.raw) for key in self.keys]
        return RootFile(threshold=self.threshold, keys=keys).to_bytes()

    @classmethod
    def from_bytes(cls, data: bytes) -> Self:
        """Read the file form; raises UnusableKey."""
        try:
            file = RootFile.from_bytes(data)
        except Malformed as error:
            raise UnusableKey(f"not a usable set of root keys: {error}") from error
        return cls(file.threshold, tuple(DualPublic.from_raw(each.ed25519, each.mldsa65) for each in file.keys))


def _kid(public: DualPublic) -> KeyId:
    return key_id(public.ed25519.raw + public.mldsa65.raw)
