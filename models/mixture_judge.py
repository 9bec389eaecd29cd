"""How likely each candidate is the next component of a mixture, by its own evidence; small networks, in NumPy."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from models.catalogue import DATA
from models.errors import UnusableBundle
from models.layers import (
    Layer,
    Layers,
    framed,
    installed,
    layer_from,
    layer_value,
    layers_from,
    layers_value,
    packed,
    through,
    unframed,
    unpacked,
)
from models.mixture_own import Own
from models.search import Table

FORMAT = "garita.mixture-judge/3"


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
        seen = np.maximum(through(self.body, standard), 0)
        most = seen.max(axis=0)
        mixed = np.maximum(through((self.own,), seen) + through((self.others,), most), 0)
        return np.concatenate([through((self.score,), mixed)[:, 0], through(self.none, most)])


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
            "mean": packed(self.mean),
            "scale": packed(self.scale),
            "members": [_member_value(member) for member in self.members],
            "temperature": self.temperature,
        }
        return framed(FORMAT, value)

    @classmethod
    def load(cls, path: Path = DATA / "mixture.cbor") -> "MixtureJudge":
        """Read the judge that comes with the software. Raises UnusableBundle."""
        return cls.from_bytes(installed(path))

    @classmethod
    def from_bytes(cls, data: bytes) -> "MixtureJudge":
        """Read what to_bytes wrote. Raises UnusableBundle."""
        value = unframed(FORMAT, "the mixture judge", data)
        try:
            judge = cls(
                mean=unpacked(value["mean"]),
                scale=unpacked(value["scale"]),
                members=tuple(_member(each) for each in value["members"]),
                temperature=float(value["temperature"]),
            )
            judge.probabilities(np.zeros((1, len(Own)), dtype=np.float32))
        except (KeyError, ValueError, TypeError, IndexError) as error:
            raise UnusableBundle(f"the mixture judge cannot be read ({error!r}); install the software again") from error
        return judge


def _member_value(member: Member) -> dict[str, Any]:
    return {
        "body": layers_value(member.body),
        "own": layer_value(member.own),
        "others": layer_value(member.others),
        "score": layer_value(member.score),
        "none": layers_value(member.none),
    }


def _member(value: Mapping[str, Any]) -> Member:
    own, others, score = (layer_from(value[name]) for name in ("own", "others", "score"))
    return Member(layers_from(value["body"]), own, others, score, layers_from(value["none"]))
