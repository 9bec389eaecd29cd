import contextlib
import datetime as dt
import tracemalloc
from typing import Any

import cbor2
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sync.contract import canonical
from sync.errors import Malformed

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**64), 2**64 - 1) | st.floats(allow_nan=False) | st.text() | st.binary(),
    lambda inner: st.lists(inner, max_size=5) | st.dictionaries(st.text(max_size=30), inner, max_size=5),
    max_leaves=20,
)


@settings(max_examples=200)
@given(VALUES)
def test_values_come_back(value: Any) -> None:
    assert canonical.decode(canonical.encode(value), "value") == value


@settings(max_examples=200)
@given(st.binary(max_size=200))
def test_any_bytes_are_malformed_or_the_one_form_of_their_value(data: bytes) -> None:
    try:
        value = canonical.decode(data, "noise")
    except Malformed:
        return
    assert canonical.encode(value) == data


@settings(max_examples=100)
@given(VALUES, st.data())
def test_any_change_gives_another_value_or_malformed(value: Any, data: st.DataObject) -> None:
    good = canonical.encode(value)
    at = data.draw(st.integers(0, len(good) - 1))
    changed = good[:at] + bytes([good[at] ^ 1 << data.draw(st.integers(0, 7))]) + good[at + 1 :]
    with contextlib.suppress(Malformed):
        assert canonical.encode(canonical.decode(changed, "changed")) == changed != good


@given(st.dictionaries(st.text(), st.none(), min_size=2))
def test_keys_stand_in_the_order_of_their_bytes(value: dict[str, None]) -> None:
    keys = [canonical.encode(key) for key in canonical.decode(canonical.encode(value), "map")]
    assert keys == sorted(keys)


TAGGED = {
    "time": "c100",
    "big-integer": "c24101",
    "big-float": "c5820102",
    "shared": "d81c80",
    "reference": "d81d00",
    "fraction": "d81e820102",
    "regex": "d8236128",
    "set": "d9010280",
    "self-described": "d9d9f700",
    "cose": "d28443a1012640a0f640",
}


@pytest.mark.parametrize("hexed", TAGGED.values(), ids=TAGGED)
def test_tags_are_refused_before_their_decoders_run(hexed: str) -> None:
    with pytest.raises(Malformed):
        canonical.decode(bytes.fromhex(hexed), "tagged")


@pytest.mark.parametrize(
    "hexed",
    ["9bffffffffffffffff", "bb0000ffffffffffff", "5b00000fffffffffff00", "7b7fffffffffffffff", "81" * 100_000],
    ids=["array-of-2-to-the-64", "map-of-2-to-the-48", "bytes-of-2-to-the-44", "text-of-2-to-the-63", "100000-deep"],
)
def test_claims_of_size_cost_nothing(hexed: str) -> None:
    with pytest.raises(Malformed):
        canonical.decode(bytes.fromhex(hexed), "claims")


FORMLESS: dict[str, object] = {
    "int-key": {1: 2},
    "bytes-key": {b"k": 1},
    "65-bits": 2**64,
    "65-bits-negative": -(2**64) - 1,
    "datetime": dt.datetime.now(tz=dt.UTC),
    "undefined": cbor2.undefined,
    "set": {1, 2},
    "tag": cbor2.CBORTag(18, 0),
}


@pytest.mark.parametrize("value", FORMLESS.values(), ids=FORMLESS)
def test_a_value_without_byte_form_is_never_written(value: object) -> None:
    with pytest.raises(Malformed):
        canonical.encode({"field": [value]})


def test_the_limit_is_held_before_reading() -> None:
    with pytest.raises(Malformed, match="4 bytes; at most 3 are read"):
        canonical.decode(b"\x83\1\2\3", "short", limit=3)


def values_of(value: Any) -> int:
    inside = [*value, *value.values()] if isinstance(value, dict) else value if isinstance(value, list) else []
    return 1 + sum(map(values_of, inside))


@settings(max_examples=200)
@given(VALUES, st.integers(0, 40))
def test_more_values_than_asked_for_are_neither_written_nor_read(value: Any, most: int) -> None:
    data = canonical.encode(value)
    if values_of(value) <= most:
        assert canonical.decode(data, "value", most=most) == value
        return
    with pytest.raises(Malformed):
        canonical.decode(data, "value", most=most)
    with pytest.raises(Malformed):
        canonical.encode(value, most)


@settings(max_examples=200)
@given(st.binary(min_size=1, max_size=60), st.integers(0, 20))
def test_a_bound_makes_no_other_bytes_readable(data: bytes, most: int) -> None:
    with contextlib.suppress(Malformed):
        assert values_of(canonical.decode(data, "noise", most=most)) <= most


def test_a_million_values_are_read_and_no_more_are_built() -> None:
    most = [0] * (canonical.MAX_VALUES - 1)
    assert canonical.decode(canonical.encode(most), "most") == most
    claimed = b"\x9a" + (50_000_000).to_bytes(4, "big") + bytes(50_000_000)
    tracemalloc.start()
    with pytest.raises(Malformed, match="more than 1048576 values"):
        canonical.decode(claimed, "too many", limit=2**30)
    assert tracemalloc.get_traced_memory()[1] < 2**20
    tracemalloc.stop()


def nested(depth: int) -> list[Any]:
    return [nested(depth - 1)] if depth else []


@pytest.mark.parametrize("depth", range(29, 33))
def test_what_is_written_is_read_however_deep(depth: int) -> None:
    assert canonical.decode(canonical.encode(nested(depth)), "deep") == nested(depth)


@pytest.mark.parametrize("depth", [33, 34, 40, 900])
def test_what_is_too_deep_is_neither_written_nor_read(depth: int) -> None:
    with pytest.raises(Malformed):
        canonical.encode(nested(depth))
    with pytest.raises(Malformed):
        canonical.decode(b"\x81" * depth + b"\x80", "deep")
