"""A signature's field, read."""

import base64
import json
import struct
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edge.errors import BadCasework
from edge.web.drawn import PNG, read_drawn


def field(**changes: Any) -> str:
    png = PNG + b"\0\0\0\rIHDR" + struct.pack(">II", 300, 120) + bytes(5)
    drawn = {"size": [300, 120], "strokes": [[[1, 2, 0], [3, 4, 16]]], "png": base64.b64encode(png).decode()}
    return json.dumps({**drawn, **changes})


def test_strokes_and_picture_are_read() -> None:
    drawn = read_drawn(field())
    assert (drawn.size, drawn.strokes, drawn.png[:8]) == ((300, 120), (((1, 2, 0), (3, 4, 16)),), PNG)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        field(strokes=[]),
        field(strokes=[[]]),
        field(strokes=[[[1, 2]]]),
        field(strokes=[[[1, 2, -1]]]),
        field(size=[0, 120]),
        field(size=[301, 120]),
        field(png="?"),
        field(png=base64.b64encode(b"<svg/>").decode()),
        field(name="Ana"),
        field(strokes=[[[1, 2, 0]] * 110_000]),
    ],
    ids=["empty", "list", "none", "empty-stroke", "two", "past", "flat", "other-size", "base64", "svg", "more", "long"],
)
def test_what_is_no_signature_is_refused(text: str) -> None:
    with pytest.raises(BadCasework):
        read_drawn(text)


@given(st.text() | st.binary().map(lambda data: field(png=base64.b64encode(data).decode())))
def test_any_text_is_read_or_refused(text: str) -> None:
    with pytest.raises(BadCasework):
        read_drawn(text)
