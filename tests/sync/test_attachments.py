"""Attachments: sealed beside their record, opened by what it says, or refused."""

from hashlib import sha256

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sync import attachments
from sync.attachments import open_attachment, seal_attachment
from sync.contract.attachment import AttachmentPart
from sync.errors import OpenError, SealError

DATA = b"MARKER photograph " * 20


@settings(max_examples=50)
@given(st.binary(max_size=5000))
def test_what_is_sealed_opens(data: bytes) -> None:
    part, body = seal_attachment(data, "photo", "image/jpeg")
    assert open_attachment(part, body) == data
    assert (part.digest, part.size) == (sha256(data).digest(), len(data))
    assert len(body) <= len(data) + 16 + 11


def test_the_sealed_bytes_show_nothing_and_never_repeat() -> None:
    first, second = (seal_attachment(DATA, "photo", "image/jpeg") for _ in range(2))
    assert b"MARKER" not in first[1]
    assert first[1] != second[1]
    assert first[0].key != second[0].key


def test_every_flipped_byte_is_refused() -> None:
    part, body = seal_attachment(DATA, "photo", "image/jpeg")
    for place in range(len(body)):
        with pytest.raises(OpenError, match="not the sealed bytes"):
            open_attachment(part, body[:place] + bytes([body[place] ^ 1]) + body[place + 1 :])


@pytest.mark.parametrize("body", [b"", b"short"], ids=["empty", "short"])
def test_a_body_that_is_too_short(body: bytes) -> None:
    part, _ = seal_attachment(DATA, "photo", "image/jpeg")
    with pytest.raises(OpenError):
        open_attachment(part.model_copy(update={"sealed": sha256(body).digest()}), body)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"key": bytes(32)}, "does not open"),
        ({"digest": bytes(32)}, "not what the record names"),
        ({"size": 3}, "size"),
    ],
    ids=["another-key", "another-digest", "another-size"],
)
def test_a_record_that_says_something_else(change: dict[str, object], said: str) -> None:
    part, body = seal_attachment(DATA, "photo", "image/jpeg")
    with pytest.raises(OpenError, match=said):
        open_attachment(part.model_copy(update=change), body)


def test_one_too_long_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(attachments, "MAX_ATTACHMENT", 10)
    with pytest.raises(SealError, match="at most 10"):
        seal_attachment(bytes(11), "photo", "image/jpeg")


def test_a_part_has_one_byte_form() -> None:
    part, _ = seal_attachment(DATA, "photo", "image/jpeg")
    assert AttachmentPart.from_bytes(part.to_bytes()) == part
