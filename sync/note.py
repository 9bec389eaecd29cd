"""Signed notes (c2sp.org/signed-note): text signed by named Ed25519 keys; the log's checkpoints are such notes."""

import re
from abc import ABC, abstractmethod
from base64 import b64decode, b64encode
from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256
from typing import Annotated, ClassVar, Generic, Self, TypeVar

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from pydantic import Field

from sync.contract.form import Form
from sync.errors import BadSignature, Malformed, UnusableKey

MAX_NOTE = 256 * 1024
MAX_SIGNATURES = 64
ED25519 = b"\x01"
KEY_ID_LENGTH = 4
NAME = re.compile(r"[^\s+\x00-\x20]{1,255}")
CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f]")
EM_DASH = "\N{EM DASH}"


@dataclass(frozen=True)
class NoteSignature:
    """One signature line: who says to have signed, with which key, and the signature itself."""

    name: str
    key_id: bytes
    signature: bytes


@dataclass(frozen=True)
class Note:
    """A parsed note; the text is not to be believed before a known key verifies."""

    text: str
    signatures: tuple[NoteSignature, ...]

    @classmethod
    def parse(cls, note: str) -> Self:
        """Split a note into its text and its signatures; raises Malformed."""
        if len(_utf8(note)) > MAX_NOTE:
            raise Malformed(f"note: more than {MAX_NOTE} bytes")
        if CONTROL.search(note):
            raise Malformed("note: a control character other than a newline")
        text, blank, lines = note.rpartition("\n\n")
        if not blank or not lines.endswith("\n"):
            raise Malformed("note: expected text, an empty line, and signature lines that end in a newline")
        signatures = tuple(_parse_line(line) for line in lines[:-1].split("\n"))
        if len(signatures) > MAX_SIGNATURES:
            raise Malformed(f"note: {len(signatures)} signatures; at most {MAX_SIGNATURES} are read")
        return cls(text + "\n", signatures)


@dataclass(frozen=True)
class NoteVerifier:
    """A public key that signs notes, pinned by whoever verifies; raises UnusableKey where it is none."""

    KIND: ClassVar[bytes]
    WHAT: ClassVar[str]

    name: str
    raw: bytes

    def __post_init__(self) -> None:
        if not NAME.fullmatch(self.name):
            raise UnusableKey(f"a note key's name has no spaces and no plus sign: {self.name!r}")
        try:
            Ed25519PublicKey.from_public_bytes(self.raw)
        except ValueError as error:
            raise UnusableKey(f"the {self.WHAT} key {self.name}: {error}") from error

    @property
    def key_id(self) -> bytes:
        """The four bytes that stand before each signature."""
        return sha256(self.name.encode() + b"\n" + self.KIND + self.raw).digest()[:KEY_ID_LENGTH]

    @property
    def vkey(self) -> str:
        """The text form: name+key id+key."""
        return f"{self.name}+{self.key_id.hex()}+{b64encode(self.KIND + self.raw).decode()}"

    @classmethod
    def from_vkey(cls, vkey: str) -> Self:
        """Read the text form; raises UnusableKey."""
        try:
            name, _, key = vkey.split("+", 2)
            data = strict_base64(key)
        except (ValueError, Malformed) as error:
            raise UnusableKey(f"a verifier key is name+key id+base64, not {vkey[:80]!r}") from error
        if data[:1] != cls.KIND:
            said, asked = data[:1].hex() or "none", cls.KIND.hex()
            raise UnusableKey(f"the {cls.WHAT} key {name} is of type {said}; {asked} was expected")
        verifier = cls(name, data[1:])
        if verifier.vkey != vkey:
            raise UnusableKey(f"the {cls.WHAT} key {name} says another key id than its own, {verifier.key_id.hex()}")
        return verifier

    def verify(self, note: str) -> str:
        """Return the text of `note`; raises Malformed or BadSignature.

        Lines of other keys are ignored. Each line with this key's name and id must verify, and one must be there.
        """
        parsed = Note.parse(note)
        mine = self.signatures(parsed)
        if not mine:
            raise BadSignature(f"the note is not signed by {self.name} ({self.key_id.hex()})")
        for each in mine:
            self.check(each.signature, parsed.text)
        return parsed.text

    def alone(self, note: str) -> str:
        """Return `note` under one line of this key and no other, for anybody may add lines; raises as `verify`."""
        text, mine = self.verify(note), self.signatures(Note.parse(note))[0]
        return f"{text}\n{_line(self, mine.signature)}"

    def signatures(self, note: Note) -> list[NoteSignature]:
        """Return the lines that say to be by this key."""
        return [each for each in note.signatures if (each.name, each.key_id) == (self.name, self.key_id)]

    def check(self, signature: bytes, text: str) -> None:
        """Raise BadSignature unless this key signed `text`."""
        try:
            Ed25519PublicKey.from_public_bytes(self.raw).verify(signature, text.encode())
        except InvalidSignature as error:
            raise BadSignature(f"the note's signature by {self.name} does not verify") from error


