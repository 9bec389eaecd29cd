from base64 import b64encode

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sync.checkpoint import Checkpoint
from sync.errors import BadSignature, Malformed
from sync.note import LogKey

ROOT = bytes(range(32))
ROOT64 = b64encode(ROOT).decode()


@given(st.integers(0, 2**63 - 1), st.binary(min_size=32, max_size=32))
def test_the_text_comes_back(size: int, root: bytes) -> None:
    checkpoint = Checkpoint("garita.example/log", size, root)
    assert Checkpoint.from_text(checkpoint.to_text()) == checkpoint


def test_the_example_of_the_specification_reads() -> None:
    text = "example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n"
    checkpoint = Checkpoint.from_text(text)
    assert (checkpoint.origin, checkpoint.size, checkpoint.root[:2].hex()) == (
        "example.com/behind-the-sofa",
        20852163,
        "0ac5",
    )
    assert checkpoint.to_text() == text


def test_a_signed_checkpoint_verifies(log_key: LogKey) -> None:
    checkpoint = Checkpoint(log_key.verifier.name, 7, ROOT)
    assert Checkpoint.verify(checkpoint.sign(log_key), log_key.verifier) == checkpoint


def test_a_log_signs_for_itself_only(log_key: LogKey, other_log_key: LogKey) -> None:
    with pytest.raises(BadSignature, match="does not sign for"):
        Checkpoint(other_log_key.verifier.name, 7, ROOT).sign(log_key)


def test_a_checkpoint_of_another_origin_is_refused(log_key: LogKey, other_log_key: LogKey) -> None:
    note = log_key.sign(Checkpoint(other_log_key.verifier.name, 7, ROOT).to_text())
    with pytest.raises(BadSignature, match="is of the log"):
        Checkpoint.verify(note, log_key.verifier)


TEXTS = {
    "empty": "",
    "no-origin": f"\n7\n{ROOT64}\n",
    "two-lines": "log\n7\n",
    "extension-line": f"log\n7\n{ROOT64}\nmore\n",
    "empty-line-behind": f"log\n7\n{ROOT64}\n\n",
    "no-last-newline": f"log\n7\n{ROOT64}",
    "leading-zero": f"log\n07\n{ROOT64}\n",
    "plus": f"log\n+7\n{ROOT64}\n",
    "minus": f"log\n-7\n{ROOT64}\n",
    "underscore": f"log\n1_0\n{ROOT64}\n",
    "space": f"log\n 7\n{ROOT64}\n",
    "other-digits": f"log\n\u0667\n{ROOT64}\n",
    "size-of-64-bits": f"log\n{2**63}\n{ROOT64}\n",
    "size-of-5000-digits": f"log\n{'9' * 5000}\n{ROOT64}\n",
    "root-of-31-bytes": f"log\n7\n{b64encode(ROOT[1:]).decode()}\n",
    "root-with-stray-bits": f"log\n7\n{ROOT64[:-2]}9=\n",
    "root-in-hex": f"log\n7\n{ROOT.hex()}\n",
}


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
def test_a_text_that_is_no_checkpoint_is_malformed(text: str) -> None:
    with pytest.raises(Malformed):
        Checkpoint.from_text(text)


@settings(max_examples=200)
@given(st.one_of(st.text(), st.lists(st.text(max_size=50), min_size=3, max_size=4).map("\n".join)))
def test_any_text_is_malformed(text: str) -> None:
    with pytest.raises(Malformed):
        Checkpoint.from_text(text)
