"""How likely each candidate is the next component of a mixture, by its own evidence; small networks, in NumPy."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any, cast

import cbor2
import numpy as np
from numpy.typing import NDArray

from models.catalogue import DATA
from models.errors import UnusableBundle
from models.mixture_own import Own
from models.search import Table

FORMAT = "garita.mixture-judge/3"
DIGEST = 32

Layer = tuple[Table, Table]
"""Weights [out, in] and biases [out]."""
Layers = tuple[Layer, ...]


@dataclass(frozen=True, eq=False)
class Member:
    """One network. It sees each candidate (`body`), and the most of what it sees in any of them.

    A candidate's score is `score` of relu(`own` of itself + `others` of the most), that of nobody `none` of the most.
    """

    body: Layers
    own: Layer
    others: Layer
    score: Layer
    none: Layers

    def logits(self, standard: Table) -> Table:
        """Score candidates [k, Own], brought to mean 0 and deviation 1, and last that it is nobody: [k + 1]."""
        seen = np.maximum(_through(self.body, standard), 0)
        most = seen.max(axis=0)
        mixed = np.maximum(_through((self.own,), seen) + _through((self.others,), most), 0)
        return np.concatenate([_through((self.score,), mixed)[:, 0], _through(self.none, most)])


@dataclass(frozen=True, eq=False)
class MixtureJudge:
    """Networks whose mean score counts; `temperature` was fitted on mixtures that taught none of them."""

    mean: Table
    scale: Table
    members: tuple[Member, ...]
    temperature: float

    def probabilities(self, table: Table) -> NDArray[np.float64]:
        """Turn evidence [k, Own] into the probability of each candidate and, last, of none of them."""
        logits = self.logits(table) / self.temperature
        weights = np.exp(logits - logits.max())
        return weights / weights.sum()

    def logits(self, table: Table) -> NDArray[np.float64]:
        """Score candidates and, last, none of them: [k + 1]."""
        standard = (table - self.mean) / self.scale
        return np.stack([member.logits(standard) for member in self.members]).mean(axis=0, dtype=np.float64)

    def to_bytes(self) -> bytes:
        """Write as SHA-256 of what follows and deterministic CBOR, numbers as float32, little-endian."""
        value = {
            "format": FORMAT,
            "mean": _packed(self.mean),
            "scale": _packed(self.scale),
            "members": [_member_value(member) for member in self.members],
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
                members=tuple(_member(each) for each in value["members"]),
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


def _member_value(member: Member) -> dict[str, Any]:
    return {
        "body": [_layer_value(layer) for layer in member.body],
        "own": _layer_value(member.own),
        "others": _layer_value(member.others),
        "score": _layer_value(member.score),
        "none": [_layer_value(layer) for layer in member.none],
    }


def _member(value: Mapping[str, Any]) -> Member:
    own, others, score = (_layer(value[name]) for name in ("own", "others", "score"))
    body, none = (tuple(_layer(layer) for layer in value[name]) for name in ("body", "none"))
    return Member(body, own, others, score, none)


def _layer_value(layer: Layer) -> list[Any]:
    return [_packed(each) for each in layer]


def _layer(value: Sequence[Any]) -> Layer:
    weights, biases = value
    return _unpacked(weights), _unpacked(biases)


def _packed(values: Table) -> list[Any]:
    return [list(values.shape), values.astype("<f4").tobytes()]


def _unpacked(value: Sequence[Any]) -> Table:
    shape, data = value
    return np.frombuffer(data, dtype="<f4").reshape(shape)
