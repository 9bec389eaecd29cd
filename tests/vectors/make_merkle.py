"""Make tests/vectors/merkle: inclusion and consistency in a tree of 11 leaves, good, and bad with one fault each."""

import json
from typing import Any

from log_of_eleven import LEAVES, flip, hash_of
from vector_files import HERE

from sync.merkle import EMPTY_ROOT, consistency_path, inclusion_path, root


def inclusion_cases() -> list[dict[str, Any]]:
    """Inclusion of leaf 6 of 11, and of edges, with one fault each."""
    path = inclusion_path(6, 11, hash_of)
    good = {"leaf": LEAVES[6], "index": 6, "size": 11, "path": path, "root": root(11, hash_of)}
    last = {"leaf": LEAVES[10], "index": 10, "path": inclusion_path(10, 11, hash_of)}
    one = {"leaf": LEAVES[0], "index": 0, "size": 1, "path": [], "root": LEAVES[0]}
    bad: dict[str, dict[str, Any]] = {
        "another-leaf": {"leaf": LEAVES[7]},
        "another-index": {"index": 7},
        "size-of-a-smaller-tree": {"size": 8},
        "size-of-a-taller-tree": {"size": 17},
        "another-root": {"root": root(10, hash_of)},
        "empty-path": {"path": []},
        "path-too-short": {"path": path[:-1]},
        "path-too-long": {"path": [*path, path[0]]},
        "path-in-reverse": {"path": path[::-1]},
        "path-with-a-flipped-bit": {"path": [flip(path[0]), *path[1:]]},
        "path-with-a-hash-of-31-bytes": {"path": [path[0][1:], *path[1:]]},
        "path-with-a-hash-of-33-bytes": {"path": [path[0] + b"\0", *path[1:]]},
        "leaf-of-31-bytes": {"leaf": LEAVES[6][1:]},
        "root-of-31-bytes": {"root": good["root"][1:]},
        "empty-tree": {"index": 0, "size": 0, "path": [], "root": EMPTY_ROOT},
        "index-at-the-size": {"index": 11},
        "index-beyond-the-size": {"index": 2**40},
        "index-negative": {"index": -1},
        "size-negative": {"size": -1},
    }
    return [
        {"name": "good", "ok": True, **good},
        {"name": "good-last-leaf", "ok": True, **good, **last},
        {"name": "good-only-leaf", "ok": True, **one},
        *({"name": name, "ok": False, **good, **fault} for name, fault in bad.items()),
    ]


def consistency_cases() -> list[dict[str, Any]]:
    """Consistency of 6 and 11 leaves, and of edges, with one fault each."""
    path = consistency_path(6, 11, hash_of)
    good = {"old": 6, "old_root": root(6, hash_of), "new": 11, "new_root": root(11, hash_of), "path": path}
    power = {"old": 8, "old_root": root(8, hash_of), "path": consistency_path(8, 11, hash_of)}
    same = {"new": 6, "new_root": good["old_root"], "path": []}
    bad: dict[str, dict[str, Any]] = {
        "another-old-root": {"old_root": root(5, hash_of)},
        "another-new-root": {"new_root": root(10, hash_of)},
        "roots-swapped": {"old_root": good["new_root"], "new_root": good["old_root"]},
        "another-old-size": {"old": 7},
        "new-size-of-a-smaller-tree": {"new": 8},
        "new-size-of-a-taller-tree": {"new": 17},
        "shrunk": {"old": 11, "new": 6},
        "from-nothing": {"old": 0, "old_root": EMPTY_ROOT, "path": []},
        "negative": {"old": -1},
        "empty-path": {"path": []},
        "path-too-short": {"path": path[:-1]},
        "path-too-long": {"path": [*path, path[0]]},
        "path-with-a-flipped-bit": {"path": [flip(path[0]), *path[1:]]},
        "path-with-a-hash-of-31-bytes": {"path": [path[0][1:], *path[1:]]},
        "old-root-of-31-bytes": {"old_root": good["old_root"][1:]},
        "same-size-with-a-path": {**same, "path": path},
        "same-size-another-root": {**same, "new_root": good["new_root"]},
        "same-size-beyond-with-one-hash": {"old": 8, "old_root": root(8, hash_of), "new": 8, "path": [path[0]]},
    }
    return [
        {"name": "good", "ok": True, **good},
        {"name": "good-from-a-power-of-two", "ok": True, **good, **power},
        {"name": "good-same-size", "ok": True, **good, **same},
        *({"name": name, "ok": False, **good, **fault} for name, fault in bad.items()),
    ]


def write_json(path: str, value: object) -> None:
    """Write a JSON file; bytes as hex."""
    text = json.dumps(value, indent=1, default=lambda data: data.hex())
    (HERE / path).write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    (HERE / "merkle").mkdir(exist_ok=True)
    write_json("merkle/inclusion.json", inclusion_cases())
    write_json("merkle/consistency.json", consistency_cases())
