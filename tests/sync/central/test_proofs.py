"""Receipts written together are those that are written one by one."""

from hashlib import sha256

from hypothesis import given
from hypothesis import strategies as st

from sync.central.proofs import write_proofs
from sync.merkle import inclusion_path
from sync.receipts import write_proof


def some_hash(height: int, number: int) -> bytes:
    return sha256(b"%d of %d" % (number, height)).digest()


@given(data=st.data(), size=st.integers(1, 2**26))
def test_together_as_one_by_one(data: st.DataObject, size: int) -> None:
    first = data.draw(st.integers(0, size - 1))
    indices = list(range(first, min(first + 300, size)))
    expected = [write_proof(index, inclusion_path(index, size, some_hash), "note") for index in indices]
    assert write_proofs(indices, size, some_hash, "note") == expected
