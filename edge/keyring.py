"""The station's key at work: it opens the database, and the station's other secret files, which lie sealed under it."""

import secrets
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Literal, Self

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from pydantic import Field

from edge.errors import UnusableKeyFile
from edge.keyfile import KEY_BYTES, KeyProtector
from sync.contract.form import Form
from sync.errors import Malformed
from sync.files import write_whole

NONCE_BYTES = 12


class SealedFile(Form, frozen=True, extra="forbid"):
    """A secret file: AES-256-GCM under a key derived from the station's; the file's own name is authenticated."""

    format: Literal["garita.sealed-file/1"] = "garita.sealed-file/1"
    name: Annotated[str, Field(min_length=1, max_length=64)]
    nonce: Annotated[bytes, Field(min_length=NONCE_BYTES, max_length=NONCE_BYTES)]
    body: Annotated[bytes, Field(min_length=16)]


@dataclass(frozen=True)
class Keyring:
    """`key` opens the database; `demo` says that it lies beside it in plain, and so may the station's other secrets."""

    key: bytes = field(repr=False)
    demo: bool

    @classmethod
    def unlock(cls, protector: KeyProtector) -> Self:
        """Ask the protector for the key; raises what it raises."""
        return cls(protector.key(), protector.demo)

    def read(self, file: Path) -> bytes:
        """Return what a secret file holds; raises UnusableKeyFile, also for one that lies in plain outside a demo."""
        try:
            data = file.read_bytes()
        except OSError as error:
            raise UnusableKeyFile(f"{file}: {error.strerror}; provision this station again") from error
        sealed = _sealed(data)
        if sealed:
            return self._open(file, sealed)
        if not self.demo:
            raise UnusableKeyFile(f"{file}: not sealed; seal it with `garita keys protect`, or provision again")
        return data

    def seal(self, file: Path) -> None:
        """Replace a secret file by its sealed form; one that is sealed stays as it is."""
        content = file.read_bytes()
        if _sealed(content) is None:
            nonce = secrets.token_bytes(NONCE_BYTES)
            body = self._cipher().encrypt(nonce, content, file.name.encode())
            write_whole(file, SealedFile(name=file.name, nonce=nonce, body=body).to_bytes(), 0o600)

    def _open(self, file: Path, sealed: SealedFile) -> bytes:
        if sealed.name != file.name:
            raise UnusableKeyFile(f"{file}: it was sealed as {sealed.name!r}; put each secret file in its place")
        try:
            return self._cipher().decrypt(sealed.nonce, sealed.body, file.name.encode())
        except InvalidTag as error:
            raise UnusableKeyFile(f"{file}: damaged, or sealed by another station; provision again") from error

    def _cipher(self) -> AESGCM:
        return AESGCM(HKDF(SHA256(), KEY_BYTES, None, b"garita/sealed-file/1").derive(self.key))


def _sealed(data: bytes) -> SealedFile | None:
    try:
        return SealedFile.from_bytes(data)
    except Malformed:
        return None
