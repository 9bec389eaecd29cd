"""Deterministic CBOR (RFC 8949, 4.2.1): a value has one spelling, and any other is refused."""

# pyright: basic
import struct
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

MAX_DEPTH, MAX_VALUES = 40, 2**20
SIZES = {24: 1, 25: 2, 26: 4, 27: 8}
FLOATS = {25: ">e", 26: ">f", 27: ">d"}
SIMPLE = {20: False, 21: True, 22: None}


class NotStrict(ValueError):
    """Bytes that are not the one spelling of a value."""


def decode(data: bytes, most: int = MAX_VALUES) -> Any:  # noqa: ANN401 - any CBOR value, the keys of maps being text
    """Return the value that `data` spells; raises NotStrict unless spelling it again gives the same bytes."""
    try:
        value, end = _read(data, 0, 0, iter(range(most)))
        if end == len(data) and encode(value) == data:
            return value
    except (IndexError, KeyError, struct.error, UnicodeError, OverflowError, TypeError) as error:
        raise NotStrict(f"no CBOR ({error})") from error
    raise NotStrict("not the one spelling of its value, or bytes behind it")


def encode(value: Any) -> bytes:  # noqa: ANN401 - any value; one line for each kind
    """Return the one spelling of a value."""
    if isinstance(value, bool) or value is None:
        return {False: b"\xf4", True: b"\xf5", None: b"\xf6"}[value]
    if isinstance(value, int):
        return _head(0, value) if value >= 0 else _head(1, -1 - value)
    if isinstance(value, float):
        return _float(value)
    if isinstance(value, bytes | str):
        data = value.encode() if isinstance(value, str) else value
        return _head(3 if isinstance(value, str) else 2, len(data)) + data
    if isinstance(value, list):
        return _head(4, len(value)) + b"".join(map(encode, value))
    pairs = sorted((encode(key), encode(item)) for key, item in value.items())
    return _head(5, len(value)) + b"".join(key + item for key, item in pairs)


def _head(major: int, number: int) -> bytes:
    if number < 24:
        return bytes([major << 5 | number])
    info, size = next((info, size) for info, size in SIZES.items() if number < 1 << 8 * size)
    return bytes([major << 5 | info]) + number.to_bytes(size, "big")


def _float(value: float) -> bytes:
    if value != value:  # noqa: PLR0124 - not a number
        return b"\xf9\x7e\x00"
    for info, code in FLOATS.items():
        with suppress(OverflowError):
            packed = struct.pack(code, value)
            if struct.unpack(code, packed)[0] == value:
                return bytes([0xE0 | info]) + packed
    raise NotStrict("a float of no size")


def _read(data: bytes, at: int, depth: int, left: Iterator[int]) -> tuple[Any, int]:
    major, info = data[at] >> 5, data[at] & 31
    size = SIZES.get(info, 0)
    if depth > MAX_DEPTH or info > 27 or major == 6:
        raise NotStrict("a tag, a length not said in advance, or too many values in one another")
    if next(left, None) is None:
        raise NotStrict("more values than are read")
    piece, at = data[at + 1 : at + 1 + size], at + 1 + size
    if major == 7:
        return (struct.unpack(FLOATS[info], piece)[0] if info in FLOATS else SIMPLE[info]), at
    number = int.from_bytes(piece, "big") if size else info
    if major < 2:
        return (number if major == 0 else -1 - number), at
    if major < 4:
        return (data[at : at + number] if major == 2 else data[at : at + number].decode()), at + number
    values = []
    for _ in range(number * (major - 3)):
        value, at = _read(data, at, depth + 1, left)
        values.append(value)
    if major == 5 and not all(isinstance(key, str) for key in values[::2]):
        raise NotStrict("a map whose keys are not text")
    return (dict(zip(values[::2], values[1::2], strict=True)) if major == 5 else values), at
