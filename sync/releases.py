"""Releases: what the root holders of a state let into its stations, named by kind, version and digest.

The file itself travels beside; only its SHA-256 is signed. A station takes no release that is not newer than its last.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Annotated, Literal, Self

from pydantic import Field

from sync.contract.form import Form
from sync.contract.record import Digest
from sync.cose import Statement
from sync.errors import BadSignature, Malformed, RefusedRelease
from sync.roots import RootKey, RootSet

Kind = Literal["bundle", "library", "schedules"]
MAX_REMOVED = 1000
NOTHING = sha256(b"").digest()


class Release(Form, frozen=True, extra="forbid"):
    """What is signed: the digest of a file (NOTHING where none comes with it), and what it takes out."""

    format: Literal["garita.release/1"] = "garita.release/1"
    kind: Kind
    version: int = Field(ge=1, le=2**53)
    digest: Digest
    removed: Annotated[list[Annotated[str, Field(pattern="^[A-Z]{14}$")]], Field(max_length=MAX_REMOVED)]

    def sign(self, roots: Sequence[RootKey]) -> bytes:
        """Return the file, signed by these root holders."""
        payload = self.to_bytes()
        return Statement(payload, tuple(each for root in roots for each in root.sign(payload))).to_bytes()

    def check_file(self, data: bytes) -> None:
        """Raise RefusedRelease unless this is the file that was signed."""
        if (found := sha256(data).digest()) != self.digest:
            raise RefusedRelease(f"{self.what}: {self.digest.hex()} was signed, the file is {found.hex()}")

    @property
    def what(self) -> str:
        """How errors name it."""
        return f"{self.kind} release {self.version}"

    @classmethod
    def read(cls, data: bytes, roots: RootSet, kind: Kind) -> Self:
        """Return what a file says; raises RefusedRelease unless enough root holders signed it, and for this kind."""
        try:
            statement = Statement.from_bytes(data, f"{kind} release")
            roots.verify(statement)
            release = cls.from_bytes(statement.payload)
        except (Malformed, BadSignature) as error:
            raise RefusedRelease(f"the {kind} release is refused: {error}") from error
        if release.kind != kind:
            raise RefusedRelease(f"expected a {kind} release, this one is of kind {release.kind}")
        return release


@dataclass(frozen=True)
class Taken:
    """The newest release of a kind that a station ever took, 0 where there was none, and all that were in use there."""

    version: int
    seen: frozenset[int] = frozenset()

    def check_newer(self, release: Release) -> None:
        """Raise RefusedRelease unless the release is newer than what was taken."""
        if release.version <= self.version:
            raise RefusedRelease(f"{release.what} is not newer than {self.version}, which was in use here")
