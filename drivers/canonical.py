"""Deterministic CBOR (RFC 8949, 4.2.1) without tags: the one byte form of messages and transcripts."""

from collections.abc import Mapping
from io import BytesIO
from typing import Any, NoReturn

import cbor2


def encode(value: Any) -> bytes:  # noqa: ANN401 - any CBOR value
    """Return the one byte form of `value`."""
    return cbor2.dumps(value, canonical=True)


def decode(data: bytes, depth: int) -> Any:  # noqa: ANN401 - any CBOR value
    """Return the value of `data`, nested at most `depth` deep.

    Raises ValueError for a tag, an indefinite length, a duplicate key, trailing bytes, any second spelling of a value.
    """
    try:
        decoder = cbor2.CBORDecoder(
            BytesIO(data),
            max_depth=depth,
            allow_indefinite=False,
            allow_duplicate_keys=False,
            strict_hashable_types=True,
            semantic_decoders=_NO_TAGS,
        )
        value = decoder.decode()
        again = encode(value)
    except Exception as error:
        raise ValueError(f"not CBOR ({type(error).__name__}: {error})") from error
    if again != data:
        raise ValueError(f"not in deterministic CBOR form; {len(data)} bytes came, {len(again)} were expected")
    return value


def _refuse(_: cbor2.CBORDecoder) -> NoReturn:
    raise ValueError("tags are not used here")


class _EveryTag(dict[int, Any]):
    """Answers for every tag, so that none is decoded by a rule of its own."""

    def __getitem__(self, _: int) -> Any:  # noqa: ANN401 - cbor2's own signature
        return _refuse


_NO_TAGS: Mapping[int, Any] = _EveryTag()
