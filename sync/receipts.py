"""Receipts (c2sp.org/tlog-proof): proof, checkable offline, that an envelope is in the national log.

The log's entry is the 32 bytes of SHA-256 over the envelope.
"""

from base64 import b64encode
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Self

from sync.checkpoint import parse_decimal
from sync.errors import BadProof, BadReceipt, BadSignature, Malformed, UnknownLog, UnknownReceipt
from sync.merkle import HASH_LENGTH, leaf_hash, verify_inclusion
from sync.note import MAX_NOTE, LogVerifier, strict_base64
from sync.policy import Policy

FIRST_LINE = "c2sp.org/tlog-proof@v1"
MAX_PROOF = MAX_NOTE + 64 * 1024
MAX_PATH = 63


@dataclass(frozen=True)
class Proof:
    """A receipt taken apart. `extra` is authenticated by nobody, and Garita reads nothing from it."""

    index: int
    path: tuple[bytes, ...]
    checkpoint: str
    extra: bytes = b""

    def to_text(self) -> str:
        """Return the tlog-proof."""
        extra = f"extra {b64encode(self.extra).decode()}\n" if self.extra else ""
        return proof_text(self.index, map(hash_line, self.path), self.checkpoint, extra)

    @classmethod
    def from_text(cls, text: str) -> Self:
        """Take a tlog-proof apart; raises Malformed. The checkpoint inside stays text."""
        if len(text) > MAX_PROOF:
            raise Malformed(f"tlog-proof: more than {MAX_PROOF} characters")
        head, blank, checkpoint = text.partition("\n\n")
        if not blank:
            raise Malformed("tlog-proof: no empty line, so no checkpoint")
        first, *lines = head.split("\n")
        if first != FIRST_LINE:
            raise Malformed(f"tlog-proof: its first line is {FIRST_LINE!r}, not {first[:80]!r}")
        extra = strict_base64(lines.pop(0).removeprefix("extra ")) if lines and lines[0].startswith("extra ") else b""
        if not lines or not lines[0].startswith("index "):
            raise Malformed("tlog-proof: no index line")
        index, *path = lines
        proof = cls(parse_decimal(index.removeprefix("index ")), tuple(map(_parse_hash, path)), checkpoint, extra)
        if len(proof.path) > MAX_PATH or proof.to_text() != text:
            raise Malformed("tlog-proof: too many hashes, or lines that are not of its form")
        return proof


@dataclass(frozen=True)
class VerifiedReceipt:
    """What a receipt proved: the entry's place in the log, and the size and root of the tree that proves it."""

    index: int
    size: int
    root: bytes


def hash_line(value: bytes) -> str:
    """Return a hash of the path as a line of the receipt."""
    return b64encode(value).decode() + "\n"


def proof_text(index: int, path: Iterable[str], checkpoint: str, extra: str = "") -> str:
    """Return the receipt of the entry at `index` from the lines of its path."""
    return f"{FIRST_LINE}\n{extra}index {index}\n{''.join(path)}\n{checkpoint}"


def write_proof(index: int, path: Sequence[bytes], checkpoint: str) -> str:
    """Return the receipt of the entry at `index`: a tlog-proof around a signed checkpoint."""
    return Proof(index, tuple(path), checkpoint).to_text()


def verify(proof_text: str, envelope_digest: bytes, log: LogVerifier | Policy) -> VerifiedReceipt:
    """Return what the receipt proves of the envelope with this SHA-256, to who believes `log`, or log and witnesses.

    Raises BadReceipt naming the part that failed: the form, the checkpoint's form, signature or cosignatures, or the
    inclusion.
    """
    policy = log if isinstance(log, Policy) else Policy.of_log(log)
    try:
        proof = Proof.from_text(proof_text)
    except Malformed as error:
        raise BadReceipt(f"the receipt's form: {error}") from error
    try:
        checkpoint = policy.verify(proof.checkpoint)
    except UnknownLog as error:
        raise UnknownReceipt(f"the receipt's checkpoint: {error}") from error
    except (Malformed, BadSignature) as error:
        raise BadReceipt(f"the receipt's checkpoint: {error}") from error
    try:
        verify_inclusion(leaf_hash(envelope_digest), proof.index, checkpoint.size, proof.path, checkpoint.root)
    except BadProof as error:
        raise BadReceipt(f"the receipt's inclusion: {error}") from error
    return VerifiedReceipt(proof.index, checkpoint.size, checkpoint.root)


def _parse_hash(line: str) -> bytes:
    value = strict_base64(line)
    if len(value) != HASH_LENGTH:
        raise Malformed(f"tlog-proof: a hash of {len(value)} bytes; {HASH_LENGTH} were expected")
    return value
