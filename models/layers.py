"""Small networks as their layers: run in NumPy, and kept as float32, little-endian, in files of their own."""

from collections.abc import Mapping, Sequence
from hashlib import sha256
from pathlib import Path
from typing import Any, cast

import cbor2
import numpy as np
from numpy.typing import NDArray

from models.errors import UnusableBundle

DIGEST = 32

Values = NDArray[np.float32]
Layer = tuple[Values, Values]
"""Weights [out, in] and biases [out]."""
Layers = tuple[Layer, ...]


def through(layers: Layers, values: Values) -> Values:
    """Send values [.., in] through layers, with ReLU between them."""
    for weights, biases in layers[:-1]:
        values = np.maximum(values @ weights.T + biases, 0)
    weights, biases = layers[-1]
    return values @ weights.T + biases


def layers_value(layers: Layers) -> list[Any]:
    """Write layers as a CBOR value."""
    return [layer_value(layer) for layer in layers]


def layers_from(value: Sequence[Any]) -> Layers:
    """Read what layers_value wrote. Raises ValueError, TypeError."""
    return tuple(layer_from(each) for each in value)


def layer_value(layer: Layer) -> list[Any]:
    """Write one layer as a CBOR value."""
    return [packed(each) for each in layer]


def layer_from(value: Sequence[Any]) -> Layer:
    """Read what layer_value wrote. Raises ValueError, TypeError."""
    weights, biases = value
    return unpacked(weights), unpacked(biases)


def packed(values: Values) -> list[Any]:
    """Write an array as a CBOR value: its shape and its numbers."""
    return [list(values.shape), values.astype("<f4").tobytes()]


def unpacked(value: Sequence[Any]) -> Values:
    """Read what packed wrote. Raises ValueError, TypeError."""
    shape, data = value
    return np.frombuffer(data, dtype="<f4").reshape(shape)


def framed(form: str, value: Mapping[str, Any]) -> bytes:
    """Write a file of this format: SHA-256 of what follows and deterministic CBOR."""
    body = cbor2.dumps({"format": form, **value}, canonical=True)
    return sha256(body).digest() + body


def unframed(form: str, what: str, data: bytes) -> Mapping[str, Any]:
    """Read what framed wrote, `what` being its name in an error. Raises UnusableBundle."""
    if sha256(data[DIGEST:]).digest() != data[:DIGEST]:
        raise UnusableBundle(f"{what}: its {len(data)} bytes are damaged; install the software again")
    try:
        value = cast("dict[str, Any]", cbor2.loads(data[DIGEST:]))
        found = value["format"]
    except (cbor2.CBORDecodeError, KeyError, TypeError) as error:
        raise UnusableBundle(f"{what} cannot be read ({error!r}); install the software again") from error
    if found != form:
        raise UnusableBundle(f"{what} is {found!r}; this software reads {form!r}; install it again")
    return value


def installed(path: Path) -> bytes:
    """Read a file that comes with the software. Raises UnusableBundle."""
    try:
        return path.read_bytes()
    except OSError as error:
        raise UnusableBundle(f"{path.name}: {error.strerror or error}; install the software again") from error
