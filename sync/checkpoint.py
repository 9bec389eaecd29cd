"""Checkpoints (c2sp.org/tlog-checkpoint): how big the log is and what its root is, signed by the log."""

import re
from base64 import b64encode
from dataclasses import dataclass
from typing import Self

from sync.errors import BadSignature, Malformed
from sync.merkle import HASH_LENGTH
from sync.note import LogKey, LogVerifier, strict_base64

DECIMAL = re.compile(r"0|[1-9][0-9]{0,18}")
MAX_SIZE = 2**63 - 1
LINES = 3


@dataclass(frozen=True)
class Checkpoint:
    """The log `origin` had `size` entries, and their Merkle tree the root `root` (32 bytes)."""

    origin: str
    size: int
    root: bytes

    def to_text(self) -> str:
        """Return the text that is signed: three lines; Garita's log writes no extension lines."""
        return f"{self.origin}\n{self.size}\n{b64encode(self.root).decode()}\n"

    @classmethod
    def from_text(cls, text: str) -> Self:
        """Read the text; raises Malformed."""
        lines = text.removesuffix("\n").split("\n")
        if len(lines) != LINES or not text.endswith("\n") or not lines[0]:
            raise Malformed(f"checkpoint: expected origin, size and root, not {len(lines)} lines")
        root = strict_base64(lines[2])
        if len(root) != HASH_LENGTH:
            raise Malformed(f"checkpoint: a root of {len(root)} bytes; {HASH_LENGTH} were expected")
        return cls(lines[0], parse_decimal(lines[1]), root)

    def sign(self, key: LogKey) -> str:
        """Return the signed note; raises BadSignature when the key is another log's."""
        if self.origin != key.verifier.name:
            raise BadSignature(f"the key of {key.verifier.name} does not sign for {self.origin}")
        return key.sign(self.to_text())

    @classmethod
    def verify(cls, note: str, log: LogVerifier) -> Self:
        """Return the checkpoint in `note`; raises Malformed, or BadSignature unless `log` signed it for itself."""
        checkpoint = cls.from_text(log.verify(note))
        if checkpoint.origin != log.name:
            raise BadSignature(f"the checkpoint is of the log {checkpoint.origin!r}, not of {log.name!r}")
        return checkpoint


def parse_decimal(text: str) -> int:
    """Return the number written in ASCII digits without leading zeros, at most 2**63 - 1; raises Malformed."""
    if not DECIMAL.fullmatch(text) or int(text) > MAX_SIZE:
        raise Malformed(f"not a decimal number of at most {MAX_SIZE}: {text[:80]!r}")
    return int(text)
