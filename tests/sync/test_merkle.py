import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sync import merkle
from sync.errors import BadProof

VECTORS = Path(__file__).parents[1] / "vectors" / "merkle"
INCLUSION = json.loads((VECTORS / "inclusion.json").read_text(encoding="utf-8"))
CONSISTENCY = json.loads((VECTORS / "consistency.json").read_text(encoding="utf-8"))
SIZES = st.integers(1, 300)
SIZE_LIKE = st.integers(-2, 2**70)

# The reference tree of the first Certificate Transparency code: its leaves, and the root after each.
CT_LEAVES = [
    "",
    "00",
    "10",
    "2021",
    "3031",
    "40414243",
    "5051525354555657",
    "606162636465666768696a6b6c6d6e6f",
]
CT_ROOTS = [
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]


def mth(leaves: list[bytes]) -> bytes:
    """RFC 9162, 2.1.1, word for word."""
    if len(leaves) <= 1:
        return leaves[0] if leaves else merkle.EMPTY_ROOT
    k = 1
    while k * 2 < len(leaves):
        k *= 2
    return merkle.node_hash(mth(leaves[:k]), mth(leaves[k:]))


def path(index: int, leaves: list[bytes]) -> list[bytes]:
    """RFC 9162, 2.1.3.1, word for word."""
    if len(leaves) == 1:
        return []
    k = 1
    while k * 2 < len(leaves):
        k *= 2
    if index < k:
        return [*path(index, leaves[:k]), mth(leaves[k:])]
    return [*path(index - k, leaves[k:]), mth(leaves[:k])]


def subproof(old: int, leaves: list[bytes], *, complete: bool) -> list[bytes]:
    """RFC 9162, 2.1.4.1, word for word."""
    if old == len(leaves):
        return [] if complete else [mth(leaves)]
    k = 1
    while k * 2 < len(leaves):
        k *= 2
    if old <= k:
        return [*subproof(old, leaves[:k], complete=complete), mth(leaves[k:])]
    return [*subproof(old - k, leaves[k:], complete=False), mth(leaves[:k])]


LEAVES = [merkle.leaf_hash(number.to_bytes(2, "big")) for number in range(300)]


def hash_of(level: int, index: int) -> bytes:
    leaves = LEAVES[index << level : (index + 1) << level]
    assert len(leaves) == 1 << level, "only complete subtrees are asked for"
    return mth(leaves)


def decoded(case: dict[str, Any], *names: str) -> list[Any]:
    def bytes_of(value: object) -> object:
        if isinstance(value, list):
            return [bytes.fromhex(each) for each in value]
        return bytes.fromhex(value) if isinstance(value, str) else value

    return [bytes_of(case[name]) for name in names]


def judge(case: dict[str, Any], verify: Callable[..., None], *names: str) -> None:
    if case["ok"]:
        verify(*decoded(case, *names))
    else:
        with pytest.raises(BadProof):
            verify(*decoded(case, *names))


@pytest.mark.parametrize("case", INCLUSION, ids=[case["name"] for case in INCLUSION])
def test_inclusion_vector(case: dict[str, Any]) -> None:
    judge(case, merkle.verify_inclusion, "leaf", "index", "size", "path", "root")


@pytest.mark.parametrize("case", CONSISTENCY, ids=[case["name"] for case in CONSISTENCY])
def test_consistency_vector(case: dict[str, Any]) -> None:
    judge(case, merkle.verify_consistency, "old", "old_root", "new", "new_root", "path")


@pytest.mark.parametrize("size", range(1, 9))
def test_the_reference_tree_has_its_known_roots(size: int) -> None:
    leaves = [merkle.leaf_hash(bytes.fromhex(text)) for text in CT_LEAVES]
    root = merkle.root(size, lambda level, index: mth(leaves[index << level : (index + 1) << level]))
    assert root.hex() == CT_ROOTS[size - 1]


def test_the_empty_tree_has_the_hash_of_nothing() -> None:
    assert merkle.root(0, hash_of).hex() == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"


@settings(max_examples=150)
@given(SIZES, st.data())
def test_inclusion_agrees_with_the_text_of_the_rfc(size: int, data: st.DataObject) -> None:
    index = data.draw(st.integers(0, size - 1))
    proof = merkle.inclusion_path(index, size, hash_of)
    assert proof == path(index, LEAVES[:size])
    merkle.verify_inclusion(LEAVES[index], index, size, proof, mth(LEAVES[:size]))


@settings(max_examples=150)
@given(SIZES, st.data())
def test_consistency_agrees_with_the_text_of_the_rfc(new: int, data: st.DataObject) -> None:
    old = data.draw(st.integers(1, new))
    proof = merkle.consistency_path(old, new, hash_of)
    assert proof == subproof(old, LEAVES[:new], complete=True)
    merkle.verify_consistency(old, mth(LEAVES[:old]), new, mth(LEAVES[:new]), proof)


@settings(max_examples=150)
@given(SIZES, st.data())
def test_a_leafs_path_has_the_root_of_all_up_to_it(size: int, data: st.DataObject) -> None:
    index = data.draw(st.integers(0, size - 1))
    proof = merkle.inclusion_path(index, size, hash_of)
    assert merkle.root_of_prefix(LEAVES[index], index, size, proof) == mth(LEAVES[: index + 1])


@settings(max_examples=100)
@given(SIZES, st.data())
def test_a_proof_holds_for_its_own_leaf_and_place_only(size: int, data: st.DataObject) -> None:
    index, other = (data.draw(st.integers(0, size - 1)) for _ in "ab")
    proof, root = path(index, LEAVES[:size]), mth(LEAVES[:size])
    if other != index:
        with pytest.raises(BadProof):
            merkle.verify_inclusion(LEAVES[other], index, size, proof, root)
        with pytest.raises(BadProof):
            merkle.verify_inclusion(LEAVES[index], other, size, proof, root)


@settings(max_examples=100)
@given(SIZE_LIKE, SIZE_LIKE, st.lists(st.binary(min_size=30, max_size=33), max_size=70), st.binary())
def test_any_proof_is_refused_without_a_crash(index: int, size: int, proof: list[bytes], root: bytes) -> None:
    with pytest.raises(BadProof):
        merkle.verify_inclusion(LEAVES[0], index, size, [*proof, bytes(32)], root)
    with pytest.raises(BadProof):
        merkle.verify_consistency(index, LEAVES[0], size, root, [*proof, bytes(32)])


@pytest.mark.parametrize(("index", "size"), [(0, 0), (-1, 3), (3, 3)], ids=["empty", "negative", "at-the-size"])
def test_no_path_is_made_for_a_leaf_that_is_not_there(index: int, size: int) -> None:
    with pytest.raises(BadProof):
        merkle.inclusion_path(index, size, hash_of)


@pytest.mark.parametrize(("old", "new"), [(0, 3), (4, 3), (-1, 3)], ids=["from-nothing", "shrunk", "negative"])
def test_no_path_is_made_between_trees_that_do_not_follow(old: int, new: int) -> None:
    with pytest.raises(BadProof):
        merkle.consistency_path(old, new, hash_of)