class LogVerifier(NoteVerifier):
    """The public key of a log; `name` is the log's origin."""

    KIND, WHAT = ED25519, "log"


def signer_of(note: str, logs: Iterable[LogVerifier]) -> LogVerifier | None:
    """Return the log by which `note` says to be signed: one origin may have had several keys. Raises Malformed."""
    parsed = Note.parse(note)
    return next((log for log in logs if log.signatures(parsed)), None)


def read_log_keys(text: str) -> tuple[LogVerifier, ...]:
    """Read the file of a log's keys, the one in use first, one a line; raises UnusableKey where there is none."""
    logs = dict.fromkeys(LogVerifier.from_vkey(line) for line in map(str.strip, text.splitlines()) if line)
    if not logs:
        raise UnusableKey("a file of the log's keys has one a line, the newest first; this one has none")
    return tuple(logs)


V = TypeVar("V", bound=NoteVerifier)


class NoteKeyFile(Form, frozen=True, extra="forbid"):
    """A private key that signs notes, at rest: secret. `vkey` says its name and public half."""

    format: str
    vkey: str
    ed25519: Annotated[bytes, Field(min_length=32, max_length=32)]


class NoteKey(ABC, Generic[V]):
    """An Ed25519 key that signs notes."""

    FORMAT: ClassVar[str]

    def __init__(self, name: str, private: Ed25519PrivateKey) -> None:
        self._private = private
        self.verifier = self.kind()(name, private.public_key().public_bytes_raw())

    @classmethod
    @abstractmethod
    def kind(cls) -> type[V]:
        """Return what its public half is."""

    @classmethod
    def generate(cls, name: str) -> Self:
        """Return a new key from the system's randomness."""
        return cls(name, Ed25519PrivateKey.generate())

    def line(self, signature: bytes) -> str:
        """Return the signature line of a note."""
        return _line(self.verifier, signature)

    def to_bytes(self) -> bytes:
        """Return the file form: secret."""
        raw = self._private.private_bytes_raw()
        return NoteKeyFile(format=self.FORMAT, vkey=self.verifier.vkey, ed25519=raw).to_bytes()

    @classmethod
    def from_bytes(cls, data: bytes) -> Self:
        """Read the file form; raises UnusableKey."""
        what = cls.kind().WHAT
        try:
            file = NoteKeyFile.from_bytes(data)
        except Malformed as error:
            raise UnusableKey(f"not a usable {what} key file: {error}") from error
        if file.format != cls.FORMAT:
            raise UnusableKey(f"not a usable {what} key file: its format is {file.format[:40]!r}, not {cls.FORMAT!r}")
        key = cls(cls.kind().from_vkey(file.vkey).name, Ed25519PrivateKey.from_private_bytes(file.ed25519))
        if key.verifier.vkey != file.vkey:
            raise UnusableKey(f"the file of the {what} key {file.vkey} holds another key; fetch it again")
        return key


class LogKey(NoteKey[LogVerifier]):
    """The key with which a log signs its checkpoints; its name is the log's origin."""

    FORMAT = "garita.log-key/1"

    @classmethod
    def kind(cls) -> type[LogVerifier]:
        """Return what its public half is."""
        return LogVerifier

    def sign(self, text: str) -> str:
        """Return the note of `text`; raises Malformed where it cannot be one."""
        if not text.endswith("\n") or CONTROL.search(text):
            raise Malformed("a note's text ends in a newline and has no other control character")
        return f"{text}\n{self.line(self._private.sign(text.encode()))}"


def strict_base64(text: str) -> bytes:
    """Return the bytes of standard base64 (RFC 4648, 4); raises Malformed for a second spelling of them."""
    try:
        data = b64decode(text, validate=True)
    except ValueError as error:
        raise Malformed(f"not base64: {text[:80]!r}") from error
    if b64encode(data).decode() != text:
        raise Malformed(f"base64 with stray bits: {text[:80]!r}")
    return data


def _line(verifier: NoteVerifier, signature: bytes) -> str:
    return f"{EM_DASH} {verifier.name} {b64encode(verifier.key_id + signature).decode()}\n"


def _utf8(text: str) -> bytes:
    try:
        return text.encode()
    except UnicodeEncodeError as error:
        raise Malformed(f"not text: {error}") from error


def _parse_line(line: str) -> NoteSignature:
    dash, *rest = line.split(" ")
    if dash != EM_DASH or len(rest) != 2 or not NAME.fullmatch(rest[0]):  # noqa: PLR2004 - a name and a signature
        raise Malformed(f"note: expected '{EM_DASH} name base64', not {line[:80]!r}")
    data = strict_base64(rest[1])
    if len(data) <= KEY_ID_LENGTH:
        raise Malformed(f"note: no signature behind the key id in {line[:80]!r}")
    return NoteSignature(rest[0], data[:KEY_ID_LENGTH], data[KEY_ID_LENGTH:])
