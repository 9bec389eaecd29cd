"""The log that the vectors of merkle, note and receipt speak of: eleven entries, "envelope 0" to "envelope 10"."""

from hashlib import sha256

from vector_files import KEYS

from sync.merkle import leaf_hash, node_hash
from sync.note import LogKey

LOG, OTHER = LogKey.from_bytes(KEYS["log"]), LogKey.from_bytes(KEYS["other_log"])
ORIGIN = LOG.verifier.name
DIGESTS = [sha256(f"envelope {number}".encode()).digest() for number in range(11)]
LEAVES = [leaf_hash(digest) for digest in DIGESTS]


def hash_of(level: int, index: int) -> bytes:
    """Return the hash of a complete subtree of LEAVES."""
    if level == 0:
        return LEAVES[index]
    return node_hash(hash_of(level - 1, 2 * index), hash_of(level - 1, 2 * index + 1))


def flip(data: bytes) -> bytes:
    """Change one bit."""
    return bytes([data[0] ^ 1]) + data[1:]
