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


def encode(value: Any) -> bytes:  # noqa: ANN401 - any CBOR value
    """Return the one byte form of `value`; raises Malformed for a value that has none."""
    _check(value)
    return cbor2.dumps(value, canonical=True)


def decode(data: bytes, what: str, limit: int = MAX_BYTES) -> Any:  # noqa: ANN401 - any CBOR value
    """Return the value of `data`; `what` names it in errors.

    Raises Malformed unless writing the value again gives the same bytes: so duplicate keys, trailing bytes,
    indefinite lengths and any second spelling of a value are refused.
    """
    if len(data) > limit:
        raise Malformed(f"{what}: {len(data)} bytes; at most {limit} are read")
    try:
        value = cbor2.CBORDecoder(BytesIO(data), semantic_decoders=NO_TAGS, max_depth=MAX_DEPTH).decode()
        again = encode(value)
    except Exception as error:
        raise Malformed(f"{what}: not deterministic CBOR ({type(error).__name__}: {error})") from error
    if again != data:
        raise Malformed(f"{what}: not in deterministic CBOR form; {len(data)} bytes came, {len(again)} were expected")
    return value


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
