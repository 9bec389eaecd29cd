"""The one byte form of everything that is signed or sent: deterministic CBOR (RFC 8949, 4.2.1)."""

from io import BytesIO
from typing import Any

import cbor2

from sync.errors import Malformed

MAX_BYTES = 16 * 1024 * 1024


def encode(value: Any) -> bytes:  # noqa: ANN401 - any CBOR value
    """Return the one byte form of `value`."""
    return cbor2.dumps(value, canonical=True)


def decode(data: bytes, what: str, limit: int = MAX_BYTES) -> Any:  # noqa: ANN401 - any CBOR value
    """Return the value of `data`; `what` names it in errors.

    Raises Malformed unless writing the value again gives the same bytes: so duplicate keys, trailing bytes,
    indefinite lengths and any second spelling of a value are refused.
    """
    if len(data) > limit:
        raise Malformed(f"{what}: {len(data)} bytes; at most {limit} are read")
    try:
        value = cbor2.CBORDecoder(BytesIO(data)).decode()
        again = encode(value)
    except Exception as error:
        raise Malformed(f"{what}: not CBOR ({type(error).__name__}: {error})") from error
    if again != data:
        raise Malformed(f"{what}: not in deterministic CBOR form; {len(data)} bytes came, {len(again)} were expected")
    return value
