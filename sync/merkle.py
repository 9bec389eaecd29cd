"""The log's Merkle tree: hashes, proofs and their verification (RFC 9162, section 2.1). Pure: hashes in, hashes out.

A proof holds for a root together with its size; take both from one signed checkpoint, as the RFC does.
"""

from collections.abc import Callable, Sequence
from hashlib import sha256

from sync.errors import BadProof, Rewritten

HASH_LENGTH = 32
EMPTY_ROOT = sha256(b"").digest()

HashOf = Callable[[int, int], bytes]
"""Gives the hash of a complete subtree by (level, index): the leaves from index << level to (index + 1) << level."""


def leaf_hash(entry: bytes) -> bytes:
    """Return the hash of a leaf."""
    return sha256(b"\0" + entry).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Return the hash of the node above two others."""
    return sha256(b"\1" + left + right).digest()


def root(size: int, hash_of: HashOf) -> bytes:
    """Return the root of the first `size` leaves."""
    return _range_hash(0, size, hash_of) if size else EMPTY_ROOT


def inclusion_path(index: int, size: int, hash_of: HashOf) -> list[bytes]:
    """Return the proof that leaf `index` is in the tree of `size` leaves (RFC 9162, 2.1.3.1)."""
    if not 0 <= index < size:
        raise BadProof(f"no leaf {index} in a tree of {size}")
    begin, end, path = 0, size, list[bytes]()
    while end - begin > 1:
        middle = begin + _split(end - begin)
        if index < middle:
            path.append(_range_hash(middle, end, hash_of))
            end = middle
        else:
            path.append(_range_hash(begin, middle, hash_of))
            begin = middle
    return path[::-1]


def consistency_path(old: int, new: int, hash_of: HashOf) -> list[bytes]:
    """Return the proof that the tree of `new` leaves continues that of `old` (RFC 9162, 2.1.4.1)."""
    if not 0 < old <= new:
        raise BadProof(f"a tree of {new} leaves does not continue one of {old}")
    begin, end, path = 0, new, list[bytes]()
    while end != old:
        middle = begin + _split(end - begin)
        if old <= middle:
            path.append(_range_hash(middle, end, hash_of))
            end = middle
        else:
            path.append(_range_hash(begin, middle, hash_of))
            begin = middle
    if begin:
        path.append(_range_hash(begin, end, hash_of))
    return path[::-1]


def root_from_inclusion(leaf: bytes, index: int, size: int, path: Sequence[bytes]) -> bytes:
    """Return the root that `path` leads to from `leaf` (RFC 9162, 2.1.3.2); raises BadProof."""
    _check_hashes([leaf, *path])
    if not 0 <= index < size:
        raise BadProof(f"no leaf {index} in a tree of {size}")
    place, last, result = index, size - 1, leaf
    for sibling in path:
        if last == 0:
            raise BadProof(f"a path of {len(path)} hashes is too long for leaf {index} of {size}")
        if place & 1 or place == last:
            result = node_hash(sibling, result)
            place, last = _climb(place, last)
        else:
            result = node_hash(result, sibling)
        place, last = place >> 1, last >> 1
    if last:
        raise BadProof(f"a path of {len(path)} hashes is too short for leaf {index} of {size}")
    return result


def root_of_prefix(leaf: bytes, index: int, size: int, path: Sequence[bytes]) -> bytes:
    """Return the root of the first `index` + 1 leaves, from the path of the last of them in a tree of `size` leaves.

    The hashes of the path that stand to the left are that tree's. Verify the path first: this does not.
    """
    place, last, result = index, size - 1, leaf
    for sibling in path:
        if place & 1 or place == last:
            result = node_hash(sibling, result)
            place, last = _climb(place, last)
        place, last = place >> 1, last >> 1
    return result


def verify_inclusion(leaf: bytes, index: int, size: int, path: Sequence[bytes], expected: bytes) -> None:
    """Raise BadProof unless `leaf` is at `index` in the tree of `size` leaves with the root `expected`."""
    if root_from_inclusion(leaf, index, size, path) != expected:
        raise BadProof(f"the path of leaf {index} does not lead to the root of the {size} leaves")


def verify_consistency(old: int, old_root: bytes, new: int, new_root: bytes, path: Sequence[bytes]) -> None:
    """Raise BadProof unless the tree of `new` leaves begins with the tree of `old` (RFC 9162, 2.1.4.2).

    It is Rewritten where the path leads to `new_root` from another root of `old` leaves: then every hash of it is of
    that tree, so the tree does begin with other leaves. Where it leads elsewhere, only the path is known to be wrong.
    """
    _check_hashes([old_root, new_root, *path])
    if not 0 < old <= new:
        raise BadProof(f"a tree of {new} leaves does not continue one of {old}")
    if (old == new) != (not path):
        raise BadProof(f"a path of {len(path)} hashes from {old} to {new} leaves")
    low, high = _consistent_roots(old, old_root, new, path) if path else (new_root, new_root)
    if high != new_root:
        raise BadProof(f"the path from {old} leaves does not lead to the root of the {new}")
    if low != old_root:
        raise Rewritten(f"the tree of {new} leaves does not begin with the tree of {old}: the log was rewritten")


def _consistent_roots(old: int, old_root: bytes, new: int, path: Sequence[bytes]) -> tuple[bytes, bytes]:
    whole = old & (old - 1) == 0
    first, *rest = [old_root, *path] if whole else path
    place, last = old - 1, new - 1
    while place & 1:
        place, last = place >> 1, last >> 1
    low = high = first
    for sibling in rest:
        if last == 0:
            raise BadProof(f"a path of {len(path)} hashes is too long from {old} to {new} leaves")
        if place & 1 or place == last:
            low, high = node_hash(sibling, low), node_hash(sibling, high)
            place, last = _climb(place, last)
        else:
            high = node_hash(high, sibling)
        place, last = place >> 1, last >> 1
    if last:
        raise BadProof(f"a path of {len(path)} hashes is too short from {old} to {new} leaves")
    return low, high


def _climb(place: int, last: int) -> tuple[int, int]:
    while place and not place & 1:
        place, last = place >> 1, last >> 1
    return place, last


def _check_hashes(hashes: Sequence[bytes]) -> None:
    for each in hashes:
        if len(each) != HASH_LENGTH:
            raise BadProof(f"a hash of {len(each)} bytes; {HASH_LENGTH} were expected")


def _split(width: int) -> int:
    return 1 << (width - 1).bit_length() - 1


def _range_hash(begin: int, end: int, hash_of: HashOf) -> bytes:
    result = b""
    while end > begin:
        level = ((end - begin) & -(end - begin)).bit_length() - 1
        end -= 1 << level
        piece = hash_of(level, end >> level)
        result = node_hash(piece, result) if result else piece
    return result
