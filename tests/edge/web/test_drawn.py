"""A signature's field, read."""

import base64
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edge.errors import BadCasework
from edge.web.drawn import read_drawn
from tests.edge.test_png import BAD, png


def field(**changes: Any) -> str:
    drawn = {"size": [30, 12], "strokes": [[[1, 2, 0], [3, 4, 16]]], "png": base64.b64encode(png()).decode()}
    return json.dumps({**drawn, **changes})


def test_strokes_and_picture_are_read() -> None:
    drawn = read_drawn(field())
    assert (drawn.size, drawn.strokes, drawn.png) == ((30, 12), (((1, 2, 0), (3, 4, 16)),), png())


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        field(strokes=[]),
        field(strokes=[[]]),
        field(strokes=[[[1, 2]]]),
        field(strokes=[[[1, 2, -1]]]),
        field(size=[0, 12]),
        field(size=[31, 12]),
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


@pytest.mark.parametrize("picture", BAD.values(), ids=BAD)
def test_a_picture_that_paper_cannot_draw_is_refused(picture: bytes) -> None:
    with pytest.raises(BadCasework):
        read_drawn(field(png=base64.b64encode(picture).decode()))


@given(st.text() | st.binary().map(lambda data: field(png=base64.b64encode(data).decode())))
def test_any_text_is_read_or_refused(text: str) -> None:
    with pytest.raises(BadCasework):
        read_drawn(text)
