"""What a log asks of a witness (c2sp.org/tlog-witness): the body of add-checkpoint."""

from base64 import b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Self

from sync.checkpoint import parse_decimal
from sync.errors import Malformed
from sync.note import MAX_NOTE, strict_base64

MAX_PROOF = 63
MAX_REQUEST = MAX_NOTE + 64 * MAX_PROOF
OLD = "old "


@dataclass(frozen=True)
class AddCheckpoint:
    """The size that the witness is said to have seen last, the consistency proof from there, and the checkpoint."""

    old: int
    proof: tuple[bytes, ...]
    note: str

    @property
    def claim(self) -> str:
        """The size and the proof as they stand in the request."""
        return _claim(self.old, self.proof)

    def to_bytes(self) -> bytes:
        """Return the request's body."""
        return write_request(self.old, self.proof, self.note)

    @classmethod
    def from_bytes(cls, data: bytes) -> Self:
        """Read the request's body; raises Malformed."""
        try:
            head, blank, note = data.decode().partition("\n\n")
        except UnicodeDecodeError as error:
            raise Malformed(f"add-checkpoint: not text: {error}") from error
        first, *proof = head.split("\n")
        if not blank or not first.startswith(OLD):
            raise Malformed("add-checkpoint: expected 'old SIZE', proof lines, an empty line and a checkpoint")
        if len(proof) > MAX_PROOF:
            raise Malformed(f"add-checkpoint: {len(proof)} proof lines; at most {MAX_PROOF} are read")
        return cls(parse_decimal(first.removeprefix(OLD)), tuple(map(strict_base64, proof)), note)


def write_request(old: int, proof: Sequence[bytes], note: str) -> bytes:
    """Return the body of add-checkpoint."""
    return f"{_claim(old, proof)}\n\n{note}".encode()


def log_name(origin: str) -> str:
    """Return the name of a log in a witness's addresses: SHA-256 of its origin, in hexadecimal."""
    return sha256(origin.encode()).hexdigest()


def _claim(old: int, proof: Sequence[bytes]) -> str:
    return "\n".join([f"{OLD}{old}", *(b64encode(each).decode() for each in proof)])
