import json
from hashlib import sha256
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sync.errors import BadReceipt, Malformed
from sync.note import LogKey, LogVerifier
from sync.receipts import FIRST_LINE, Proof, VerifiedReceipt, verify

VECTORS = Path(__file__).parents[1] / "vectors" / "receipt"
INDEX = json.loads((VECTORS / "index.json").read_text(encoding="utf-8"))
GOOD = (VECTORS / "good.tlog-proof").read_text(encoding="utf-8")
DIGEST = sha256(b"envelope 6").digest()
HASHES = st.lists(st.binary(min_size=32, max_size=32), max_size=63)


def outcome(data: bytes, log: LogVerifier) -> str:
    """Name the part of the receipt that the error names, or say `verifies`."""
    try:
        verify(data.decode(errors="surrogateescape"), DIGEST, log)
    except BadReceipt as error:
        return str(error).partition(":")[0]
    return "verifies"


@pytest.mark.parametrize("case", INDEX, ids=[case["file"] for case in INDEX])
def test_vector(case: dict[str, str], log_key: LogKey) -> None:
    assert outcome((VECTORS / case["file"]).read_bytes(), log_key.verifier) == case["expect"]


def test_every_vector_is_in_the_index() -> None:
    assert {case["file"] for case in INDEX} == {path.name for path in VECTORS.glob("*.tlog-proof")}


def test_a_receipt_says_where_the_entry_stands(log_key: LogKey) -> None:
    receipt = verify(GOOD, DIGEST, log_key.verifier)
    assert receipt == VerifiedReceipt(6, 11, receipt.root)
    assert len(receipt.root) == 32


def test_a_receipt_is_for_one_envelope_and_one_log(log_key: LogKey, other_log_key: LogKey) -> None:
    with pytest.raises(BadReceipt, match="inclusion"):
        verify(GOOD, sha256(b"envelope 5").digest(), log_key.verifier)
    with pytest.raises(BadReceipt, match="checkpoint"):
        verify(GOOD, DIGEST, other_log_key.verifier)


@settings(max_examples=100)
@given(st.integers(0, 2**63 - 1), HASHES, st.text(), st.binary(max_size=40))
def test_a_proof_comes_back(index: int, path: list[bytes], checkpoint: str, extra: bytes) -> None:
    proof = Proof(index, tuple(path), checkpoint, extra)
    assert Proof.from_text(proof.to_text()) == proof


@settings(max_examples=200)
@given(st.one_of(st.text(), st.text().map(lambda text: f"{FIRST_LINE}\n{text}")))
def test_any_text_is_malformed_or_written_back_the_same(text: str) -> None:
    try:
        assert Proof.from_text(text).to_text() == text
    except Malformed:
        return


@settings(max_examples=200)
@given(text=st.one_of(st.text(), st.text().map(lambda text: f"{FIRST_LINE}\nindex 6\n\n{text}")))
def test_any_text_is_no_receipt(text: str, log_key: LogKey) -> None:
    with pytest.raises(BadReceipt):
        verify(text, DIGEST, log_key.verifier)


def test_every_flipped_byte_is_refused(log_key: LogKey) -> None:
    data = GOOD.encode()
    for at in range(len(data)):
        changed = data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :]
        assert outcome(changed, log_key.verifier) != "verifies", at


def test_every_truncation_is_refused(log_key: LogKey) -> None:
    for end in range(len(GOOD)):
        assert outcome(GOOD[:end].encode(), log_key.verifier) != "verifies", end
