"""How likely each candidate is the next component of a mixture, by its own evidence; a small network, in NumPy."""

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any, cast

import cbor2
import numpy as np
from numpy.typing import NDArray

from models.catalogue import DATA
from models.errors import UnusableBundle
from models.mixture_evidence import Own
from models.search import Table

FORMAT = "garita.mixture-judge/2"
DIGEST = 32

Layer = tuple[Table, Table]
"""Weights [out, in] and biases [out]."""
Layers = tuple[Layer, ...]


@dataclass(frozen=True, eq=False)
class MixtureJudge:
    """Scores each candidate beside the best of each column with `candidate`, and with `none` that it is nobody.

    `temperature` was fitted on laboratories kept apart.
    """

    mean: Table
    scale: Table
    candidate: Layers
    none: Layers
    temperature: float

    def probabilities(self, table: Table) -> NDArray[np.float64]:
        """Turn evidence [k, Own] into the probability of each candidate and, last, of none of them."""
        logits = self.logits(table) / self.temperature
        weights = np.exp(logits - logits.max())
        return weights / weights.sum()

    def logits(self, table: Table) -> NDArray[np.float64]:
        """Score candidates and, last, none of them: [k + 1]."""
        standard = (table - self.mean) / self.scale
        most = standard.max(axis=0)
        each = np.concatenate([standard, np.broadcast_to(most, standard.shape)], axis=1)
        return np.concatenate([_through(self.candidate, each)[:, 0], _through(self.none, most)]).astype(np.float64)

    def to_bytes(self) -> bytes:
        """Write as SHA-256 of what follows and deterministic CBOR, numbers as float32, little-endian."""
        value = {
            "format": FORMAT,
            "mean": _packed(self.mean),
            "scale": _packed(self.scale),
            "candidate": [[_packed(each) for each in layer] for layer in self.candidate],
            "none": [[_packed(each) for each in layer] for layer in self.none],
            "temperature": self.temperature,
        }
        body = cbor2.dumps(value, canonical=True)
        return sha256(body).digest() + body

    @classmethod
    def load(cls, path: Path = DATA / "mixture.cbor") -> "MixtureJudge":
        """Read the judge that comes with the software. Raises UnusableBundle."""
        try:
            return cls.from_bytes(path.read_bytes())
        except OSError as error:
            raise UnusableBundle(f"{path.name}: {error.strerror or error}; install the software again") from error

    @classmethod
    def from_bytes(cls, data: bytes) -> "MixtureJudge":
        """Read what to_bytes wrote. Raises UnusableBundle."""
        if sha256(data[DIGEST:]).digest() != data[:DIGEST]:
            raise UnusableBundle(f"the mixture judge's {len(data)} bytes are damaged; install the software again")
        try:
            value = cast("dict[str, Any]", cbor2.loads(data[DIGEST:]))
            if value["format"] != FORMAT:
                raise UnusableBundle(f"the mixture judge is {value['format']!r}; this software reads {FORMAT!r}")
            judge = cls(
                mean=_unpacked(value["mean"]),
                scale=_unpacked(value["scale"]),
                candidate=_layers(value["candidate"]),
                none=_layers(value["none"]),
                temperature=float(value["temperature"]),
            )
            judge.probabilities(np.zeros((1, len(Own)), dtype=np.float32))
        except (cbor2.CBORDecodeError, KeyError, ValueError, TypeError, IndexError) as error:
            raise UnusableBundle(f"the mixture judge cannot be read ({error!r}); install the software again") from error
        return judge


def _through(layers: Layers, values: Table) -> Table:
    for weights, biases in layers[:-1]:
        values = np.maximum(values @ weights.T + biases, 0)
    weights, biases = layers[-1]
    return values @ weights.T + biases


def _packed(values: Table) -> list[Any]:
    return [list(values.shape), values.astype("<f4").tobytes()]


def _unpacked(value: Sequence[Any]) -> Table:
    shape, data = value
    return np.frombuffer(data, dtype="<f4").reshape(shape)


def _layers(value: Sequence[Sequence[Any]]) -> Layers:
    return tuple((_unpacked(weights), _unpacked(biases)) for weights, biases in value)
