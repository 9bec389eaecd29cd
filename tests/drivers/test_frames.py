"""Messages: what is written is read back, and anything else is a BadFrame that names its fault."""

import json
from pathlib import Path

import cbor2
import pytest
from hypothesis import given
from hypothesis import strategies as st

from drivers.analyzer_link.frames import (
    MAX_ENERGIES,
    MAX_PAYLOAD,
    MAX_PEAKS,
    REPLIES,
    REQUESTS,
    Abort,
    Aborted,
    Acquire,
    Advance,
    Checked,
    Done,
    Error,
    Failed,
    Identify,
    Identity,
    Measured,
    Message,
    Resend,
    SelfTest,
    State,
    Status,
    parse,
)
from drivers.errors import BadFrame
from drivers.framing import Framer

VECTORS = Path(__file__).parents[1] / "vectors" / "frames"
PROTOCOL = Path(__file__).parents[2] / "drivers" / "analyzer_link" / "PROTOCOL.md"
INDEX: list[dict[str, str]] = json.loads((VECTORS / "index.json").read_text("utf-8"))
ALL = (*REQUESTS, *REPLIES)

IDS = st.integers(1, 2**32 - 1)
NUMBERS = st.integers(0, 2**32 - 1)
ENERGY = st.integers(0, 5000)
PRINTABLE = st.characters(codec="utf-8", exclude_categories=("C", "Z"))
NAMES = st.text(PRINTABLE, min_size=1, max_size=16)
CODES = st.from_regex(r"[a-z0-9-]{1,32}", fullmatch=True)
TEXTS = st.text(PRINTABLE, max_size=16)
ENERGIES = st.lists(ENERGY, min_size=1, max_size=MAX_ENERGIES, unique=True).map(tuple)


@st.composite
def measured(draw: st.DrawFn) -> Measured:
    count = draw(st.integers(0, 20))
    mz, intensity = (draw(st.binary(min_size=4 * count, max_size=4 * count)) for _ in range(2))
    precursor = draw(st.none() | IDS)
    technique, polarity = (
        draw(st.sampled_from(["cid", "in-source-cid"])),
        draw(st.sampled_from(["positive", "negative"])),
    )
    return Measured(draw(IDS), draw(NUMBERS), draw(ENERGY), technique, polarity, precursor, mz, intensity)


MESSAGES = st.one_of(
    st.builds(Identify, IDS, st.lists(st.integers(1, 255), min_size=1, max_size=8).map(tuple)),
    st.builds(Status, IDS),
    st.builds(SelfTest, IDS),
    st.builds(Acquire, IDS, ENERGIES),
    st.builds(Resend, IDS, NUMBERS),
    st.builds(Abort, IDS),
    st.builds(Identity, IDS, st.integers(1, 255), NAMES, NAMES, NAMES, NAMES),
    st.builds(State, IDS, st.booleans(), TEXTS, st.none() | st.integers(0, 100)),
    st.builds(Checked, IDS, st.lists(st.tuples(NAMES, st.booleans()), min_size=1, max_size=5).map(tuple)),
    st.builds(Aborted, IDS),
    st.builds(Error, IDS, CODES, TEXTS),
    st.builds(Advance, IDS, NUMBERS, st.integers(0, 100), TEXTS),
    measured(),
    st.builds(Done, IDS, NUMBERS, ENERGIES),
    st.builds(Failed, IDS, NUMBERS, CODES, TEXTS),
)
VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**65), 2**65)
    | st.floats()
    | st.text(max_size=5)
    | st.binary(max_size=9),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)


@given(MESSAGES)
def test_what_is_written_is_read_back(message: Message) -> None:
    data = message.to_bytes()
    assert parse(data, ALL, "port") == message
    assert parse(data, ALL, "port").to_bytes() == data


@given(st.binary(max_size=200))
def test_any_bytes_are_a_message_or_a_bad_frame(data: bytes) -> None:
    try:
        message = parse(data, ALL, "port")
    except BadFrame:
        return
    assert message.to_bytes() == data


@given(MESSAGES, st.data())
def test_any_value_in_any_field_is_a_message_or_a_bad_frame(message: Message, data: st.DataObject) -> None:
    form = cbor2.loads(message.to_bytes())
    form[data.draw(st.sampled_from([*form, "extra"]))] = data.draw(VALUES)
    changed = cbor2.dumps(form, canonical=True)
    try:
        read = parse(changed, ALL, "port")
    except BadFrame:
        return
    assert read.to_bytes() == changed


def test_the_largest_spectrum_fits_a_frame() -> None:
    full = bytes(4 * MAX_PEAKS)
    largest = Measured(2**32 - 1, 2**32 - 1, 5000, "in-source-cid", "positive", 2**32 - 1, full, full)
    assert len(largest.to_bytes()) <= MAX_PAYLOAD


@pytest.mark.parametrize("vector", INDEX, ids=lambda vector: vector["file"])
def test_vector(vector: dict[str, str]) -> None:
    frame = bytes.fromhex((VECTORS / vector["file"]).read_text("ascii"))
    payloads = Framer(MAX_PAYLOAD).feed(frame)
    if vector["expect"] == "dropped":
        assert payloads == []
        return
    [payload] = payloads
    if vector["expect"] == "BadFrame":
        with pytest.raises(BadFrame):
            parse(payload, ALL, "port")
    else:
        expected = {kind.TYPE: kind for kind in ALL}[vector["expect"]]
        assert isinstance(parse(payload, ALL, "port"), expected)


def test_the_protocols_page_shows_every_good_vector_and_names_every_message() -> None:
    page = PROTOCOL.read_text("utf-8")
    plain = "".join(page.split())
    for vector in INDEX:
        if vector["expect"] not in {"dropped", "BadFrame"}:
            assert "".join((VECTORS / vector["file"]).read_text("ascii").split()) in plain, vector["file"]
    for kind in ALL:
        assert f"`{kind.TYPE}`" in page
    for limit in (MAX_PAYLOAD, MAX_PEAKS, MAX_ENERGIES):
        assert f"{limit:,}".replace(",", " ") in page
