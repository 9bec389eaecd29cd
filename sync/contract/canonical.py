"""The one byte form of everything that is signed or sent: deterministic CBOR (RFC 8949, 4.2.1).

Values are null, booleans, integers of 64 bits, floats, text, bytes, arrays, and maps with text keys; no tags.
With text keys alone the order of RFC 8949 (bytewise) and the older one (shorter first) are the same.
"""

from collections.abc import Iterator, Mapping
from io import BytesIO
from typing import Any, NoReturn, cast

import cbor2

from sync.errors import Malformed

MAX_BYTES = 16 * 1024 * 1024
MAX_DEPTH = 32
MAX_VALUES = 2**20
"""Keys of maps among them: a value of one byte takes a hundred in memory, so bytes alone bound nothing."""
STRINGS = (2, 3)
INTEGERS = range(-(2**64), 2**64)


class _NoTags(Mapping[int, Any]):
    """Stands in for the decoder's table of tags, so that none of its decoders (regex, big float, ...) ever runs."""

    def __getitem__(self, tag: int) -> Any:  # noqa: ANN401 - a decoder's callback
        def refuse(*_: object) -> NoReturn:
            raise ValueError(f"tag {tag}")

        return refuse

    def __iter__(self) -> Iterator[int]:
        return iter(())

    def __len__(self) -> int:
        return 0


NO_TAGS = _NoTags()


def encode(value: Any, most: int = MAX_VALUES) -> bytes:  # noqa: ANN401 - any CBOR value
    """Return the one byte form of `value`; raises Malformed where it has none, or has more than `most` values."""
    _check(value)
    data = cbor2.dumps(value, canonical=True)
    _count(data, most)
    return data


def decode(data: bytes, what: str, limit: int = MAX_BYTES, most: int = MAX_VALUES) -> Any:  # noqa: ANN401 - any CBOR value
    """Return the value of `data`, of at most `limit` bytes and `most` values; `what` names it in errors.

    Raises Malformed unless writing the value again gives the same bytes: so duplicate keys, trailing bytes,
    indefinite lengths and any second spelling of a value are refused.
    """
    if len(data) > limit:
        raise Malformed(f"{what}: {len(data)} bytes; at most {limit} are read")
    try:
        _count(data, most)
        value = cbor2.CBORDecoder(BytesIO(data), semantic_decoders=NO_TAGS, max_depth=MAX_DEPTH).decode()
        again = encode(value, most)
    except Exception as error:
        raise Malformed(f"{what}: not deterministic CBOR ({type(error).__name__}: {error})") from error
    if again != data:
        raise Malformed(f"{what}: not in deterministic CBOR form; {len(data)} bytes came, {len(again)} were expected")
    return value


def _count(data: bytes, most: int) -> None:
    """Raise Malformed for more than `most` values, before any is built: each has a head, and they stand in a row."""
    if len(data) <= most:
        return
    at = count = 0
    while at < len(data):
        major, info = data[at] >> 5, data[at] & 31
        end = at + 1 + (1 << info - 24 if 24 <= info < 28 else 0)  # noqa: PLR2004 - RFC 8949, 3: a head of up to 9 bytes
        told = int.from_bytes(data[at + 1 : end], "big") if end > at + 1 else info
        at, count = end + (told if major in STRINGS else 0), count + 1
        if count > most:
            raise Malformed(f"more than {most} values")


def _check(value: object, depth: int = 0) -> None:
    if depth > MAX_DEPTH:
        raise Malformed(f"more than {MAX_DEPTH} maps and arrays in one another")
    if isinstance(value, dict):
        for key, item in cast("dict[object, object]", value).items():
            if not isinstance(key, str):
                raise Malformed(f"a map's key is text, not {type(key).__name__}")
            _check(item, depth + 1)
    elif isinstance(value, (list, tuple)):
        for item in cast("list[object]", value):
            _check(item, depth + 1)
    elif isinstance(value, int) and value not in INTEGERS:
        raise Malformed("an integer beyond 64 bits")
    elif not isinstance(value, (int, float, str, bytes, type(None))):
        raise Malformed(f"no byte form for {type(value).__name__}")
