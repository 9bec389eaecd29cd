"""Lines of three dialects against shared vectors, and any bytes at all."""

import json
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from drivers.errors import BadFrame
from drivers.lines import LineFramer
from drivers.scales.a_and_d import A_AND_D
from drivers.scales.faces import FACES
from drivers.scales.frames import LONGEST_LINE, Acknowledged, Dialect, Refusal, Reply, Told
from drivers.scales.mt_sics import MT_SICS
from drivers.scales.ohaus import OHAUS
from drivers.scales.pan import Shown
from drivers.scales.parity import SUBSTITUTE, with_parity, without_parity
from drivers.scales.weight import GRAMS, Load, Weight, WeightRefused

DIALECTS = {dialect.name: dialect for dialect in (MT_SICS, A_AND_D, OHAUS)}
VECTORS = json.loads(Path("tests/vectors/scales/lines.json").read_text(encoding="utf-8"))


def outcome(reply: Reply) -> dict[str, Any]:
    match reply:
        case Weight():
            value = None if reply.value is None else str(reply.value)
            return {
                "value": value, "unit": reply.unit, "stable": reply.stable, "basis": reply.basis, "load": reply.load,
            }  # fmt: skip
        case Refusal():
            return {"refusal": reply.code}
        case Acknowledged():
            return {"acknowledged": reply.command}
        case Told():
            return {"told": reply.words}


@pytest.mark.parametrize("case", VECTORS, ids=lambda case: f"{case['dialect']}: {case['name']}")
def test_vectors(case: dict[str, Any]) -> None:
    dialect, line = DIALECTS[case["dialect"]], case["line"].encode("latin-1")
    if case["outcome"] == "BadFrame":
        with pytest.raises(BadFrame, match="line of"):
            dialect.parse(line, "port")
    else:
        assert outcome(dialect.parse(line, "port")) == case["outcome"]


@given(st.binary(max_size=LONGEST_LINE), st.sampled_from(list(DIALECTS.values())))
def test_any_line_is_a_reply_or_a_bad_frame(line: bytes, dialect: Dialect) -> None:
    try:
        reply = dialect.parse(line, "port")
    except BadFrame:
        return
    if isinstance(reply, Weight):
        assert dialect.parse(reply.raw, "port") == reply


@given(
    st.integers(-99_999, 219_999).map(lambda value: Decimal(value) / 100),
    st.booleans(),
    st.sampled_from(sorted(DIALECTS)),
)
def test_what_a_virtual_scale_shows_is_read(value: Decimal, stable: bool, name: str) -> None:
    shown = Shown(value.quantize(Decimal("0.01")), stable, None)
    reply = DIALECTS[name].parse(FACES[name].weight(shown), "port")
    assert isinstance(reply, Weight)
    assert (reply.grams, reply.stable) == (value, stable)


@given(st.sampled_from([case for case in VECTORS if case["outcome"] != "BadFrame"]), st.data())
@settings(max_examples=200)
def test_a_lost_or_doubled_byte_in_the_number_is_never_another_weight(
    case: dict[str, Any], data: st.DataObject
) -> None:
    line, dialect = case["line"].encode("latin-1"), DIALECTS[case["dialect"]]
    at = data.draw(st.integers(0, len(line) - 1))
    times = data.draw(st.sampled_from([0, 2]))
    try:
        reply = dialect.parse(line[:at] + line[at : at + 1] * times + line[at + 1 :], "port")
    except BadFrame:
        return
    if isinstance(reply, Weight) and dialect is not OHAUS:
        sent = dialect.parse(line, "port")
        assert isinstance(sent, Weight)
        assert reply.value == sent.value


@given(st.lists(st.binary(max_size=400), max_size=12))
def test_lines_hold_no_more_than_the_longest(chunks: list[bytes]) -> None:
    framer = LineFramer(20)
    lines = [line for chunk in chunks for line in framer.feed(chunk)]
    assert all(0 < len(line) <= 20 for line in lines)
    assert framer.unfinished <= 20


@given(st.binary(max_size=200), st.integers(1, 50))
def test_pieces_make_the_same_lines(data: bytes, size: int) -> None:
    whole, pieces = LineFramer(40), LineFramer(40)
    expected = whole.feed(data)
    assert [line for at in range(0, len(data), size) for line in pieces.feed(data[at : at + size])] == expected
    assert whole.counts == pieces.counts


@given(st.binary(max_size=60).map(lambda data: bytes(byte & 0x7F for byte in data)), st.data())
def test_even_parity_shows_each_flipped_bit(data: bytes, draw: st.DataObject) -> None:
    sent = with_parity(data)
    assert without_parity(sent) == data
    if data:
        at, bit = draw.draw(st.integers(0, len(data) - 1)), draw.draw(st.integers(0, 7))
        flipped = sent[:at] + bytes([sent[at] ^ 1 << bit]) + sent[at + 1 :]
        assert without_parity(flipped)[at] == SUBSTITUTE


def weight(value: str | None, unit: str, stable: bool = True, load: Load = Load.WITHIN) -> Weight:
    return Weight("port", b"", None if value is None else Decimal(value), unit, stable, load)


@pytest.mark.parametrize(
    ("value", "unit", "grams"),
    [
        ("0.1", "kg", "100.0"), ("1.234", "kg", "1234.000"), ("0.3", "g", "0.3"), ("7", "mg", "0.007"),
        ("1", "oz", "28.349523125"), ("1", "lb", "453.59237"), ("5", "ct", "1.0"), ("1", "GN", "0.06479891"),
    ],
)  # fmt: skip
def test_grams_are_exact(value: str, unit: str, grams: str) -> None:
    assert weight(value, unit).grams == Decimal(grams)


@given(st.decimals(-99_999, 99_999, places=4), st.sampled_from(sorted(GRAMS)))
def test_grams_lose_nothing(value: Decimal, unit: str) -> None:
    assert weight(str(value), unit).grams / GRAMS[unit] == value


@pytest.mark.parametrize(
    ("refused", "code"),
    [
        (weight("1.0", "g", stable=False), "unstable"),
        (weight(None, "", stable=False, load=Load.OVER), "overload"),
        (weight(None, "", stable=False, load=Load.UNDER), "underload"),
        (weight("12", "PC"), "not-a-mass"),
        (weight("99.8", "%"), "not-a-mass"),
        (weight("1", "tl"), "not-a-mass"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_only_a_stable_mass_may_enter_a_record(refused: Weight, code: str) -> None:
    with pytest.raises(WeightRefused) as raised:
        refused.require_stable()
    assert raised.value.code == code


def test_a_stable_mass_may() -> None:
    assert weight("1.0", "g").require_stable() == weight("1.0", "g")


def test_a_weight_cannot_contradict_itself() -> None:
    with pytest.raises(ValueError, match="with value"):
        weight("1", "g", load=Load.OVER)
    with pytest.raises(ValueError, match="with value"):
        weight(None, "g")
    with pytest.raises(ValueError, match="stable weight"):
        replace(weight(None, "", stable=False, load=Load.OVER), stable=True)
